"""`verify report`."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.options import OUT, Out
from verify.errors import ExitCode
from verify.report.formats import ReportFormat


def command(
    part: Annotated[
        list[Path] | None,
        typer.Argument(help="Output folders of runs, of several machines say, to be made one."),
    ] = None,
    *,
    out: Out = OUT,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="How to show it.")
    ] = ReportFormat.TEXT,
    history: Annotated[
        Path | None, typer.Option(help="The history to which runs of other machines are added.")
    ] = None,
) -> ExitCode:
    """Show the last report again, and write its files again; the exit code is that of the run."""
    from verify.cli import report as cli_report

    return cli_report.show(out, form, part or (), history)
