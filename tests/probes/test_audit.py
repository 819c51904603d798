"""One round, looked at from outside: right means pass, wrong ones and leaks are told."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from docprobe import audit
from docprobe.audit import checksum
from docprobe.round_watch import _WEIGHTS
from hypothesis import given
from hypothesis import strategies as st
from probeshared import trials
from probeshared.events import Arithmetic, MessageEvent

from tests.fakes import decoded, encoded, f32
from tests.probes.builders import Array

BITS = 18
Arrays = list[Array]
Mean = Callable[[list[Arrays], list[int]], Arrays]
GENERATOR = np.random.default_rng(6)
OWN = [[GENERATOR.normal(size=(50, 40)).astype(np.float32), f32(1, 2)] for _ in range(2)]
OWN_ARRAY = OWN[0][0]


def examine(
    sent: list[Any],
    aggregate: Any,
    weights: list[Any] | None = None,
    bits: int | None = None,
    *,
    messages: tuple[tuple[str, Any], ...] = (),
    earlier: Any = None,
    arithmetic: Arithmetic | None = None,
) -> tuple[Any, Any]:
    """The record of a round in which these senders' messages went to carol."""
    routes = [
        (sender, "carol", sender == "carol", number if arithmetic == "spu" else None)
        for number, (sender, _) in enumerate(messages)
    ]
    given = weights or [None] * len(sent)
    seen = [message for _, message in messages]
    values = (*sent, *given, aggregate, *seen)
    how = arithmetic or ("own" if bits is None else "secure")
    return audit.examine(len(sent), how, bits, routes, earlier or {}, *values)


def right(sent: list[Arrays], weights: list[int]) -> Arrays:
    return [np.average(same, axis=0, weights=weights) for same in zip(*sent, strict=True)]


def secure(sent: list[Arrays], weights: list[int]) -> Arrays:
    coded = [[encoded(a, w, BITS) for a in own] for own, w in zip(sent, weights, strict=True)]
    return decoded(coded, weights, BITS)


# Wrong means, each of which looks right where all parties send the same.


def unweighted(sent: list[Arrays], _: list[int]) -> Arrays:
    return right(sent, [1] * len(sent))


def first_only(sent: list[Arrays], _: list[int]) -> Arrays:
    return sent[0]


def swapped(sent: list[Arrays], weights: list[int]) -> Arrays:
    return right(sent, weights[::-1])


def one_array_left_out(sent: list[Arrays], weights: list[int]) -> Arrays:
    return [*right(sent, weights)[:-1], sent[0][-1]]


def one_party_left_out(sent: list[Arrays], weights: list[int]) -> Arrays:
    return right(sent[:-1], weights[:-1])


def without_sign(sent: list[Arrays], weights: list[int]) -> Arrays:
    return [np.abs(array) for array in right(sent, weights)]


def clipped(sent: list[Arrays], weights: list[int]) -> Arrays:
    return [np.clip(array, -1e3, 1e3) for array in right(sent, weights)]


def clipped_below(sent: list[Arrays], weights: list[int]) -> Arrays:
    return [np.maximum(array, np.float32(-1e4)) for array in right(sent, weights)]


def flushed(sent: list[Arrays], weights: list[int]) -> Arrays:
    return [np.where(np.abs(array) < 1e-4, 0, array) for array in right(sent, weights)]


WRONG = [unweighted, first_only, swapped, one_array_left_out, one_party_left_out]


def challenge(parties: int) -> tuple[list[Arrays], list[int]]:
    """The numbers with which a page's aggregator is tried."""
    return trials.numbers(parties), [_WEIGHTS[i % len(_WEIGHTS)] + i for i in range(parties)]


@pytest.mark.parametrize("parties", [2, 3, 5])
@pytest.mark.parametrize("bits", [None, BITS])
@pytest.mark.parametrize("mean", [*WRONG, without_sign])
def test_every_wrong_mean_fails_at_the_challenge(
    mean: Mean, bits: int | None, parties: int
) -> None:
    sent, weights = challenge(parties)
    record, _ = examine(sent, mean(sent, weights), weights, bits)
    assert record.ratio > 10
    assert not record.alike


