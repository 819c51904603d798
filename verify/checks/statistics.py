"""What trainings reached, held against a value and against each other; and shares of samples.

Shares, such as accuracies, are judged here in full; `sides` has the other metrics. What one epoch
says of a training is a share of its samples, which chance moves; so does the order of batches, and
the seed. Every judgement here is one-sided at a stated rate of false alarms: a claim is
contradicted only if a run of a training that does as claimed would come out so far off at most that
often.
"""

import math
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache
from statistics import fmean, variance
from typing import Any

import numpy as np
import scipy  # its parts, which take a second, come with their first use

from verify.checks.metric_sides import Areas, Gaps, Means, Mirrored, crossing

# A claim that is to be held as it stands must have had that chance to be found wrong.
POWER = 0.95
_EVEN, _NEVER = 0.5, 1e-9
_SUPPORT = 6.5  # standard deviations, beyond which no one in ten thousand million is found


class Decision(Enum):
    """What a comparison came to."""

    HOLDS = "holds"
    CONTRADICTED = "contradicted"
    UNDECIDED = "undecided"


class Relation(str, Enum):
    """How one side is said to stand to the other."""

    AT_LEAST = "at least"
    BETTER = "better"
    ALIKE = "alike"


@dataclass(frozen=True)
class Side:
    """What one or several trainings reached: of each, the shares of its last epochs.

    The epochs of a training are not independent, and trainings with several seeds look at the same
    samples: all of it rests on `samples` distinct ones, however many values there are. What varies
    beyond that, from training to training or else from epoch to epoch, widens the limits.
    `samples` is infinite for a value that is given and not measured.
    """

    windows: tuple[tuple[float, ...], ...]
    samples: float

    @classmethod
    def given(cls, value: float) -> "Side":
        """A value that was not measured here."""
        return cls(((value,),), math.inf)

    @cached_property
    def mean(self) -> float:
        """The mean over the epochs, then over the trainings."""
        return fmean(fmean(window) for window in self.windows)

    @cached_property
    def _spread(self) -> tuple[float, int]:
        """The variance of the mean beyond chance in the samples, and its degrees of freedom."""
        means = [fmean(window) for window in self.windows]
        if len(means) > 1:  # it holds what varies from epoch to epoch as well
            return variance(means) / len(means), len(means) - 1
        window = self.windows[0]
        return (variance(window), len(window) - 1) if len(window) > 1 else (0.0, 0)

    @property
    def mirrored(self) -> "Side":
        """The share of what is not counted here: where less is claimed, more is in it."""
        windows = tuple(tuple(1 - value for value in window) for window in self.windows)
        return Side(windows, self.samples)

    def information(self, error: float) -> float:
        """How many independent samples say as much, at that one-sided rate of error.

        This is the effective sample size of Korn and Graubard (1998), with the degrees of freedom
        after Satterthwaite (1946).
        """
        spread, freedom = self._spread
        if not spread or math.isinf(self.samples):
            return self.samples
        # Never 0, also where all samples agree.
        share = (self.mean * self.samples + 0.5) / (self.samples + 1)
        chance = share * (1 - share) / self.samples
        freedom_of_both = freedom * (1 + chance / spread) ** 2
        ratio = scipy.special.ndtri(error) / scipy.special.stdtrit(freedom_of_both, error)
        return float(self.samples * chance / (chance + spread) * ratio**2)

    def limits(self, error: float) -> tuple[float, float]:
        """The lower and the upper limit of the true share, each wrong at most at that rate."""
        low, high = _limits(np.float64(self.mean), self.information(error), error)
        return float(low), float(high)


AnySide = Side | Means | Areas | Gaps | Mirrored


