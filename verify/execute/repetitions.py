"""A document run several times with the same seeds, each time in a kernel of its own."""

import time
from dataclasses import replace
from functools import cached_property

from verify.checks import Check, Needs
from verify.evidence.repetition import step_comparison
from verify.evidence.repetition.step_comparison import Comparison, Run
from verify.execute.session import Session
from verify.finding import Result


class Repetitions:
    """A session and those that repeat it, one after the other: memory has room for one kernel."""

    def __init__(self, first: Session) -> None:
        self.first = first
        again = (
            Session(first.contract, first.options, first.notify, number=number)
            for number in range(2, first.options.repeat + 1)
        )
        self.runs = (first, *again)

    def begin(self, session: Session) -> None:
        """Make room for a repetition: the runs before it end, and what hindered them counts."""
        for earlier in self.runs[: session.number - 1]:
            earlier.close()
        session.problem = self.first.problem
        session.notebook = self.first.notebook  # a branch may have moved on meanwhile
        session.started = time.time()

    def judge(self, check: Check, subject: str) -> Result:
        """Judge one subject; what a comparison needs and has not run yet is run first."""
        if check.needs is not Needs.REPETITIONS:
            return self.first.judge(check, subject)
        repeated = {comparison.step: comparison for comparison in self.comparisons}
        case = replace(self.first.case(check.needs), repeated=repeated)
        return check.judge(case, subject)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """All runs to their end, compared step by step."""
        contract = self.first.contract
        for session in self.runs:
            if session.ended is None:
                if session is not self.first:
                    self.begin(session)
                session.run_step(contract.steps[-1].id)
                session.close()
        return step_comparison.compare(
            [step.id for step in contract.steps],
            {training.step for training in contract.trainings}
            | {step.id for step in contract.steps if step.varies},
            [Run(s.steps, s.evidence.trainings, s.cells) for s in self.runs],
        )

    @property
    def compared(self) -> bool:
        """Whether anybody asked for the comparisons."""
        return "comparisons" in self.__dict__