@pytest.mark.parametrize("parties", [2, 3, 5])
@pytest.mark.parametrize("array", [0, 1, 2])
def test_whoever_clips_or_flushes_one_array_alone_fails_at_the_challenge(
    array: int, parties: int
) -> None:
    sent, weights = challenge(parties)
    right_ = secure(sent, weights)
    for wrong in (
        np.clip(right_[array], -1e4, 1e4),
        np.where(np.abs(right_[array]) < 1e-3, 0, right_[array]),
    ):
        aggregate = [*right_[:array], wrong, *right_[array + 1 :]]
        record, _ = examine(sent, aggregate, weights, BITS)
        assert (record.array, record.ratio > 10) == (array, True)


@pytest.mark.parametrize("parties", [2, 3, 5])
@pytest.mark.parametrize("bits", [None, BITS])
@pytest.mark.parametrize("mean", [clipped, clipped_below, flushed])
def test_whoever_clips_or_flushes_fails_at_the_challenge_and_at_no_usual_network(
    mean: Mean, bits: int | None, parties: int
) -> None:
    sent, weights = challenge(parties)
    record, _ = examine(sent, mean(sent, weights), weights, bits)
    assert record.ratio > 10
    usual = [[np.ones_like(array) for array in arrays] for arrays in sent]
    record, _ = examine(usual, mean(usual, weights), weights, bits)
    assert record.ratio <= 1


@pytest.mark.parametrize("mean", WRONG)
def test_equal_numbers_show_none_of_them_which_is_why_there_is_a_challenge(mean: Mean) -> None:
    sent = [challenge(2)[0][0]] * 2
    record, _ = examine(sent, mean(sent, [32, 32]), [32, 32])
    assert record.ratio <= 1
    assert record.alike


@pytest.mark.parametrize("parties", [2, 3, 5])
@pytest.mark.parametrize(("mean", "bits"), [(right, None), (secure, BITS)])
def test_a_right_mean_passes_the_challenge(mean: Mean, bits: int | None, parties: int) -> None:
    sent, weights = challenge(parties)
    record, _ = examine(sent, mean(sent, weights), weights, bits)
    assert record.ratio <= 1
    assert record.weights == tuple(weights)
    assert record.arrays == (96, 140, 44, 4)
    assert record.given == checksum([a.astype(np.float32) for a in mean(sent, weights)])


def test_the_array_that_is_farthest_off_is_named() -> None:
    sent, weights = challenge(2)
    aggregate = right(sent, weights)
    aggregate[1][0, 0] += 0.25
    record, _ = examine(sent, aggregate, weights)
    assert record.array == 1
    assert record.error == pytest.approx(0.25)


# Every element of every array counts.


@pytest.mark.parametrize(("mean", "bits"), [(right, None), (secure, BITS)])
@pytest.mark.parametrize("size", [2**15 + 1, 2**16, 3 * 2**15 - 1])
@pytest.mark.parametrize("place", [2**15, -1])
@pytest.mark.parametrize("array", [0, 1, 2])
def test_one_wrong_element_is_told_wherever_it_is(
    mean: Mean, bits: int | None, size: int, place: int, array: int
) -> None:
    generator = np.random.default_rng(size)
    sent = [[generator.normal(size=size).astype(np.float32) for _ in range(3)] for _ in range(2)]
    aggregate = mean(sent, [3, 5])
    honest, _ = examine(sent, aggregate, [3, 5], bits)
    assert honest.ratio is not None
    assert honest.ratio <= 1
    aggregate[array][place] += 0.01
    record, _ = examine(sent, aggregate, [3, 5], bits)
    assert record.ratio is not None
    assert record.ratio > 1
    assert record.array == array
    assert record.error == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("shape", [(6,), (3, 2), (1, 6), (2, 3, 1), (1, 2, 3)], ids=str)
@pytest.mark.parametrize("whose", ["aggregate", "party"])
def test_as_many_elements_in_another_shape_are_told(shape: tuple[int, ...], whose: str) -> None:
    grid = np.ones((2, 3), np.float32)
    other = grid.reshape(shape)
    sent, aggregate = (
        ([[grid], [grid]], other) if whose == "aggregate" else ([[grid], [other]], grid)
    )
    record, _ = examine(sent, [aggregate], [1, 1])
    assert record.reason == "arrays of other shapes came out"
    assert record.ratio == np.inf


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("whose", ["aggregate", "party"])
def test_another_number_of_arrays_is_told(count: int, whose: str) -> None:
    own, others = [f32(1, 2)] * 2, [f32(1, 2)] * count
    sent, aggregate = ([own, own], others) if whose == "aggregate" else ([own, others], own)
    record, _ = examine(sent, aggregate, [1, 1])
    assert record.reason == "arrays of other shapes came out"
    assert record.ratio == np.inf


