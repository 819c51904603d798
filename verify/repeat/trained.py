"""Two runs of a training: series bit for bit; batches, aggregates and weights by digest."""

import math
import operator
from collections.abc import Iterator, Sequence

from verify.evidence import Holder, TrainingRun, Weights
from verify.repeat import bands
from verify.repeat.bands import Band
from verify.repeat.likeness import Difference, Likeness, worst

_NO_DISTANCE = "digests tell no distance; the training's series do"
# Two digests that differ are not bit-equal, and no worse than what the series say.
_DIGEST = Difference("", "", "", likeness=Likeness.WITHIN_BAND)


def differences(first: TrainingRun | None, other: TrainingRun | None) -> list[Difference]:
    """What differs between two runs of a training, the series before the weights."""
    if first is None or other is None:
        states = ("recorded" if run else "missing" for run in (first, other))
        return [] if first is other else [Difference("the training is", *states)]
    found = [*_series(first, other), *_rounds(first, other)]
    return [*found, *_digests(first, other, worst(d.likeness for d in [*found, _DIGEST]))]


def repeats(first: TrainingRun | None, other: TrainingRun | None) -> bool:
    """Whether two runs of a training are known to have come to the same weights."""
    if first is None or other is None or not first.holders:
        return False
    known = all(holder.after for run in (first, other) for holder in run.holders)
    return known and not differences(first, other)


def _series(first: TrainingRun, other: TrainingRun) -> Iterator[Difference]:
    names, others = sorted(first.history), sorted(other.history)
    if names != others:
        yield Difference("the series are", ", ".join(names), ", ".join(others))
    values = sum(map(len, first.history.values()))
    for name in (name for name in names if name in other.history):
        series, same = first.history[name], other.history[name]
        if len(series) != len(same):
            yield Difference(f"the epochs of {name} are", str(len(series)), str(len(same)))
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
        found.append(_epoch(f"{name} of epoch {epoch} is", a, b, band))
    yield from sorted(found, key=lambda d: d.likeness is not Likeness.DIVERGENT)[:1]


def _epoch(what: str, first: float, other: float, band: Band) -> Difference:
    likeness = Likeness.WITHIN_BAND if band.holds(first, other) else Likeness.DIVERGENT
    digits = next((n for n in range(4, 17) if f"{first:.{n}g}" != f"{other:.{n}g}"), 17)
    return Difference(
        what, f"{first:.{digits}g}", f"{other:.{digits}g}", likeness=likeness, band=str(band)
    )


def _rounds(first: TrainingRun, other: TrainingRun) -> Iterator[Difference]:
    if len(first.rounds) != len(other.rounds):
        numbers = (str(len(run.rounds)) for run in (first, other))
        yield Difference("rounds of aggregation are", *numbers)
    for number, (one, same) in enumerate(zip(first.rounds, other.rounds, strict=False), 1):
        stated, others = (f"{r.parties} parties of {r.weights} samples" for r in (one, same))
        if stated != others:
            yield Difference(f"round {number} of aggregation has", stated, others)
            return


def _digests(first: TrainingRun, other: TrainingRun, likeness: Likeness) -> Iterator[Difference]:
    """Where the order of samples, aggregates and weights begin to differ."""
    holders = {holder.name: holder for holder in other.holders}
    for holder in first.holders:
        same = holders.get(holder.name)
        if same is None:
            yield Difference(f"{holder.name} is", "there", "missing")
            continue
        turns = [[turn.batches for turn in h.turns] for h in (holder, same)]
        yield from _alike(
            f"turns of {holder.name} on the same batches are", *turns, likeness=likeness
        )
        for when, before, after in _moments(holder, same):
            what = f"layers of {holder.name} with the same weights {when} are"
            yield from _alike(what, before.digests, after.digests, likeness=likeness)
    aggregates = [[r.given for r in run.rounds if r.given is not None] for run in (first, other)]
    yield from _alike("rounds with the same aggregate are", *aggregates, likeness=likeness)


def _alike(
    what: str, first: Sequence[object], other: Sequence[object], *, likeness: Likeness
) -> Iterator[Difference]:
    """How many of the first run's digests the other has as well."""
    equal = sum(map(operator.eq, first, other))
    if equal < max(len(first), len(other)):
        yield Difference(what, str(len(first)), str(equal), likeness=likeness, band=_NO_DISTANCE)


def _moments(first: Holder, other: Holder) -> Iterator[tuple[str, Weights, Weights]]:
    yield "before the training", first.before, other.before
    if first.after and other.after:
        yield "after the training", first.after, other.after
