"""`verify run`."""

from typing import Annotated

import typer

from verify.cli.options import (
    OUT,
    SOURCE,
    History,
    Out,
    Quiet,
    Ref,
    Source,
    Tutorials,
    documents,
    official,
)
from verify.contract.edition import Wanted
from verify.errors import ExitCode, UsageError
from verify.system.resources import TUTORIALS

QUICK = "quick"


def command(
    document: Annotated[
        list[str] | None,
        typer.Argument(help="Documents by name; if none, those that stand for official pages."),
    ] = None,
    *,
    profile: Annotated[str, typer.Option(help="embedded, real or full.")] = "embedded",
    quick: Annotated[
        bool, typer.Option("--quick", help="The smallest model alone: a first run in minutes.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Our own pages as well: models, advice, aggregators.")
    ] = False,
    edition: Annotated[
        Wanted, typer.Option(help="Our text, the official one as it is, or one after the other.")
    ] = Wanted.CORRECTED,
    source: Source = SOURCE,
    ref: Ref = None,
    env: Annotated[
        str | None, typer.Option(help="An environment in place of the one that a document names.")
    ] = None,
    mirror: Annotated[
        str | None, typer.Option(help="Where download hosts are found, as URL/host/path.")
    ] = None,
    out: Out = OUT,
    jobs: Annotated[int, typer.Option(help="Documents to run at once.", min=1)] = 1,
    repeat: Annotated[
        int,
        typer.Option(help="Runs of each edition with the same seeds, which are compared.", min=1),
    ] = 1,
    history: History = None,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
) -> ExitCode:
    """Run documents in their documented environment and judge them."""
    from verify.environment import environment

    if env:
        environment.locate(env)  # a wrong name is said at once
    if quick:
        profile = QUICK
        contracts = [one for one in documents(document, tutorials) if QUICK in one.profiles]
    else:
        contracts = (documents if everything else official)(document, tutorials)
    contracts = [one for one in contracts if set(edition.editions) & set(one.editions)]
    if not contracts:
        lacks = f"a profile {QUICK}" if quick else "an official page, published or not"
        raise UsageError(f"none of these documents has {lacks}.")
    for one in contracts:
        if profile not in one.profiles:
            known = ", ".join(one.profiles)
            raise UsageError(f"{one.name} has no profile {profile}; known are: {known}.")

    from verify.cli.run import run_documents
    from verify.execute.session import Options
    from verify.history import file

    options = Options(
        profile=profile,
        out=out,
        mirror=mirror,
        upstream=source,
        ref=ref,
        environment=env,
        repeat=repeat,
    )
    return run_documents(
        contracts,
        options,
        edition=edition,
        jobs=jobs,
        history=history or file.default(),
        quiet=quiet,
    )
