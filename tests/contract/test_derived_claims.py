"""What the page itself states is claimed without being written, and what rests on it is known."""

from pathlib import Path
from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import contract_of, training
from verify.contract import contract, derived_claims, documented_samples, pins
from verify.contract.claim import Claim
from verify.contract.pins import Pins
from verify.errors import UsageError
from verify.page.code.facts import Fact, FactKind
from verify.system.resources import TUTORIALS

OFFICIAL = [TUTORIALS / n for n in ("tensorflow-finetune-inception-v3", "pytorch-finetune-alexnet")]


def metric(name: str, value: str) -> Fact:
    return Fact(FactKind.METRIC, name, (value,))


def pinned(*stated: Fact, **more: Any) -> Pins:
    """Pins of a page whose cell 2 trains, and has this output stored."""
    fields: dict[str, Any] = {"digests": ("a", "b", "c"), "code_cells": (1, 2), "facts": {}}
    empty = dict.fromkeys(("ref", "commit", "path", "blob"), "")
    return Pins(**{**empty, **fields, "stated": {2: stated}, **more})


def derived(*stated: Fact, claims: list[Claim] | None = None, **changed: Any) -> list[Claim]:
    document = contract_of(trainings=[training(**changed)], claims=claims or [])
    return derived_claims.completed(document, pinned(*stated))


def test_what_metrics_end_with_is_claimed() -> None:
    found = derived(metric("loss", "112.4"), metric("loss", "0.5678"), metric("accuracy", "0.8023"))
    assert [(one.id, one.cell, one.documented) for one in found] == [
        ("head-accuracy", 2, 0.8023),
        ("head-loss", 2, 0.5678),
    ]
    assert str(found[0].says) == "head ends with accuracy 0.8023"
    seen = found[0].evidence
    assert seen is not None
    assert seen.measured is not None
    assert (seen.measured.trainings, seen.measured.documented_once) == (["head"], True)


@pytest.mark.parametrize(
    ("stated", "changed"),
    [
        ([metric("auc", "0.9")], {}),  # the contract knows no such series
        ([], {}),
        ([metric("loss", "0.5")], {"seeds": 5}),  # which of them is it?
        ([metric("loss", "0.5")], {"step": "load"}),  # another cell's
    ],
)
def test_what_no_output_states_is_not_claimed(stated: list[Fact], changed: dict[str, Any]) -> None:
    assert derived(*stated, **changed) == []


def test_a_written_claim_stands_in_the_place_of_a_derived_one() -> None:
    own = Claim(id="head-loss", cell=2, says=words("so it is"), documented=0.5)
    found = derived(metric("loss", "0.4"), claims=[own])
    assert [one.documented for one in found] == [0.5]


def claim(**fields: Any) -> Claim:
    return Claim.model_validate({"id": "it", "says": words("so"), "anchor": "0" * 12} | fields)


def filled(one: Claim, seen: Pins) -> Claim:
    (found,) = derived_claims.completed(contract_of(claims=[one], trainings=[]), seen)
    return found


def test_a_sentence_tells_its_cell() -> None:
    sentences = {0: {"0" * 12: ("5",)}, 2: {"1" * 12: ()}}
    assert filled(claim(documented=5), pinned(sentences=sentences)).cell == 0
    assert filled(claim(documented=5, cell=2), pinned(sentences=sentences)).cell == 2
    assert filled(claim(documented=5, anchor="2" * 12), pinned(sentences=sentences)).cell is None


def test_a_sentence_of_several_cells_needs_one_named() -> None:
    sentences = {0: {"0" * 12: ("5",)}, 2: {"0" * 12: ("5",)}}
    with pytest.raises(
        UsageError, match=r"claim it: cells 0, 2 have its sentence; say with `cell`"
    ):
        filled(claim(documented=5), pinned(sentences=sentences))
    assert filled(claim(documented=5, cell=2), pinned(sentences=sentences)).cell == 2


@pytest.mark.parametrize(
    ("arguments", "documented"),
    [(("'x'", "epochs=50"), [50]), (("'x'",), None), (("epochs=?",), None)],
)
def test_what_the_pages_code_states_need_not_be_written(
    arguments: tuple[str, ...], documented: list[int] | None
) -> None:
    stated = {"step": "train", "target": "*.fit", "argument": "epochs"}
    facts = {2: (Fact(FactKind.CALL, "data.fit", arguments),)}
    one = claim(evidence={"stated": stated})
    assert filled(one, pinned(facts=facts)).documented == documented
    assert filled(claim(evidence={"stated": stated}, documented=7), pinned(facts=facts)).values == [
        7
    ]


# On how many samples.


@pytest.mark.parametrize(
    ("value", "fewest"),
    [
        ("0.5", 2),
        ("0.8023", 86),  # 69 of 86
        ("0.9489583373069763", 960),  # 911 of 960, rounded to float32
        ("0.5643153786659241", 241),
        ("0.0", 1),
        ("1.0", 1),
        ("6.25e-2", 16),
    ],
)
def test_a_share_rests_on_no_fewer_samples_than_its_digits_tell(value: str, fewest: int) -> None:
    assert documented_samples.of("accuracy", value, []) == fewest
    for samples in range(1, fewest):
        rounded = {f"{hits / samples:.{len(value) - 2}f}" for hits in range(samples + 1)}
        assert value not in rounded


@pytest.mark.parametrize("series", ["loss", "precision", "auc", "epsilon"])
def test_what_is_no_share_of_all_samples_rests_on_no_known_number(series: str) -> None:
    assert documented_samples.of(series, "0.5", []) is None


def files(*counts: int) -> list[Fact]:
    return [Fact(FactKind.QUANTITY, "files", (str(count),)) for count in counts]


@pytest.mark.parametrize(
    ("counts", "series", "samples"),
    [
        ((1201, 961, 240), "accuracy", 961),
        ((1201, 961, 240), "val_accuracy", 240),
        ((1201, 961, 241), "accuracy", 2),  # no sum
        ((480, 240, 240), "accuracy", 2),  # which is which?
    ],
)
def test_where_the_page_divides_its_files_they_are_the_samples(
    counts: tuple[int, ...], series: str, samples: int
) -> None:
    assert documented_samples.of(series, "0.5", files(*counts)) == samples


def test_a_precision_that_is_written_like_the_accuracy_rests_on_the_same_samples() -> None:
    both = [metric("accuracy", "0.9489583373069763"), metric("precision", "0.9489583373069763")]
    found = {one.id: one for one in derived(*both, metrics=["accuracy", "precision"])}
    seen = found["head-precision"].evidence
    assert seen is not None
    assert seen.measured is not None
    assert seen.measured.documented_samples == 960


# The pages that there are.


@pytest.mark.parametrize("folder", OFFICIAL, ids=lambda folder: folder.name)
def test_the_ends_of_all_trainings_of_official_pages_are_claimed(folder: Path) -> None:
    document = contract.read(folder / contract.FILE_NAME)
    claimed = {one.id for one in document.claims}
    for one in document.trainings:
        assert {derived_claims.id_of(one.id, series) for series in one.metrics} <= claimed
    assert all(one.cell is not None for one in document.claims)
    assert pins.read(document.pins_path).path == document.official.path
