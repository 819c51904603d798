"""What the probes add to a run: the same notebook with and without them, in pairs.

`nox -s bench -- DOCUMENT --pairs 3 --until STEP` prints the seconds of every step's median and
their ratio. The order within a pair alternates, so that what warms up favours neither.
"""

from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from verify import cli, contract
from verify.contract import Contract
from verify.errors import ResourceError
from verify.execute.session import Options, Session

Seconds = dict[str, float]


def measure(
    document: str,
    pairs: Annotated[int, typer.Option(min=1)] = 3,
    until: Annotated[str, typer.Option(help="The last step to run.")] = "",
    out: Path = Path("build/bench"),
) -> None:
    """Run a document in pairs, and compare."""
    one = contract.read(cli.TUTORIALS / document / contract.FILE_NAME)
    last = one.step(until).id if until else one.steps[-1].id
    console = Console()
    runs: dict[bool, list[Seconds]] = {True: [], False: []}
    for pair in range(pairs):
        for watch in (True, False) if pair % 2 else (False, True):
            seconds = _run(one, Options(out=out, watch=watch), last)
            runs[watch].append(seconds)
            how = "with" if watch else "without"
            console.print(f"pair {pair + 1}, {how} probes: {sum(seconds.values()):.1f} s")
    _show(runs, console)


def _run(document: Contract, options: Options, last: str) -> Seconds:
    session = Session(document, options, lambda _: None)
    try:
        result = session.run_step(last)
    finally:
        session.close()
    if any(run.failure for run in session.steps.values()):
        raise ResourceError(
            f"{document.name}: the run broke, so there is nothing to compare: {result.sentence}"
        )
    return {name: run.duration_s for name, run in session.steps.items()}


def _show(runs: dict[bool, list[Seconds]], console: Console) -> None:
    table = Table("step", "without, s", "with, s", "added")
    for step in runs[True][0]:
        plain, probed = (median(run[step] for run in runs[watch]) for watch in (False, True))
        if plain > 1:
            table.add_row(step, f"{plain:.1f}", f"{probed:.1f}", f"{probed / plain - 1:+.1%}")
    plain, probed = (median(sum(run.values()) for run in runs[watch]) for watch in (False, True))
    table.add_row("all", f"{plain:.1f}", f"{probed:.1f}", f"{probed / plain - 1:+.1%}")
    console.print(table)


if __name__ == "__main__":
    typer.run(measure)
