"""`verify check`."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.options import Quiet
from verify.errors import ExitCode
from verify.finding import FindingKind
from verify.report.formats import Format


def _explained(kind: FindingKind | None) -> None:
    if kind:
        from verify.rules import explanation

        typer.echo(explanation.markdown(kind, explanation.Language.ENGLISH), nl=False)
        raise typer.Exit


def command(
    path: Annotated[list[Path], typer.Argument(help="Pages, or folders of pages.")],
    *,
    env: Annotated[
        str | None,
        typer.Option(
            help="An environment by name (`verify env` shows them), the folder of one, or `none`; "
            "by default that of the release which is checked out."
        ),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How to print what was found.")
    ] = Format.TEXT,
    root: Annotated[
        Path | None, typer.Option(help="The documentation's root, where /paths start.")
    ] = None,
    online: Annotated[bool, typer.Option(help="Ask for external links, too.")] = False,
    quiet: Quiet = False,
    _explain: Annotated[
        FindingKind | None,
        typer.Option(
            "--explain",
            metavar="KIND",
            callback=_explained,
            is_eager=True,
            help="Say what a kind of finding means, with examples, and check nothing.",
        ),
    ] = None,
) -> ExitCode:
    """Find what cannot be right in notebooks, Markdown and reStructuredText, without a kernel."""
    from verify.cli import check as cli_check

    return cli_check.check(path, env=env, root=root, format_=format_, online=online, quiet=quiet)
