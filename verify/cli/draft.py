"""`python -m verify draft`: write contracts for pages that have none, from the pages alone."""

from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from verify.cli.console import CommandConsole
from verify.cli.options import SOURCE, Quiet, Ref, Source
from verify.cli.sync import progress
from verify.contract import deriving
from verify.contract.contract import Contract
from verify.environment import environment as environments
from verify.errors import ExitCode, UsageError
from verify.system.cache import Notify
from verify.upstream import pages

SUFFIX = ".ipynb"
EVERYTHING = "all"
_FOLDER = "docs"


def is_page(name: str) -> bool:
    """Whether a name is of a page and no document's: a path, a pattern, a folder, or `all`."""
    return "/" in name or name.endswith(SUFFIX) or name == EVERYTHING


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
        names: paths in the repository, patterns of them, folders, or `all`.
        to: the folder for the documents.
        notify: hears what takes time.
        source: where the pages are.
        ref: their version; by default the release of the environment.
        env: the environment; by default that of the release.

    Raises:
        UsageError: a name fits no notebook.
    """
    environment = env or environments.of_release([ref] if ref else [])
    ref = ref or environment.replace("secretflow-", "v")
    found = _paths(names, source, ref, notify)
    known = Counter(PurePosixPath(path).stem for path in found)
    contracts = []
    for path in found:
        place = PurePosixPath(path)
        name = place.stem if known[place.stem] == 1 else f"{place.parent.name}-{place.stem}"
        page = pages.read_page(source, ref, path, notify)
        contracts.append(deriving.write(page, environment, to / name))
    return contracts


def _paths(names: Iterable[str], source: str, ref: str, notify: Notify) -> list[str]:
    tree = pages.tree_of(source, ref, _FOLDER, notify)
    there = [path for path in tree.paths() if path.endswith(SUFFIX)]
    found: dict[str, None] = {}
    for name in names:
        wanted = f"{_FOLDER}/*" if name == EVERYTHING else name.rstrip("/")
        fitting = [
            path for path in there if fnmatchcase(path, wanted) or path.startswith(f"{wanted}/")
        ]
        if not fitting:
            raise UsageError(
                f"{name}: no notebook of {source} at {ref} has this path or lies below it."
            )
        found.update(dict.fromkeys(fitting))
    return list(found)


def command(
    page: Annotated[
        list[str],
        typer.Argument(help="Paths of notebooks in the repository, patterns, folders, or `all`."),
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
        console.print(f"{one.folder / 'contract.toml'}: {len(one.steps)} steps.", highlight=False)
    return ExitCode.VERIFIED
