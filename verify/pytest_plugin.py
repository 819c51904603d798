"""The only module that knows pytest: documents as test files, steps and checks as test items."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from nbmake.pytest_items import NbMakeFailureRepr
from xdist.scheduler import LoadFileScheduling

from verify import checks, history
from verify.checks import Check
from verify.contract import contract
from verify.contract.contract import Contract
from verify.contract.edition import Edition, Wanted
from verify.document import Document
from verify.errors import ExitCode, VerifyError, unwritable
from verify.execute.session import Options, Session
from verify.finding import CheckKind, Result, Verdict
from verify.report import entries, output, terminal
from verify.report.asked import Asked, AskedDocument
from verify.system import cache
from verify.system.cache import Notify
from verify.upstream import pages

OPTIONS = pytest.StashKey[Options]()
EDITIONS = pytest.StashKey[tuple[Edition, ...]]()
NOTIFY = pytest.StashKey[Notify]()
STARTED = pytest.StashKey[float]()
# What is to be judged, as far as that is known before pytest looks for it.
ASKED = pytest.StashKey[Asked]()
# The output folder's, once we have it to ourselves.
LOCK = pytest.StashKey[FileLock]()

_EDITIONS = [edition.value for edition in Edition]


class Contradicted(Exception):  # noqa: N818  # it is the page that errs, not the program
    """The page says one thing and the run another, or the page breaks."""


class Broken(Exception):  # noqa: N818
    """We could not tell: our own fault, or something that the run needs is missing."""


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
        "--verify-history", type=Path, default=None, help="the file that keeps what runs came to"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep the options in one typed place."""
    out = config.getoption("verify_out")
    if config.getoption("verify_repeat") < 1:
        raise pytest.UsageError("--verify-repeat: at least 1 run.")
    config.stash[OPTIONS] = Options(
        profile=config.getoption("profile"),
        out=out if out.is_absolute() else config.invocation_params.dir / out,
        mirror=config.getoption("mirror"),
        upstream=config.getoption("upstream"),
        ref=config.getoption("ref"),
        environment=config.getoption("verify_env"),
        repeat=config.getoption("verify_repeat"),
    )
    config.stash[EDITIONS] = Wanted(config.getoption("edition")).editions
    config.stash.setdefault(NOTIFY, lambda _: None)
    if not _is_worker(config):
        config.pluginmanager.register(_Controller(config))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "DocumentCollector | None":
    """A tutorial beside a contract is a document."""
    # A file named on the command line also goes to pytest's Python plugin: see the next hook.
    if _is_document(file_path) and not parent.session.isinitpath(file_path):
        return DocumentCollector.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> "DocumentCollector | None":
    """Keep pytest from importing, and so running, a tutorial that is named explicitly."""
    return (
        DocumentCollector.from_parent(parent, path=module_path)
        if _is_document(module_path)
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
            if left and _is_document(self.config.rootpath / file):
                del work[file]
                super().remove_node(node)
                return left[0]
            if left:
                break
        return super().remove_node(node)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Remember when it began."""
    session.config.stash[STARTED] = time.time()


class _Controller:
    """The process that makes the report: it knows what was asked for, and hears what became of it.

    Workers may die, so nothing here rests on what they leave behind.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @property
    def asked(self) -> Asked:
        """What is to be judged."""
        return self.config.stash.setdefault(ASKED, Asked(self.config.stash[OPTIONS]))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without workers: what has been selected."""
        self._ask([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """With workers: what one of them has selected."""
        self._ask(ids)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A document that cannot be read was asked for all the same."""
        if report.failed and (file := self._file(report.nodeid)):
            why = report.longreprtext.strip().splitlines() or ["it cannot be read"]
            for edition in self.config.stash[EDITIONS]:
                self.asked.document(file, edition).unread = why[-1].rstrip(".")

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str) -> None:
        """A worker died while it judged this item."""
        for document, item in self._documents([crashitem]):
            document.crashed = item

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Say of each document what became of it; our own fault outweighs a contradicted page."""
        if LOCK not in self.config.stash or not self.asked.any_read:
            return
        out, started = self.config.stash[OPTIONS].out, self.config.stash[STARTED]
        interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED
        stopped = interrupted or bool(session.shouldstop or session.shouldfail)
        files = self.asked.entries(stopped=stopped)
        report = entries.gather(files, entries.moment(started), time.time() - started)
        if path := self.config.getoption("verify_history"):
            for problem in history.follow(report, path):
                self.config.stash[NOTIFY](problem)
        try:
            entries.write(report, out)
        except OSError as error:
            raise unwritable(out, error) from error
        output.write(report, out)
        if report.verdict is Verdict.ERROR and session.exitstatus in (0, 1):
            session.exitstatus = int(ExitCode.OURS)

    def _ask(self, ids: list[str]) -> None:
        """Note what is to be judged; before the first of it, take the output folder."""
        for document, item in self._documents(ids):
            document.items.add(item)
        if not self.asked.any_read or self.config.option.collectonly:
            return
        out = self.config.stash[OPTIONS].out
        if LOCK not in self.config.stash:
            try:
                self.config.stash[LOCK] = lock = output.take(out)
            except VerifyError as error:
                raise pytest.UsageError(str(error)) from error
            self.config.add_cleanup(lock.release)
        if not self._cleared:
            self._cleared = True
            for old in out.glob("runs/*/document.json"):
                old.unlink()

    _cleared = False

    def _documents(self, ids: list[str]) -> Iterator[tuple[AskedDocument, str]]:
        """The documents to which items belong, each with the item."""
        for item in ids:
            edition = item.partition("::")[2].partition("::")[0]
            if edition in _EDITIONS and (file := self._file(item)):
                yield self.asked.document(file, Edition(edition)), item

    def _file(self, nodeid: str) -> Path | None:
        """The document that an item is of, if it is of one."""
        file = self.config.rootpath / nodeid.partition("::")[0]
        return file if _is_document(file) else None


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Under plain pytest: one line a document, and where the report is."""
    report_file = config.stash[OPTIONS].out / "report.json"
    started = config.stash[STARTED]
    if report_file.exists() and report_file.stat().st_mtime >= started:
        terminalreporter.section("documents")
        for line in terminal.verdict_lines(entries.read(report_file)):
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"Report: {report_file}")


