"""`python -m verify sync`: bring official pages into the cache, and say where they are."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from verify.cli.console import CommandConsole
from verify.cli.options import SOURCE, Quiet, Source, Tutorials, official
from verify.system.cache import Notify
from verify.system.resources import TUTORIALS
from verify.upstream import documentation
from verify.upstream.documentation import Documentation

_QUIET_S = 2.0
_LINE_EVERY_S = 10.0


def bring(source: str, refs: Iterable[str], path: str, console: Console, out: Console) -> None:
    """Bring the pages of these versions.

    Args:
        source: a git URL, a clone, a bare repository, or a plain folder.
        refs: tags, branches or commits.
        path: the folder that is wanted.
        console: for people: progress, and what was brought.
        out: for programs: the folder of the pages, a version a line.
    """
    for ref in refs:
        started = time.monotonic()
        with progress(console) as notify:
            found = documentation.sync(source, ref, path, notify)
        took = time.monotonic() - started
        console.print(_sentence(found, took), markup=False, highlight=False, soft_wrap=True)
        for file in found.unreadable:
            console.print(
                f"{file}: is no readable notebook, so there is no text of it.",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
        out.print(str(found.pages), markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress(console: Console, *, quiet: bool = False) -> Iterator[Notify]:
    """Show what takes time: as one line that changes, or now and then a line without a terminal."""
    if quiet:
        yield lambda _: None
        return
    if console.is_terminal:
        with console.status("") as status:
            yield lambda text: status.update(_plain(text))
        return
    last = time.monotonic() + _QUIET_S - _LINE_EVERY_S

    def say(text: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _LINE_EVERY_S:
            last = time.monotonic()
            console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)

    yield say


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _sentence(found: Documentation, took: float) -> str:
    version = (
        f"{found.ref} is commit {found.commit[:12]}"
        if found.commit
        else f"{found.ref} is a folder without git, kept by its content as {found.root.name}"
    )
    kinds = {"notebooks": ".ipynb", "Markdown": ".md", "reStructuredText": ".rst"}
    counts = [f"{found.count(suffix)} {kind}" for kind, suffix in kinds.items()]
    return (
        f"{version}: {counts[0]}, {counts[1]} and {counts[2]} pages, "
        f"{found.size / 1e6:.1f} MB, in {took:.1f} s."
    )


def command(
    source: Source = SOURCE,
    ref: Annotated[
        list[str] | None,
        typer.Option(help="A tag, branch or commit; again for more. If none: what we document."),
    ] = None,
    path: Annotated[
        str, typer.Option(help="The folder of the repository to bring; . is all of it.")
    ] = documentation.FOLDER,
    *,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
) -> None:
    """Bring official pages into the cache, notebooks also as text, and print where they are.

    Only the folder's own files are brought where the server can do that. A tag or commit that was
    brought is used again without the network; a branch is asked for each time. The folder of the
    pages is printed on standard output, all else on standard error.
    """
    refs = ref or sorted({one.official.ref for one in official(None, tutorials)})
    bring(source, refs, path, CommandConsole(stderr=True, quiet=quiet), CommandConsole())
