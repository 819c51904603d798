"""The only code that knows pytest: documents as test files, steps and checks as test items."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from verify.contract import drafting
from verify.contract.edition import Wanted
from verify.errors import VerifyError
from verify.execute.run_options import DRAFTS, SELECTION, Options
from verify.pytest_plugin.controller import Controller
from verify.pytest_plugin.items import DocumentCollector
from verify.pytest_plugin.stash import (
    ASKED,
    EDITIONS,
    LEFT_OUT,
    NOTIFY,
    OPTIONS,
    OURS_TOO,
    REPORT,
    STARTED,
    is_document,
    is_selection,
    is_worker,
)
from verify.report import terminal
from verify.report.asked import Asked
from verify.system.complaints import why
from verify.system.resources import FRESH_VARIABLE, NO_SANDBOX_VARIABLE
from verify.system.words import Language, Words, enumerated, said
from verify.upstream import pages

_AT_LEAST_ONE = Words(zh="--verify-repeat：至少运行 1 次。", en="--verify-repeat: at least 1 run.")

_OF_A_SELECTION = Words(
    zh="只是所选的部分；{folder} 里完整运行的报告保持不变。",
    en="Of a selection; the report of whole runs, in {folder}, stays as it is.",
)
_REPORT = Words(zh="报告：{file}", en="Report: {file}")

_FILES = "verify_files"
_LEFT_OUT = Words(
    zh="未运行：{names}，它们不对应官方页面；请按路径给出，或加上 --verify-all。",
    en="Left out: {names}, which stand for no official page; name them by path, or add "
    "--verify-all.",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options that `python -m verify run` passes on."""
    group = parser.getgroup("verify", "documents of SecretFlow")
    defaults = Options()
    group.addoption("--profile", default=defaults.profile, help="how much cost to spend")
    group.addoption(
        "--verify-out", type=Path, default=defaults.out, help="the folder for reports and evidence"
    )
    group.addoption("--mirror", default=None, help="where download hosts are, as URL/host/path")
    group.addoption(
        "--edition",
        default=defaults.edition.value,
        choices=[wanted.value for wanted in Wanted],
        help="the official text, ours, or first ours and then the official one",
    )
    group.addoption(
        "--upstream", default=pages.DEFAULT_SOURCE, help="where the official pages are kept"
    )
    group.addoption(
        "--pages",
        action="append",
        default=[],
        metavar="PATH",
        help="official pages in place of documents: a path, a pattern, a folder, or all",
    )
    group.addoption(
        "--verify-all",
        action="store_true",
        help="pages of our own as well, also where only a folder above them is named",
    )
    group.addoption("--ref", default=None, help="their tag, if not the one that we stand for")
    group.addoption(
        "--verify-env", default=None, help="an environment, if not the one that a document names"
    )
    group.addoption(
        "--verify-repeat",
        type=int,
        default=defaults.repeat,
        metavar="N",
        help="run each edition N times with the same seeds, and compare the runs step by step",
    )
    group.addoption(
        "--verify-no-sandbox",
        action="store_true",
        default=bool(os.environ.get(NO_SANDBOX_VARIABLE)),
        help="let pages' code run with your own rights",
    )
    group.addoption(
        "--verify-fresh",
        action="store_true",
        default=bool(os.environ.get(FRESH_VARIABLE)),
        help="run each document, also where a kept run could not come out otherwise",
    )
    group.addoption(
        "--verify-memory",
        type=int,
        default=None,
        metavar="BYTES",
        help="the most memory that runs may have together, if that is not all that is free",
    )
    group.addoption(
        "--verify-language",
        default=Language.of_environment().value,
        choices=[language.value for language in Language],
        help="the language of the report's texts; by default that of the terminal",
    )
    group.addoption(
        "--verify-history", type=Path, default=None, help="the file that keeps what runs came to"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep the options in one typed place."""
    out = config.getoption("verify_out")
    language = Language(config.getoption("verify_language"))
    if config.getoption("verify_repeat") < 1:
        raise pytest.UsageError(_AT_LEAST_ONE.of(language))
    out = out if out.is_absolute() else config.invocation_params.dir / out
    config.stash[OPTIONS] = Options(
        profile=config.getoption("profile"),
        out=out / SELECTION if is_selection(config) else out,
        mirror=config.getoption("mirror"),
        upstream=config.getoption("upstream"),
        ref=config.getoption("ref"),
        environment=config.getoption("verify_env"),
        repeat=config.getoption("verify_repeat"),
        sandbox=not config.getoption("verify_no_sandbox"),
        fresh=config.getoption("verify_fresh"),
        memory=config.getoption("verify_memory"),
        language=language,
    )
    config.stash[OURS_TOO], config.stash[LEFT_OUT] = config.getoption("verify_all"), []
    config.stash.setdefault(NOTIFY, lambda _: None)
    if config.getoption("pages"):
        files = config.workerinput[_FILES] if is_worker(config) else _drafted(config)  # type: ignore[attr-defined]
        config.args[:], config.option.edition = files, Wanted.PUBLISHED.value
    config.stash[EDITIONS] = Wanted(config.getoption("edition")).editions
    if not is_worker(config):
        config.pluginmanager.register(Controller(config))


def _drafted(config: pytest.Config) -> list[str]:
    """The documents that are derived from the official pages that are to be judged."""
    options = config.stash[OPTIONS]
    try:
        drafted = drafting.of_pages(
            config.getoption("pages"),
            options.out / DRAFTS,
            config.stash[NOTIFY],
            source=options.upstream,
            ref=options.ref,
            env=options.environment,
        )
    except VerifyError as error:
        raise pytest.UsageError(said(why(error), options.language)) from error
    config.stash.setdefault(ASKED, Asked(options)).unread += drafted.unread
    return [str(one.file) for one in drafted.contracts]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401  # xdist's
    """Tell a worker which pages there are; by itself it knows what stood on the command line."""
    node.workerinput[_FILES] = node.config.args


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "DocumentCollector | None":
    """A tutorial beside a contract is a document, and so is a contract without one."""
    # Python named on the command line also goes to pytest's Python plugin: see the next hook.
    goes_there = file_path.suffix == ".py" and parent.session.isinitpath(file_path)
    if is_document(file_path) and not goes_there:
        return DocumentCollector.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> "DocumentCollector | None":
    """Keep pytest from importing, and so running, a tutorial that is named explicitly."""
    return (
        DocumentCollector.from_parent(parent, path=module_path)
        if is_document(module_path)
        else None
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401
    """A document stays on one worker: its steps share one kernel."""
    if config.getoption("dist") == "load":
        return _Scheduling(config, log)
    return None


class _Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist publishes no such types
    """A document at which a worker died is not tried again: it would end the next one, too."""

    def remove_node(self, node: Any) -> Any:  # noqa: ANN401
        """Return the item at which the worker died, if it was not done."""
        work = self.assigned_work[node]
        for file, items in work.items():
            left = [item for item, done in items.items() if not done]
            if left and is_document(self.config.rootpath / file):
                del work[file]
                super().remove_node(node)
                return left[0]
            if left:
                break
        return super().remove_node(node)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Remember when it began."""
    session.config.stash[STARTED] = time.time(), time.monotonic()


def pytest_report_collectionfinish(config: pytest.Config) -> str:
    """Under plain pytest: which documents are for others to ask for, as `run` has it."""
    names = config.stash[LEFT_OUT]
    told = _LEFT_OUT.filled(names=enumerated(names))
    return said(told, config.stash[OPTIONS].language) if names else ""


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Under plain pytest: one line a document, and where the report is."""
    report, out = config.stash.get(REPORT, None), config.stash[OPTIONS].out
    if report is None:
        return
    terminalreporter.section("documents")
    for line in terminal.verdict_lines(report):
        terminalreporter.write_line(said(line, config.stash[OPTIONS].language))
    if is_selection(config):
        apart = _OF_A_SELECTION.filled(folder=out.parent)
        terminalreporter.write_line(said(apart, config.stash[OPTIONS].language))
    at = _REPORT.filled(file=out / "report.json")
    terminalreporter.write_line(said(at, config.stash[OPTIONS].language))
