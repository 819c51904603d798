"""Two runs of a training: series bit for bit; batches, aggregates and weights by digest."""

import math
import operator
from collections.abc import Iterator, Sequence

from verify.evidence.evidence import Holder, TrainingRun
from verify.evidence.repetition.likeness import Difference, Likeness, worst
from verify.page.outputs import bands
from verify.page.outputs.bands import Band
from verify.system.words import Text, Words

_NO_DISTANCE = Words(
    zh="摘要看不出相差多少，训练的序列才能看出",
    en="digests tell no distance; the training's series do",
)
_RECORDED = Words(zh="已记录", en="recorded")
_MISSING = Words(zh="缺失", en="missing")
_TRAINING = Words(zh="该训练", en="the training is")
_AGGREGATES = Words(zh="聚合结果相同的轮次数为", en="rounds with the same aggregate are")
_HOLDERS = Words(zh="参与训练的是", en="those who train are")
_SERIES = Words(zh="序列为", en="the series are")
_EPOCHS = Words(zh="{name} 的 epoch 数为", en="the epochs of {name} are")
_VALUE = Words(zh="{name} 在第 {epoch} 个 epoch 为", en="{name} of epoch {epoch} is")
_ROUNDS = Words(zh="聚合的轮次数为", en="rounds of aggregation are")
_WEIGHTED = Words(
    zh="{parties} 个参与方，样本数 {samples}", en="{parties} parties of {samples} samples"
)
_ROUND = Words(zh="第 {number} 轮聚合有", en="round {number} of aggregation has")
_BEFORE = Words(
    zh="{party} 训练前权重相同的层数为",
    en="layers of {party} with the same weights before the training are",
)
_TURNS = Words(zh="{party} 使用相同批次的次数为", en="turns of {party} on the same batches are")
_AFTER = Words(
    zh="{party} 训练后权重相同的层数为",
    en="layers of {party} with the same weights after the training are",
)
# Two digests that differ are not bit-equal, and no worse than what the series say.
_DIGEST = Difference("", "", "", likeness=Likeness.WITHIN_BAND)


def differences(first: TrainingRun | None, other: TrainingRun | None) -> list[Difference]:
    """What differs between two runs of a training, causes before effects."""
    if first is None or other is None:
        states = (_RECORDED if run else _MISSING for run in (first, other))
        return [] if first is other else [Difference(_TRAINING, *states)]
    found = [*_holders(first, other), *_series(first, other), *_rounds(first, other)]
    likeness = worst(difference.likeness for difference in [*found, _DIGEST])
    others = {holder.path: holder for holder in other.holders}
    pairs = [(one, others[one.path]) for one in first.holders if one.path in others]
    aggregates = [[r.given for r in run.rounds if r.given is not None] for run in (first, other)]
    return [
        *(d for one, same in pairs for d in _causes(one, same, likeness)),
        *found,
        *_alike(_AGGREGATES, *aggregates, likeness=likeness),
        *(d for one, same in pairs for d in _effects(one, same, likeness)),
    ]


def repeats(first: TrainingRun | None, other: TrainingRun | None) -> bool:
    """Whether two runs of a training are known to have come to the same weights."""
    if first is None or other is None or not first.holders:
        return False
    known = all(holder.after for run in (first, other) for holder in run.holders)
    return known and not differences(first, other)


def _holders(first: TrainingRun, other: TrainingRun) -> Iterator[Difference]:
    names, others = (", ".join(sorted(h.path for h in run.holders)) for run in (first, other))
    if names != others:
        yield Difference(_HOLDERS, names, others)


def _series(first: TrainingRun, other: TrainingRun) -> Iterator[Difference]:
    names, others = sorted(first.history), sorted(other.history)
    if names != others:
        yield Difference(_SERIES, ", ".join(names), ", ".join(others))
    values = sum(map(len, first.history.values()))
    for name in (name for name in names if name in other.history):
        series, same = first.history[name], other.history[name]
        if len(series) != len(same):
            yield Difference(_EPOCHS.filled(name=name), str(len(series)), str(len(same)))
        counts = [count for run in (first, other) if (count := run.samples.get(name))]
        yield from _worst_epoch(name, series, same, min(counts, default=None), values)


def _worst_epoch(
    name: str, first: Sequence[float], other: Sequence[float], samples: int | None, values: int
) -> Iterator[Difference]:
    """The first epoch beyond its band; if there is none, the first that differs."""
    found = []
    for epoch, (a, b) in enumerate(zip(first, other, strict=False), 1):
        if a == b or (math.isnan(a) and math.isnan(b)):
            continue
        band = bands.of_series(name, a, b, samples=samples, values=values)
        found.append(_epoch(_VALUE.filled(name=name, epoch=epoch), a, b, band))
    yield from sorted(found, key=lambda d: d.likeness is not Likeness.DIVERGENT)[:1]


def _epoch(what: Text, first: float, other: float, band: Band) -> Difference:
    likeness = Likeness.WITHIN_BAND if band.holds(first, other) else Likeness.DIVERGENT
    digits = next((n for n in range(4, 17) if f"{first:.{n}g}" != f"{other:.{n}g}"), 17)
    return Difference(
        what, f"{first:.{digits}g}", f"{other:.{digits}g}", likeness=likeness, band=band.words
    )


def _rounds(first: TrainingRun, other: TrainingRun) -> Iterator[Difference]:
    if len(first.rounds) != len(other.rounds):
        numbers = (str(len(run.rounds)) for run in (first, other))
        yield Difference(_ROUNDS, *numbers)
    for number, (one, same) in enumerate(zip(first.rounds, other.rounds, strict=False), 1):
        stated, others = (
            _WEIGHTED.filled(parties=r.parties, samples=r.weights) for r in (one, same)
        )
        if stated != others:
            yield Difference(_ROUND.filled(number=number), stated, others)
            return


def _causes(first: Holder, other: Holder, likeness: Likeness) -> Iterator[Difference]:
    what = _BEFORE.filled(party=first.name)
    yield from _alike(what, first.before.digests, other.before.digests, likeness=likeness)
    turns = [[turn.batches for turn in holder.turns] for holder in (first, other)]
    what = _TURNS.filled(party=first.name)
    yield from _alike(what, *turns, likeness=likeness)


def _effects(first: Holder, other: Holder, likeness: Likeness) -> Iterator[Difference]:
    if first.after and other.after:
        what = _AFTER.filled(party=first.name)
        yield from _alike(what, first.after.digests, other.after.digests, likeness=likeness)


def _alike(
    what: Text, first: Sequence[object], other: Sequence[object], *, likeness: Likeness
) -> Iterator[Difference]:
    """How many of the first run's digests the other has as well."""
    equal = sum(map(operator.eq, first, other))
    if equal < max(len(first), len(other)):
        yield Difference(what, str(len(first)), str(equal), likeness=likeness, band=_NO_DISTANCE)
