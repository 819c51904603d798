"""The repetitions of a document in the report, and the sentence that sums them up."""

from pydantic import BaseModel

from verify.document import Document
from verify.evidence.repetition.likeness import Difference, Likeness
from verify.evidence.repetition.step_comparison import StepComparison, first_difference
from verify.system.words import Text, Words, joined

_RUN = Words(
    zh="以相同种子运行 {times} 次：{steps} 个步骤中，{counts}",
    en="run {times} times with the same seeds: of {steps} steps {counts}",
)
_COUNTED = Words(zh="{count} 个{likeness}", en="{count} {likeness}")
_NOT_COMPARED = Words(zh="{count} 个未比较", en="{count} not compared")
_FIRST = Words(
    zh="最先出现差异的是步骤 {step}（{how}）", en="first that differs: step {step} ({how})"
)


class DifferenceEntry(BaseModel):
    """What differs between the first run and another; `band` says how far it may, and why."""

    what: Text
    first: Text
    other: Text
    likeness: Likeness
    band: Text

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceEntry":
        """The entry of a difference."""
        return cls.model_validate(difference, from_attributes=True)


class RepeatedStep(BaseModel):
    """One step in all runs; it has no likeness if a run did not come to it."""

    id: str
    likeness: Likeness | None
    trained: bool
    differences: list[DifferenceEntry]


class RepeatEntry(BaseModel):
    """All runs of a document in one edition: how long each took, and how like the steps are."""

    times: int
    durations_s: list[float]
    counts: dict[Likeness, int]
    not_compared: int
    first_difference: str | None
    steps: list[RepeatedStep]
    says: Text


def of_document(document: Document) -> RepeatEntry:
    """The entry of runs that have been compared."""
    comparisons, runs = document.comparisons, document.runs
    likenesses = [comparison.likeness for comparison in comparisons]
    counts = {likeness: likenesses.count(likeness) for likeness in Likeness}
    first = first_difference(comparisons)
    return RepeatEntry(
        times=len(runs),
        durations_s=[(run.ended or run.started) - run.started for run in runs],
        counts=counts,
        not_compared=likenesses.count(None),
        first_difference=first.step if first else None,
        steps=[
            RepeatedStep(
                id=comparison.step,
                likeness=comparison.likeness,
                trained=comparison.trained,
                differences=[DifferenceEntry.of(d) for d in comparison.differences],
            )
            for comparison in comparisons
        ],
        says=_sentence(len(runs), len(comparisons), counts, likenesses.count(None), first),
    )


def _sentence(
    times: int,
    steps: int,
    counts: dict[Likeness, int],
    not_compared: int,
    first: StepComparison | None,
) -> Text:
    said = [
        _COUNTED.filled(count=number, likeness=likeness.brief)
        for likeness, number in counts.items()
        if number
    ]
    said += [_NOT_COMPARED.filled(count=not_compared)] if not_compared else []
    sentence = _RUN.filled(times=times, steps=steps, counts=joined(said, zh="，", en=", "))
    how = _FIRST.filled(step=first.step, how=first.sentence) if first else None
    return joined((sentence, how))
