"""`python -m verify breaks`: which change of which release breaks which page, without a run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import CommandConsole
from verify.cli.options import SOURCE, Quiet, Ref, Source
from verify.cli.sync import progress
from verify.environment import environment as environments
from verify.errors import ExitCode, UsageError, unwritable
from verify.page.page import Page
from verify.report import breaks_table
from verify.report.breaks_table import BreaksTable, PageRow
from verify.report.formats import ChangesFormat
from verify.rules.breaks import page_breaks, releases
from verify.system.cache import Notify
from verify.upstream import page_names, pages

_RENDERED = {
    ChangesFormat.TEXT: breaks_table.as_text,
    ChangesFormat.JSON: breaks_table.as_json,
    ChangesFormat.MARKDOWN: breaks_table.as_markdown,
}


def over_releases(
    names: list[str], source: str, ref: str, envs: list[str], notify: Notify
) -> tuple[BreaksTable, list[str]]:
    """What breaks some pages in some releases, and which pages could not be read.

    Args:
        names: paths in the repository, patterns of them, folders, or `all`.
        source: where the pages are.
        ref: their version.
        envs: the environments of the releases; all if none.
        notify: hears what takes time.

    Raises:
        UsageError: a name fits no page, or there are fewer than two releases.
        ResourceError: a wheel could not be brought.
    """
    compared = releases.named(envs, notify)
    rows, unread = list[PageRow](), list[str]()
    for path, page in _pages(names, source, ref, notify):
        if isinstance(page, Page):
            rows.append(PageRow(path, tuple(page_breaks.of_page(page, compared))))
        else:
            unread.append(f"{path}: left out, {page}")
    versions = tuple(release.version for release in compared)
    return BreaksTable(ref, versions, tuple(rows)), unread


def _pages(
    names: list[str], source: str, ref: str, notify: Notify
) -> Iterator[tuple[str, Page | UsageError]]:
    """The pages by their paths, or why one is none."""
    paths = page_names.every(names, source, ref, notify)
    for done, path in enumerate(paths, 1):
        notify(f"Reading pages: {done} of {len(paths)}, {path}")
        try:
            yield path, pages.read_page(source, ref, path, notify).parsed
        except UsageError as error:
            yield path, error


def command(
    page: Annotated[
        list[str],
        typer.Argument(help="Paths of pages in the repository, patterns, folders, or `all`."),
    ],
    *,
    source: Source = SOURCE,
    ref: Ref = None,
    env: Annotated[
        list[str] | None,
        typer.Option(help="The environment of a release; again for more. All if none."),
    ] = None,
    form: Annotated[
        ChangesFormat, typer.Option("--format", help="How to tell it.")
    ] = ChangesFormat.TEXT,
    out: Annotated[
        Path | None, typer.Option(help="The file for it, in place of standard output.")
    ] = None,
    quiet: Quiet = False,
) -> ExitCode:
    """Tell which release breaks which page first, and by which change, from the wheels alone.

    Seen are imports, names, attributes, arguments, and packages that an installation brings. Only
    SecretFlow's own wheels are brought, of 5 MB each. Exit code 1 says that something breaks.
    """
    ref = ref or environments.DEFAULT.replace("secretflow-", "v")
    console = CommandConsole(stderr=True)
    with progress(console, quiet=quiet) as notify:
        table, unread = over_releases(page, source, ref, env or [], notify)
    told = _RENDERED[form](table)
    if out is None:
        print(told)  # noqa: T201  # rich would wrap and colour it
    else:
        try:
            out.write_text(f"{told}\n", encoding="utf-8")
        except OSError as error:
            raise unwritable(out, error) from error
    for why in unread:
        console.print(why, markup=False, highlight=False, soft_wrap=True)
    return ExitCode.CONTRADICTED if table.broken else ExitCode.VERIFIED
