"""`verify patch`."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import Console
from verify.cli.options import OUT, SOURCE, Names, Quiet, Ref, Source, Tutorials, official
from verify.errors import ExitCode
from verify.report.formats import Outputs
from verify.system.resources import TUTORIALS


def command(
    document: Names = None,
    source: Source = SOURCE,
    ref: Ref = None,
    *,
    out: Annotated[
        Path | None, typer.Option(help="The file for the patch, in place of standard output.")
    ] = None,
    outputs: Annotated[
        Outputs, typer.Option(help="What becomes of the outputs that the pages have stored.")
    ] = Outputs.KEEP,
    executed: Annotated[
        Path, typer.Option("--run", help="The output folder of the run that renews outputs.")
    ] = OUT,
    profile: Annotated[
        str, typer.Option(help="The profile of that run; only full is as documented.")
    ] = "full",
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
) -> ExitCode:
    """Make a patch for `git apply` that repairs official pages as the ledger of errata says.

    Only what a repair touches changes: lines of the notebooks' cells, and with prose its entries in
    the catalogues of translations. What is in the patch and what is not is told on standard error;
    exit code 2 says that the ledger does not fit these pages.
    """
    from verify.cli import patch as cli_patch

    wanted = cli_patch.Wanted(outputs, executed, profile)
    contracts, console = official(document, tutorials), Console(stderr=True)
    return cli_patch.make(contracts, source, ref, wanted, to=out, console=console, quiet=quiet)
