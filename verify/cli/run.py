"""`verify run`: what is asked for, and what would run."""

from typing import Annotated

import typer

from verify.cli import planned
from verify.cli.console import CommandConsole, say
from verify.cli.options import (
    OUT,
    SOURCE,
    HistoryFile,
    InLanguage,
    Out,
    Quiet,
    Ref,
    Source,
    Strict,
    Tutorials,
    documents,
    official,
)
from verify.cli.running import bring_pages, run_documents
from verify.cli.sync import progress
from verify.cli.wishes import Wishes
from verify.contract import drafting
from verify.contract.contract import Contract
from verify.contract.edition import Edition, Wanted
from verify.environment import environment
from verify.errors import ExitCode, UsageError
from verify.execute.run_options import DRAFTS, Options
from verify.history import file
from verify.system.language import spoken
from verify.system.resources import FRESH_VARIABLE, NO_SANDBOX_VARIABLE, TUTORIALS
from verify.system.words import Text, Words
from verify.upstream import repository


def _jobs(said: str) -> int | None:
    """How many documents run at once; nothing for as many as there is room for."""
    if said == "auto":
        return None
    if not said.isdigit() or int(said) < 1:
        raise UsageError(
            Words(
                zh="--jobs {said}：应为文档的个数，或 auto。",
                en="--jobs {said}: a number of documents, or auto.",
            ).filled(said=said)
        )
    return int(said)


def _show_plan(
    contracts: list[Contract], options: Options, edition: Wanted, *, as_json: bool
) -> None:
    told = CommandConsole(stderr=True)
    if Edition.PUBLISHED in edition.editions:
        bring_pages(contracts, options, told)
    sessions = planned.sessions(contracts, options, edition.editions)
    runs = [*map(planned.of_run, sessions)]
    if as_json:
        print(planned.as_json(runs))  # noqa: T201
    else:
        planned.show(runs, CommandConsole(), options.language)


HELP_ZH = """在文档环境里运行文档，并作出判定。

\b
输出文件夹里早先运行的结果会留在报告里，各注明日期。
"""


def command(
    document: Annotated[
        list[str] | None,
        typer.Argument(
            help="Documents by name, or official pages by path, pattern or folder, or `all`, or "
            "pages of your own on this disk; "
            "if none, the documents that stand for official pages."
        ),
    ] = None,
    *,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", "-p", help="embedded, real or full.", show_default=Options.profile
        ),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Our smallest model alone, in minutes: no verdict on an official page."
        ),
    ] = False,
    everything: Annotated[
        bool,
        typer.Option("--all", "-a", help="Our own pages as well: models, advice, aggregators."),
    ] = False,
    edition: Annotated[
        Wanted | None,
        typer.Option(
            "--edition",
            "-e",
            help="Our text, the official one as it is, or one after the other.",
            show_default="corrected; published for pages by path",
        ),
    ] = None,
    source: Source = SOURCE,
    ref: Ref = None,
    env: Annotated[
        str | None, typer.Option(help="An environment in place of the one that a document names.")
    ] = None,
    mirror: Annotated[
        str | None, typer.Option(help="Where download hosts are found, as URL/host/path.")
    ] = None,
    out: Out = OUT,
    jobs: Annotated[
        str,
        typer.Option(
            "--jobs", "-j", help="Documents to run at once; auto: as many as memory and cores have."
        ),
    ] = "1",
    most_memory: Annotated[
        float | None,
        typer.Option(
            "--memory",
            metavar="GIB",
            help="The most memory that runs may have together; who needs more is not begun, or "
            "ended.",
            min=1,
            show_default="all that is free",
        ),
    ] = None,
    repeat: Annotated[
        int,
        typer.Option(
            "--repeat",
            "-n",
            help="Runs of each edition with the same seeds, which are compared.",
            min=1,
        ),
    ] = 1,
    accept: Annotated[
        bool, typer.Option("--accept", help="Write the errata that runs propose into the ledger.")
    ] = False,
    no_sandbox: Annotated[
        bool,
        typer.Option(
            "--no-sandbox",
            envvar=NO_SANDBOX_VARIABLE,
            help="Let pages' code run with your own rights.",
        ),
    ] = False,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            envvar=FRESH_VARIABLE,
            help="Run also what was run before and could not come out otherwise.",
        ),
    ] = False,
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray",
            metavar="ADDRESS",
            help="A Ray cluster whose nodes carry out what has to run; it is judged here.",
        ),
    ] = None,
    plan: Annotated[
        bool,
        typer.Option(
            "--plan", help="Only tell what would run, why, how long and in how much memory."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The plan for programs; goes with --plan.")
    ] = False,
    strict: Strict = False,
    history: HistoryFile = None,
    _language: InLanguage = None,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
) -> ExitCode:
    """Run documents in their documented environment and judge them.

    What earlier runs left in the output folder stays in its report, each document with its date.
    """
    names = tuple(document or ())
    wishes = Wishes(names, profile, quick, everything, edition, ref, accept, fresh, ray)
    wishes.refuse()
    if as_json and not plan:
        raise UsageError(
            Words(
                zh="--json 要与 --plan 一起用；运行会把 report.json 写进输出文件夹。",
                en="--json: goes with --plan; a run writes report.json into its folder.",
            )
        )
    if env:
        environment.locate(env)  # a wrong name is said at once
    repository.refuse_unlikely(source)
    unread: list[Text] = []
    if wishes.of_pages:
        with progress(CommandConsole(stderr=True), quiet=quiet) as notify:
            drafted = drafting.of_pages(
                names,
                out / DRAFTS,
                notify,
                source=source,
                ref=ref,
                env=env,
                written=official(None, tutorials) if any(tutorials.glob("*/*")) else [],
            )
        contracts, unread = drafted.contracts, drafted.unread
    else:
        every = everything or quick
        contracts = (documents if every else official)(document, tutorials)
    options = Options(
        profile=wishes.profile_name,
        out=out,
        mirror=mirror,
        upstream=source,
        ref=ref,
        environment=env,
        repeat=repeat,
        sandbox=not no_sandbox,
        fresh=fresh,
        memory=round(most_memory * 2**30) if most_memory else None,
        language=spoken(),
    )
    wanted = wishes.fitting(contracts)
    for problem in unread:
        say(CommandConsole(stderr=True), problem)
    if plan:
        _show_plan(wanted, options, wishes.editions, as_json=as_json)
        return ExitCode.USAGE if unread else ExitCode.VERIFIED
    return run_documents(
        wanted,
        options,
        edition=wishes.editions,
        jobs=_jobs(jobs),
        history=history or file.default(),
        quiet=quiet,
        accept=accept,
        strict=strict,
        ray=ray,
        unread=unread,
    )
