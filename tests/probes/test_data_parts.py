"""Parts of data are described as they are given, and nothing that a page trains on is a fault."""

from typing import Any

import numpy as np
import pytest
from docprobe import data_parts
from docprobe.audit import checksum

X = np.arange(12, dtype="f4").reshape(6, 2)
Y = np.array([0, 1, 1, 2, 2, 2])


def test_a_part_has_its_classes_its_range_and_its_samples() -> None:
    part = data_parts.Part("train", rows=True)
    part.add(X[:4], Y[:4])
    part.add({"pixels": X[4:]}, Y[4:])
    told = part.told()
    assert (told.stage, told.samples) == ("train", 6)
    assert told.classes == {"0": 1, "1": 2, "2": 3}
    assert (told.low, told.high) == (0.0, 11.0)
    assert told.rows == [checksum([row]) for row in X]


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (np.eye(3)[Y], {"0": 1, "1": 2, "2": 3}),
        (Y.reshape(-1, 1).astype("f4"), {"0": 1, "1": 2, "2": 3}),
        (np.array(["oak", "elm", "elm", "oak", "elm", "elm"]), {"oak": 2, "elm": 4}),
        (np.array([0.5, 1, 2, 3, 4, 5]), {}),
        (np.ones((6, 2)), {}),
        (None, {}),
    ],
)
def test_labels_that_are_no_classes_have_none(labels: Any, classes: dict[str, int]) -> None:
    part = data_parts.Part("val", rows=False)
    part.add(X, labels)
    told = part.told()
    assert (told.classes, told.unseen, told.rows) == (classes, "", [])


def test_what_cannot_be_read_says_so() -> None:
    part = data_parts.Part("train", rows=True)
    part.add(object(), None)
    assert part.told().unseen


def test_an_infinite_input_has_no_range() -> None:
    part = data_parts.Part("train", rows=False)
    part.add(np.array([[np.inf], [1.0]]), None)
    assert (part.told().low, part.told().high) == (None, None)


def test_the_end_of_the_data_is_split_off() -> None:
    train, val = data_parts.of_fit({"x": X, "y": Y, "validation_split": 0.5})
    assert (train.stage, train.classes) == ("train", {"0": 1, "1": 2})
    assert (val.stage, val.classes) == ("val", {"2": 3})
    assert not {*train.rows} & {*val.rows}


def test_validation_data_are_a_part_of_their_own() -> None:
    train, val = data_parts.of_fit({"x": X[:4], "y": Y[:4], "validation_data": (X[2:], Y[2:])})
    assert len({*train.rows} & {*val.rows}) == 2
    assert val.samples == 4


@pytest.mark.parametrize("given", [{"x": iter(())}, {"x": X, "validation_split": "much"}])
def test_what_makes_its_batches_itself_is_not_read(given: dict[str, Any]) -> None:
    (train,) = data_parts.of_fit(given)
    assert train.unseen
    assert train.samples == 0
