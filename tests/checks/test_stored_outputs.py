"""Our edition prints the facts that the page has stored, in whatever words."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks.builders import case, contract_of, evidence_of, judged, shortened
from verify.checks import Case, stored_outputs
from verify.execute.failures import of_timeout
from verify.finding import Result, Verdict
from verify.page import stated as statements

SHAPES = "batch (8, 64, 64, 1), labels (8,)\n"
TYPES = "<class 'barn.Stable'> <class 'barn.Stable'>\n"
KEYS = "dict_keys(['loss', 'accuracy'])\n"
LAYERS = "0 input_1\n1 dense\n2 dense_1\n"


def stored(text: str, **more: Any) -> Case:
    """A page whose last cell has a stored output."""
    built = case(**more)
    stated = {3: tuple(dict.fromkeys(statements.fixed(text)))}
    return replace(built, pins=replace(built.pins, stated=stated))


def printed(text: str | None, page: str, **more: Any) -> Result:
    return judged(
        stored_outputs.CHECK, stored(page, evidence=evidence_of(output=text, **more)), "show"
    )


@pytest.mark.parametrize(
    ("page", "run"),
    [
        (SHAPES, SHAPES),
        (SHAPES, "(8, 64, 64, 1)\nand (8,)\n"),  # an edition words what it prints as it likes
        (TYPES, TYPES.replace("> <", ">\n<")),
        (KEYS, KEYS),
        (LAYERS, LAYERS),
        (LAYERS, LAYERS.replace("input_1", "input_7")),  # a library counts its networks
        (SHAPES + TYPES, TYPES + SHAPES),
    ],
)
def test_what_is_stored_is_printed_again(page: str, run: str) -> None:
    result = printed(run, page)
    assert (result.verdict, result.step, result.cells) == (Verdict.PASS, "show", (3,))


@pytest.mark.parametrize(
    ("page", "run", "observed"),
    [
        (SHAPES, SHAPES.replace("64, 64", "64, 63"), "shape (8, 64, 63, 1); shape (8,)"),
        (SHAPES, SHAPES.replace(", 1)", ")"), "shape (8, 64, 64); shape (8,)"),
        (SHAPES, "nothing", "nothing of the kind"),
        (SHAPES, SHAPES + "and (2, 2)\n", "shape (8, 64, 64, 1); shape (8,); shape (2, 2)"),
        (TYPES, TYPES.replace("Stable", "Shed"), "type barn.Shed"),
        (KEYS, KEYS.replace(", 'accuracy'", ""), "keys dict_keys: 'loss'"),
        (KEYS, KEYS.replace("'loss', 'accuracy'", "'accuracy', 'loss'"), "keys dict_keys: 'acc"),
        (LAYERS, "0 input_1\n1 dense\n", "nothing of the kind"),
        (LAYERS, LAYERS + "3 dense_2\n", "list 4: 3 dense, 1 input"),
        (LAYERS, "0 dense\n1 input_1\n2 dense_1\n", "list 3: 2 dense, 1 input, order "),
        (LAYERS, LAYERS.replace("dense_1", "conv2d"), "list 3: 1 conv2d, 1 dense, 1 input"),
        (LAYERS, "1 input_1\n2 dense\n3 dense_1\n", "nothing of the kind"),
    ],
)
def test_anything_else_fails(page: str, run: str, observed: str) -> None:
    result = printed(run, page)
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).startswith(observed)
    assert str(result.says).startswith("that it prints ")


@pytest.mark.parametrize("printed_", ["(3, 2)", "(6,)", "(1, 6)", "(2, 3, 1)"])
def test_a_shape_of_the_same_size_is_another_shape(printed_: str) -> None:
    assert printed("(2, 3)\n", "(2, 3)\n").verdict is Verdict.PASS
    result = printed(f"{printed_}\n", "(2, 3)\n")
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, f"shape {printed_}")


def test_what_is_no_fact_our_edition_prints_in_its_own_words() -> None:
    result = printed("nothing", "nothing")
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "our edition prints it in its own words",
    )


COUNTS = "Found 1201 files belonging to 5 classes.\n"


@pytest.mark.parametrize(
    ("run", "verdict"),
    [
        ("there are 5 classes here", Verdict.PASS),
        ("there are 6 classes here", Verdict.FAIL),
        ("there are roses here", Verdict.UNCHECKED),
    ],
)
def test_counts_are_facts_where_our_edition_tells_them(run: str, verdict: Verdict) -> None:
    counts = {3: tuple(statements.counted(COUNTS))}
    built = case(evidence=evidence_of(output=run))
    built = replace(built, pins=replace(built.pins, stated=counts))
    assert judged(stored_outputs.CHECK, built, "show").verdict is verdict


def test_counts_that_a_change_reaches_are_no_facts() -> None:
    counts = {3: tuple(statements.counted(COUNTS))}
    built = case(
        evidence=evidence_of(output="there are 6 classes here"), applied=(shortened("train"),)
    )
    built = replace(built, pins=replace(built.pins, stated=counts))
    built = replace(built, applied=(replace(built.applied[0], cell=2),))
    assert judged(stored_outputs.CHECK, built, "show").verdict is Verdict.UNCHECKED


@pytest.mark.parametrize("output", [None, SHAPES])
def test_a_step_that_did_not_run_prints_nothing(output: str | None) -> None:
    result = printed(output, SHAPES, **({"failure": of_timeout(1)} if output else {}))
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "the step did not come to its end in this run",
    )


def test_a_profile_may_say_why_it_prints_something_else() -> None:
    document = contract_of()
    short = document.profiles["short"].model_copy(
        update={"undecided": {"outputs:show": "there is less data"}}
    )
    document = contract_of(profiles={"short": short})
    built = stored(SHAPES, document=document, evidence=evidence_of(output="(4, 64)"))
    result = judged(stored_outputs.CHECK, built, "show")
    assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, "there is less data")
