"""`python -m verify matrix`: the runs of a verification as JSON, for a job matrix."""

from verify.cli import jobs
from verify.cli.console import Console
from verify.contract.contract import Contract
from verify.contract.edition import Wanted
from verify.errors import UsageError


def show(contracts: list[Contract], profile: str, wanted: Wanted, environment: str) -> None:
    """Print the matrix to standard output, and to standard error which documents it lacks."""
    told = Console(stderr=True)
    able = [one for one in contracts if profile in one.profiles]
    for one in contracts:
        if one not in able:
            told.print(f"{one.name}: left out, for it has no profile {profile}.", soft_wrap=True)
    planned = jobs.of_documents(able, profile, wanted, environment)
    if not planned.include:
        raise UsageError(f"There is nothing to run: profile {profile}, edition {wanted.value}.")
    print(planned.model_dump_json())  # noqa: T201  # one line, for GITHUB_OUTPUT
