"""The slope of a series against what other programs compute of it."""

import numpy as np
import pytest
from hypothesis import given
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
