"""Documents under pytest, with our own progress and report."""

import os
import resource
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from rich.console import Console

from verify.cli import closing, on_ray, planned
from verify.cli.console import CommandConsole, say
from verify.cli.live import Live
from verify.contract.contract import Contract
from verify.contract.edition import Edition, Wanted
from verify.errors import ExitCode, ResourceError
from verify.execute.run_options import QUICK, Options
from verify.execute.session import Session
from verify.history import durations
from verify.pytest_plugin import stash
from verify.report import asked, entries, glance, notes, output, proposals, terminal
from verify.report.asked import Asked
from verify.report.entries import Report
from verify.system.complaints import unwritable
from verify.system.words import Text, Words, joined

# Where we are called there may be a project with tests, plugins and wishes of its own.
_NEEDLESS = "terminal warnings cacheprovider logging threadexception unraisableexception".split()
_PYTEST_OPTIONS = [
    *("-c", os.devnull),
    "--noconftest",
    "--capture=no",
    "--disable-plugin-autoload",
    *("-p", "xdist.plugin", "-p", "verify.pytest_plugin"),
    # What is of no use to documents, of which each item would pay for it.
    *(part for name in _NEEDLESS for part in ("-p", f"no:{name}")),
    "--continue-on-collection-errors",
]
_WISHES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")

_BEGINS = Words(
    zh="{count} 个文档，{which}，配置 {profile}，输出到 {out}",
    en="{count} documents, {which}, profile {profile}, output in {out}",
)
_BEGINS_ONE = Words(
    zh="1 个文档，{which}，配置 {profile}，输出到 {out}",
    en="1 document, {which}, profile {profile}, output in {out}",
)
_EDITION = Words(zh="文本：{which}", en="{which} edition")
_EDITIONS = Words(zh="文本：{which}", en="{which} editions")
_TIMES = Words(zh="{count} 次", en="{count} times")
_LEAST_FILES = 64  # with fewer the library of its sockets ends us
_LEAST_FREE_BYTES = 256 * 2**20  # executed notebooks with their figures, evidence, logs


class _Setup:
    """Hands what we know and have to the plugin, and has from it what the run came to."""

    def __init__(
        self, live: Live, wanted: Asked, lock: FileLock, sessions: Sequence[Session]
    ) -> None:
        self.live, self.wanted, self.lock, self.sessions = live, wanted, lock, sessions
        self.report: Report | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        self.report = config.stash.get(stash.REPORT, None)

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[stash.NOTIFY] = self.live.notify
        config.stash[stash.ASKED] = self.wanted
        config.stash[stash.LOCK] = self.lock
        config.stash[stash.PLANNED] = self.sessions


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
    ray: str | None = None,
    unread: Sequence[Text] = (),
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
        ray: the address of a cluster that carries out what has to run.
        unread: what there is to say of pages that were asked for and cannot be read.

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
            steps=CommandConsole(quiet=quiet, goes_on=True),
            accept=accept,
            strict=strict,
            ray=ray,
            unread=unread,
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
    ray: str | None,
    unread: Sequence[Text],
) -> ExitCode:
    console = CommandConsole(goes_on=True)
    out, profile = options.out.absolute(), options.profile
    _make_room(out)
    editions = edition.editions
    if Edition.PUBLISHED in editions:
        bring_pages(contracts, options, steps)
    sessions = planned.sessions(contracts, replace(options, out=out), editions)
    if ray:
        on_ray.gather(sessions, ray, lambda told: say(steps, told))
    plan = [*map(planned.of_run, sessions)]
    live = Live(steps, console, {f"{one.document}.{one.edition}": one for one in plan})
    which = joined(map(glance.edition, (one.value for one in editions)), zh="、", en=" and ")
    times = _TIMES.filled(count=options.repeat) if options.repeat > 1 else None
    begins = _BEGINS_ONE if len(contracts) == 1 else _BEGINS
    of_them = (_EDITION if len(editions) == 1 else _EDITIONS).filled(which=which)
    which = joined((of_them, times), zh="，", en=", ")
    say(steps, begins.filled(count=len(contracts), which=which, profile=profile, out=out))
    if profile == QUICK:
        say(steps, notes.QUICK_SAYS)
    arguments = _arguments(replace(options, out=out), edition, history.absolute())
    contracts, workers = planned.divided(contracts, plan, jobs)
    arguments += ["-n", str(workers)] if workers > 1 else []
    root = os.path.commonpath([one.folder.parent for one in contracts])
    # Above it pytest has nothing to look for; it would read every folder up to the disk's root.
    arguments += [f"--rootdir={root}", f"--confcutdir={root}"]
    arguments += [str(contract.file) for contract in contracts]
    for name in _WISHES:
        os.environ.pop(name, None)
    try:
        wanted = asked.of_contracts(contracts, replace(options, out=out), editions)
        wanted.unread += unread
        setup = _Setup(live, wanted, lock, sessions)
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
    console.see_that_all_was_said()
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
    told += [f"--verify-memory={options.memory}"] if options.memory else []
    return [*told, f"--verify-language={options.language.value}"]


def bring_pages(contracts: list[Contract], options: Options, console: Console) -> None:
    """Read the official pages once, so that a wrong tag or a missing network is said at once."""
    for page in (one.page for one in contracts if one.page):
        page.read(options.upstream, options.ref, lambda told: say(console, told))


def _make_room(out: Path) -> None:
    """Make the output folder, and see that a run's output will fit, and its sockets open."""
    if (most := resource.getrlimit(resource.RLIMIT_NOFILE)[0]) < _LEAST_FILES:
        raise ResourceError(
            Words(
                zh="本进程最多可以打开 {most} 个文件，一次运行需要 {least_files} 个；请放宽，"
                "例如用 `ulimit -n {least_files}`。",
                en="This process may open {most} files, a run needs {least_files}; allow "
                "more, with `ulimit -n {least_files}` for one.",
            ).filled(most=most, least_files=_LEAST_FILES)
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(out).free
    except OSError as error:
        raise unwritable(out, error) from error
    if free < _LEAST_FREE_BYTES:
        raise ResourceError(
            Words(
                zh="{out}：只剩 {free:.0f} MiB，一次运行需要 {least_free_bytes:.0f} MiB；请在"
                "那里腾出空间，或用 --out 换一个文件夹。",
                en="{out}: has {free:.0f} MiB free, a run needs {least_free_bytes:.0f}; free "
                "some space there, or choose another folder with --out.",
            ).filled(out=out, free=free / 2**20, least_free_bytes=_LEAST_FREE_BYTES / 2**20)
        )
