"""`verify aggregators`."""

from typing import Annotated

import typer

from verify.cli.options import Quiet
from verify.errors import ExitCode
from verify.report.formats import DriftFormat


def command(
    *,
    env: Annotated[
        str | None, typer.Option(help="An environment by name; by default that of our tutorials.")
    ] = None,
    examples: Annotated[
        int, typer.Option(help="Rounds for each property; fewer where they are slow.", min=1)
    ] = 100,
    form: Annotated[
        DriftFormat, typer.Option("--format", help="How to print it.")
    ] = DriftFormat.TEXT,
    quiet: Quiet = False,
) -> ExitCode:
    """Try SecretFlow's aggregators with arrays of every kind and judge what comes out.

    Exit code 1 says that something contradicts the reference which the ledger of known defects
    does not explain, or that a known defect does not show.
    """
    from verify.cli import aggregators as cli_aggregators

    return cli_aggregators.run(env, examples, as_json=form is DriftFormat.JSON, quiet=quiet)
