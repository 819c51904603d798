"""`verify env`."""

from typing import Annotated

import typer

from verify.cli.console import Console


def command(
    name: Annotated[list[str] | None, typer.Argument(help="Environments; all if none.")] = None,
    *,
    build: Annotated[bool, typer.Option(help="Build what is missing or damaged.")] = False,
) -> None:
    """Show the documented environments, and build them if asked."""
    from verify.cli import env as cli_env

    cli_env.show(name or [], build=build, console=Console())
