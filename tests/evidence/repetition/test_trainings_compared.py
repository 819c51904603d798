"""Two runs of a training: series to the last bit, weights by digest, rounds of aggregation."""

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.checks.builders import ROUND, holder, run
from verify.evidence.evidence import Round, TrainingRun, Turn, Weights
from verify.evidence.repetition import trainings_compared
from verify.evidence.repetition.likeness import Likeness
from verify.page.outputs import bands

BAND, FAR = Likeness.WITHIN_BAND, Likeness.DIVERGENT
TWO = "2 parties of (64, {}) samples"
AGRESTI_CAFFO = "99% interval of Agresti and Caffo (2000)"
NO_GROWTH = "in any order; growth by training has no bound"
OTHER_WEIGHTS = Weights(((), ("p",), ("t",)))


def series(*accuracies: float, samples: int | None = 200) -> TrainingRun:
    """A training with this accuracy in each epoch."""
    known = {} if samples is None else {"accuracy": samples}
    return run(history={"accuracy": list(accuracies)}, samples=known)


def losses(*values: float, samples: int = 1000) -> TrainingRun:
    return run(history={"loss": list(values)}, samples={"loss": samples})


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (run(), run()),
        (losses(math.nan, math.inf), losses(math.nan, math.inf)),
        (run(rounds=(ROUND,)), run(rounds=(ROUND,))),
        (None, None),
    ],
)
def test_the_same(first: TrainingRun | None, other: TrainingRun | None) -> None:
    assert trainings_compared.differences(first, other) == []


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        (series(0.5, 0.51), series(0.5, 0.53), [("accuracy of epoch 2 is 0.51 vs 0.53", BAND)]),
        (series(0.5, 0.5), series(0.5, 0.9), [("accuracy of epoch 2 is 0.5 vs 0.9", FAR)]),
        (series(0.5, 0.5), series(0.6, 0.9), [("accuracy of epoch 2 is 0.5 vs 0.9", FAR)]),
        (series(0.99), series(1.0), [("accuracy of epoch 1 is 0.99 vs 1", BAND)]),
        (
            series(0.51, samples=None),
            series(0.53, samples=None),
            [("accuracy of epoch 1 is 0.51 vs 0.53", FAR)],
        ),
        (losses(2.0), losses(2.0001), [("loss of epoch 1 is 2 vs 2.0001", BAND)]),
        (losses(2.0), losses(2.0003), [("loss of epoch 1 is 2 vs 2.0003", FAR)]),
        (losses(2.0), losses(math.nan), [("loss of epoch 1 is 2 vs nan", FAR)]),
        (
            losses(0.1),
            losses(math.nextafter(0.1, 1)),
            [("loss of epoch 1 is 0.10000000000000001 vs 0.10000000000000002", BAND)],
        ),
        (losses(2.0, 1.0), losses(2.0), [("the epochs of loss are 2 vs 1", FAR)]),
        (losses(2.0), series(0.5), [("the series are loss vs accuracy", FAR)]),
        (
            run(rounds=(ROUND, ROUND)),
            run(rounds=(ROUND,)),
            [("rounds of aggregation are 2 vs 1", FAR)],
        ),
        (
            run(rounds=(ROUND,)),
            run(rounds=(Round(2, (64, 16), 18),)),
            [(f"round 1 of aggregation has {TWO.format(32)} vs {TWO.format(16)}", FAR)],
        ),
        (
            run(holder()),
            run(holder(after=OTHER_WEIGHTS)),
            [("layers of alice with the same weights after the training are 3 vs 2", BAND)],
        ),
        (
            run(holder(turns=(Turn(((1, 2), (3, 4)), ()),))),
            run(holder(turns=(Turn(((1, 4), (3, 2)), ()),))),
            [("turns of alice on the same batches are 1 vs 0", BAND)],
        ),
        (
            run(rounds=(ROUND, replace(ROUND, given=7))),
            run(rounds=(ROUND, replace(ROUND, given=8))),
            [("rounds with the same aggregate are 1 vs 0", BAND)],
        ),
        (
            run(holder()),
            run(holder(before=OTHER_WEIGHTS)),
            [("layers of alice with the same weights before the training are 3 vs 2", BAND)],
        ),
        (
            run(holder(), history={"loss": [2.0]}),
            run(holder(after=OTHER_WEIGHTS), history={"loss": [1.0]}),
            [
                ("loss of epoch 1 is 2 vs 1", FAR),
                ("layers of alice with the same weights after the training are 3 vs 2", FAR),
            ],
        ),
        (
            run(holder(), holder(name="bob")),
            run(holder()),
            [("those who train are alice, bob vs alice", FAR)],
        ),
        (run(), None, [("the training is recorded vs missing", FAR)]),
        # Another number of layers, all of which are equal as far as both go.
        (
            run(holder()),
            run(holder(after=Weights(((), ("p",), ("s",), ("t",))))),
            [("layers of alice with the same weights after the training are 3 vs 3", BAND)],
        ),
        (
            run(holder()),
            run(holder(after=Weights(((), ("p",))))),
            [("layers of alice with the same weights after the training are 3 vs 2", BAND)],
        ),
    ],
)
def test_a_difference_is_named_and_classed(
    first: TrainingRun | None, other: TrainingRun | None, expected: list[tuple[str, Likeness]]
) -> None:
    found = trainings_compared.differences(first, other)
    assert [(str(d.sentence), d.likeness) for d in found] == expected


