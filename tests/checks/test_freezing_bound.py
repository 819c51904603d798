"""The bound on what aggregation may move, against an independent simulation of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.checks.freezing import rounding_bound
from verify.evidence.evidence import Round

Float = np.float32


def averaged(value: Float, sizes: list[int], bits: int) -> Float:
    """One aggregation as the parties and the aggregator compute it, in integers at its heart."""
    total = 0
    for size in sizes:
        product = Float(value * Float(size))
        total += int(float(product) * 2**bits)  # towards zero, as casting to integers does
    average: Float = Float(total / 2**bits) / Float(sum(sizes))
    return average


@settings(deadline=None, max_examples=300)
@given(
    value=st.floats(-100, 100, width=32),
    sizes=st.lists(st.lists(st.integers(1, 4096), min_size=2, max_size=5), min_size=1, max_size=30),
    bits=st.sampled_from([12, 18, 22]),
    weighted=st.booleans(),
)
def test_aggregation_never_moves_a_weight_further_than_the_bound(
    value: float, sizes: list[list[int]], bits: int, *, weighted: bool
) -> None:
    sizes = sizes if weighted else [[1] * len(own) for own in sizes]
    start = held = Float(value)
    rounds = []
    for own in sizes:
        held = averaged(held, own, bits)
        weights = tuple(map(float, own)) if weighted else ()
        rounds.append(Round(len(own), weights, bits))
    drift = abs(float(held) - float(start))
    assert drift <= rounding_bound(tuple(rounds), abs(float(start)))


@pytest.mark.parametrize(
    ("rounds", "magnitude", "bound"),
    [
        ((), 1e9, 0.0),
        ((Round(2, (), 18),), 0.0, 2.0**-18),
        ((Round(2, (1, 1), 18),), 0.0, 2.0**-18),
        ((Round(2, (64, 64), 18),), 0.0, 2.0**-24),
        ((Round(3, (1, 1, 1), 10),), 0.0, 2.0**-10),
        ((Round(2, (), 18),) * 3, 0.0, 3 * 2.0**-18),
        ((Round(2, (), 18),), 8.0, 2.0**-18 + 3 * 8 * 2.0**-24),
    ],
)
def test_the_bound_is_what_the_arithmetic_says(
    rounds: tuple[Round, ...], magnitude: float, bound: float
) -> None:
    assert rounding_bound(rounds, magnitude) == pytest.approx(bound, rel=1e-15)


def test_the_bound_is_no_blank_cheque() -> None:
    """Simulated rounding comes near it, so that the smallest step of a training exceeds it."""
    values = np.random.default_rng(5).uniform(-1, 1, 200).astype(Float)
    moved = [abs(float(averaged(value, [1, 1], 18)) - float(value)) for value in values]
    bound = rounding_bound((Round(2, (), 18),), 1.0)
    assert 0.8 * bound < max(moved) <= bound
