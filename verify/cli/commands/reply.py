"""`verify reply`."""

from typing import Annotated

import typer

from verify.cli.options import OUT, Out
from verify.report.formats import Language


def command(
    issue: Annotated[str, typer.Argument(help="The number of an issue of SecretFlow, or its URL.")],
    document: Annotated[
        str | None, typer.Argument(help="Which document of the report, where that is not clear.")
    ] = None,
    *,
    out: Out = OUT,
    language: Annotated[Language, typer.Option(help="Chinese, English, or both.")] = Language.BOTH,
    task: Annotated[
        str | None, typer.Option(help="The task's number, if it is not the issue's.")
    ] = None,
    evidence: Annotated[
        str | None, typer.Option(help="Where the output folder is read on the web, for links.")
    ] = None,
) -> None:
    """Write the reply that an issue asks its verifier for, with pictures, from the last run."""
    from verify.cli import reply as cli_reply

    cli_reply.write(issue, document, out=out, language=language, task=task, evidence=evidence)
