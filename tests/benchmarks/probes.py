"""What the probes add to a run: the same notebook with and without them, in pairs.

`nox -s bench -- probes DOCUMENT --pairs 3 --until STEP` prints the seconds of every step's median
and their ratio. The order within a pair alternates, so that what warms up favours neither.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.bilingual import words
from verify.contract import contract
from verify.contract.contract import Contract
from verify.errors import ResourceError
from verify.execute.run_options import Options
from verify.execute.session import Session
from verify.system.resources import TUTORIALS

_SHORTEST_S = 1.0


@dataclass(frozen=True)
class Measured:
    """One run: the seconds of each step, and the most memory that all its processes held."""

    steps: dict[str, float]
    peak_bytes: int

    @property
    def seconds(self) -> float:
        """All steps together."""
        return sum(self.steps.values())


def measure(
    document: str,
    pairs: Annotated[int, typer.Option(min=1)] = 3,
    until: Annotated[str, typer.Option(help="The last step to run.")] = "",
    out: Path = Path("build/bench"),
) -> None:
    """Run a document in pairs, and compare."""
    one = contract.read(TUTORIALS / document / contract.FILE_NAME)
    last = one.step(until).id if until else one.steps[-1].id
    console = Console()
    runs: dict[bool, list[Measured]] = {True: [], False: []}
    for pair in range(pairs):
        for watch in (True, False) if pair % 2 else (False, True):
            run = _run(one, Options(out=out, watch=watch), last)
            runs[watch].append(run)
            how = "with" if watch else "without"
            memory = f"{run.peak_bytes / 2**30:.1f} GiB"
            console.print(f"pair {pair + 1}, {how} probes: {run.seconds:.1f} s, {memory}")
    _show(runs, console)


def _run(document: Contract, options: Options, last: str) -> Measured:
    session = Session(document, options, lambda _: None)
    try:
        result = session.run_step(last)
    finally:
        session.close()
    if any(run.failure for run in session.steps.values()):
        raise ResourceError(
            words(f"{document.name}: the run broke, nothing is compared: {result.sentence}")
        )
    seconds = {name: run.duration_s for name, run in session.steps.items()}
    return Measured(seconds, session.evidence.peak_memory_bytes)


def _show(runs: dict[bool, list[Measured]], console: Console) -> None:
    table = Table("step", "without, s", "with, s", "added")
    for step in runs[True][0].steps:
        _row(table, step, [median(r.steps[step] for r in runs[watch]) for watch in (False, True)])
    _row(table, "all", [median(r.seconds for r in runs[watch]) for watch in (False, True)])
    console.print(table)


def _row(table: Table, name: str, seconds: list[float]) -> None:
    plain, probed = seconds
    if plain >= _SHORTEST_S:
        table.add_row(name, f"{plain:.1f}", f"{probed:.1f}", f"{probed / plain - 1:+.1%}")
