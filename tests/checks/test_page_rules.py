"""A page of which nobody has said what it claims is still held to what it says itself."""

from pathlib import Path
from typing import Any

import pytest

from tests.checks.builders import contract_of, erratum, judged
from verify.checks import page_rules
from verify.checks.case import Case
from verify.contract.edition import Edition
from verify.contract.pins import NONE
from verify.finding import Result, Verdict
from verify.page import reader
from verify.rules import one_page

SUM = "The archive has a total of 12 trees. Trees of each sort: pear (4), plum (5), fig (2)."


def judge(text: str, **changed: Any) -> Result:
    page = reader.of_text(f"# %% [markdown]\n# {text}\n\n# %%\nx = 1\n", Path("small.py"))
    contract = contract_of(derived=True, **changed)
    case = Case(
        contract=contract,
        profile_name="short",
        notebook=page,
        pins=NONE,
        edition=Edition.PUBLISHED,
        contradictions=one_page.contradictions(page),
    )
    return judged(page_rules.CHECK, case, "")


@pytest.mark.parametrize(
    ("text", "verdict"), [(SUM, Verdict.FAIL), (SUM.replace("fig (2)", "fig (3)"), Verdict.PASS)]
)
def test_numbers_that_do_not_add_up_contradict_the_page(text: str, verdict: Verdict) -> None:
    found = judge(text)
    assert found.verdict is verdict
    assert found.cells == ((0,) if verdict is Verdict.FAIL else ())
    assert str(found.observed).startswith("cell 0: " if verdict is Verdict.FAIL else "")


def test_a_slip_that_the_ledger_knows_is_told_as_its_erratum() -> None:
    known = erratum(kind="text", cells=[0])
    assert judge(SUM, errata=(known,)).verdict is Verdict.PASS
    assert judge(SUM, errata=(erratum(kind="text", cells=[1]),)).verdict is Verdict.FAIL


def test_where_a_person_has_said_what_a_page_claims_that_decides() -> None:
    assert page_rules.CHECK.subjects(contract_of()) == []
    assert page_rules.CHECK.subjects(contract_of(derived=True)) == [""]
