"""`verify run`: pytest over the chosen documents, with our own progress and report."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pytest
import typer
from filelock import FileLock
from rich.console import Console

from verify.cli import closing, planned
from verify.cli.console import CommandConsole, language, say
from verify.cli.live import Live
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
from verify.cli.planned import Planned
from verify.cli.sync import progress
from verify.cli.wishes import Wishes
from verify.contract import drafting
from verify.contract.contract import Contract
from verify.contract.edition import Edition, Wanted
from verify.environment import environment
from verify.errors import ExitCode, ResourceError, UsageError, unwritable
from verify.execute import memory
from verify.execute.run_options import DRAFTS, QUICK, Options
from verify.history import durations, file
from verify.pytest_plugin import stash
from verify.report import asked, entries, glance, notes, output, proposals, terminal
from verify.report.asked import Asked
from verify.report.entries import Report
from verify.system.resources import FRESH_VARIABLE, NO_SANDBOX_VARIABLE, TUTORIALS
from verify.system.words import Words, joined

# Where we are called, or installed, there may be a project with tests and wishes of its own.
_PYTEST_OPTIONS = [
    *("-c", os.devnull),
    "--noconftest",
    "--capture=no",
    "-p",
    "no:terminal",
    "-p",
    "no:warnings",
    "-p",
    "no:cacheprovider",
    "--continue-on-collection-errors",
]
_WISHES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")

_FEWEST_TO_DIVIDE = 2
_BEGINS = Words(
    zh="{count} 个文档，文本：{which}，配置 {profile}，输出到 {out}",
    en="{count} documents, {which} edition, profile {profile}, output in {out}",
)
_BEGINS_ONE = Words(
    zh="1 个文档，文本：{which}，配置 {profile}，输出到 {out}",
    en="1 document, {which} edition, profile {profile}, output in {out}",
)
_TIMES = Words(zh="{count} 次", en="{count} times")
_LEAST_FREE_BYTES = 256 * 2**20  # executed notebooks with their figures, evidence, logs


class _Setup:
    """Hands what we know and have to the plugin, and has from it what the run came to."""

    def __init__(self, live: Live, wanted: Asked, lock: FileLock) -> None:
        self.live, self.wanted, self.lock = live, wanted, lock
        self.report: Report | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        self.report = config.stash.get(stash.REPORT, None)

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[stash.NOTIFY] = self.live.notify
        config.stash[stash.ASKED] = self.wanted
        config.stash[stash.LOCK] = self.lock


def run_documents(
    contracts: list[Contract],
    options: Options,
    *,
    edition: Wanted,
    jobs: int | None,
    history: Path,
    quiet: bool = False,
    accept: bool = False,
    strict: bool = False,
) -> ExitCode:
    """Run and judge documents; show and write the report.

    Args:
        contracts: the documents.
        options: what the user chose, for all of them; its edition is not asked.
        edition: the edition, or both.
        jobs: how many documents run at once; as many as there is room for if none.
        history: the file that keeps what runs came to.
        quiet: whether only what came out is told.
        accept: whether what runs propose is written into the ledger.
        strict: whether known errata of published pages speak against them, too.

    Raises:
        UsageError: another run has the output folder.
    """
    lock = output.take(options.out.absolute())
    try:
        return _run(
            contracts,
            options,
            edition=edition,
            jobs=jobs,
            history=history,
            lock=lock,
            steps=CommandConsole(quiet=quiet),
            accept=accept,
            strict=strict,
        )
    finally:
        lock.release()


def _run(
    contracts: list[Contract],
    options: Options,
    *,
    edition: Wanted,
    jobs: int | None,
    history: Path,
    lock: FileLock,
    steps: Console,
    accept: bool,
    strict: bool,
) -> ExitCode:
    console = CommandConsole()
    out, profile = options.out.absolute(), options.profile
    _make_room(out)
    editions = edition.editions
    if Edition.PUBLISHED in editions:
        _bring_pages(contracts, options, steps)
    plan = planned.of_documents(contracts, replace(options, out=out), editions)
    live = Live(steps, console, {f"{one.document}.{one.edition}": one for one in plan})
    which = joined(map(glance.edition, (one.value for one in editions)), zh="、", en=", ")
    times = _TIMES.filled(count=options.repeat) if options.repeat > 1 else None
    begins = _BEGINS_ONE if len(contracts) == 1 else _BEGINS
    which = joined((which, times), zh="，", en=", ")
    say(steps, begins.filled(count=len(contracts), which=which, profile=profile, out=out))
    if profile == QUICK:
        say(steps, notes.QUICK_SAYS)
    arguments = _arguments(replace(options, out=out), edition, history.absolute())
    contracts, workers = _divided(contracts, plan, jobs)
    arguments += workers
    root = os.path.commonpath([one.folder.parent for one in contracts])
    # Above it pytest has nothing to look for; it would read every folder up to the disk's root.
    arguments += [f"--rootdir={root}", f"--confcutdir={root}"]
    arguments += [str(contract.file) for contract in contracts]
    for name in _WISHES:
        os.environ.pop(name, None)
    try:
        wanted = asked.of_contracts(contracts, replace(options, out=out), editions)
        setup = _Setup(live, wanted, lock)
        status = pytest.main(arguments, plugins=[setup, live])
    except OSError as error:  # pytest itself could not write its JUnit file
        raise unwritable(out, error) from error
    report = setup.report
    if live.interrupted:
        return ExitCode.INTERRUPTED
    if report is None:
        return live.unread or ExitCode.OURS
    terminal.show(report, console, options.language)
    for line in (*proposals.lines(report), *(proposals.accept(report) if accept else ())):
        say(console, line)
    durations.note(report)
    code = live.unread or closing.exit_code(report, strict=strict)
    whole = entries.read(out / "report.json")
    closing.show(report, out, console, strict=strict, before=whole)
    if live.broke:
        return ExitCode.OURS
    # Of a process that died, or could not clean up, pytest may know more than the report.
    return ExitCode.OURS if code is ExitCode.VERIFIED and status != pytest.ExitCode.OK else code


def _arguments(options: Options, edition: Wanted, history: Path) -> list[str]:
    """What pytest is told of the options."""
    told = [*_PYTEST_OPTIONS, f"--verify-out={options.out}", f"--profile={options.profile}"]
    told += [f"--edition={edition.value}", f"--verify-history={history}"]
    told += [f"--upstream={options.upstream}", f"--verify-repeat={options.repeat}"]
    told += [f"--ref={options.ref}"] if options.ref else []
    told += [f"--verify-env={options.environment}"] if options.environment else []
    told += [f"--mirror={options.mirror}"] if options.mirror else []
    told += [] if options.sandbox else ["--verify-no-sandbox"]
    told += ["--verify-fresh"] if options.fresh else []
    return [*told, f"--verify-language={options.language.value}"]


def _divided(
    contracts: list[Contract], plan: list[Planned], jobs: int | None
) -> tuple[list[Contract], list[str]]:
    """The documents in the order in which workers take them, and how many workers there are."""
    to_run = [one for one in plan if one.kept is None]
    count = memory.at_once(one.peak_bytes for one in to_run) if jobs is None else jobs
    if count == 1 or len(to_run) < _FEWEST_TO_DIVIDE:
        return contracts, []
    lasts = {one.document: one.left_s or 0.0 for one in plan}
    return sorted(contracts, key=lambda one: -lasts[one.name]), ["-n", str(count)]


def _bring_pages(contracts: list[Contract], options: Options, console: Console) -> None:
    """Read the official pages once, so that a wrong tag or a missing network is said at once."""
    for page in (one.page for one in contracts if one.page):
        page.read(options.upstream, options.ref, lambda told: say(console, told))


def _make_room(out: Path) -> None:
    """Make the output folder, and see that a run's output will fit."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(out).free
    except OSError as error:
        raise unwritable(out, error) from error
    if free < _LEAST_FREE_BYTES:
        raise ResourceError(
            f"{out}: has {free / 2**20:.0f} MiB free, a run needs {_LEAST_FREE_BYTES / 2**20:.0f}; "
            "free some space there, or choose another folder with --out."
        )


