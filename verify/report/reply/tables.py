"""What a reply shows in place of pictures: the steps that took longest, and the trainings."""

from collections.abc import Iterator, Sequence

from verify.report.defects import where
from verify.report.entries import DocumentEntry
from verify.report.judged import CAME_OUT
from verify.report.training_entries import TrainingEntry
from verify.system.words import Text, Words, enumerated, joined

MOST_STEPS = 4
MOST_TRAININGS = 5
_MOST_SERIES = 3
STEPS = Words(zh="用时最长的步骤", en="Steps that took longest")
TRAININGS = Words(zh="训练", en="Trainings")
STEP_COLUMNS = (
    Words(zh="步骤", en="step"),
    Words(zh="位置", en="place"),
    Words(zh="结果", en="result"),
    Words(zh="秒", en="s"),
)
TRAINING_COLUMNS = (
    Words(zh="训练", en="training"),
    Words(zh="epoch 数", en="epochs"),
    Words(zh="第一个 epoch → 最后一个", en="first epoch → last"),
)
_STAND_IN_DATA = Words(
    zh="所用数据是替身，不是页面的数据", en="of stand-in data, not of the page's"
)
_CUT_SHORT = Words(zh="训练已缩短", en="cut short")


def steps(document: DocumentEntry) -> Iterator[tuple[Text, ...]]:
    """The steps that took longest."""
    ran = [step for step in document.steps if step.duration_s is not None]
    for step in sorted(ran, key=lambda one: -(one.duration_s or 0))[:MOST_STEPS]:
        place = where(document, step.cells) or "—"
        yield step.id, place, CAME_OUT[step.verdict], f"{step.duration_s:.1f}"


def trainings(document: DocumentEntry) -> Iterator[tuple[Text, ...]]:
    """The trainings, the first of those that differ in their seed alone."""
    first = {one.id: one for one in reversed(document.trainings)}
    told = [one for one in reversed(first.values()) if any(one.history.values())]
    for one in told[:MOST_TRAININGS]:
        series = [_ends(name, values) for name, values in one.history.items() if values]
        yield one.id, str(_epochs(one)), enumerated(series[:_MOST_SERIES])


def departs(document: DocumentEntry) -> Text:
    """How the trainings are not those of the page: with other data, or shorter."""
    stands_in = any(one.program for one in document.overrides)
    shorter = any(not one.program for one in document.overrides)
    return joined((_STAND_IN_DATA if stands_in else "", _CUT_SHORT if shorter else ""))


def _epochs(training: TrainingEntry) -> int:
    return max(map(len, training.history.values()))


def _ends(name: str, values: Sequence[float | None]) -> str:
    first, last = (f"{one:.3g}" if one is not None else "—" for one in (values[0], values[-1]))
    return f"{name} {first} → {last}"
