"""One edition of a document: its run, the runs that repeat it, and what the checks say of them."""

import time
from functools import cached_property

from verify.checks import Case, Check, Needs, told_once
from verify.checks.told_once import OneList
from verify.errors import VerifyError
from verify.evidence.failure import Failure
from verify.evidence.repetition import step_comparison
from verify.evidence.repetition.step_comparison import RepeatedRun, StepComparison
from verify.execute import page_files
from verify.execute.session import Session
from verify.finding import Result
from verify.ledger.erratum import Erratum
from verify.system.complaints import why
from verify.system.words import Words, clause

_NO_PLACE = Words(
    zh="无法取得页面所在的文档，因此没有应用规则：{why}",
    en="the documentation around the page is out of reach, so no rule was asked: {why}",
)


class Document:
    """One edition as it is run and judged.

    `runs` are the first run and, if it is to be repeated, those with the same seeds: one after the
    other, each in a kernel of its own, as memory has room for one. `results` is what was judged so
    far of the first one.
    """

    def __init__(self, first: Session) -> None:
        again = range(2, first.options.repeat + 1)
        self.runs = (
            first,
            *(Session(first.contract, first.options, first.notify, number=n) for n in again),
        )
        self.results: list[Result] = []
        self._one_list: OneList | Words | None = None

    @property
    def first(self) -> Session:
        """The run that the checks of a run judge."""
        return self.runs[0]

    def begin(self, session: Session) -> None:
        """Make room for a repetition: the runs before it end, and what hindered them counts."""
        for earlier in self.runs[: session.number - 1]:
            earlier.close()
        session.problem = self.first.problem
        session.notebook = self.first.notebook  # a branch may have moved on meanwhile
        session.started = time.monotonic()

    def judge(self, check: Check, subject: str) -> Result:
        """Judge one subject; what the check needs and has not run yet is run first."""
        if check.step_of:
            self.first.run_step(check.step_of(self.first.contract, subject))
        return check.judge(self.case(check.needs), subject)

    def case(self, needs: Needs) -> Case:
        """What a check is given."""
        run = self.first
        several = needs is Needs.REPETITIONS or (needs is Needs.RUNS and len(self.runs) > 1)
        repetitions = self.comparisons if several else ()
        return Case(
            contract=run.contract,
            profile_name=run.options.profile,
            notebook=run.notebook,
            pins=run.pins,
            installed=run.installed if needs is Needs.ENVIRONMENT else None,
            applied=run.applied,
            evidence=run.whole_evidence() if needs in (Needs.RUN, Needs.RUNS) else None,
            edition=run.options.edition,
            reproduce=self._reproduce,
            repeated={comparison.step: comparison for comparison in repetitions},
            seen=run.seen,
            repaired=run.repaired,
            rules=self._beside_rules,
            own_modules=frozenset(page_files.modules(run.page_files)),
        )

    def _beside_rules(self) -> OneList | Words:
        if self._one_list is None:
            self._one_list = self._ask_rules()
        return self._one_list

    def _ask_rules(self) -> OneList | Words:
        """What the rules say of the official page where it lies among its neighbours."""
        run = self.first
        environment = run.environment if run.problem is None else None
        try:
            file, root = run.page_on_disk()
        except VerifyError as error:
            return _NO_PLACE.filled(why=clause(why(error)))
        from verify.rules import one_page  # noqa: PLC0415  # all rules, which few documents need

        found = one_page.findings(file, root, environment=environment, notify=run.notify)
        return told_once.listed(found, self.results, run.contract, run.notebook)

    @property
    def one_list(self) -> list[Result]:
        """What was judged so far, with what the rules say, each defect once."""
        one = self._one_list
        return one.beside(self.results) if isinstance(one, OneList) else self.results

    @cached_property
    def comparisons(self) -> tuple[StepComparison, ...]:
        """All runs to their end, compared step by step."""
        contract = self.first.contract
        for session in self.runs:
            if session.ended is None:
                if session is not self.first:
                    self.begin(session)
                for step in contract.steps:
                    session.run_step(step.id)
                session.close()
        return step_comparison.compare(
            [step.id for step in contract.steps],
            {training.step for training in contract.trainings}
            | {step.id for step in contract.steps if step.varies},
            [RepeatedRun(s.steps, s.evidence.trainings, s.cells) for s in self.runs],
        )

    @property
    def compared(self) -> bool:
        """Whether anybody asked for the comparisons."""
        return "comparisons" in self.__dict__

    def _reproduce(self, erratum: Erratum) -> Failure | None:
        """Run an erratum's own small program, for a reader who has installed what is documented."""
        run = self.first
        program = run.contract.reproducer(erratum)
        needs = run.contract.environment
        hidden = run.installed.added_by(erratum.installs, beside=needs.documented)
        return run.reproduced(program, hidden)
