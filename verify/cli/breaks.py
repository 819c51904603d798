"""`python -m verify breaks`: which change of which release breaks which page, without a run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import CommandConsole, say
from verify.cli.options import SOURCE, InLanguage, Quiet, Ref, Source
from verify.cli.sync import progress
from verify.environment import environment as environments
from verify.errors import ExitCode, UsageError
from verify.page.page import Page
from verify.report import breaks_table
from verify.report.breaks_table import BreaksTable, PageRow
from verify.report.formats import ChangesFormat
from verify.rules.breaks import page_breaks, releases
from verify.system.cache import Notify
from verify.system.complaints import unwritable
from verify.system.language import spoken
from verify.system.words import Text, Words
from verify.upstream import page_names, pages

_LEFT_OUT = Words(zh="{path}：略去，{why}", en="{path}: left out, {why}")
_READING = Words(
    zh="正在读页面：{of} 个中的第 {done} 个，{path}", en="Reading pages: {done} of {of}, {path}"
)


def over_releases(
    names: list[str], source: str, ref: str, envs: list[str], notify: Notify
) -> tuple[BreaksTable, list[Text]]:
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
    rows, unread = list[PageRow](), list[Text]()
    for path, page in _pages(names, source, ref, notify):
        if isinstance(page, Page):
            rows.append(PageRow(path, tuple(page_breaks.of_page(page, compared))))
        else:
            unread.append(_LEFT_OUT.filled(path=path, why=page))
    versions = tuple(release.version for release in compared)
    return BreaksTable(ref, versions, tuple(rows)), unread


def _pages(
    names: list[str], source: str, ref: str, notify: Notify
) -> Iterator[tuple[str, Page | UsageError]]:
    """The pages by their paths, or why one is none."""
    paths = page_names.every(names, source, ref, notify)
    for done, path in enumerate(paths, 1):
        notify(_READING.filled(done=done, of=len(paths), path=path))
        try:
            yield path, pages.read_page(source, ref, path, notify).parsed
        except UsageError as error:
            yield path, error


def _rendered(table: BreaksTable, form: ChangesFormat) -> str:
    match form:
        case ChangesFormat.JSON:
            return breaks_table.as_json(table)
        case ChangesFormat.MARKDOWN:
            return breaks_table.as_markdown(table)
        case ChangesFormat.TEXT:
            return breaks_table.as_text(table, spoken())


HELP_ZH = """不运行，说明哪个版本最早使哪个页面出错，由哪处改动引起。

\b
只看各版本的 wheel。能看出来的是：导入、名称、属性、参数，以及随安装而来的
包。只下载 SecretFlow 自己的 wheel，每个 5 MB。退出码 1 表示有页面会出错。
"""


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
    _language: InLanguage = None,
) -> ExitCode:
    """Tell which release breaks which page first, and by which change, from the wheels alone.

    Seen are imports, names, attributes, arguments, and packages that an installation brings. Only
    SecretFlow's own wheels are brought, of 5 MB each. Exit code 1 says that something breaks.
    """
    ref = ref or environments.DEFAULT.replace("secretflow-", "v")
    console = CommandConsole(stderr=True)
    with progress(console, quiet=quiet) as notify:
        table, unread = over_releases(page, source, ref, env or [], notify)
    told = _rendered(table, form)
    if out is None:
        print(told)  # noqa: T201  # rich would wrap and colour it
    else:
        try:
            out.write_text(f"{told}\n", encoding="utf-8")
        except OSError as error:
            raise unwritable(out, error) from error
    for why in unread:
        say(console, why)
    return ExitCode.CONTRADICTED if table.broken else ExitCode.VERIFIED