@dataclass(frozen=True)
class SideComparison:
    """Two sides, and how the one is said to stand to the other.

    - `AT_LEAST`: one is no more than `margin` below the other. It holds if that could not be
      refuted although `detects` below would have been, with a probability of 95 %.
    - `BETTER`: one is above the other (superiority), by `margin` if there is one. It holds if the
      difference is surely above 0.
    - `ALIKE`: they differ by less than `margin` (equivalence, as two one-sided tests).

    `margin` and `detects` are differences of the metric. `false_alarm` is how often a claim that is
    true may be called contradicted.
    """

    relation: Relation
    one: AnySide
    other: AnySide
    margin: float = 0.0
    false_alarm: float = 0.01
    detects: float = 0.15

    @property
    def difference(self) -> float:
        """By how much one is above the other."""
        return self.one.mean - self.other.mean

    @cached_property
    def limits(self) -> tuple[float, float]:
        """The limits beyond which the true difference is not, but for false alarms."""
        return self._limits(self._error)

    @property
    def contradicted(self) -> bool:
        """Whether the claim cannot be true, but for false alarms."""
        low, high = self.limits
        return high < self._bound or (self.relation is Relation.ALIKE and low > self.margin)

    @property
    def outcome(self) -> Decision:
        """What the comparison came to."""
        if self.contradicted:
            return Decision.CONTRADICTED
        if self.relation is Relation.AT_LEAST:
            holds = self.power >= POWER
        elif self.relation is Relation.BETTER:
            holds = self.limits[0] > 0
        else:
            low, high = self._limits(self.false_alarm)
            holds = -self.margin < low and high < self.margin
        return Decision.HOLDS if holds else Decision.UNDECIDED

    @cached_property
    def power(self) -> float:
        """How probably a difference that is worse by `detects` would be called contradicted."""
        claimed = 0.0 if self.relation is Relation.ALIKE else self._bound
        if not (isinstance(self.one, Side) and isinstance(self.other, Side)):
            return self._power_of_limits(self.detects + self._bound - claimed)
        one, other = (side.information(self._error) for side in (self.one, self.other))
        return _power(
            one,
            other,
            level=self.other.mean,
            bound=self._bound,
            truth=claimed - self.detects,
            error=self._error,
        )

    def _power_of_limits(self, far: float) -> float:
        """How surely the upper limit stays below the bound if the truth is so far below it.

        That is so unless the difference is off by more than what the limit leaves of the distance;
        how rarely it is so far off, the limits tell: those of a side that is as low as that, for
        noise may hang on the level. Less than a half is not told from none.
        """
        lower = self
        if not isinstance(self.one, Side):
            by = self._bound - far - self.difference
            lower = replace(self, one=self.one.moved(by))

        def short(rest: float) -> float:
            return far - lower.above(self._error) - lower.above(rest)

        if not short(_EVEN) > 0:
            return 0.0
        if short(_NEVER) >= 0:
            return 1.0
        return 1 - crossing(short, _NEVER, _EVEN)

    def above(self, error: float) -> float:
        """How far the upper limit of the difference lies above it."""
        return self._limits(error)[1] - self.difference

    @property
    def _bound(self) -> float:
        """The least difference that does not contradict the claim."""
        return self.margin if self.relation is Relation.BETTER else -self.margin

    @property
    def _error(self) -> float:
        """The rate of error of one limit: what is to be alike may be off on either side."""
        return self.false_alarm / (2 if self.relation is Relation.ALIKE else 1)

    def _limits(self, error: float) -> tuple[float, float]:
        """Limits of a difference from those of its parts, as Newcombe (1998, method 10) does."""
        low, high = self.one.limits(error)
        other_low, other_high = self.other.limits(error)
        down = math.hypot(self.one.mean - low, other_high - self.other.mean)
        up = math.hypot(high - self.one.mean, self.other.mean - other_low)
        return self.difference - down, self.difference + up


def _limits(share: Any, samples: float, error: float) -> tuple[Any, Any]:  # noqa: ANN401
    """Clopper and Pearson's limits of shares, elementwise."""
    if math.isinf(samples):
        return share, share
    hits = share * samples
    misses = np.maximum(samples - hits, 0.0)
    with np.errstate(invalid="ignore"):
        low = np.where(hits > 0, scipy.special.betaincinv(hits, misses + 1, error), 0.0)
        high = np.where(misses > 0, scipy.special.betaincinv(hits + 1, misses, 1 - error), 1.0)
    return low, high


@lru_cache(maxsize=256)
def _power(
    one: float, other: float, *, level: float, bound: float, truth: float, error: float
) -> float:
    """How often the upper limit stays below the bound if the true difference is `truth`.

    Args:
        one: independent samples of the one side.
        other: those of the other side, infinite for a given value.
        level: the true share of the other side.
        bound: the least difference that does not contradict.
        truth: the true difference.
        error: the one-sided rate of error of the limits.
    """
    one, other = _whole(one), _whole(other)
    shares, chances = _outcomes(one, min(max(level + truth, 0.0), 1.0))
    other_shares, other_chances = _outcomes(other, level)
    up = _limits(shares, one, error)[1] - shares
    down = other_shares - _limits(other_shares, other, error)[0]
    high = np.subtract.outer(shares, other_shares) + np.hypot.outer(up, down)
    return float(chances @ (high < bound) @ other_chances)


def _outcomes(samples: float, share: float) -> tuple[Any, Any]:
    """The shares that so many samples may show, and their probabilities."""
    if math.isinf(samples):
        return np.array([share]), np.array([1.0])
    reach = _SUPPORT * math.sqrt(share * (1 - share) * samples) + 1
    first = max(0, math.floor(share * samples - reach))
    last = min(samples, math.ceil(share * samples + reach))
    hits = np.arange(first, last + 1)
    misses = samples - hits
    # The binomial distribution by Euler's beta function; `scipy.stats` takes a second to import.
    ways = -scipy.special.betaln(misses + 1, hits + 1) - math.log1p(samples)
    likely = scipy.special.xlogy(hits, share) + scipy.special.xlog1py(misses, -share)
    return hits / samples, np.exp(ways + likely)


def _whole(samples: float) -> float:
    return samples if math.isinf(samples) else max(1, math.floor(samples))
