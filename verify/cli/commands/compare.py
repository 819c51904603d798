"""`verify compare`."""

from typing import Annotated

import typer

from verify.cli.console import Console
from verify.cli.options import History
from verify.errors import ExitCode
from verify.report.formats import ChangesFormat


def command(
    before: Annotated[
        str,
        typer.Argument(
            help="A report.json, its folder, or a version, ref or date (2026-01-31) in the history."
        ),
    ],
    after: Annotated[str, typer.Argument(help="The same, of what it is compared with.")],
    *,
    history: History = None,
    form: Annotated[
        ChangesFormat, typer.Option("--format", help="How to tell it.")
    ] = ChangesFormat.TEXT,
) -> ExitCode:
    """List what changed between two runs, or two SecretFlow versions.

    Exit code 1 says that something fails in the second that did not fail in the first.
    """
    from verify.cli import compare as cli_compare

    return cli_compare.compare(before, after, history, form, Console(stderr=True))