def _is_document(path: Path) -> bool:
    return path.name == contract.EDITION_NAME and path.with_name(contract.FILE_NAME).exists()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


class DocumentCollector(pytest.File):
    """One document: the editions of it that are wanted, one after the other."""

    def collect(self) -> Iterator["EditionCollector"]:
        """Read everything before anything runs."""
        options, notify = self.config.stash[OPTIONS], self.config.stash[NOTIFY]
        try:
            read = contract.read(self.path.with_name(contract.FILE_NAME))
            documents = [
                Document(read, replace(options, edition=edition), notify)
                for edition in self.config.stash[EDITIONS]
                if edition in read.editions
            ]
            for document in documents:
                document.first.read()
        except VerifyError as error:
            raise self.CollectError(str(error)) from error
        for document in documents:
            name = document.first.options.edition.value
            yield EditionCollector.from_parent(self, name=name, document=document)


class _Run(pytest.Collector):
    """One run of one edition, and what its items came to."""

    def __init__(self, *, run: Session, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.session_of_document = run
        self.results: list[Result] = []
        # What came to a result, and what was wrong besides; a repetition's count as its edition's.
        self.judged: list[str] = []
        self.problems: list[str] = []

    def _close(self) -> Exception | None:
        """End the run; a notebook that cannot be kept makes the document one we cannot judge."""
        document = self.session_of_document
        try:
            document.close()
        except Exception as error:  # noqa: BLE001  # cells print what no file may hold
            said = unwritable(document.options.out, error) if isinstance(error, OSError) else error
            self.problems.append(f"the run could not be kept: {str(said).rstrip('.')}")
            return said
        return None

    def _step_items(self) -> Iterator[pytest.Item]:
        for step in self.session_of_document.contract.steps:
            yield StepItem.from_parent(self, name=f"run:{step.id}", step=step.id)


class EditionCollector(_Run):
    """One edition: its checks before the run, its steps in order, its checks of the run.

    If it is to be repeated, the repetitions follow, and the checks that compare all runs.
    """

    def __init__(self, *, document: Document, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(run=document.first, **arguments)
        self.document = document

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield an item for each step and for each subject of each check."""
        document, edition = (
            self.session_of_document.contract,
            self.session_of_document.options.edition,
        )
        fitting = [check for check in checks.ALL if edition in check.editions]
        before = [c for c in fitting if c.needs in (checks.Needs.TEXT, checks.Needs.ENVIRONMENT)]
        after = [c for c in fitting if c.needs is checks.Needs.RUN]
        yield from self._check_items(document, before)
        yield from self._step_items()
        yield from self._check_items(document, after)
        _, *again = self.document.runs
        for run in again:
            yield RepetitionCollector.from_parent(self, name=f"repetition-{run.number}", run=run)
        if again:
            last = [c for c in fitting if c.needs is checks.Needs.REPETITIONS]
            yield from self._check_items(document, last)

    def setup(self) -> None:
        """Before the first item: another edition may have run since both were collected."""
        self.session_of_document.started = time.time()

    def _check_items(self, document: Contract, some: list[Check]) -> Iterator[pytest.Item]:
        for check in some:
            for subject in check.subjects(document):
                yield CheckItem.from_parent(
                    self, name=check.id(subject), check=check, subject=subject
                )

    def teardown(self) -> None:
        """After the last item, or when pytest is interrupted: close, and write what we know."""
        document, problem = self.session_of_document, self._close()
        entry = entries.of_document(self.document, self.results)
        for why in self.problems:
            entries.not_judged(entry.document, document.contract.edition_path, why)
        entry.judged = self.judged
        try:
            document.folder.mkdir(parents=True, exist_ok=True)
            cache.write_whole(document.folder / "document.json", entry.model_dump_json(indent=1))
        except OSError as error:
            raise unwritable(document.options.out, error) from error
        if problem:
            raise problem


class RepetitionCollector(_Run):
    """The same edition once more; how it compares is for the checks of the edition to say."""

    parent: EditionCollector

    def __init__(self, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.judged, self.problems = self.parent.judged, self.parent.problems

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each step."""
        yield from self._step_items()

    def setup(self) -> None:
        """Before its first item: memory has room for one kernel."""
        self.parent.document.begin(self.session_of_document)

    def teardown(self) -> None:
        """After its last item: keep the executed notebook."""
        if problem := self._close():
            raise problem


class _Item(pytest.Item):
    """An item whose outcome is a result."""

    parent: _Run
    kind: CheckKind

    def judge(self) -> Result:
        """Come to a result."""
        raise NotImplementedError

    def runtest(self) -> None:
        """Turn the result into pytest's outcomes."""
        try:
            result = self.judge()
        except VerifyError as error:
            result = Result(self.name, self.kind, Verdict.ERROR, observed=str(error))
        except Exception as error:
            # The traceback is pytest's to show; the report must not lack it.
            said = f"we broke ({type(error).__name__}: {error})"
            self._keep(Result(self.name, self.kind, Verdict.ERROR, observed=said))
            raise
        self._keep(result)
        self.user_properties += [("verdict", result.verdict.value), ("sentence", result.sentence)]
        if result.verdict is Verdict.UNCHECKED:
            pytest.skip(result.reason or "this profile cannot decide it")
        if result.verdict is Verdict.FAIL:
            raise Contradicted(result.sentence)
        if result.verdict is Verdict.ERROR:
            raise Broken(result.observed)

    def _keep(self, result: Result) -> None:
        self.parent.results.append(result)
        self.parent.judged.append(self.nodeid)

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Show a sentence for what we judged, and a traceback only for what we did not expect."""
        if isinstance(excinfo.value, (Contradicted, Broken)):
            sentence = str(excinfo.value)
            return NbMakeFailureRepr(sentence, sentence.splitlines()[0])
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """How pytest calls the item."""
        return self.path, None, self.name


class StepItem(_Item):
    """One documented step."""

    nbmake = True
    kind = CheckKind.RUN

    def __init__(self, *, step: str, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.step = step

    def judge(self) -> Result:
        """Run the step."""
        document = self.parent.session_of_document
        result = document.run_step(self.step)
        if self.step in document.steps:  # without the time that getting ready took
            self.user_properties.append(("seconds", document.steps[self.step].duration_s))
        return result


class CheckItem(_Item):
    """One check of one subject."""

    parent: EditionCollector

    def __init__(self, *, check: Check, subject: str, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.check, self.subject, self.kind = check, subject, check.kind

    def judge(self) -> Result:
        """Judge the subject."""
        return self.parent.document.judge(self.check, self.subject)