def _jobs(said: str) -> int | None:
    """How many documents run at once; nothing for as many as there is room for."""
    if said == "auto":
        return None
    if not said.isdigit() or int(said) < 1:
        raise UsageError(f"--jobs {said}: a number of documents, or auto.")
    return int(said)


def _show_plan(
    contracts: list[Contract], options: Options, edition: Wanted, *, as_json: bool
) -> None:
    told = CommandConsole(stderr=True)
    if Edition.PUBLISHED in edition.editions:
        _bring_pages(contracts, options, told)
    runs = planned.of_documents(contracts, options, edition.editions)
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
    wishes = Wishes(names, profile, quick, everything, edition, ref, accept)
    wishes.refuse()
    if as_json and not plan:
        raise UsageError("--json: goes with --plan; a run writes report.json into its folder.")
    if env:
        environment.locate(env)  # a wrong name is said at once
    if wishes.of_pages:
        with progress(CommandConsole(stderr=True), quiet=quiet) as notify:
            contracts = drafting.of_pages(
                names,
                out / DRAFTS,
                notify,
                source=source,
                ref=ref,
                env=env,
                written=official(None, tutorials) if any(tutorials.glob("*/*")) else [],
            )
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
        language=language(),
    )
    wanted = wishes.fitting(contracts)
    if plan:
        _show_plan(wanted, options, wishes.editions, as_json=as_json)
        return ExitCode.VERIFIED
    return run_documents(
        wanted,
        options,
        edition=wishes.editions,
        jobs=_jobs(jobs),
        history=history or file.default(),
        quiet=quiet,
        accept=accept,
        strict=strict,
    )
