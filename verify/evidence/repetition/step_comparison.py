"""Runs of one document compared step by step: which step differs first, and how much.

A document's kernel may differ from run to run only through a training: threads and parties sum
floats in whatever order they come. So a difference is a training's if that training, in the same
step or in an earlier one, did not come to the same weights itself; any other one is the page's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from verify.evidence.evidence import StepRun, TrainingRun
from verify.evidence.repetition import outputs_compared
from verify.evidence.repetition import trainings_compared as trained
from verify.evidence.repetition.likeness import Difference, Likeness, worst
from verify.page.outputs.steady_text import steady
from verify.system.words import Text, Words, joined

if TYPE_CHECKING:
    from nbformat import NotebookNode

_IT = Words(zh="这一步", en="it")
_ENDED_WELL = Words(zh="正常结束", en="ended well")
_TRAINED = Words(
    zh="它显示步骤 {step} 的训练结果，而后者在允许范围之内",
    en="it shows what step {step} trained, which is within its band",
)
_SHOWN = 3  # differences of a step in a sentence


@dataclass(frozen=True)
class RepeatedRun:
    """One run: its steps, its trainings by step, and the cells that each step carried out."""

    steps: Mapping[str, StepRun] = field(default_factory=dict)
    trainings: Mapping[str, Sequence[TrainingRun]] = field(default_factory=dict)
    cells: Mapping[str, Sequence["NotebookNode"]] = field(default_factory=dict)


@dataclass(frozen=True)
class StepComparison:
    """One step in all runs.

    `missing` are the runs, counted from 1, that did not come to the step. `trained` says whether
    the step or an earlier one trains, `origin` is the first training by then that is not known to
    have come to the same weights each time.
    """

    step: str
    differences: tuple[Difference, ...]
    missing: tuple[int, ...] = ()
    trained: bool = False
    origin: str | None = None

    @property
    def likeness(self) -> Likeness | None:
        """How like the runs are; nothing if they cannot be compared."""
        return None if self.missing else worst(d.likeness for d in self.differences)

    @property
    def gravest(self) -> tuple[Difference, ...]:
        """The worst differences, causes before effects; of many the first."""
        return tuple(d for d in self.differences if d.likeness is self.likeness)[:_SHOWN]

    @property
    def sentence(self) -> Text:
        """Them for people."""
        return joined(difference.sentence for difference in self.gravest)


def compare(
    steps: Sequence[str], training_steps: Collection[str], runs: Sequence[RepeatedRun]
) -> tuple[StepComparison, ...]:
    """Compare the first run with each other one.

    Args:
        steps: the document's steps, in order.
        training_steps: those that are documented to train, or to vary as trainings do; what was
            seen to train counts, too.
        runs: two or more.
    """
    seen = {step for run in runs for step in run.trainings}
    course = _Course(seen.union(training_steps), runs)
    return tuple(course.compare(step) for step in steps)


def first_difference(comparisons: Sequence[StepComparison]) -> StepComparison | None:
    """The first step that is not bit-equal."""
    return next((one for one in comparisons if one.differences and not one.missing), None)


class _Course:
    """What the trainings so far came to, while the steps are gone through in order."""

    def __init__(self, training_steps: Collection[str], runs: Sequence[RepeatedRun]) -> None:
        self.training_steps, self.runs = training_steps, runs
        self.trained = False
        self.origin: str | None = None
        self.likeness = Likeness.BIT_EQUAL

    def compare(self, step: str) -> StepComparison:
        missing = tuple(n for n, run in enumerate(self.runs, 1) if step not in run.steps)
        if step in self.training_steps:
            self.trained = True
        if missing:
            return StepComparison(step, (), missing, trained=self.trained)
        first, *others = self.runs
        pairs = [(first, other) for other in others]
        if step in self.training_steps:
            self._take_in(step, pairs)
        found = [d for one, other in pairs for d in self._differences(step, one, other)]
        return StepComparison(step, tuple(found), trained=self.trained, origin=self.origin)

    def _take_in(self, step: str, pairs: Sequence[tuple[RepeatedRun, RepeatedRun]]) -> None:
        runs = [both for pair in pairs for both in _trainings(step, *pair)]
        if all(trained.repeats(one, other) for one, other in runs):
            return
        self.origin = self.origin or step
        found = [d.likeness for one, other in runs for d in trained.differences(one, other)]
        unseen = any(None in pair for pair in runs)
        self.likeness = worst([self.likeness, *found, *([Likeness.DIVERGENT] if unseen else [])])

    def _differences(self, step: str, first: RepeatedRun, other: RepeatedRun) -> list[Difference]:
        failures = [_failure(run.steps[step]) for run in (first, other)]
        ends = [] if failures[0] == failures[1] else [Difference(_IT, *failures)]
        both = _trainings(step, first, other)
        training = [d for one, same in both for d in trained.differences(one, same)]
        outputs = outputs_compared.differences(first.cells.get(step, ()), other.cells.get(step, ()))
        return [*ends, *training, *(self._derived(step, d) for d in outputs)]

    def _derived(self, step: str, difference: Difference) -> Difference:
        """What only shows a training's numbers again is as far apart as they are."""
        printed_by_training = step in self.training_steps and difference.band
        shows = difference.derived or printed_by_training
        if shows and self.origin and self.likeness is Likeness.WITHIN_BAND:
            band = _TRAINED.filled(step=self.origin)
            return replace(difference, likeness=Likeness.WITHIN_BAND, band=band)
        return difference


def _trainings(
    step: str, first: RepeatedRun, other: RepeatedRun
) -> list[tuple[TrainingRun | None, TrainingRun | None]]:
    """The trainings of a step in two runs, one by one; nothing and nothing if neither has any."""
    both = zip_longest(first.trainings.get(step, ()), other.trainings.get(step, ()))
    return list(both) or [(None, None)]


def _failure(run: StepRun) -> Text:
    return steady(str(run.failure.sentence)) if run.failure else _ENDED_WELL
