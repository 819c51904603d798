"""Rounds as hypothesis draws them: whatever a documented training could hand to an aggregator."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from verify.aggregators.trial import SECURE_BITS, Aggregator, Array, Layers, Trial

PARTIES = 5
_FLOATS = ("float32", "float64")
_WHOLE = ("int32", "int64")
# Per element and party; some thousand such add up to less than what an int32 holds.
_LARGEST_WHOLE = 10**5
_MOST_SAMPLES = 1000

Draw = Callable[[st.SearchStrategy[Any]], Any]
Cases = st.SearchStrategy[Trial]


def limit(aggregator: Aggregator, fxp_bits: int = SECURE_BITS, dtype: str = "float32") -> float:
    """What the sum of all |x·w| must stay below for the aggregator to be able to represent it.

    The secure aggregator decodes 64 bits with sign. SPU's 128 bits hold a product of two numbers
    before it is truncated, and truncating fails with a probability that grows with the product:
    2^48 leaves 2^-26. The others add in the arrays' own type.
    """
    if aggregator is Aggregator.SECURE:
        return 2.0 ** (63 - fxp_bits)
    if aggregator is Aggregator.SPU:
        return 2.0**48
    # Of float64 a little less, so that the reference can add them as well.
    return float(np.finfo(dtype).max) * (1.0 if dtype == "float32" else 2.0**-20)


@st.composite
def floats(draw: Draw, aggregator: Aggregator, *, apart: bool, operation: str = "average") -> Trial:
    """Floats of either sign and all shapes, with weights of every allowed kind."""
    largest = draw(st.sampled_from([1.0, 1000.0]))
    dtype = draw(st.sampled_from(_FLOATS))
    values = st.floats(-largest, largest, width=32 if dtype == "float32" else 64)
    case = _round(draw, aggregator, dtype, values, apart=apart, operation=operation)
    if operation == "average":
        weights = draw(_weights(len(case.by_party)))
        case = replace(case, weights=weights, held_weights=draw(st.booleans()))
    if aggregator is Aggregator.SECURE and not apart:
        case = replace(case, fxp_bits=draw(st.sampled_from([8, SECURE_BITS, 30])))
    return case


@st.composite
def whole(draw: Draw, aggregator: Aggregator, *, apart: bool, fractional: bool = False) -> Trial:
    """Whole numbers of either sign, with numbers of samples as weights, or with fractions."""
    values = st.integers(-_LARGEST_WHOLE, _LARGEST_WHOLE)
    case = _round(draw, aggregator, draw(st.sampled_from(_WHOLE)), values, apart=apart)
    count = len(case.by_party)
    kinds = _fractions(count) if fractional else st.none() | _samples(count)
    return replace(case, weights=draw(kinds))


@st.composite
def extremes(draw: Draw, aggregator: Aggregator, *, apart: bool) -> Trial:
    """Floats whose sum of |x·w| is just within what the aggregator can represent."""
    case: Trial = draw(floats(aggregator, apart=apart))
    dtype = case.by_party[0][0].dtype.name
    top = limit(aggregator, case.fxp_bits, dtype) * draw(st.sampled_from([0.5, 0.99]))
    weights = np.ones(len(case.by_party)) if case.weights is None else np.array(case.weights)
    largest = max(float(np.abs(layer).max()) for layers in case.by_party for layer in layers)
    if not largest:
        return case

    def scaled(layer: Array) -> Array:
        # The sum of the weights is represented as well.
        size = top / max(1.0, float(weights.sum()))
        large: Array = (layer.astype(np.float64) / largest * size).astype(layer.dtype)
        return large

    return replace(case, by_party=tuple(tuple(map(scaled, one)) for one in case.by_party))


def _round(
    draw: Draw,
    aggregator: Aggregator,
    dtype: str,
    values: st.SearchStrategy[Any],
    *,
    apart: bool,
    operation: str = "average",
) -> Trial:
    shapes = draw(
        st.lists(arrays.array_shapes(min_dims=1, max_dims=4, max_side=3), min_size=1, max_size=3)
    )
    # A secure aggregator for a number of parties takes seconds for each, where they are apart.
    few = apart and aggregator is Aggregator.SECURE
    count = draw(st.sampled_from([2, PARTIES] if few else range(2, PARTIES + 1)))
    coding = "dense"
    if aggregator is Aggregator.SPARSE:
        coding = draw(st.sampled_from(["dense", "coo", "gcxs"]))

    def party() -> Layers:
        return tuple(draw(arrays.arrays(dtype, shape, elements=values)) for shape in shapes)

    return Trial(
        aggregator=aggregator,
        by_party=tuple(party() for _ in range(count)),
        operation=operation,
        holders=tuple(draw(st.permutations(range(count)))),
        bare=len(shapes) == 1 and coding == "dense" and draw(st.booleans()),
        coding=coding,
    )


def _weights(count: int) -> st.SearchStrategy[Any]:
    some_left_out = st.lists(st.integers(0, _MOST_SAMPLES), min_size=count, max_size=count)
    return st.none() | _samples(count) | _fractions(count) | some_left_out.filter(any)


def _samples(count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(1, _MOST_SAMPLES), min_size=count, max_size=count)


def _fractions(count: int) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(0.01, 100.0), min_size=count, max_size=count)