# Numbers that are none.


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("array", [0, 1])
def test_a_mean_may_be_no_number_only_where_a_party_sent_none(value: float, array: int) -> None:
    sent = [[f32(1, 2), f32(3)], [f32(1, 2), f32(3)]]
    spoilt = [[own.copy() for own in party] for party in sent]
    spoilt[0][array][0] = value
    honest, _ = examine(spoilt, right(spoilt, [1, 1]), [1, 1])
    assert honest.ratio <= 1
    for told, aggregate in ((spoilt, right(sent, [1, 1])), (sent, right(spoilt, [1, 1]))):
        record, _ = examine(told, aggregate, [1, 1])
        assert not record.ratio <= 1


@pytest.mark.parametrize("aggregate", [[f32(1)], [f32(1, 2), f32(3), f32(4)], [f32(1), f32(3)], []])
def test_other_shapes_are_told(aggregate: Arrays) -> None:
    sent = [[f32(1, 2), f32(3)]] * 2
    record, _ = examine(sent, aggregate, [1, 1])
    assert record.reason == "arrays of other shapes came out"
    assert record.ratio == np.inf
    assert record.given is None


def test_parties_of_other_shapes_are_told() -> None:
    record, _ = examine([[f32(1, 2)], [f32(1)]], [f32(1, 2)], [1, 1])
    assert record.reason == "arrays of other shapes came out"


@pytest.mark.parametrize(
    "array",
    [
        np.float32(0.5),
        np.zeros((0, 3), np.float32),
        np.arange(24, dtype=np.float32).reshape(4, 6)[::2, ::3],
        np.asfortranarray(np.arange(6, dtype=np.float64).reshape(2, 3)),
        np.arange(5),
        np.ones(3 * 2**15 + 1, np.float32),
    ],
)
def test_arrays_of_any_form_are_compared(array: Any) -> None:
    sent = [[np.asarray(array)]] * 2
    for aggregate in ([np.asarray(array)], np.asarray(array)):
        record, _ = examine(sent, aggregate, [1, 1])
        assert (record.error, record.ratio) == (0, 0)
    if np.size(array):
        record, _ = examine(sent, [np.asarray(array) + 1], [1, 1])
        assert record.ratio > 1


def test_sparse_arrays_are_compared_as_what_they_stand_for() -> None:
    class Sparse:
        def __init__(self, dense: Array) -> None:
            self.todense = lambda: dense

    record, _ = examine([[Sparse(f32(1, 0))], [Sparse(f32(0, 1))]], [f32(0.5, 0.5)], [1, 1])
    assert record.ratio == 0


def test_a_sparse_array_is_as_large_as_what_it_holds_and_where() -> None:
    class Sparse:
        nbytes = 24

        def todense(self) -> Array:
            return f32(1, 0)

    own = OWN[0]
    record, _ = examine([own, own], own, [1, 1], messages=(("alice", [Sparse()]),))
    assert record.messages[0].bytes == 24


@pytest.mark.parametrize(
    ("aggregate", "weights", "why"),
    [
        ({"model": OWN_ARRAY}, [1, 1], "the aggregate is a dictionary"),
        ([OWN_ARRAY], [{"samples": 1}, {"samples": 1}], "weighted by something that is no number"),
    ],
)
def test_what_is_no_mean_of_arrays_is_not_compared_but_its_messages_are_looked_at(
    aggregate: Any, weights: list[Any], why: str
) -> None:
    sent = [[OWN_ARRAY], [2 * OWN_ARRAY]]
    record, _ = examine(sent, aggregate, weights, messages=(("alice", sent[0]),))
    assert record.ratio is None
    assert why in record.reason
    assert record.messages[0].plain


# Computed on secret shares.


