"""The reference against exact fractions, and the bounds against what each aggregator computes."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.aggregators import generated_trials, reference
from verify.aggregators.reference import Expected
from verify.aggregators.trial import Aggregator, Trial

TWO = ((np.array([1.0, -2.0]),), (np.array([5.0, 6.0]),))


def only(case: Trial) -> Expected:
    expected = reference.expected(case)
    assert expected is not None
    return expected[0]


def exactly(case: Trial) -> list[list[Fraction]]:
    weights = case.weights if isinstance(case.weights, list) else [1] * len(case.by_party)
    shares = [Fraction(weight) for weight in weights]
    result = []
    for arrays in zip(*case.by_party, strict=True):
        elements = zip(*(array.ravel().tolist() for array in arrays), strict=True)
        totals = [
            sum((Fraction(value) * share for value, share in zip(values, shares, strict=True)))
            for values in elements
        ]
        result.append([Fraction(total) / sum(shares) for total in totals])
    return result


@pytest.mark.parametrize("aggregator", Aggregator)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_reference_is_the_exact_mean_far_within_every_bound(
    data: st.DataObject, aggregator: Aggregator
) -> None:
    case = data.draw(generated_trials.floats(aggregator, apart=False))
    expected = reference.expected(case)
    assert expected is not None
    for layer, wanted in zip(exactly(case), expected, strict=True):
        for exact, value, bound in zip(
            layer, wanted.value.ravel(), wanted.bound.ravel(), strict=True
        ):
            assert abs(Fraction(float(value)) - exact) <= Fraction(float(bound))


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ({}, [3.0, 2.0]),
        ({"weights": [3, 1]}, [2.0, 0.0]),
        ({"weights": [0, 1]}, [5.0, 6.0]),
        ({"weights": [-1, 3]}, [7.0, 10.0]),
        ({"operation": "sum"}, [6.0, 4.0]),
        ({"axis": 1}, [-0.5, 5.5]),
    ],
)
def test_means_and_sums(fields: dict[str, object], values: list[float]) -> None:
    case = replace(Trial(Aggregator.PLAIN, TWO), **fields)  # type: ignore[arg-type]
    assert only(case).value.tolist() == values


@pytest.mark.parametrize(
    "case",
    [
        Trial(Aggregator.PLAIN, TWO, weights=[1, 2, 3]),
        Trial(Aggregator.PLAIN, TWO, weights=2),
        Trial(Aggregator.PLAIN, ((np.ones(2),), (np.ones(1),))),
        Trial(Aggregator.PLAIN, ((np.ones(2), np.ones(2)), (np.ones(2),))),
    ],
)
def test_nothing_is_defined_where_weights_shapes_or_layers_do_not_match(case: Trial) -> None:
    assert reference.expected(case) is None


def test_the_secure_bound_is_a_unit_of_the_fixed_point_for_each_party() -> None:
    zeros = tuple((np.zeros(1, np.float32),) for _ in range(5))
    case = Trial(Aggregator.SECURE, zeros, weights=[10, 10, 10, 10, 10], fxp_bits=18)
    assert only(case).bound[0] == pytest.approx(5 * 2**-18 / 50, rel=1e-9)
    assert only(replace(case, fxp_bits=8)).bound[0] == pytest.approx(5 * 2**-8 / 50, rel=1e-9)


def test_the_secure_bound_counts_the_rounding_of_products_and_of_weights() -> None:
    values = tuple((np.array([1024.0], np.float32),) for _ in range(2))
    case = Trial(Aggregator.SECURE, values, fxp_bits=30)
    fixed = 2 * 2**-30
    whole, tenths = replace(case, weights=[3, 3]), replace(case, weights=[0.1, 0.3])
    assert only(case).bound[0] * 2 == pytest.approx(fixed, rel=2e-3)
    assert only(whole).bound[0] * 6 == pytest.approx(fixed + 6144 * 2**-24, rel=1e-3)
    lost = sum(abs(float(np.float32(weight)) - weight) for weight in (0.1, 0.3))
    products = fixed + 1024 * lost + 409.6 * 2**-24
    assert only(tenths).bound[0] * 0.4 == pytest.approx(products, rel=1e-3)


def test_the_secure_bound_knows_that_a_power_of_two_only_moves_the_point() -> None:
    values = tuple((np.array([1024.0], np.float32),) for _ in range(2))
    case = Trial(Aggregator.SECURE, values, weights=[2, 0.5], fxp_bits=30)
    assert only(case).bound[0] * 2.5 == pytest.approx(2 * 2**-30, rel=2e-3)


def test_what_is_as_plain_as_float64_has_a_bound_of_a_few_roundings() -> None:
    for aggregator in (Aggregator.PLAIN, Aggregator.SPARSE):
        bound = only(Trial(aggregator, TWO, weights=[3, 1])).bound
        assert (bound < 40 * 2**-53 * 6).all()
        assert (bound > 2**-53).all()


def test_a_mean_of_float32_may_be_too_small_for_float32() -> None:
    least = 2.0**-149
    values = tuple((np.array([value], np.float32),) for value in (0, 0, 0, least))
    for aggregator in (Aggregator.PLAIN, Aggregator.SPARSE):
        assert only(Trial(aggregator, values)).bound[0] >= least / 4


@pytest.mark.parametrize(("weights", "share"), [([1, 1], 0.0429), ([31, 32], 0.0693)])
def test_the_spu_bound_is_the_fourth_power_of_the_first_guess(
    weights: list[int], share: float
) -> None:
    values = tuple((np.array([2.0**20]),) for _ in range(2))
    bound = only(Trial(Aggregator.SPU, values, weights=weights)).bound[0]
    assert bound / 2**20 == pytest.approx(share**4, rel=0.2)


@pytest.mark.parametrize("aggregator", Aggregator)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(data=st.data())
def test_extremes_are_just_within_the_limit(data: st.DataObject, aggregator: Aggregator) -> None:
    case = data.draw(generated_trials.extremes(aggregator, apart=False))
    top = generated_trials.limit(aggregator, case.fxp_bits, case.by_party[0][0].dtype.name)
    assert all(
        math.isfinite(value) and abs(value) < top
        for layers in case.by_party
        for layer in layers
        for value in layer.ravel().tolist()
    )
