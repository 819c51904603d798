"""Losses, ranks and distances: their limits hold the truth as often as they say, and no wider.

Each metric is drawn many times from a known truth; what lies outside of the limits is counted.
"""

import math

import numpy as np
import pytest
from scipy import stats

from verify.checks.metric_sides import Areas, Gaps, Means, Mirrored
from verify.checks.statistics import Decision, Relation, Side, SideComparison

RUNS = 800
ERROR = 0.05
# As many misses as a true rate of 5 % gives in one of ten thousand tests.
MOST = int(stats.binom.ppf(1 - 1e-4, RUNS, ERROR))


def misses(limits: list[tuple[float, float]], truth: float) -> tuple[int, int]:
    """How often the truth lies below the lower limit, and above the upper one."""
    return sum(truth < low for low, _ in limits), sum(truth > high for _, high in limits)


# Losses.


@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
def test_the_limits_of_a_mean_hold_the_truth(seeds: int) -> None:
    drawn = np.random.default_rng(1).normal(0.3, 0.05, (RUNS, seeds))
    limits = [Means(tuple((v,) for v in run.tolist())).limits(ERROR) for run in drawn]
    assert max(misses(limits, 0.3)) <= MOST
    assert min(misses(limits, 0.3)) > RUNS * ERROR / 3


@pytest.mark.parametrize("seeds", [2, 5])
def test_a_value_that_was_measured_once_lies_within_the_limits_of_others_like_it(
    seeds: int,
) -> None:
    drawn = np.random.default_rng(2).normal(0.3, 0.05, (RUNS, seeds + 1))
    apart, narrow = 0, 0
    for *run, page in drawn.tolist():
        windows = tuple((value,) for value in run)
        apart += page < Means(windows, predicts=True).limits(ERROR)[0]
        narrow += page < Means(windows).limits(ERROR)[0]
    assert apart <= MOST < narrow


def test_a_single_value_has_no_limits() -> None:
    assert Means(((0.3,),)).limits(ERROR) == (-math.inf, math.inf)
    assert not Means(((0.3,),)).varies
    judged = SideComparison(Relation.AT_LEAST, Means(((0.3,),)), Side.given(0.9))
    assert judged.outcome is Decision.UNDECIDED


def test_more_seeds_and_less_noise_make_limits_narrower() -> None:
    def width(*values: float) -> float:
        low, high = Means(tuple((value,) for value in values)).limits(ERROR)
        return high - low

    assert width(0.3, 0.4) > width(0.3, 0.4, 0.35) > width(0.34, 0.36, 0.35)


# Areas.


