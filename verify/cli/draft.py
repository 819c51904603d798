"""`python -m verify draft`: write contracts for pages that have none, from the pages alone."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from verify.cli import page_names
from verify.cli.console import CommandConsole
from verify.cli.options import SOURCE, Quiet, Ref, Source
from verify.cli.sync import progress
from verify.contract import deriving
from verify.contract.contract import Contract
from verify.environment import environment as environments
from verify.errors import ExitCode
from verify.system.cache import Notify
from verify.upstream import pages


def of_pages(
    names: Iterable[str],
    to: Path,
    notify: Notify,
    *,
    source: str,
    ref: str | None,
    env: str | None,
) -> list[Contract]:
    """Write a contract for each page, in a folder of its name.

    Args:
        names: paths in the repository, patterns of them, folders, or `all`; or drafts on this disk.
        to: the folder for the documents.
        notify: hears what takes time.
        source: where the pages are.
        ref: their version; by default the release of the environment.
        env: the environment; by default that of the release.

    Raises:
        UsageError: a name fits no page that has anything to run.
    """
    environment = env or environments.of_release([ref] if ref else [])
    ref = ref or environment.replace("secretflow-", "v")
    found = page_names.resolved(names, source, ref, notify)
    known = Counter(PurePosixPath(one.path).stem for one in found)
    contracts = []
    for one in found:
        place = PurePosixPath(one.path)
        name = place.stem if known[place.stem] == 1 else _longer(place)
        page = pages.read_page(one.source, one.ref, one.path, notify)
        drafted = one.source if one.is_draft else ""
        contracts.append(deriving.write(page, environment, to / name, drafted=drafted))
    return contracts


def _longer(place: PurePosixPath) -> str:
    """A name for one of several pages that are called alike."""
    parts = (place.parent.name, place.stem, place.suffix[1:] if place.suffix != ".ipynb" else "")
    return "-".join(filter(None, parts))


def command(
    page: Annotated[
        list[str],
        typer.Argument(
            help="Paths of pages in the repository, patterns, folders, or `all`; or drafts here."
        ),
    ],
    to: Annotated[Path, typer.Option(help="The folder for the documents.")],
    *,
    source: Source = SOURCE,
    ref: Ref = None,
    env: Annotated[
        str | None, typer.Option(help="The environment that the pages document.")
    ] = None,
    quiet: Quiet = False,
) -> ExitCode:
    """Write a contract for each page that has none, to run as it is or to refine."""
    with progress(CommandConsole(stderr=True), quiet=quiet) as notify:
        contracts = of_pages(page, to, notify, source=source, ref=ref, env=env)
    console = CommandConsole()
    for one in contracts:
        left = sum(step.not_run is not None for step in one.steps)
        told = f", of which {left} cannot be run and say why" if left else ""
        file = one.folder / "contract.toml"
        console.print(f"{file}: {len(one.steps)} steps{told}.", highlight=False)
    return ExitCode.VERIFIED
