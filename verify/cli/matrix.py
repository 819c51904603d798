"""`python -m verify matrix`: the runs of a verification as JSON, for a job matrix."""

from typing import Annotated

import typer

from verify.cli import jobs
from verify.cli.console import CommandConsole
from verify.cli.options import Names, Tutorials, documents
from verify.contract.contract import Contract
from verify.contract.edition import Wanted
from verify.errors import UsageError
from verify.system.resources import TUTORIALS


def show(contracts: list[Contract], profile: str, wanted: Wanted, environment: str) -> None:
    """Print the matrix to standard output, and to standard error which documents it lacks."""
    told = CommandConsole(stderr=True)
    able = [one for one in contracts if profile in one.profiles]
    for one in contracts:
        if one not in able:
            told.print(f"{one.name}: left out, for it has no profile {profile}.", soft_wrap=True)
    planned = jobs.of_documents(able, profile, wanted, environment)
    if not planned.include:
        raise UsageError(f"There is nothing to run: profile {profile}, edition {wanted.value}.")
    print(planned.model_dump_json())  # noqa: T201  # one line, for GITHUB_OUTPUT


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
    show(documents(document, tutorials), profile, edition, env)
