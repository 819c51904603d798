"""What is frozen may be said as a number, by names, by patterns, or by ranges of indices."""

from typing import Any

import pytest

from tests.checks.builders import (
    case,
    contract_of,
    evidence_of,
    holder,
    judged,
    run,
    training,
)
from verify.checks import freezing
from verify.contract.training_terms import Training
from verify.evidence.evidence import Holder, Layer
from verify.finding import Result, Verdict


def network(frozen: set[int], **changed: Any) -> Holder:
    """Four layers, of which some are frozen, and all others moved."""
    names = ("conv1", "conv2", "bn2", "head")
    moved = tuple(0.0 if i in frozen else 0.5 for i in range(len(names)))
    fields: dict[str, Any] = {
        "layers": tuple(
            Layer(name, "Dense", i not in frozen, 1, int(i not in frozen), 2)
            for i, name in enumerate(names)
        ),
        "phases": (moved,),
        "drift": moved,
        "magnitudes": (1.0,) * len(names),
    }
    return holder(**fields | changed)


def of(stated: Any, *holders: Holder, layers: int | None = None) -> Result:
    """The judgement of a training of which this is said."""
    documented = training(frozen=stated, layers=layers)
    document = contract_of(trainings=[documented])
    return judged(
        freezing.CHECK, case(document=document, evidence=evidence_of(run(*holders))), "head"
    )


@pytest.mark.parametrize(
    ("stated", "frozen"),
    [
        (2, {0, 1}),
        (0, set()),
        ([], set()),
        (["conv1", "conv2"], {0, 1}),
        (["conv*"], {0, 1}),
        (["0-1"], {0, 1}),
        (["1-2", "head"], {1, 2, 3}),
        (["bn2"], {2}),
        (["3-3"], {3}),
        (["conv[12]", "2-2"], {0, 1, 2}),
        (["0-99"], {0, 1, 2, 3}),
    ],
)
def test_each_form_passes_where_just_these_layers_are_frozen(stated: Any, frozen: set[int]) -> None:
    assert of(stated, network(frozen)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("stated", "frozen", "observed"),
    [
        (2, {0}, "layer 1 (conv2) at alice is free"),
        (["conv*"], {0}, "layer 1 (conv2) at alice is free"),
        (["conv1"], {0, 1}, "layer 1 (conv2) at alice is frozen"),
        (["0-2"], {0, 1}, "layer 2 (bn2) at alice is free"),
        (["1-2"], {0, 1, 2}, "layer 0 (conv1) at alice is frozen"),
        (["conv*", "gone"], {0, 1}, "no network has a layer gone"),
        (["7-9"], set(), "no network has a layer 7-9"),
        ([], {3}, "layer 3 (head) at alice is frozen"),
    ],
)
def test_nearly_the_same_fails_by_name(stated: Any, frozen: set[int], observed: str) -> None:
    result = of(stated, network(frozen))
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).startswith(observed)


def test_a_frozen_layer_that_moves_fails_in_every_form() -> None:
    moved = network({0, 1}, phases=((0.0, 1e-9, 0.5, 0.5),))
    for stated in (2, ["conv*"], ["0-1"]):
        assert str(of(stated, moved).observed).startswith("layer 1 (conv2) at alice moved by 1e-09")


def test_parts_of_a_split_network_are_told_apart_by_their_path() -> None:
    parts = network({0, 1}, part="base"), network(set(), name="bob", part="base")
    assert of(["alice/base/conv*"], *parts).verdict is Verdict.PASS
    wrong = of(["*/base/conv*"], *parts)
    assert str(wrong.observed).startswith("layer 0 (conv1) at bob (base) is free")


def test_what_the_page_does_not_say_is_not_judged() -> None:
    count = of(None, network({1}), layers=4)
    assert (count.verdict, str(count.says)) == (Verdict.PASS, "the network has 4 layers")
    assert str(of(None, network({1}), layers=5).observed) == "alice has 4 layers"
    nothing = contract_of(trainings=[training(frozen=None, layers=None)])
    assert freezing.CHECK.subjects(nothing) == []


@pytest.mark.parametrize("stated", [-1, "conv*", [1, 2], 0.5])
def test_other_forms_are_no_contract(stated: Any) -> None:
    given = training().model_dump() | {"frozen": stated}
    with pytest.raises(ValueError, match="frozen"):
        Training.model_validate(given)
