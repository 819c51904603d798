"""The reference mean is exact to float64; its bounds are never exceeded, nor needlessly wide."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from probeshared import rounding
from probeshared.events import Arithmetic

from tests.probes import emulations
from tests.probes.builders import Array

Weights = Sequence[Any] | None
Mean = Callable[[Sequence[Array], Weights, int], Array]
MEANS: dict[Arithmetic, Mean] = {
    "plain": emulations.plain,
    "sparse": emulations.sparse,
    "own": emulations.own,
    "secure": emulations.secure,
    "spu": emulations.spu,
}
FLOATS = ("float16", "float32", "float64")
BITS = {"secure": 18, "spu": 26}
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


def some(seed: int, types: Sequence[str], lowest: int, highest: int) -> list[Array]:
    """An array a type: of either sign, from 2^lowest to 2^highest in size, or whole numbers."""
    generator = np.random.default_rng(seed)
    values = generator.choice([-1, 1], (len(types), 60)) * generator.uniform(1, 2, (len(types), 60))
    scaled = np.ldexp(values, generator.integers(lowest, highest, 60))
    return [one.astype(kind) for one, kind in zip(scaled, types, strict=True)]


def weighed(count: int, *kinds: str) -> st.SearchStrategy[Weights]:
    """Weights as numbers of samples, as fractions of either width, or none."""
    several = {
        "samples": st.integers(0, 5000),
        "fractions": st.floats(0.01, 100),
        "singles": st.floats(0.015625, 100, width=32).map(np.float32),
        "tiny": st.floats(1e-30, 1e-28),
    }
    lists = [st.lists(several[kind], min_size=count, max_size=count).filter(any) for kind in kinds]
    return st.one_of(st.none(), *lists)


def exact(arrays: Sequence[Array], weights: Weights) -> list[Fraction]:
    """The weighted mean of each element, without any rounding."""
    each = [Fraction(float(weight)) for weight in weights or [1] * len(arrays)]
    columns = zip(*(array.tolist() for array in arrays), strict=True)
    return [
        sum((Fraction(v) * w for v, w in zip(column, each, strict=True)), Fraction()) / sum(each)
        for column in columns
    ]


def shares(how: Arithmetic, arrays: Sequence[Array], weights: Weights, bits: int = 0) -> Array:
    """How far what an aggregator yields is from the reference, as a share of its bound."""
    of = rounding.terms(arrays, weights)
    off = np.abs(MEANS[how](arrays, weights, bits).astype(np.float64) - of.result)
    return np.where(off == 0, 0, off / rounding.bound(of, how, bits))


@given(rounds())
def test_the_mean_is_exact_to_a_few_roundings_of_float64(case: Any) -> None:
    arrays, weights = case
    mean = rounding.terms(arrays, weights).result
    assert mean.dtype == np.float64
    for column, got, wanted in zip(zip(*arrays, strict=True), mean, exact(*case), strict=True):
        size = sum(abs(Fraction(float(v))) * w for v, w in zip(column, weights, strict=True))
        allowed = size / sum(weights) * 2 * len(arrays) * Fraction(2) ** -53
        assert abs(Fraction(float(got)) - wanted) <= allowed


@given(rounds(), st.sampled_from([10, 18, 24]), st.booleans())
def test_a_secure_mean_is_always_within_its_bound(case: Any, bits: int, weighted: bool) -> None:
    arrays, weights = case
    assert np.all(shares("secure", arrays, weights if weighted else None, bits) <= 1)


@given(rounds())
def test_a_plain_mean_is_always_within_its_bound(case: Any) -> None:
    assert np.all(shares("plain", *case) <= 1)
    assert np.all(shares("own", *case) <= 1)


@given(st.data(), st.integers(0, 2**32))
def test_numpys_mean_of_any_floats_is_within_its_bound(data: st.DataObject, seed: int) -> None:
    types = data.draw(st.lists(st.sampled_from(FLOATS), min_size=2, max_size=5))
    weights = data.draw(weighed(len(types), "samples", "fractions", "singles"))
    # Down to what is too small for float32, or for float16.
    lowest = -14 if "float16" in types else data.draw(st.sampled_from([-150, -30, 0]))
    arrays = some(seed, types, lowest, lowest + data.draw(st.sampled_from([1, 12, 25])))
    assert np.all(shares("plain", arrays, weights) <= 1)
    assert np.all(shares("sparse", arrays, weights) <= 1)


@given(st.data(), st.integers(0, 2**32))
def test_numpys_mean_of_whole_numbers_is_within_its_bound(data: st.DataObject, seed: int) -> None:
    types = data.draw(st.lists(st.sampled_from(["int8", "int32", "int64"]), min_size=2, max_size=5))
    highest = {"int8": 7, "int32": 31, "int64": 62}[min(types, key=lambda one: (len(one), one))]
    weights = data.draw(weighed(len(types), "samples", "fractions", "singles"))
    assert np.all(shares("sparse", some(seed, types, 0, highest), weights) <= 1)


@given(st.data(), st.integers(0, 2**32))
def test_a_mean_in_the_arrays_own_type_is_within_its_bound(data: st.DataObject, seed: int) -> None:
    count = data.draw(st.integers(2, 5))
    kind = data.draw(st.sampled_from(["float32", "float64"]))
    weights = data.draw(weighed(count, "samples", "fractions"))
    lowest = data.draw(st.sampled_from([-149, -30, 0]))
    assert np.all(shares("own", some(seed, [kind] * count, lowest, lowest + 25), weights) <= 1)


@given(st.data(), st.integers(0, 2**32), st.sampled_from([8, 18, 30, 40]))
def test_a_secure_mean_of_any_weights_is_within_its_bound(
    data: st.DataObject, seed: int, bits: int
) -> None:
    count = data.draw(st.integers(2, 5))
    kind = data.draw(st.sampled_from(["float32", "float64"]))
    weights = data.draw(weighed(count, "samples", "fractions", "tiny"))
    arrays = some(seed, [kind] * count, -8, data.draw(st.sampled_from([-7, 4, 8])))
    assert np.all(shares("secure", arrays, weights, bits) <= 1)


@given(st.data(), st.integers(0, 2**32))
def test_a_mean_on_shares_is_within_its_bound(data: st.DataObject, seed: int) -> None:
    count = data.draw(st.integers(2, 5))
    kind = data.draw(st.sampled_from(["float32", "float64"]))
    weights = data.draw(weighed(count, "samples", "fractions"))
    arrays = some(seed, [kind] * count, -10, data.draw(st.sampled_from([-9, 4, 10])))
    assert np.all(shares("spu", arrays, weights, BITS["spu"]) <= 1)


# A bound that is much wider than need be would let wrong means pass. On numbers that are as bad as
# can be, an aggregator comes as near to its bound as one part in so many; in float64 half of the
# bound is for the reference, which errs as the aggregator does.

TIGHT, TIGHT_DOUBLE = 3, 12
HARD: list[tuple[Arithmetic, Sequence[str], Weights, int, float]] = [
    ("plain", ["float32"] * 2, [24, 40], 0, TIGHT),
    ("plain", ["float32"] * 5, [24, 40, 8, 3, 7], 0, TIGHT),
    ("plain", ["float32"] * 2, [0.3, 2.5], 0, TIGHT),
    ("plain", ["float32", "float64"], [24, 40], 0, TIGHT),
    ("plain", ["float32"] * 2, [np.float32(0.3), np.float32(2.5)], 0, 2 * TIGHT),
    ("plain", ["float32"] * 2, None, 0, TIGHT),
    ("plain", ["float32"] * 5, None, 0, TIGHT),
    ("plain", ["float16"] * 3, [24, 40, 3], 0, TIGHT),
    ("plain", ["float16"] * 3, None, 0, TIGHT),
    ("plain", ["float64"] * 3, [24, 40, 3], 0, TIGHT_DOUBLE),
    ("sparse", ["float32"] * 3, None, 0, TIGHT),
    ("sparse", ["float32"] * 3, [24, 40, 3], 0, TIGHT_DOUBLE),
    ("sparse", ["int32"] * 3, [24, 40, 3], 0, TIGHT_DOUBLE),
    ("own", ["float32"] * 2, [24, 40], 0, 2 * TIGHT),
    ("secure", ["float32"] * 2, None, 18, TIGHT),
    ("secure", ["float32"] * 3, [7, 5, 3], 18, TIGHT),
    ("secure", ["float32"] * 3, [7, 5, 3], 40, TIGHT),
    ("secure", ["float32"] * 3, [0.3, 2.5, 0.7], 40, TIGHT),
    ("secure", ["float64"] * 3, [7, 5, 3], 18, TIGHT),
    ("spu", ["float32"] * 2, [24, 40], 26, 2 * TIGHT),
    ("spu", ["float32"] * 2, [31, 32], 26, 2 * TIGHT),
]


@pytest.mark.parametrize(("how", "types", "weights", "bits", "factor"), HARD)
def test_the_bound_is_not_needlessly_wide(
    how: Arithmetic, types: Sequence[str], weights: Weights, bits: int, factor: float
) -> None:
    generator = np.random.default_rng(2)
    whole = types[0].startswith("int")
    # Just above a power of two, half a unit in the last place is most of a number.
    sizes = generator.uniform(1, 1.2, (len(types), 3000)) * (2.0**30 if whole else 1)
    arrays = [own.astype(kind) for own, kind in zip(sizes, types, strict=True)]
    of = rounding.terms(arrays, weights)
    bound, got = rounding.bound(of, how, bits), MEANS[how](arrays, weights, bits)
    off = [abs(Fraction(float(g)) - x) for g, x in zip(got, exact(arrays, weights), strict=True)]
    worst = max(float(one / Fraction(float(b))) for one, b in zip(off, bound, strict=True))
    assert 1 / factor < worst <= 1


def test_the_bound_of_what_cancels_out_is_not_that_of_what_went_in() -> None:
    arrays = [np.array([value], np.float32) for value in (5e4, -3e4 + 0.5)]
    of = rounding.terms(arrays, [24, 40])
    assert of.result[0] == 0.3125
    assert rounding.bound(of, "plain")[0] < 1.01 * 0.3125 * 2.0**-24


def test_what_is_too_small_for_the_type_is_lost_up_to_half_its_smallest_number() -> None:
    least = 2.0**-149
    arrays = [np.array([value], np.float32) for value in (0, 0, 0, least)]
    for weights in (None, [1, 1, 1, 1], [5, 4, 6, 7]):
        of = rounding.terms(arrays, weights)
        assert np.all(shares("plain", arrays, weights) <= 1)
        assert least / 2 <= rounding.bound(of, "plain")[0] < 0.6 * least


def test_a_mean_of_whole_numbers_that_is_cut_is_out_of_bounds() -> None:
    arrays = [np.array([1]), np.array([2])]
    assert shares("plain", arrays, [1, 1])[0] > 1e6
    assert shares("sparse", arrays, [1, 1])[0] <= 1


def test_the_bound_of_a_pages_own_mean_is_a_few_roundings_of_the_arrays_type() -> None:
    of_types = {"f4 f4": 2.0**-24, "f8 f8": 2.0**-53, "f4 f8": 2.0**-24}
    for types, unit in of_types.items():
        arrays = [np.ones(3, one) for one in types.split()]
        bound = rounding.bound(rounding.terms(arrays, [1, 3]), "own")
        assert np.all((4 * unit < bound) & (bound < 16 * unit))


@pytest.mark.parametrize("weights", [[1, 1], [64, 32], [7, 5, 3]])
def test_the_secure_bound_is_not_needlessly_wide(weights: list[int]) -> None:
    generator = np.random.default_rng(2)
    arrays = [generator.normal(size=5000).astype(np.float32) for _ in weights]
    assert 0.5 < np.max(shares("secure", arrays, weights, BITS["secure"])) <= 1


@pytest.mark.parametrize("weights", [[0, 0], [2, -2]])
def test_weights_that_add_up_to_nothing_bound_nothing(weights: list[int]) -> None:
    for how in MEANS:
        of = rounding.terms([np.ones(1), 2 * np.ones(1)], weights)
        assert not np.isfinite(of.result).any()
        assert not np.isfinite(rounding.bound(of, how, 18)).any()


def test_other_shapes_and_a_missing_weight_are_refused() -> None:
    with pytest.raises(ValueError, match="arrays of other shapes"):
        rounding.terms([np.zeros(2), np.zeros(3)], [1, 1])
    with pytest.raises(ValueError, match="arrays of other shapes"):  # although of one size
        rounding.terms([np.zeros((2, 3)), np.zeros((3, 2))], [1, 1])
    with pytest.raises(ValueError, match="2 parties have weights of shape"):
        rounding.terms([np.zeros(2), np.zeros(2)], [1])
