"""A published page that is not the pinned one fails at the cells that changed."""

from dataclasses import replace

import pytest

from tests.checks.builders import EDITION, case, edited, judged
from verify.checks import page_drift, pin_identity
from verify.contract.edition import Edition
from verify.finding import Verdict


@pytest.mark.parametrize(
    ("was", "becomes", "step", "says", "observed"),
    [
        (
            "size=180",
            "size=192",
            "load",
            "numpy.load('flowers', size=180)",
            "in cell 1 numpy.load('flowers', size=192)",
        ),
        ("epochs = 50", "epochs = 5 * 10", "train", "other words", "in cell 2 other words"),
        ("epochs = 50", "epochs = 5 * 11", "train", "epochs = 50", "in cell 2 epochs = 55"),
        ("draw(", "draw( ", "show", "other words", "in cell 3 other words"),
    ],
)
def test_a_changed_cell_is_named_with_its_step(
    was: str, becomes: str, step: str, says: str, observed: str
) -> None:
    drifted = case(edited((was, becomes)), edition=Edition.PUBLISHED)
    for subject in ("load", "train", "show"):
        result = judged(page_drift.CHECK, drifted, subject)
        assert (result.verdict is Verdict.FAIL) == (subject == step)
    result = judged(page_drift.CHECK, drifted, step)
    assert str(result.says).startswith(says)
    assert str(result.observed).startswith(observed)
    assert judged(pin_identity.CHECK, drifted).verdict is Verdict.PASS


def test_a_cell_that_changed_by_a_repair_alone_is_known() -> None:
    drifted = case(edited(("size=180", "size=192"), ("small", "tiny")), edition=Edition.PUBLISHED)
    known = replace(drifted, repaired={0: ("words",), 1: ("too-small", "too-slow")})
    result = judged(page_drift.CHECK, known, "load")
    assert (result.verdict, str(result.observed)) == (
        Verdict.PASS,
        "repaired on this page as the ledger does: too-small, too-slow",
    )
    assert judged(pin_identity.CHECK, known).verdict is Verdict.PASS
    other = replace(drifted, repaired={2: ("too-small",)})
    assert judged(page_drift.CHECK, other, "load").verdict is Verdict.FAIL
    assert judged(pin_identity.CHECK, other).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("page", "cell"),
    [
        (edited(("A small document", "A smaller document")), 0),
        (EDITION + "\n# %% [markdown]\n# The end.\n", 4),
    ],
)
def test_changed_prose_is_named_by_its_cell(page: str, cell: int) -> None:
    drifted = case(page, edition=Edition.PUBLISHED)
    result = judged(pin_identity.CHECK, drifted)
    assert (result.verdict, str(result.observed)) == (
        Verdict.FAIL,
        f"cell {cell} is not the one that was pinned",
    )
    assert all(
        judged(page_drift.CHECK, drifted, step).verdict is Verdict.PASS
        for step in ("load", "train", "show")
    )


def test_our_own_edition_may_be_worded_otherwise() -> None:
    own = case(edited(("A small document", "A smaller document")))
    assert judged(pin_identity.CHECK, own).verdict is Verdict.PASS


def test_a_page_that_lost_a_cell_fails_there() -> None:
    shorter = case(EDITION.partition('# %% step="show"')[0], edition=Edition.PUBLISHED)
    result = judged(page_drift.CHECK, shorter, "show")
    assert result.verdict is Verdict.FAIL
    assert str(result.observed) == "in cell 3 other words"
