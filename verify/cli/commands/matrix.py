"""`verify matrix`."""

from typing import Annotated

import typer

from verify.cli.options import Names, Tutorials, documents
from verify.contract.edition import Wanted
from verify.system.resources import TUTORIALS


def command(
    document: Names = None,
    *,
    profile: Annotated[str, typer.Option(help="embedded, real, full or quick.")] = "embedded",
    edition: Annotated[Wanted, typer.Option(help="Which text of each document.")] = Wanted.BOTH,
    env: Annotated[
        str,
        typer.Option(
            help="An environment by name, or `others`: each but the one that a document names."
        ),
    ] = "",
    tutorials: Tutorials = TUTORIALS,
) -> None:
    """Print the runs of a verification as JSON for a job matrix, the longest first."""
    from verify.cli import matrix as cli_matrix

    cli_matrix.show(documents(document, tutorials), profile, edition, env)
