"""What a training was given: measured, told as a warning, and open where nobody saw it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks.builders import case, contract_of, holder, judged, run, training
from verify.checks import training_data
from verify.evidence.evidence import DataPart, Evidence, Layer
from verify.finding import FindingKind, Result, Verdict

TRAIN = DataPart(
    stage="train", samples=80, classes={"oak": 40, "elm": 40}, low=0.0, high=1.0, rows=[*range(80)]
)
VAL = replace(TRAIN, stage="val", samples=20, classes={"oak": 9, "elm": 11}, rows=[*range(80, 100)])
OTHER = replace(TRAIN, rows=[*range(200, 280)])
UNSEEN = DataPart(stage="train", samples=0, classes={}, rows=[], unseen="it makes them itself")


def judge(aspect: str, data: dict[str, tuple[DataPart, ...]], **changed: Any) -> Result:
    kind = "federated" if len(data) > 1 else "local"
    start = changed.pop("start", "pretrained")
    happened = run(holder(**changed.pop("holder", {})), kind=kind, data=data, **changed)
    document = contract_of(trainings=[training(kind=kind, start=start)])
    evidence = Evidence(steps={}, trainings={"train": [happened]})
    return judged(training_data.CHECK, case(document=document, evidence=evidence), f"head/{aspect}")


def test_parties_with_samples_of_their_own_are_as_they_should_be() -> None:
    told = judge("samples", {"alice": (TRAIN, VAL), "bob": (OTHER, VAL)})
    assert (told.verdict, told.warns) == (Verdict.PASS, False)


def test_parties_that_train_on_the_same_samples_are_told() -> None:
    told = judge("samples", {"alice": (TRAIN,), "bob": (TRAIN,)})
    assert (told.verdict, told.warns, told.rule) == (Verdict.PASS, True, FindingKind.SAME_SAMPLES)
    assert "alice and bob train on the same 80 samples" in str(told.observed)
    assert told.suggestion
    assert told.tolerance


@pytest.mark.parametrize(("shared", "warns"), [(2, False), (10, True)])
def test_samples_on_both_sides_of_the_split_are_told(shared: int, warns: bool) -> None:
    held = replace(VAL, rows=[*range(80 - shared, 100 - shared)])
    told = judge("samples", {"this machine": (TRAIN, held)})
    assert told.warns is warns
    assert ("10 of the 20 samples" in str(told.observed)) is warns


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ({"oak": 9, "elm": 11}, ""),
        ({"elm": 20}, "lacks oak"),
        ({"oak": 9, "elm": 6, "yew": 5}, "has yew, which are never trained on"),
    ],
)
def test_a_part_held_out_has_the_classes_that_are_trained_on(
    classes: dict[str, int], said: str
) -> None:
    told = judge("classes", {"this machine": (TRAIN, replace(VAL, classes=classes))})
    assert told.warns is bool(said)
    assert said in str(told.observed)
    assert "class elm" in str(told.observed)


def test_a_rare_class_may_be_missing_by_chance() -> None:
    rare = replace(TRAIN, classes={"oak": 70, "elm": 10})
    told = judge("classes", {"this machine": (rare, replace(VAL, classes={"oak": 20}))})
    assert not told.warns


RESCALES = Layer("scale", "Rescaling", False, 0, 0, 0)


@pytest.mark.parametrize(
    ("low", "high", "changed", "warns"),
    [
        (0.0, 255.0, {}, True),
        (-1.0, 1.0, {}, False),
        (-124.0, 151.0, {}, False),
        (0.0, 1.0, {}, False),
        (0.0, 1.0, {"backend": "torch"}, True),
        (-2.1, 2.6, {"backend": "torch"}, False),
        (0.0, 255.0, {"holder": {"layers": (RESCALES, *holder().layers)}}, False),
    ],
)
def test_the_range_of_inputs_is_that_of_pretrained_networks(
    low: float,
    high: float,
    changed: dict[str, Any],
    warns: bool,
) -> None:
    told = judge("range", {"this machine": (replace(TRAIN, low=low, high=high),)}, **changed)
    assert (told.verdict, told.warns) == (Verdict.PASS, warns)


@pytest.mark.parametrize("aspect", ["samples", "classes", "range"])
def test_what_was_not_seen_is_not_decided(aspect: str) -> None:
    told = judge(aspect, {"this machine": (UNSEEN,)})
    assert told.verdict is Verdict.UNCHECKED
    assert "it makes them itself" in str(told.reason)


def test_a_range_is_asked_of_pretrained_networks_alone() -> None:
    document = contract_of(trainings=[training(start="random")])
    assert training_data.CHECK.subjects(document) == ["head/samples", "head/classes"]
