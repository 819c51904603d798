"""Whether a series of numbers drifts: steadily up or down, and not by chance.

Nightly numbers are neither normal nor independent: a machine that was slow yesterday is often slow
today. So the test is that of Mann (1945) and Kendall on ranks, with the variance corrected for the
autocorrelation of what the trend leaves, as Yue and Wang (2004) do after removing it; that
autocorrelation is measured too low on short series, which Marriott and Pope (1954) correct. How
large the drift is, says the slope of Theil (1950) and Sen (1968), which outliers do not move.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # its parts, which take a second, come with their first use

Floats = np.ndarray[Any, np.dtype[np.float64]]

FEWEST = 12  # with fewer values, no order of them is rare enough to tell anything
_MOST_CORRELATED = 0.95
_MAD_TO_SD = 1.4826  # of normal noise


@dataclass(frozen=True)
class Slope:
    """How values changed from the first to the last.

    `first` and `last` are on the fitted line, `spread` is the standard deviation around it as the
    median tells it, `chance` how probable so steady a change is without any drift.
    """

    first: float
    last: float
    spread: float
    chance: float

    @property
    def change(self) -> float:
        """By how much the line rises; negative where it falls."""
        return self.last - self.first


def of(values: Sequence[float]) -> Slope:
    """The slope of at least `FEWEST` finite values, in their order."""
    series: Floats = np.asarray(values, dtype=float)
    times = np.arange(len(series))
    earlier, later = np.triu_indices(len(series), 1)
    rises = series[later] - series[earlier]
    slope = float(np.median(rises / (later - earlier)))
    around = series - slope * times
    middle = float(np.median(around))
    score = abs(np.sign(rises).sum())
    deviation = math.sqrt(_variance(series) * _correlated(around))
    return Slope(
        first=middle,
        last=middle + slope * (len(series) - 1),
        spread=_MAD_TO_SD * float(np.median(abs(around - middle))),
        chance=float(2 * scipy.special.ndtr((1 - score) / deviation)) if score > 1 else 1.0,
    )


def _variance(series: Floats) -> float:
    """Kendall's variance of the score, less what ties take from it."""
    alike = np.unique(series, return_counts=True)[1]
    return float(_of_order(len(series)) - sum(map(_of_order, alike)))


def _of_order(size: int) -> float:
    return size * (size - 1) * (2 * size + 5) / 18


def _correlated(around: Floats) -> float:
    """By how much autocorrelation of neighbours widens the variance of the score."""
    size = len(around)
    ranks = scipy.stats.rankdata(around) - (size + 1) / 2
    power = float(ranks @ ranks)
    measured = float(ranks[1:] @ ranks[:-1]) / power if power else 0.0
    corrected = min(max((size * measured + 2) / (size - 4), 0.0), _MOST_CORRELATED)
    lags = np.arange(1, size)
    return float(1 + 2 * np.sum((1 - lags / size) * corrected**lags))
