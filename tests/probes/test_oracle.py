"""The reference mean is exact to float64; its bounds are never exceeded, nor needlessly wide."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from docprobe import oracle
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import decoded, encoded
from tests.probes.builders import Array
from verify.aggregators import reference
from verify.aggregators.trial import SPU_BITS, Aggregator, Case

BITS = 18
_VALUES = st.floats(-1e4, 1e4, width=32)


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[Array], list[int]]:
    """One array of each of two to five parties, and the samples that each trained on."""
    parties, size = draw(st.integers(2, 5)), draw(st.integers(1, 6))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    arrays = [
        np.array(draw(st.lists(_VALUES, min_size=size, max_size=size)), dtype)
        for _ in range(parties)
    ]
    return arrays, draw(st.lists(st.integers(1, 4096), min_size=parties, max_size=parties))


def exact(arrays: list[Array], weights: list[int]) -> list[Fraction]:
    """The weighted mean of each element, without any rounding."""
    columns = zip(*(array.tolist() for array in arrays), strict=True)
    return [
        sum((Fraction(v) * w for v, w in zip(column, weights, strict=True)), Fraction())
        / sum(weights)
        for column in columns
    ]


@given(rounds())
def test_the_mean_is_exact_to_a_few_roundings_of_float64(case: Any) -> None:
    arrays, weights = case
    mean = oracle.weighted_mean(arrays, weights)
    assert mean.dtype == np.float64
    for column, got, wanted in zip(zip(*arrays, strict=True), mean, exact(*case), strict=True):
        size = sum(abs(Fraction(float(v))) * w for v, w in zip(column, weights, strict=True))
        allowed = size / sum(weights) * 2 * len(arrays) * Fraction(2) ** -53
        assert abs(Fraction(float(got)) - wanted) <= allowed


@given(rounds(), st.sampled_from([10, 18, 24]), st.booleans())
def test_a_secure_mean_is_always_within_its_bound(case: Any, bits: int, weighted: bool) -> None:
    arrays, weights = case
    weights = weights if weighted else [1] * len(arrays)
    (got,) = decoded(
        [[encoded(a, w, bits)] for a, w in zip(arrays, weights, strict=True)], weights, bits
    )
    off = np.abs(got - oracle.weighted_mean(arrays, weights))
    assert np.all(off <= oracle.secure_bound(arrays, weights, bits))


@given(rounds())
def test_a_plain_mean_is_always_within_its_bound(case: Any) -> None:
    arrays, weights = case
    dtype = arrays[0].dtype
    total = np.zeros_like(arrays[0])
    for array, weight in zip(arrays, weights, strict=True):
        total = total + array * dtype.type(weight)
    for got in (
        total / dtype.type(sum(weights)),
        np.average(arrays, axis=0, weights=weights).astype(dtype),
    ):
        off = np.abs(got.astype(np.float64) - oracle.weighted_mean(arrays, weights))
        assert np.all(off <= oracle.plain_bound(arrays, weights))


@pytest.mark.parametrize("weights", [[1, 1], [64, 32], [7, 5, 3]])
def test_the_secure_bound_is_not_needlessly_wide(weights: list[int]) -> None:
    generator = np.random.default_rng(2)
    arrays = [generator.normal(size=5000).astype(np.float32) for _ in weights]
    (got,) = decoded(
        [[encoded(a, w, BITS)] for a, w in zip(arrays, weights, strict=True)], weights, BITS
    )
    off = np.abs(got - oracle.weighted_mean(arrays, weights))
    assert 0.5 < np.max(off / oracle.secure_bound(arrays, weights, BITS)) <= 1


def test_the_plain_bound_is_a_few_roundings_of_the_arrays_own_type() -> None:
    single, double = np.ones(3, np.float32), np.ones(3)
    assert np.all(oracle.plain_bound([single, single], [1, 3]) == 4 * 2.0**-24)
    assert np.all(oracle.plain_bound([double, double], [1, 3]) == 4 * 2.0**-53)
    assert np.all(oracle.plain_bound([single, double], [1, 3]) == 4 * 2.0**-24)


@pytest.mark.parametrize("bound", [oracle.weighted_mean, oracle.plain_bound])
def test_other_shapes_and_a_missing_weight_are_refused(bound: Callable[..., Array]) -> None:
    with pytest.raises(ValueError, match="arrays of other shapes"):
        bound([np.zeros(2), np.zeros(3)], [1, 1])
    with pytest.raises(ValueError, match="zip"):
        bound([np.zeros(2), np.zeros(2)], [1])


@pytest.mark.parametrize("weights", [(1, 1), (24, 40), (3, 5, 7), (0.3, 2.5)])
def test_the_bound_on_shares_is_that_of_the_study_of_aggregators(
    weights: tuple[float, ...],
) -> None:
    generator = np.random.default_rng(4)
    arrays = [generator.normal(size=50).astype(np.float32) for _ in weights]
    case = Case(Aggregator.SPU, tuple((array,) for array in arrays), weights=list(weights))
    studied = (reference.expected(case) or [])[0]
    ours = oracle.shared_bound(arrays, weights, SPU_BITS)
    assert np.all(ours >= studied.bound * 0.99)
    assert np.all(ours <= studied.bound * 1.01)