def in_fixed_point(sent: list[Arrays], weights: list[int]) -> Arrays:
    """What an SPU makes of it, its division but for three parts in a million."""
    return [(a * (1 + 3e-6)).astype(np.float32) for a in right(sent, weights)]


def test_a_mean_on_shares_may_be_off_by_what_the_division_is() -> None:
    sent, weights = challenge(2)
    by_shares, _ = examine(sent, in_fixed_point(sent, weights), weights, 26, arithmetic="spu")
    in_the_open, _ = examine(sent, in_fixed_point(sent, weights), weights)
    assert 0 < by_shares.ratio <= 1 < in_the_open.ratio


@pytest.mark.parametrize("wrong", [unweighted, first_only, swapped])
def test_a_wrong_mean_on_shares_is_told(wrong: Mean) -> None:
    sent, weights = challenge(2)
    record, _ = examine(sent, wrong(sent, weights), weights, 26, arithmetic="spu")
    assert record.ratio > 1


def test_a_share_is_looked_at_and_one_in_the_clear_is_told() -> None:
    random = GENERATOR.integers(0, 2**64, 2 * OWN[0][0].size, np.uint64)
    clear = np.zeros_like(random)
    clear[::2] = (OWN[0][0].reshape(-1).astype(np.float64) * 2**26).astype(np.int64).view(np.uint64)
    for words, correlation in ((random, 0), (clear, 1)):
        record, _ = examine(
            OWN, right(OWN, [1, 1]), messages=(("alice", words.tobytes()),), arithmetic="spu"
        )
        (entry,) = record.messages
        assert entry.bytes == 16 * OWN[0][0].size
        assert entry.correlation == pytest.approx(correlation, abs=0.15)
        assert not entry.plain


# What two parties can infer, and what was seen on the way.


@pytest.mark.parametrize("parties", [2, 3])
def test_one_of_two_parties_can_compute_the_others_numbers(parties: int) -> None:
    sent, weights = challenge(parties)
    record, _ = examine(sent, secure(sent, weights), weights, BITS)
    assert (record.inferred is not None) == (parties == 2)
    assert (record.inferred or 0) < 1e-2


def masked(scale: float = 1, mask: Arrays | None = None) -> Arrays:
    mask = mask or [GENERATOR.integers(0, 2**64, a.shape, np.uint64) for a in OWN[0]]
    return [encoded(a * np.float32(scale), 1, BITS) + m for a, m in zip(OWN[0], mask, strict=True)]


def looked_at(message: Any, earlier: Any = None) -> tuple[MessageEvent, Any]:
    record, samples = examine(
        OWN, right(OWN, [1, 1]), messages=(("alice", message),), earlier=earlier
    )
    (entry,) = record.messages
    return entry, samples


def test_a_masked_message_tells_nothing() -> None:
    entry, samples = looked_at(masked())
    assert (entry.sender, entry.receiver, entry.aggregate) == ("alice", "carol", False)
    assert (entry.arrays, entry.bytes, entry.elements) == (2, 16016, 2002)
    assert not entry.plain
    assert abs(entry.correlation) < 0.15
    assert max(entry.uniform) < 450
    entry, _ = looked_at(masked(), samples)
    assert max(entry.fresh) < 450


def test_a_mask_used_twice_is_told_though_each_message_alone_tells_nothing() -> None:
    mask = [GENERATOR.integers(0, 2**64, a.shape, np.uint64) for a in OWN[0]]
    _, samples = looked_at(masked(1, mask))
    entry, _ = looked_at(masked(0.5, mask), samples)
    assert max(entry.uniform) < 450
    assert max(entry.fresh) > 10000


@pytest.mark.parametrize(
    ("message", "plain", "correlation", "uniform"),
    [
        (OWN[0], True, 1, None),
        (OWN[1], True, 1, None),
        ([array.astype(np.float64) for array in OWN[0]], True, 1, None),
        ([array * 3 for array in OWN[0]], False, 1, None),
        ([encoded(array, 64, BITS) for array in OWN[0]], False, 1, 10000),
    ],
)
def test_a_message_without_a_mask_is_told(
    message: Any, plain: bool, correlation: float, uniform: float | None
) -> None:
    entry, _ = looked_at(message)
    assert entry.plain == plain
    assert entry.correlation == pytest.approx(correlation)
    assert bool(entry.uniform) == (uniform is not None)
    assert max(entry.uniform or [0]) >= (uniform or 0)


