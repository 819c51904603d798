"""`nox -s mutants`: plants defects everywhere, and tells which of our checks noticed."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from tests.mutants import drifts, editions, evidences, pages, reruns, run_outputs, trainings
from tests.mutants.drifts import Pinned
from tests.mutants.mutant import Mutant
from tests.mutants.pages import Documentation
from tests.mutants.result import Result
from verify.contract import contract
from verify.environment import environment
from verify.environment.environment import Environment
from verify.errors import VerifyError
from verify.system.resources import TUTORIALS
from verify.system.words import Tell, Text
from verify.upstream import documentation
from verify.upstream import pages as upstream

_OUT = Path("build/mutants")
_RELEASE = environment.DEFAULT.replace("secretflow-", "v")
_WIDTH = 120  # the table of kinds, also where nobody watches
_OF_OWN_PAGE, _OF_OFFICIAL_PAGES = 6, 3


@dataclass(frozen=True)
class _Part:
    """Some of the mutants; they are made, and judged, only when the part's turn has come."""

    name: str
    mutants: Callable[[], Iterable[Mutant]]


def _parts(seed: int, source: str, notify: Tell, *, static: bool) -> Iterator[_Part]:
    def own() -> Iterator[Mutant]:
        yield from pages.own(_environment(notify), seed, _OF_OWN_PAGE, notify).mutants()

    def official() -> Iterator[Mutant]:
        root = documentation.sync(source, _RELEASE, notify=notify).pages
        whole = Documentation(root, _environment(notify), seed, _OF_OFFICIAL_PAGES, "official page")
        yield from whole.mutants()

    def rerun() -> Iterator[Mutant]:
        root = documentation.sync(source, _RELEASE, notify=notify).pages
        yield from reruns.official(root, seed, _OF_OFFICIAL_PAGES)

    def pinned() -> Iterator[Mutant]:
        for file in sorted(TUTORIALS.glob(f"*/{contract.FILE_NAME}")):
            document = contract.read(file)
            if document.page:
                page = upstream.read_page(source, document.page.ref, document.page.path, notify)
                yield from Pinned(page, document).mutants(seed)

    yield _Part("editions, by the checks of the text", lambda: editions.mutants(seed))
    yield _Part("a pinned page of ours", lambda: drifts.sample().mutants(seed))
    yield _Part("the records of a run", lambda: evidences.mutants(seed))
    yield _Part("the outputs of a run", run_outputs.mutants)
    yield _Part("a run's outputs beside a page of ours", lambda: reruns.own(seed, _OF_OWN_PAGE))
    yield _Part("pages of ours, by the gate", own)
    yield _Part("the official pages that are pinned", pinned)
    yield _Part("the official pages, by the gate", official)
    yield _Part("a run's outputs beside the official pages", rerun)
    if not static:
        yield _Part("trainings", lambda: trainings.mutants(notify))


def _environment(notify: Tell) -> Environment:
    return environment.ensure(environment.DEFAULT, notify)


def main(
    *,
    static: Annotated[bool, typer.Option(help="leave out what has to train")] = False,
    seed: Annotated[int, typer.Option(help="chooses the places")] = 1,
    upstream_: Annotated[
        str, typer.Option("--upstream", help="URL or clone of the official pages")
    ] = upstream.DEFAULT_SOURCE,
    out: Annotated[Path, typer.Option(help="where mutants.json goes")] = _OUT,
) -> None:
    """Plant defects in editions, pages, records and trainings; exit 0 if nearly all are noticed."""
    console, result = Console(), Result(seed)
    console.width = max(console.width, _WIDTH)
    with Progress(console=console, transient=True) as progress:
        notify = _Notify(console)
        for part in _parts(seed, upstream_, notify, static=static):
            console.print(f"{part.name} …", highlight=False)
            started = time.monotonic()
            try:
                mutants = list(part.mutants())
                task = progress.add_task(part.name, total=len(mutants))
                for mutant in mutants:
                    result.judged.append(mutant.judged())
                    progress.advance(task)
                progress.remove_task(task)
            except VerifyError as error:
                result.unrun[part.name] = str(error)
            result.seconds[part.name] = round(time.monotonic() - started, 1)
    if static:
        result.unrun["trainings"] = "left out, as --static says"
    result.show(console)
    result.write(out / "mutants.json")
    console.print(f"All mutants: {out / 'mutants.json'}", highlight=False, soft_wrap=True)
    raise typer.Exit(0 if result.good else 1)


class _Notify:
    """Prints what takes time, below what has been printed."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def __call__(self, sentence: Text) -> None:
        self.console.print(f"  {sentence}", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    typer.run(main)
