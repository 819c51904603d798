"""`verify history`."""

from typing import Annotated

import typer

from verify.cli.console import Console
from verify.cli.options import History


def command(
    document: Annotated[
        list[str] | None, typer.Argument(help="Documents by name; all if none.")
    ] = None,
    history: History = None,
) -> None:
    """Show what the last runs came to."""
    from verify.cli import history as cli_history

    cli_history.show(document or [], history, Console())
