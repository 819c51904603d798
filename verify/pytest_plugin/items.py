"""Documents as pytest knows them: runs are collectors, steps and checks are items."""

import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from verify import checks
from verify.checks import Check
from verify.contract import contract
from verify.contract.contract import Contract
from verify.document import Document
from verify.errors import VerifyError
from verify.execute import step_result
from verify.execute.session import Session
from verify.finding import CheckKind, Result, Verdict
from verify.page.page import NOTEBOOKS
from verify.pytest_plugin.stash import EDITIONS, LEFT_OUT, NOTIFY, OPTIONS, OURS_TOO, PLANNED
from verify.report import defects, entries
from verify.system import cache, complaints, tracebacks
from verify.system.words import Text, Words, clause, joined, said

# What holds of every contract that was derived from its page just now.
_SELF_EVIDENT = (CheckKind.PINS, CheckKind.STEPS, CheckKind.DRIFT)


_BROKE = Words(zh="工具自身出错（{why}）", en="we broke ({why})")
_UNDECIDED = Words(zh="本配置无法判定", en="this profile cannot decide it")
_NOT_KEPT = Words(zh="无法保存运行结果：{why}", en="the run could not be kept: {why}")


class Contradicted(Exception):  # noqa: N818  # it is the page that errs, not the program
    """The page says one thing and the run another, or the page breaks."""


class Broken(Exception):  # noqa: N818
    """We could not tell: our own fault, or something that the run needs is missing."""


class DocumentCollector(pytest.File):
    """One document: the editions of it that are wanted, one after the other."""

    def collect(self) -> Iterator["EditionCollector"]:
        """Read everything before anything runs."""
        try:
            documents = [*map(Document, self._sessions())]
            for document in documents:
                document.first.read()
        except VerifyError as error:
            language = self.config.stash[OPTIONS].language
            raise self.CollectError(said(complaints.why(error), language)) from error
        for document in documents:
            name = document.first.options.edition.value
            yield EditionCollector.from_parent(self, name=name, document=document)

    def _sessions(self) -> list[Session]:
        """The runs as they were planned; where nobody planned them, as the contract has them."""
        stash = self.config.stash
        notify = stash[NOTIFY]
        if planned := [one for one in stash.get(PLANNED, ()) if one.contract.file == self.path]:
            for one in planned:
                one.notify = notify
            return planned
        read = contract.read(self.path.with_name(contract.FILE_NAME))
        if not (read.page or stash[OURS_TOO] or self._is_named):
            stash[LEFT_OUT].append(read.name)
            return []
        return [
            Session(read, replace(stash[OPTIONS], edition=edition), notify)
            for edition in stash[EDITIONS]
            if edition in read.editions
        ]

    @property
    def _is_named(self) -> bool:
        """Whether it was asked for itself, and not only a folder above it."""
        return any(map(self.session.isinitpath, (self.path, self.path.parent)))


