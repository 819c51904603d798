"""Medians with their confidence, and how a cost grows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

_CONFIDENCE = 0.95
_RESAMPLES = 2000
# Of a cost that grows by more than this power nobody says that it is linear.
_LINEAR = 1.15


@dataclass(frozen=True)
class Estimate:
    """A median, and the interval that holds it with 95 % confidence."""

    median: float
    low: float
    high: float

    def shown(self, digits: int = 2, scale: float = 1.0) -> str:
        """The median and, in brackets, the interval, if there is more than one value."""
        middle, low, high = (
            f"{round(value * scale, digits) + 0.0:,.{digits}f}"  # nothing has a sign
            for value in (self.median, self.low, self.high)
        )
        return middle if self.low == self.high else f"{middle} ({low} – {high})"


def of(values: Sequence[float]) -> Estimate:
    """The median of measurements, with the percentiles of what resampling them gives."""
    if len(set(values)) == 1:  # nothing to resample
        return Estimate(values[0], values[0], values[0])
    found = stats.bootstrap(
        (np.asarray(values),),
        np.median,
        confidence_level=_CONFIDENCE,
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Estimate(float(np.median(values)), float(found.low), float(found.high))


@dataclass(frozen=True)
class Growth:
    """How a cost grows: the power, and what one more costs at the largest size."""

    power: float
    each_s: float

    @property
    def linear(self) -> bool:
        """Whether it grows no faster than its subject."""
        return self.power <= _LINEAR


def growth(costs: Sequence[tuple[int, float]]) -> Growth:
    """How a cost grows with a size, by the last two steps; what a single one costs is the start.

    Args:
        costs: sizes from 1 up, at least three, each with its cost.
    """
    (first, start), *_, (before, less), (last, most) = costs
    each = (most - less) / (last - before)
    if less <= start or most <= start:
        return Growth(0.0, max(each, 0.0))  # it drowns in what a start costs
    ratio = (most - start) / (less - start)
    return Growth(math.log(ratio) / math.log((last - first) / (before - first)), each)
