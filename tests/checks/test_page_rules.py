"""What rules say of a page stands beside its run: each defect once, and no warning decides."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import contract_of, erratum, judged
from verify.checks import page_rules, told_once
from verify.checks.case import Case
from verify.checks.told_once import OneList
from verify.contract.edition import Edition
from verify.contract.pins import NONE
from verify.finding import CheckKind, Finding, FindingKind, Result, Severity, Verdict
from verify.page import reader, text_cells
from verify.page.page import Page
from verify.rules import one_page
from verify.system.words import Words

TREES = "The archive has a total of 12 trees. Trees of each sort: pear (4), plum (5), fig (2)."
PAGE = reader.of_text("# %% [markdown]\n# Trees\n\n# %%\nx = 1\n", Path("small.py"))
PLACE = Path(contract_of().official.path)


def found(kind: FindingKind, message: str, **fields: Any) -> Finding:
    """An error of the second cell, with advice."""
    said: dict[str, Any] = {"file": PLACE, "line": 5, "cell": 1, "severity": Severity.ERROR}
    return Finding(kind=kind, message=message, suggestion="Mend it.", **said | fields)


SUM = found(FindingKind.ARITHMETIC, "The text says 12 trees, but its parts add up to 11.")
NAME = found(FindingKind.MISSING_ATTRIBUTE, "`orchard.tools` has no `pruned` in orchard-2.")
OTHER = found(FindingKind.MISSING_ATTRIBUTE, "`orchard.tools` has no `grafted` in orchard-2.")
PACKAGE = found(FindingKind.UNDOCUMENTED_PACKAGE, "`ladder` is imported, but nothing brings it.")


def ran(kind: CheckKind, observed: str, **fields: Any) -> Result:
    """A result of the second cell that fails."""
    return Result(kind.id_of("one"), kind, Verdict.FAIL, observed=observed, cells=(1,), **fields)


BROKE = ran(CheckKind.RUN, "ImportError: cannot import name 'pruned' from 'orchard.tools'")


def listed(*findings: Finding, results: list[Result] = [], **changed: Any) -> OneList:  # noqa: B006
    return told_once.listed(findings, results, contract_of(**changed), PAGE)


def judge(*findings: Finding | Words, results: list[Result] = [], **changed: Any) -> Result:  # noqa: B006
    said = [one for one in findings if isinstance(one, Finding)]
    why = [one for one in findings if isinstance(one, Words)]
    case = Case(
        contract=contract_of(**changed),
        profile_name="short",
        notebook=PAGE,
        pins=NONE,
        edition=Edition.PUBLISHED,
        rules=lambda: why[0] if why else listed(*said, results=results, **changed),
    )
    return judged(page_rules.CHECK, case, "")


def test_an_error_speaks_against_the_page_and_a_warning_does_not() -> None:
    warning = found(FindingKind.ARITHMETIC, str(SUM.message), severity=Severity.WARNING)
    assert judge(SUM).verdict is Verdict.FAIL
    assert judge(SUM).cells == (1,)
    assert str(judge(SUM).observed).startswith("cell 1: The text says 12 trees")
    assert judge(warning).verdict is Verdict.PASS
    (told,) = listed(warning).of_rules
    assert (told.warns, told.verdict, told.rule) == (True, Verdict.PASS, FindingKind.ARITHMETIC)
    assert str(told.words).endswith(str(SUM.message))
    assert told.suggestion == "Mend it."


def test_a_rule_that_breaks_is_our_own_fault() -> None:
    broken = found(FindingKind.NOT_CHECKED, "The rule `sums` broke on this page.", ours=True)
    assert judge(broken).verdict is Verdict.ERROR


def test_documentation_that_is_out_of_reach_leaves_the_rules_undecided() -> None:
    why = words("the network is away")
    assert judge(why).verdict is Verdict.UNCHECKED
    assert judge(why).reason == str(why)


@pytest.mark.parametrize(
    "other",
    [
        found(FindingKind.TRANSLATION, "The translation says 13.", file=Path("zh/small.po")),
        found(FindingKind.IMPOSSIBLE_OUTPUT, "The output says orchard 1."),
    ],
)
def test_what_is_in_another_file_or_compared_by_the_run_is_told_as_a_warning(
    other: Finding,
) -> None:
    assert judge(other).verdict is Verdict.PASS
    (told,) = listed(other).of_rules
    assert told.place == (other.file.as_posix(), 5)
    assert told.warns


def test_a_missing_name_that_breaks_the_run_is_told_once() -> None:
    of_rules = Result("rules", CheckKind.RULES, Verdict.FAIL)
    later = Result("repeat:one", CheckKind.REPEAT, Verdict.PASS)
    one = listed(NAME, OTHER, results=[BROKE])
    broke, grafted, last = one.beside([BROKE, of_rules, later])
    assert last is later
    assert listed(results=[BROKE]).beside([BROKE, of_rules]) == [BROKE, of_rules]
    assert (broke.verdict, broke.observed) == (Verdict.FAIL, BROKE.observed)
    assert (broke.rule, broke.suggestion) == (NAME.kind, "Mend it.")
    assert grafted.observed == OTHER.message
    assert grafted.id == "rules:missing-attribute:cell-1"
    assert judge(NAME, results=[BROKE]).verdict is Verdict.PASS
    assert judge(NAME, OTHER, results=[BROKE]).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "elsewhere",
    [
        ran(CheckKind.RUN, str(BROKE.observed), at=(0, 1)),
        ran(CheckKind.RUN, "NameError: name 'basket' is not defined"),
        ran(CheckKind.LOSS, str(BROKE.observed)),
        Result("run:one", CheckKind.RUN, Verdict.PASS, observed=BROKE.observed, cells=(1,)),
    ],
)
def test_what_the_run_has_not_shown_is_told_by_the_rule(elsewhere: Result) -> None:
    assert len(listed(NAME, results=[elsewhere]).of_rules) == 1


@pytest.mark.parametrize(
    ("finding", "result"),
    [
        (SUM, ran(CheckKind.CLAIM, "11", says="12 trees")),
        (PACKAGE, replace(ran(CheckKind.PACKAGES, "ladder is missing"), cells=())),
        (
            found(FindingKind.BAD_CALL, "`prune` takes no argument `deep`."),
            ran(CheckKind.RUN, "TypeError: prune() got an unexpected keyword argument 'deep'"),
        ),
        (
            found(FindingKind.SYNTAX, "The code is no Python: unmatched ')'."),
            ran(CheckKind.RUN, "SyntaxError: unmatched ')' (line 1)"),
        ),
        (
            found(FindingKind.IMPOSSIBLE_OUTPUT, "The output says orchard 1."),
            ran(CheckKind.OUTPUTS, "orchard 2", says="orchard 1"),
        ),
    ],
)
def test_checks_of_a_run_tell_what_rules_see_too(finding: Finding, result: Result) -> None:
    one = listed(finding, results=[result])
    assert not one.of_rules
    assert one.of_run[0].suggestion == "Mend it."


def test_the_ledger_tells_what_it_knows() -> None:
    text = {"kind": "text", "cells": [1], "apply": [{"find": "12 trees", "replace": "11 trees"}]}
    assert judge(SUM, errata=(erratum(**text),)).verdict is Verdict.PASS
    assert judge(SUM, errata=(erratum(**text | {"cells": [0]}),)).verdict is Verdict.FAIL
    assert judge(OTHER, errata=(erratum(**text),)).verdict is Verdict.FAIL
    symptom = "ImportError: cannot import name 'pruned' from 'orchard.tools'"
    assert judge(NAME, errata=(erratum(symptom=symptom),)).verdict is Verdict.PASS
    assert judge(OTHER, errata=(erratum(symptom=symptom),)).verdict is Verdict.FAIL


def test_the_same_defect_at_two_places_has_two_names() -> None:
    assert [one.id for one in listed(NAME, OTHER).of_rules] == [
        "rules:missing-attribute:cell-1",
        "rules:missing-attribute:cell-1:2",
    ]


def test_official_pages_are_judged_and_documents_of_ours_are_not() -> None:
    assert page_rules.CHECK.subjects(contract_of()) == [""]
    assert page_rules.CHECK.subjects(contract_of(derived=True)) == [""]
    assert page_rules.CHECK.subjects(contract_of(page=None)) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (TREES, ["arithmetic", "broken-link", "doubled-word"]),
        (TREES.replace("fig (2)", "fig (3)"), ["broken-link", "doubled-word"]),
    ],
)
def test_one_page_is_judged_as_check_judges_it(tmp_path: Path, text: str, kinds: list[str]) -> None:
    page = tmp_path / "docs" / "small.md"
    page.parent.mkdir()
    page.write_text(f"# Trees\n\n{text}\n\nSee [more](nowhere.md) of the the trees.\n")
    said = one_page.findings(page, tmp_path, environment=None, notify=lambda _: None)
    assert [one.kind.value for one in said] == kinds
    assert {one.file for one in said} == {Path("docs/small.md")}


def test_a_project_of_a_page_lives_with_what_it_waives(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs-verify.toml").write_text('ignore = ["broken-link"]\n')
    page = tmp_path / "small.md"
    page.write_text("# Trees\n\nSee [more](nowhere.md).\n")
    assert one_page.findings(page, tmp_path, environment=None, notify=lambda _: None) == ()


def test_the_block_of_a_text_is_the_cell_of_what_stands_in_it() -> None:
    text = "Trees\n\n```python\nfrom orchard import pruned\n```\n"
    page: Page = text_cells.with_cells(reader.of_text(text, Path("small.md")))
    cell = next(one for one in page.cells if one.runs)
    finding = replace(NAME, cell=None, line=4)
    (told,) = told_once.listed([finding], [], contract_of(), page).of_rules
    assert told.cells == (cell.index,)
