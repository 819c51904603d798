"""The slope of a series against what other programs compute of it."""

import math
from itertools import combinations, pairwise
from statistics import NormalDist, median

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from verify.history import slope

values = st.lists(st.integers(-50, 50).map(float), min_size=slope.FEWEST, max_size=40)


@given(values)
def test_the_line_is_that_of_theil_and_sen(series: list[float]) -> None:
    found = slope.of(series)
    expected = stats.theilslopes(series, np.arange(len(series)))
    assert found.change == pytest.approx((len(series) - 1) * expected.slope, abs=1e-9)
    around = np.asarray(series) - expected.slope * np.arange(len(series))
    assert found.first == pytest.approx(np.median(around), abs=1e-9)


@given(values)
def test_chance_is_never_less_than_that_of_kendall(series: list[float]) -> None:
    """Autocorrelation takes from what a series shows, and so does the correction for continuity."""
    kendall = stats.kendalltau(series, np.arange(len(series)), method="asymptotic").pvalue
    assert slope.of(series).chance >= (1.0 if np.isnan(kendall) else kendall) * (1 - 1e-9)


def chance_of(series: list[float]) -> float:
    """The same as of the papers, term by term."""
    size, places = len(series), range(len(series))
    score = abs(sum((b > a) - (b < a) for a, b in combinations(series, 2)))
    if score < 2:
        return 1.0

    def order(count: int) -> float:
        return count * (count - 1) * (2 * count + 5)

    variance = (order(size) - sum(order(series.count(one)) for one in set(series))) / 18
    slopes = [(series[j] - series[i]) / (j - i) for i, j in combinations(places, 2)]
    left = [one - median(slopes) * place for place, one in enumerate(series)]
    ranks = [sum(b < a for b in left) + (left.count(a) + 1) / 2 for a in left]
    apart = [rank - (size + 1) / 2 for rank in ranks]
    power = math.fsum(one * one for one in apart)
    neighbours = math.fsum(a * b for a, b in pairwise(apart)) / power if power else 0.0
    correlation = min(max((size * neighbours + 2) / (size - 4), 0.0), 0.95)
    wider = 1 + 2 * math.fsum((1 - lag / size) * correlation**lag for lag in range(1, size))
    return 2 * NormalDist().cdf((1 - score) / math.sqrt(variance * wider))


@given(values)
@example([float(one) for one in range(12)])
@example([3.0] * 12)
@example([0.0] * 11 + [1.0])
@example([0.0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
@example([0.0] * 20 + [5.0] * 20)
@example([float(one % 7 + one // 3) for one in range(30)])
def test_chance_is_that_of_mann_and_kendall_as_yue_and_wang_correct_it(
    series: list[float],
) -> None:
    assert slope.of(series).chance == pytest.approx(chance_of(series), rel=1e-6)


def test_the_spread_is_that_of_normal_noise() -> None:
    noise = [NormalDist(7, 2).inv_cdf((one * 37 % 101 + 0.5) / 101) for one in range(101)]
    assert slope.of(noise).spread == pytest.approx(2, rel=0.05)


@given(values)
def test_backwards_it_is_the_opposite(series: list[float]) -> None:
    found, back = slope.of(series), slope.of(series[::-1])
    assert back.change == pytest.approx(-found.change, abs=1e-9)
    assert back.spread == pytest.approx(found.spread, abs=1e-9)


def test_numbers_that_follow_each_other_count_for_less() -> None:
    """The same order on the whole; but in one of both, high and low nights come in rows of four."""
    rises = np.linspace(0, 3, 40)
    alternating, in_rows = np.tile([1.0, -1.0], 20), np.tile([1.0] * 4 + [-1.0] * 4, 5)
    assert slope.of(rises + in_rows).chance > 10 * slope.of(rises + alternating).chance
