"""Masked numbers cannot be told from chance, and all others can."""

from typing import Any

import numpy as np
import pytest
from docprobe import masking
from hypothesis import given
from hypothesis import strategies as st

from tests.probes.builders import Array

GENERATOR = np.random.default_rng(4)
PLAIN = GENERATOR.normal(size=20000).astype(np.float32)


def uniform(size: int = PLAIN.size) -> Array:
    return GENERATOR.integers(0, 2**64, size, np.uint64)


def encoded(numbers: Array) -> Array:
    return (numbers.astype(np.float64) * 2**18).astype(np.int64).view(np.uint64)


# Far beyond what 255 degrees of freedom give by chance: 255 ± 23.
FAR = 1000


def test_uniform_numbers_have_uniform_bytes() -> None:
    assert all(100 < value < 450 for value in masking.chi_square(uniform()))


@pytest.mark.parametrize(
    ("numbers", "bytes_told"),
    [
        (encoded(PLAIN), {2, 3, 4, 5, 6, 7}),
        (uniform() >> np.uint64(8), {7}),
        (uniform() & np.uint64(0xFFFF_FFFF_FFFF_FF00), {0}),
        (np.zeros(PLAIN.size, np.uint64), set(range(8))),
        (np.repeat(uniform(1), PLAIN.size), set(range(8))),
    ],
)
def test_other_numbers_are_told_by_their_bytes(numbers: Array, bytes_told: set[int]) -> None:
    found = masking.chi_square(numbers)
    assert {index for index, value in enumerate(found) if value > FAR} == bytes_told


@pytest.mark.parametrize(
    ("seen", "correlation"),
    [(PLAIN, 1.0), (-PLAIN, -1.0), (encoded(PLAIN).view(np.int64), 1.0), (np.ones(PLAIN.size), 0)],
)
def test_what_has_to_do_with_the_plain_numbers_correlates(seen: Array, correlation: float) -> None:
    assert masking.correlation(seen, PLAIN) == pytest.approx(correlation, abs=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5])
def test_a_leak_is_as_strong_as_its_share(share: float) -> None:
    seen = share * PLAIN + np.sqrt(1 - share**2) * GENERATOR.normal(size=PLAIN.size)
    assert masking.correlation(seen, PLAIN) == pytest.approx(share, abs=5 / np.sqrt(PLAIN.size))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_number_that_is_none_hides_no_leak(value: float) -> None:
    spoilt = PLAIN.copy()
    spoilt[7] = value
    assert masking.correlation(encoded(PLAIN).view(np.int64), spoilt) > 0.99


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(1, 12))
def test_a_sample_is_spread_evenly_over_all_arrays(sizes: list[int], most: int) -> None:
    whole = np.arange(sum(sizes), dtype=np.float64)
    arrays = np.split(whole, np.cumsum(sizes)[:-1]) if sizes else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masking, "SAMPLE", most)
        taken = masking.sample(arrays)
    stride = max(1, -(-whole.size // most))
    assert taken.tolist() == whole[::stride].tolist()
    assert len(taken) <= most


@pytest.mark.parametrize(
    ("arrays", "taken"),
    [
        ([], 0),
        ([np.zeros((0, 3), np.float32)], 0),
        ([np.float32(3)], 1),
        ([np.zeros((6, 4))[::2, ::2], np.zeros(()), np.zeros((0,))], 7),
        ([np.zeros(masking.SAMPLE)], masking.SAMPLE),
        ([np.zeros(masking.SAMPLE), np.zeros(1)], masking.SAMPLE // 2 + 1),
        ([np.broadcast_to(np.float32(1), (10**9,))], masking.SAMPLE),
    ],
)
def test_arrays_of_any_form_are_sampled(arrays: list[Any], taken: int) -> None:
    assert len(masking.sample([np.asarray(array) for array in arrays])) == taken


def test_a_sample_keeps_its_type() -> None:
    assert masking.sample([uniform(3), uniform(4)]).dtype == np.uint64
