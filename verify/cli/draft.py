"""`python -m verify draft`: write contracts for pages that have none, from the pages alone."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import CommandConsole
from verify.cli.options import SOURCE, Quiet, Ref, Source
from verify.cli.sync import progress
from verify.contract import drafting
from verify.errors import ExitCode


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
        contracts = drafting.of_pages(page, to, notify, source=source, ref=ref, env=env)
    console = CommandConsole()
    for one in contracts:
        left = sum(step.not_run is not None for step in one.steps)
        told = f", of which {left} cannot be run and say why" if left else ""
        file = one.folder / "contract.toml"
        console.print(f"{file}: {len(one.steps)} steps{told}.", highlight=False)
    return ExitCode.VERIFIED