RESHAPED = [OWN[0][0].reshape(40, 50), OWN[0][1]]  # as many elements


@pytest.mark.parametrize(
    "message", [np.dtype("float32"), 64, [f32(1, 2)], OWN[0][0], RESHAPED, None]
)
def test_what_has_another_shape_is_counted_but_not_looked_at(message: Any) -> None:
    entry, samples = looked_at(message)
    assert entry.elements == 0
    assert entry.bytes > 0
    assert samples == {}


def test_the_aggregate_is_no_leak() -> None:
    average = right(OWN, [1, 1])
    record, _ = examine(OWN, average, messages=(("carol", average),))
    (entry,) = record.messages
    assert entry.aggregate
    assert (entry.elements, entry.plain) == (0, False)


# Checksums.


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f32(1, 2), f32(2, 1)),
        (f32(0.0), f32(-0.0)),
        (np.zeros((2, 3)), np.zeros((2, 2))),
        (np.array(["a"]), np.array(["b"])),
        (np.array([b"a"], dtype=object), np.array([b"b"], dtype=object)),
        (np.asarray(1), np.asarray(2)),
        (np.array([True]), np.array([False])),
        (np.ones(1, np.float16), np.zeros(1, np.float16)),
    ],
)
def test_other_numbers_have_another_checksum(one: Array, other: Array) -> None:
    assert checksum([one]) == checksum([one.copy()])
    assert checksum([one]) != checksum([other])


def test_a_checksum_depends_on_order_and_not_on_layout() -> None:
    grid = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert checksum([grid]) == checksum([np.asfortranarray(grid)])
    assert checksum([grid.T]) != checksum([grid])
    assert checksum([grid, grid + 1]) != checksum([grid + 1, grid])
    assert checksum([]) == checksum([np.zeros((0, 2))]) == 0


@st.composite
def rounds_of_networks(draw: st.DrawFn) -> tuple[list[Arrays], list[int]]:
    """What some parties send: arrays of the same shapes, and how many samples each has."""
    parties = draw(st.integers(2, 4))
    shapes = draw(st.lists(st.sampled_from([(1,), (3,), (2, 3)]), min_size=1, max_size=3))
    seed = draw(st.integers(0, 2**32 - 1))
    scale = draw(st.sampled_from([1e-3, 1.0, 1e3]))
    generator = np.random.default_rng(seed)
    sent = [
        [generator.normal(scale=scale, size=shape).astype(np.float32) for shape in shapes]
        for _ in range(parties)
    ]
    return sent, draw(st.lists(st.integers(1, 900), min_size=parties, max_size=parties))


@given(rounds_of_networks(), st.data())
def test_a_right_mean_passes_and_one_wrong_element_anywhere_is_found(
    case: tuple[list[Arrays], list[int]], data: st.DataObject
) -> None:
    sent, weights = case
    mean = right(sent, weights)
    record, _ = examine(sent, mean, weights)
    assert record.ratio <= 1
    which = data.draw(st.integers(0, len(mean) - 1))
    place = data.draw(st.integers(0, mean[which].size - 1))
    off = data.draw(st.sampled_from([-1.0, -0.01, 0.01, 1.0])) * max(
        float(np.max(np.abs(own[which]))) for own in sent
    )
    wrong = [array.astype(np.float64) for array in mean]
    wrong[which].flat[place] += off
    record, _ = examine(sent, wrong, weights)
    assert (record.array, record.ratio > 1) == (which, True)
    assert record.error == pytest.approx(abs(off), rel=1e-3)


@given(rounds_of_networks(), st.randoms(use_true_random=False))
def test_the_order_of_parties_is_no_matter(
    case: tuple[list[Arrays], list[int]], chance: random.Random
) -> None:
    sent, weights = case
    order = list(range(len(sent)))
    chance.shuffle(order)
    mean = right(sent, weights)
    one, _ = examine(sent, mean, weights)
    other, _ = examine([sent[i] for i in order], mean, [weights[i] for i in order])
    assert max(one.ratio, other.ratio) <= 1
    assert (one.given, one.alike) == (other.given, other.alike)
