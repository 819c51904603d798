"""`nox -s bench`: measures us beside our peers, and writes `docs/*/benchmarks.md`."""

import os
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.benchmarks import page, probes, record
from tests.benchmarks.contenders import CHECKERS, RUNNERS, Places
from tests.benchmarks.measuring import meter
from tests.benchmarks.rounds import Rounds
from tests.benchmarks.tree import copied
from verify.environment import environment as environments
from verify.errors import VerifyError
from verify.upstream.pages import DEFAULT_SOURCE

_SIZES = (1, 10, 100, 1000)


class Part(str, Enum):
    """What can be measured apart: who runs notebooks, who checks texts, how our cost grows."""

    RUNNERS = "runners"
    CHECKERS = "checkers"
    GROWTH = "growth"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command("probes")(probes.measure)
Out = Annotated[Path, typer.Option(help="The folder of samples.")]


@app.command("measure")
def measure(
    *,
    peers: Annotated[Path, typer.Option(help="The environment that the peers are in.")],
    upstream: Annotated[str, typer.Option(help="Where the official pages are kept.")] = (
        DEFAULT_SOURCE
    ),
    env: Annotated[str, typer.Option(help="Whose kernel runs.")] = environments.DEFAULT,
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is measured.")] = 10,
    growth_rounds: Annotated[int, typer.Option(min=1, help="The same of what grows.")] = 3,
    largest: Annotated[int, typer.Option(min=1, help="The largest size of what grows.")] = 1000,
    documents: Annotated[int, typer.Option(min=1, help="The most notebooks of a run.")] = 100,
    part: Annotated[
        list[Part] | None, typer.Option(help="Only this, and others so named; all if none.")
    ] = None,
    training: Annotated[bool, typer.Option(help="A small network's training, too.")] = False,
    out: Out = Path("build/bench"),
) -> None:
    """Measure us and our peers, and write the page."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    environment = environments.ensure(env, console.print)
    places = Places(peers.absolute(), environment, (out / "scratch").absolute())
    parts = part or [*Part]
    tree, called = None, ""
    if Part.CHECKERS in parts:
        tree, called = copied(upstream, env, places.scratch.with_name("docs"), console.print)
    kernels = {"JUPYTER_PATH": str(environment.jupyter_path)}
    with meter(dict(os.environ) | kernels) as counting:
        setting = record.setting(
            places,
            (*RUNNERS, *CHECKERS),
            arguments=sys.argv[1:],
            tree=called,
            rounds=rounds,
            whole=counting.group is not None,
        )
        kept = record.Record(setting=setting)
        taking = Rounds(counting, places, console.print)
        taking.warm_up(tree)
        sizes = [size for size in _SIZES if size <= largest]
        compared = taking.runners(training=training) if Part.RUNNERS in parts else []
        compared += taking.checkers(tree) if tree else []
        grown = taking.growing(sizes, documents) if Part.GROWTH in parts else []
        for tasks, times in ((compared, rounds), (grown, growth_rounds)):
            for sample in taking.take(tasks, times):
                kept.samples.append(sample)
                kept.write(out)
    page.write(kept)


@app.command("page")
def rewrite(out: Out = Path("build/bench")) -> None:
    """Write the page again, from samples that are kept."""
    page.write(record.read(out))


def main() -> None:
    """Run it; a problem is a sentence."""
    try:
        app()
    except VerifyError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
