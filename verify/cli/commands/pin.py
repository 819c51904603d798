"""`verify pin`."""

from typing import Annotated

import typer

from verify.cli.console import Console
from verify.cli.options import SOURCE, Names, Quiet, Ref, Source, Tutorials, official, writable
from verify.errors import ExitCode
from verify.report.formats import DriftFormat
from verify.system.resources import TUTORIALS


def command(
    document: Names = None,
    source: Source = SOURCE,
    ref: Ref = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; show how the pages drifted.")
    ] = False,
    form: Annotated[
        DriftFormat, typer.Option("--format", help="How --check tells it.")
    ] = DriftFormat.TEXT,
    sentences: Annotated[
        bool,
        typer.Option("--sentences", help="Change nothing; list the sentences, to write claims."),
    ] = False,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
) -> ExitCode:
    """Read official pages and renew their pins (digests and facts, no text).

    With --check, compare the pages with their pins instead, cell by cell, and name the claims whose
    sentence is another; exit code 1 says that a page drifted. With --sentences, print each sentence
    with the digest that anchors a claim to it.
    """
    from verify.cli import pin as cli_pin

    if not (check or sentences):
        writable(tutorials)
    contracts, console = official(document, tutorials), Console()
    if check:
        as_json = form is DriftFormat.JSON
        return cli_pin.check(contracts, source, ref, console, as_json=as_json, quiet=quiet)
    if sentences:
        cli_pin.list_sentences(contracts, source, ref, console, quiet=quiet)
    else:
        cli_pin.renew(contracts, source, ref, console, quiet=quiet)
    return ExitCode.VERIFIED
