"""What metrics of several parties come to together, worked out anew from what each is made of.

A mean is the sum of the totals over the sum of the counts; shares such as precision, and the area
under a curve, come from the sums of what was right and wrong. A formula is trusted only where it
yields each party's own values from that party's own numbers.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from verify.evidence.evidence import Metric

Values = tuple[float, ...]

# Half a unit in the last place of a float32, in which parties and libraries compute.
_FLOAT32 = 2.0**-24
# Additions, products and a division, each rounded once.
_ROUNDINGS = 4


@dataclass(frozen=True)
class Merged:
    """What several metrics come to: on average over classes, if there are several."""

    value: float
    allowed: float

    def agrees(self, stated: float) -> bool:
        """Whether a stated value is this one, but for the roundings of float32."""
        both_undefined = math.isnan(stated) and math.isnan(self.value)
        return both_undefined or abs(stated - self.value) <= self.allowed


def together(metrics: Sequence[Metric]) -> Merged | None:
    """What the parties' metrics of one name come to; None where no formula is known to."""
    formula = next((f for f in _FORMULAS if all(_explains(f, one) for one in metrics)), None)
    if formula is None:
        return None
    values = formula(_sum(metrics))
    terms = len(metrics) + max(len(m.true_positives) for m in metrics) + _ROUNDINGS
    value = math.fsum(values) / len(values)
    return Merged(value, terms * _FLOAT32 * max(abs(value), _size(metrics)))


def _size(metrics: Sequence[Metric]) -> float:
    """The largest value of a party: what cancels out was rounded before."""
    return max((abs(v) for one in metrics for v in one.values if math.isfinite(v)), default=0.0)


def _explains(formula: Callable[[Metric], Values], own: Metric) -> bool:
    """Whether a formula yields what the party makes of its own numbers."""
    found = formula(own)
    allowed = (len(own.true_positives) + _ROUNDINGS) * _FLOAT32
    return len(found) == len(own.values) > 0 and all(
        (math.isnan(a) and math.isnan(b)) or abs(a - b) <= allowed * max(1.0, abs(b))
        for a, b in zip(found, own.values, strict=True)
    )


def _sum(metrics: Sequence[Metric]) -> Metric:
    """One metric, as if one party had seen all that these have."""
    first = metrics[0]

    def added(of: Callable[[Metric], Values]) -> Values:
        return tuple(map(math.fsum, zip(*map(of, metrics), strict=True)))

    return Metric(
        name=first.name,
        kind=first.kind,
        values=(),
        total=_added([one.total for one in metrics]),
        count=_added([one.count for one in metrics]),
        true_positives=added(lambda one: one.true_positives),
        false_positives=added(lambda one: one.false_positives),
        true_negatives=added(lambda one: one.true_negatives),
        false_negatives=added(lambda one: one.false_negatives),
        curve=first.curve,
        average=first.average,
    )


def _added(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if len(known) == len(values) else None


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest else 0.0


def _mean(metric: Metric) -> Values:
    if metric.total is None or metric.count is None:
        return ()
    return (metric.total / metric.count if metric.count else 0.0,)


def _precision(metric: Metric) -> Values:
    if "precision" not in metric.kind.lower():
        return ()
    return _over_classes(metric, metric.true_positives, metric.false_positives)


def _recall(metric: Metric) -> Values:
    """The accuracy of several classes is the recall of each, too."""
    kind = metric.kind.lower()
    if "recall" not in kind and "multiclassaccuracy" not in kind:
        return ()
    return _over_classes(metric, metric.true_positives, metric.false_negatives)


def _accuracy(metric: Metric) -> Values:
    if "accuracy" not in metric.kind.lower() or not metric.true_negatives:
        return ()
    right = [a + b for a, b in zip(metric.true_positives, metric.true_negatives, strict=True)]
    wrong = [a + b for a, b in zip(metric.false_positives, metric.false_negatives, strict=True)]
    return tuple(_share(a, b) for a, b in zip(right, wrong, strict=True))


def _over_classes(metric: Metric, part: Values, rest: Values) -> Values:
    """A share of each class, or their average if that is asked for."""
    if len(part) != len(rest):
        return ()
    shares = [_share(a, b) for a, b in zip(part, rest, strict=True)]
    if metric.average != "macro":
        return tuple(shares)
    seen = zip(metric.true_positives, metric.false_positives, metric.false_negatives, strict=True)
    known = [share for share, counts in zip(shares, seen, strict=True) if any(counts)]
    return (math.fsum(known) / len(known) if known else 0.0,)


def _area(metric: Metric) -> Values:
    """The area under the receiver operating characteristic, by trapezoids between thresholds."""
    if metric.curve != "ROC" or not metric.true_negatives:
        return ()
    hits = map(_share, metric.true_positives, metric.false_negatives)
    alarms = map(_share, metric.false_positives, metric.true_negatives)
    points = itertools.pairwise(zip(alarms, hits, strict=True))
    return (math.fsum((a - c) * (b + d) / 2 for (a, b), (c, d) in points),)


_FORMULAS: tuple[Callable[[Metric], Values], ...] = (_mean, _area, _precision, _recall, _accuracy)