def areas(positives: int, negatives: int, shift: float, seed: int = 3) -> list[Areas]:
    """What samples of two normal distributions show that are so far apart."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(RUNS):
        above = random.normal(shift, 1, positives)
        below = np.sort(random.normal(0, 1, negatives))
        ranks = np.searchsorted(below, above) / negatives
        found.append(Areas(((float(ranks.mean()),),), positives, negatives))
    return found


@pytest.mark.parametrize("sizes", [(20, 20), (10, 200), (100, 100)], ids=str)
@pytest.mark.parametrize("area", [0.6, 0.8, 0.95])
def test_the_limits_of_an_area_hold_the_truth(sizes: tuple[int, int], area: float) -> None:
    shift = math.sqrt(2) * float(stats.norm.ppf(area))
    limits = [one.limits(ERROR) for one in areas(*sizes, shift)]
    # Hanley and McNeil's error is that of exponential scores, a little off for normal ones.
    assert max(misses(limits, area)) <= 1.5 * MOST


def test_the_standard_error_is_that_of_hanley_and_mcneil() -> None:
    """Their table II: 45 and 45 of an area of 0.80 (1982) err by about 0.047."""
    assert math.sqrt(Areas(((0.8,),), 45, 45).variance(0.8)) == pytest.approx(0.0473, abs=5e-4)
    assert Areas(((0.8,),), 45, 45).variance(1.0) == 0


def test_an_area_of_one_has_a_lower_limit_and_no_limit_leaves_the_range() -> None:
    for area in (0.0, 0.5, 1.0):
        low, high = Areas(((area,),), 20, 30).limits(0.01)
        assert 0 <= low <= area <= high <= 1
        assert high - low > 0.1
    few, many = Areas(((1.0,),), 5, 5), Areas(((1.0,),), 500, 500)
    assert few.limits(0.01)[0] < many.limits(0.01)[0] < 1


def test_what_epochs_vary_widens_the_limits_of_areas_and_gaps() -> None:
    for made in (Areas, Gaps):
        low, high = made(((0.8, 0.8, 0.8),), 50, 50).limits(ERROR)
        wider_low, wider_high = made(((0.7, 0.8, 0.9),), 50, 50).limits(ERROR)
        assert wider_low < low < high <= wider_high


# Kolmogorov and Smirnov.


@pytest.mark.parametrize("sizes", [(30, 30), (20, 300)], ids=str)
def test_the_limits_of_a_distance_hold_the_truth(sizes: tuple[int, int]) -> None:
    random, truth = np.random.default_rng(4), 2 * float(stats.norm.cdf(0.5)) - 1
    limits = []
    for _ in range(RUNS):
        one, other = random.normal(1, 1, sizes[0]), random.normal(0, 1, sizes[1])
        gap = float(stats.ks_2samp(one, other).statistic)
        limits.append(Gaps(((gap,),), *sizes).limits(ERROR))
    assert max(misses(limits, truth)) <= MOST


# Comparisons of any sides.


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (Means(((0.10,), (0.11,), (0.12,), (0.11,))), Decision.HOLDS),
        (Means(((0.90,), (0.91,), (0.92,), (0.91,))), Decision.CONTRADICTED),
        (Means(((0.10,), (0.90,))), Decision.UNDECIDED),
    ],
)
def test_less_is_more_in_a_mirrored_side(one: Means, outcome: Decision) -> None:
    judged = SideComparison(Relation.AT_LEAST, Mirrored(one), Side.given(-0.3), detects=0.3)
    assert judged.outcome is outcome


@pytest.mark.parametrize("detects", [0.05, 0.1, 0.2, 0.4])
def test_the_power_is_how_often_a_worse_training_is_contradicted(detects: float) -> None:
    """Told for the noise that was seen: it is that of most runs, within a tenth."""
    random = np.random.default_rng(5)
    claimed, noise = Side.given(0.7), 0.05

    def judged(level: float) -> list[SideComparison]:
        drawn = random.normal(level, noise, (RUNS, 8)).tolist()
        sides = [Means(tuple((value,) for value in run)) for run in drawn]
        return [SideComparison(Relation.AT_LEAST, s, claimed, detects=detects) for s in sides]

    caught = sum(one.contradicted for one in judged(0.7 - detects)) / RUNS
    told = float(np.median([one.power for one in judged(0.7)]))
    assert told <= caught + 0.1
    assert told >= caught - 0.1 or told == 0


def test_mirroring_a_share_counts_what_is_not_counted() -> None:
    side = Side(((0.8,),), 50)
    low, high = side.limits(ERROR)
    assert side.mirrored.limits(ERROR) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize("truth", [0.6, 0.7, 0.75, 0.8])
def test_the_power_of_an_area_is_that_of_areas_as_low_as_are_to_be_seen(truth: float) -> None:
    """A high area leaves little room above it, and would tell too much of lower ones."""
    rng, apart = np.random.default_rng(7), stats.norm.ppf(truth) * math.sqrt(2)

    def compared(area: float) -> SideComparison:
        side, value = Areas(((area,),), 40, 40), Side.given(0.9)
        return SideComparison(Relation.AT_LEAST, side, value, detects=0.9 - truth)

    def drawn() -> float:
        return float((rng.normal(apart, 1, (40, 1)) > rng.normal(0, 1, 40)).mean())

    seen = sum(compared(drawn()).contradicted for _ in range(300)) / 300
    for area in (0.9, 0.95, 0.99):
        assert seen - 0.1 < compared(area).power < seen + 0.03


def test_areas_on_both_sides_have_a_power() -> None:
    one, other = (Areas(((area,),), 40, 40) for area in (0.94, 0.9))
    assert 0.9 < SideComparison(Relation.AT_LEAST, one, other, detects=0.3).power < 1
    assert SideComparison(Relation.AT_LEAST, one, other, detects=0.1).power < 0.5