@pytest.mark.parametrize(
    ("first", "other", "repeats"),
    [
        (run(), run(), True),
        (run(), run(holder(after=OTHER_WEIGHTS)), False),
        (run(holder(after=None)), run(holder(after=None)), False),
        (losses(2.0), losses(2.0001), False),
        (None, None, False),
        (run(), None, False),
    ],
)
def test_a_training_repeats_itself_only_if_its_weights_are_known(
    first: TrainingRun | None, other: TrainingRun | None, *, repeats: bool
) -> None:
    assert trainings_compared.repeats(first, other) is repeats


@pytest.mark.parametrize(
    ("name", "first", "other", "more", "band"),
    [
        (
            "val_accuracy",
            0.5,
            0.5,
            {"samples": 400, "values": 1},
            f"±0.091 (two shares of 400 samples, {AGRESTI_CAFFO} over 1 values)",
        ),
        (
            "loss",
            2.0,
            1.0,
            {"samples": 1000, "values": 4},
            f"±0.00024 (float32 sums of 1000 terms {NO_GROWTH})",
        ),
        (
            "accuracy",
            0.5,
            0.25,
            {"samples": None, "values": 4},
            f"±6e-08 (float32 sums of an unknown number of terms {NO_GROWTH})",
        ),
    ],
)
def test_a_band_names_its_source(
    name: str, first: float, other: float, more: dict[str, Any], band: str
) -> None:
    assert str(bands.of_series(name, first, other, **more).words) == band


@pytest.mark.parametrize("values", [1, 10, 50])
def test_however_many_values_are_compared_their_bands_hold_together_as_often_as_they_say(
    values: int,
) -> None:
    """Over all outcomes of two runs of 40 samples each, weighed by how likely they are."""
    samples, share = 40, 0.8
    chance = [
        math.comb(samples, k) * share**k * (1 - share) ** (samples - k) for k in range(samples + 1)
    ]
    outside = sum(
        chance[a] * chance[b]
        for a in range(samples + 1)
        for b in range(samples + 1)
        if not bands.of_series(
            "acc", a / samples, b / samples, samples=samples, values=values
        ).holds(a / samples, b / samples)
    )
    assert 0.001 < outside * values < 0.012


def test_the_values_of_all_series_and_epochs_count_when_bands_are_set() -> None:
    def trained(last: float, *more: str) -> TrainingRun:
        names = ["accuracy", *more]
        return run(
            history={name: [0.5] * 9 + [last if name == "accuracy" else 0.5] for name in names},
            samples=dict.fromkeys(names, 200),
        )

    def likeness(*more: str) -> Likeness:
        (found,) = trainings_compared.differences(trained(0.5, *more), trained(0.669, *more))
        return found.likeness

    assert likeness() is FAR
    assert likeness("val_accuracy") is BAND


def test_causes_are_named_before_their_effects() -> None:
    shuffled = (Turn(((2, 1),), ()),)
    first = run(holder(turns=(Turn(((1, 2),), ()),)), history={"loss": [2.0]})
    other = run(
        holder(before=OTHER_WEIGHTS, after=OTHER_WEIGHTS, turns=shuffled), history={"loss": [1.0]}
    )
    assert [str(d.sentence) for d in trainings_compared.differences(first, other)] == [
        "layers of alice with the same weights before the training are 3 vs 2",
        "turns of alice on the same batches are 1 vs 0",
        "loss of epoch 1 is 2 vs 1",
        "layers of alice with the same weights after the training are 3 vs 2",
    ]
