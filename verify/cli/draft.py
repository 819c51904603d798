"""`python -m verify draft`: write contracts for pages that have none, from the pages alone."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import CommandConsole, say
from verify.cli.options import SOURCE, InLanguage, Quiet, Ref, Source
from verify.cli.sync import progress
from verify.contract import drafting
from verify.errors import ExitCode
from verify.system.words import Words

_STEPS = Words(zh="{file}：{count} 个步骤。", en="{file}: {count} steps.")
_LEFT = Words(
    zh="{file}：{count} 个步骤，其中 {left} 个无法运行，各写明了原因。",
    en="{file}: {count} steps, of which {left} cannot be run and say why.",
)


HELP_ZH = """为没有契约的页面写出契约。

\b
契约可以直接运行，也可以再修改。
"""


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
    _language: InLanguage = None,
) -> ExitCode:
    """Write a contract for each page that has none, to run as it is or to refine."""
    with progress(CommandConsole(stderr=True), quiet=quiet) as notify:
        drafted = drafting.of_pages(page, to, notify, source=source, ref=ref, env=env)
    console = CommandConsole()
    for one in drafted.contracts:
        left = sum(step.not_run is not None for step in one.steps)
        file, told = one.folder / "contract.toml", _LEFT if left else _STEPS
        say(console, told.filled(file=file, count=len(one.steps), left=left))
    for problem in drafted.unread:
        say(CommandConsole(stderr=True), problem)
    return ExitCode.USAGE if drafted.unread else ExitCode.VERIFIED
