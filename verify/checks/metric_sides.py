"""What metrics other than shares of all samples say of a training, and how far that may be off.

Each side has a mean and limits, as a `Side` of shares has, so that `SideComparison` takes either.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import fmean, variance

import scipy  # its parts, which take a second, come with their first use

_NEXT_TO = 1e-9
_STEPS = 2**40


@dataclass(frozen=True)
class Means:
    """What trainings reached in a metric whose noise only repetition tells, such as a loss.

    What varies is what the trainings vary, or what the last epochs of a single one do; Student's t
    limits the mean. `predicts` says that the mean is held against a value that was measured once:
    the limits are then those of another such value (Hahn and Meeker, 1991, section 4.7).
    """

    windows: tuple[tuple[float, ...], ...]
    predicts: bool = False

    @cached_property
    def mean(self) -> float:
        """The mean over the epochs, then over the trainings."""
        return fmean(map(fmean, self.windows))

    @property
    def _values(self) -> tuple[float, ...]:
        """What varies: the trainings, or, of a single one, its epochs."""
        several = len(self.windows) > 1
        return tuple(map(fmean, self.windows)) if several else self.windows[0]

    @property
    def varies(self) -> bool:
        """Whether there is anything to tell the noise from."""
        return len(self._values) > 1

    @cached_property
    def spread(self) -> tuple[float, int]:
        """The variance of the mean, or of its distance from another value; degrees of freedom."""
        values = self._values
        if len(values) < 2:  # noqa: PLR2004
            return 0.0, 0
        return variance(values) * (1 / len(values) + self.predicts), len(values) - 1

    def moved(self, by: float) -> "Means":
        """The same noise around another mean."""
        return replace(self, windows=_moved(self.windows, by))

    def limits(self, error: float) -> tuple[float, float]:
        """The limits of the true mean, each wrong at most at that rate; infinite without noise."""
        spread, freedom = self.spread
        if not freedom:
            return -math.inf, math.inf
        half = -float(scipy.special.stdtrit(freedom, error)) * math.sqrt(spread)
        return self.mean - half, self.mean + half


@dataclass(frozen=True)
class _OfClasses:
    """A metric over so many positive and negative samples, by trainings and their last epochs."""

    windows: tuple[tuple[float, ...], ...]
    positives: int
    negatives: int

    @cached_property
    def _means(self) -> Means:
        return Means(self.windows)

    @property
    def mean(self) -> float:
        """The mean over the epochs, then over the trainings."""
        return self._means.mean


@dataclass(frozen=True)
class Areas(_OfClasses):
    """Areas under ROC curves over so many positive and negative samples.

    Their standard error is that of Hanley and McNeil (1982, equation 2), taken at the limit itself,
    as Newcombe (2006, part 2) does, so that an area of 1 has a lower limit, too.
    """

    def moved(self, by: float) -> "Areas":
        """Areas on the same samples around another mean."""
        return replace(self, windows=_moved(self.windows, by, within=1.0))

    def variance(self, area: float) -> float:
        """The variance of an observed area whose true value is this."""
        one, two = area / (2 - area), 2 * area**2 / (1 + area)
        terms = (
            area * (1 - area),
            (self.positives - 1) * (one - area**2),
            (self.negatives - 1) * (two - area**2),
        )
        return max(math.fsum(terms), 0.0) / (self.positives * self.negatives)

    def limits(self, error: float) -> tuple[float, float]:
        """The limits of the true area, each wrong at most at that rate."""
        spread, freedom = self._means.spread
        quantile = -float(scipy.special.ndtri(error))
        if spread:  # with the degrees of freedom after Satterthwaite (1946)
            freedom_of_both = freedom * (1 + self.variance(self.mean) / spread) ** 2
            quantile = -float(scipy.special.stdtrit(freedom_of_both, error))

        def beyond(area: float) -> float:
            return abs(self.mean - area) - quantile * math.sqrt(self.variance(area) + spread)

        return (
            _root(beyond, 0.0, self.mean - _NEXT_TO, otherwise=0.0),
            _root(beyond, 1.0, self.mean + _NEXT_TO, otherwise=1.0),
        )


@dataclass(frozen=True)
class Gaps(_OfClasses):
    """Largest distances of two distribution functions, over so many positives and negatives.

    Each empirical one is off by no more than Dvoretzky, Kiefer and Wolfowitz's inequality allows,
    with the constant of Massart (1990); the distance by no more than both together.
    """

    def moved(self, by: float) -> "Gaps":
        """Distances on the same samples around another mean."""
        return replace(self, windows=_moved(self.windows, by, within=1.0))

    def limits(self, error: float) -> tuple[float, float]:
        """The limits of the true distance, each wrong at most at that rate."""
        each = math.log(4 / error) / 2  # either sample may be off, in either direction
        off = sum(math.sqrt(each / samples) for samples in (self.positives, self.negatives))
        low, high = self._means.limits(error) if self._means.spread[0] else (self.mean, self.mean)
        return max(low - off, 0.0), min(high + off, 1.0)


@dataclass(frozen=True)
class Mirrored:
    """A side seen from the other end: what is to be less is more in it."""

    side: "Means | Areas | Gaps"

    @property
    def mean(self) -> float:
        """The mean, with its sign changed."""
        return -self.side.mean

    def moved(self, by: float) -> "Mirrored":
        """The side with its mean moved as it is seen here."""
        return Mirrored(self.side.moved(-by))

    def limits(self, error: float) -> tuple[float, float]:
        """The limits, with their signs changed."""
        low, high = self.side.limits(error)
        return -high, -low


def _moved(
    windows: tuple[tuple[float, ...], ...], by: float, *, within: float = math.inf
) -> tuple[tuple[float, ...], ...]:
    """The values moved; those that lie between 0 and a largest one stay there."""
    low = 0.0 if math.isfinite(within) else -math.inf
    return tuple(tuple(min(max(v + by, low), within) for v in window) for window in windows)


def _root(of: Callable[[float], float], far: float, near: float, *, otherwise: float) -> float:
    """Where a function of a share becomes positive that is negative near one end.

    If it is nowhere positive, that is the far end, and if it is so at once, the near one.
    """
    if not of(near) < 0:
        return min(max(near, 0.0), 1.0)
    if not of(far) > 0:
        return otherwise
    return crossing(of, near, far)


def crossing(of: Callable[[float], float], below: float, above: float) -> float:
    """Where a function passes 0 that is below it at one place and above it at the other.

    `scipy.optimize` has this; importing it takes a seventh of a second of each judgement.
    """

    def at(step: int) -> float:
        return below + (above - below) * step / _STEPS

    return at(bisect_left(range(_STEPS), 0.0, key=lambda step: of(at(step))))
