"""Metrics of several parties add up to what one party would have had with all their samples."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from verify.evidence.evidence import Metric
from verify.evidence.merged_metrics import Merged, together

Floats = tuple[float, ...]


def mean(total: float, count: float, **changed: Any) -> Metric:
    fields: dict[str, Any] = {
        "name": "loss",
        "kind": "Mean",
        "values": (float(np.float32(total) / np.float32(count)),) if count else (0.0,),
        "total": total,
        "count": count,
    }
    return Metric(**fields | changed)


def counted(kind: str, values: Floats, counts: Sequence[Floats], **changed: Any) -> Metric:
    right, alarms, rest, missed = counts
    return Metric(
        **{
            "name": kind.lower(),
            "kind": kind,
            "values": values,
            "true_positives": right,
            "false_positives": alarms,
            "true_negatives": rest,
            "false_negatives": missed,
        }
        | changed
    )


def areas(scores: Sequence[float], labels: Sequence[int]) -> Metric:
    """As Keras counts, over 200 thresholds, and what it makes of that."""
    thresholds = [-1e-7, *(i / 199 for i in range(1, 199)), 1 + 1e-7]
    above = np.asarray(scores)[None, :] > np.asarray(thresholds)[:, None]
    is_yes = np.asarray(labels, dtype=bool)
    hits, alarms = above[:, is_yes].sum(1), above[:, ~is_yes].sum(1)
    rate, false = hits / is_yes.sum(), alarms / (~is_yes).sum()
    area = np.float32(np.sum((false[:-1] - false[1:]) * (rate[:-1] + rate[1:]) / 2))
    columns = (hits, alarms, (~is_yes).sum() - alarms, is_yes.sum() - hits)
    counts = [tuple(map(float, one)) for one in columns]
    return counted("AUC", (float(area),), counts, curve="ROC")


def test_a_mean_is_of_all_samples() -> None:
    found = together([mean(30.0, 60), mean(30.0, 20)])
    assert found is not None
    assert found.value == 0.75
    assert found.agrees(float(np.float32(0.75)))
    assert not found.agrees((0.5 + 1.5) / 2)
    assert not found.agrees(0.750001)


def test_one_party_alone_has_its_own_value() -> None:
    found = together([mean(1.0, 3)])
    assert found is not None
    assert found.agrees(float(np.float32(1) / np.float32(3)))


def test_a_mean_of_nothing_is_zero_as_keras_has_it() -> None:
    found = together([mean(0.0, 0)])
    assert found is not None
    assert found.value == 0


ROUNDING = 2.0**-24  # half a unit in the last place of a float32


@pytest.mark.parametrize(
    ("value", "off", "trusted"),
    [(0.5, 3, True), (0.5, 4, True), (0.5, 6, False), (4.0, 8, True), (4.0, 20, False)],
)
def test_a_partys_own_value_may_be_off_by_its_roundings(
    value: float, off: int, *, trusted: bool
) -> None:
    own = mean(value, 1, values=(value + off * ROUNDING,))
    assert (together([own]) is not None) is trusted


def test_what_two_parties_come_to_may_be_off_by_the_roundings_of_both() -> None:
    found = together([mean(30.0, 60), mean(30.0, 20)])
    assert found == Merged(0.75, 6 * ROUNDING * 1.5)
    assert Merged(0.5, 0.25).agrees(0.75)
    assert not Merged(0.5, 0.25).agrees(0.76)


def test_classes_that_nobody_has_seen_have_an_average_of_zero() -> None:
    nothing = counted("MulticlassPrecision", (0.0,), [(0.0, 0.0)] * 4, average="macro")
    found = together([nothing])
    assert found is not None
    assert found.value == 0


def test_a_loss_that_diverged_stays_undefined() -> None:
    found = together([mean(math.nan, 4), mean(1.0, 4)])
    assert found is not None
    assert found.agrees(math.nan)
    assert not found.agrees(0.25)


def test_an_area_comes_from_the_sum_of_counts_and_not_from_areas() -> None:
    random = np.random.default_rng(1)
    parties = []
    for size, shift in ((300, 0.3), (40, 0.02)):
        labels = random.integers(0, 2, size)
        scores = np.clip(random.uniform(0, 0.7, size) + shift * labels, 0, 1)
        parties.append((scores.tolist(), labels.tolist()))
    own = [areas(*party) for party in parties]
    whole = areas(*([*a, *b] for a, b in zip(*parties, strict=True)))
    found = together(own)
    assert found is not None
    assert found.agrees(whole.values[0])
    plain = sum(one.values[0] for one in own) / 2
    assert not found.agrees(plain)


PRECISION = [((8.0,), (2.0,), (5.0,), (5.0,)), ((2.0,), (18.0,), (10.0,), (10.0,))]


@pytest.mark.parametrize(
    ("kind", "average", "values", "merged"),
    [
        ("BinaryPrecision", "none", (0.8, 0.1), 10 / 30),
        ("BinaryRecall", "none", (8 / 13, 1 / 6), 10 / 25),
        ("BinaryAccuracy", "none", (13 / 20, 12 / 40), 25 / 60),
        ("MulticlassAccuracy", "micro", (8 / 13, 1 / 6), 10 / 25),
    ],
)
def test_shares_come_from_the_sum_of_counts(
    kind: str, average: str, values: Floats, merged: float
) -> None:
    own = [
        counted(kind, (value,), counts, average=average)
        for value, counts in zip(values, PRECISION, strict=True)
    ]
    found = together(own)
    assert found is not None
    assert found.value == pytest.approx(merged)
    assert not found.agrees(sum(values) / 2)


def test_classes_are_averaged_after_they_are_merged() -> None:
    one = ((4.0, 0.0, 0.0), (0.0, 4.0, 0.0), (4.0, 4.0, 8.0), (0.0, 0.0, 0.0))
    other = ((1.0, 3.0, 0.0), (1.0, 0.0, 0.0), (4.0, 4.0, 8.0), (0.0, 1.0, 0.0))
    macro = [
        counted("MulticlassPrecision", (value,), counts, average="macro")
        for value, counts in ((0.5, one), (0.75, other))
    ]
    found = together(macro)
    assert found is not None
    assert found.value == pytest.approx((5 / 6 + 3 / 7) / 2)  # nobody has the third class
    each = [
        counted("MulticlassPrecision", values, counts, average="none")
        for values, counts in (((1.0, 0.0, 0.0), one), ((0.5, 1.0, 0.0), other))
    ]
    found = together(each)
    assert found is not None
    assert found.value == pytest.approx((5 / 6 + 3 / 7 + 0) / 3)


@pytest.mark.parametrize(
    "strange",
    [
        Metric(name="kendall", kind="KendallRankCorrCoef", values=(0.3,)),
        counted("AUC", (0.5,), PRECISION[0], curve="PR"),
        counted("BinaryPrecision", (0.7,), PRECISION[0]),  # its own value is another one
        counted("MulticlassPrecision", (0.3,), PRECISION[0], average="weighted"),
        mean(30.0, 60, values=(0.6,)),
        mean(30.0, 60, values=(math.nan,)),
        mean(30.0, 60, values=()),
        Metric(name="loss", kind="Mean", values=(0.0,), total=30.0),
        counted("BinarySpecificity", (13 / 20,), PRECISION[0]),  # as large as the accuracy
        counted("AUC", (0.0,), PRECISION[0], curve="PR"),  # as large as the other curve's
    ],
)
def test_what_no_formula_explains_is_not_worked_out(strange: Metric) -> None:
    assert together([strange, strange]) is None