class _Run(pytest.Collector):
    """One run of one edition, and what its items came to."""

    def __init__(self, *, run: Session, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.session_of_document = run
        self.results: list[Result] = []
        # What came to a result, and what was wrong besides; a repetition's count as its edition's.
        self.judged: list[str] = []
        self.problems: list[Text] = []

    def _close(self) -> Exception | None:
        """End the run; a notebook that cannot be kept makes the document one we cannot judge."""
        document = self.session_of_document
        try:
            document.close()
        except Exception as error:  # noqa: BLE001  # cells print what no file may hold
            out, problem = document.options.out, error
            if isinstance(error, OSError):
                problem = complaints.unwritable(out, error)
            self.problems.append(_NOT_KEPT.filled(why=clause(complaints.why(problem))))
            return problem
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
        self.results = document.results

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield an item for each step and for each subject of each check."""
        document, edition = (
            self.session_of_document.contract,
            self.session_of_document.options.edition,
        )
        derived = self.session_of_document.options.derives(document.folder)
        fitting = [
            check
            for check in checks.ALL
            if edition in check.editions and not (derived and check.kind in _SELF_EVIDENT)
        ]
        before = [c for c in fitting if c.needs in (checks.Needs.TEXT, checks.Needs.ENVIRONMENT)]
        _, *again = self.document.runs
        of_a_run = {checks.Needs.RUN} | (set() if again else {checks.Needs.RUNS})
        after = [c for c in fitting if c.needs in of_a_run]
        yield from self._check_items(document, before)
        yield from self._step_items()
        yield from self._check_items(document, after)
        for run in again:
            yield RepetitionCollector.from_parent(self, name=f"repetition-{run.number}", run=run)
        if again:
            last = [c for c in fitting if c not in before and c not in after]
            yield from self._check_items(document, last)

    def setup(self) -> None:
        """Before the first item: another edition may have run since both were collected."""
        self.session_of_document.started = time.monotonic()

    def _check_items(self, document: Contract, some: list[Check]) -> Iterator[pytest.Item]:
        for check in some:
            profile = self.session_of_document.options.profile
            for subject in check.subjects_in(document, profile):
                yield CheckItem.from_parent(
                    self, name=check.id(subject), check=check, subject=subject
                )

    def teardown(self) -> None:
        """After the last item, or when pytest is interrupted: close, and write what we know."""
        document, problem = self.session_of_document, self._close()
        entry = entries.of_document(self.document)
        for why in self.problems:
            entries.not_judged(entry.document, document.contract.edition_path, why)
        entry.judged = self.judged
        try:
            document.folder.mkdir(parents=True, exist_ok=True)
            cache.write_whole(document.entry_file, entry.model_dump_json(indent=1))
        except OSError as error:
            raise complaints.unwritable(document.options.out, error) from error
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
        language = self.parent.session_of_document.options.language
        try:
            result = self.judge()
        except VerifyError as error:
            result = self._unjudged(complaints.why(error))
        except Exception as error:
            # Under plain pytest the traceback is pytest's to show; the report must not lack it.
            said_first = (str(error).splitlines() or [""])[0]
            says = _BROKE.filled(why=f"{type(error).__name__}: {said_first}")
            self._keep(self._unjudged(says))
            kept = tracebacks.keep(error)
            self.user_properties.append(("sentence", said(joined((says, kept)), language)))
            raise
        self._keep(result)
        sentence = said(self._told(result), language)
        self.user_properties += [("verdict", result.verdict.value), ("sentence", sentence)]
        if result.verdict is Verdict.UNCHECKED:
            pytest.skip(said(result.reason or _UNDECIDED, language))
        if result.verdict is Verdict.FAIL:
            raise Contradicted(sentence)
        if result.verdict is Verdict.ERROR:
            raise Broken(said(result.observed, language))

    def _told(self, result: Result) -> Text:
        """The judgement, of the official text with the place where its readers find it."""
        session = self.parent.session_of_document
        if not session.published:
            return result.words
        broke = result.kind is CheckKind.RUN and result.observed
        where = "" if result.kind is CheckKind.RULES else self._where(session, result.cells)
        return joined((where, result.happened if broke else result.judged), zh="：", en=": ")

    def _where(self, session: Session, cells: Iterable[int]) -> Text:
        """Cells of a notebook, lines of a text."""
        begin = {cell.index: cell.line for cell in session.notebook.cells}
        path, known = session.official.path, [cell for cell in cells if cell in begin]
        is_text = not path.endswith(NOTEBOOKS)
        return defects.numbered(path, [begin[cell] for cell in known] if is_text else known)

    def _unjudged(self, why: Text) -> Result:
        return Result(self.name, self.kind, Verdict.ERROR, observed=clause(why))

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
            from nbmake.pytest_items import NbMakeFailureRepr  # noqa: PLC0415  # all of nbclient

            sentence = str(excinfo.value)
            return NbMakeFailureRepr(sentence, sentence.splitlines()[0])
        try:
            return super().repr_failure(excinfo, style)
        except Exception:  # noqa: BLE001  # it reads and parses sources to show them
            return "".join(traceback.format_exception(excinfo.value))

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

    def _unjudged(self, why: Text) -> Result:
        """It is the step that has no other result; no cell of it is to blame."""
        step = self.parent.session_of_document.contract.step(self.step)
        return replace(super()._unjudged(why), says=step_result.said(step), step=self.step)


class CheckItem(_Item):
    """One check of one subject."""

    parent: EditionCollector

    def __init__(self, *, check: Check, subject: str, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.check, self.subject, self.kind = check, subject, check.kind

    def judge(self) -> Result:
        """Judge the subject."""
        return self.parent.document.judge(self.check, self.subject)
