"""What checks and rules say, and in which order."""

from pathlib import Path

import pytest

from verify.finding import CheckKind, Finding, FindingKind, Result, Severity, Verdict

PLACE = ("orchard.md", 3)


@pytest.mark.parametrize(
    ("rule", "place", "told_as"),
    [
        (FindingKind.MARKUP, PLACE, FindingKind.MARKUP),
        (FindingKind.MARKUP, None, CheckKind.CLAIM),
        (None, PLACE, CheckKind.CLAIM),
    ],
)
def test_only_what_nothing_but_a_rule_tells_has_the_rules_kind(
    rule: FindingKind | None, place: tuple[str, int] | None, told_as: CheckKind | FindingKind
) -> None:
    assert Result("a", CheckKind.CLAIM, Verdict.FAIL, rule=rule, place=place).told_as is told_as


@pytest.mark.parametrize(
    ("warns", "place", "hint"), [(True, PLACE, True), (True, None, False), (False, PLACE, False)]
)
def test_a_hint_warns_of_a_place_that_no_run_was_held_against(
    place: tuple[str, int] | None, *, warns: bool, hint: bool
) -> None:
    one = Result("a", CheckKind.CLAIM, Verdict.UNCHECKED, warns=warns, place=place)
    assert one.is_hint is hint


def test_what_is_said_of_no_cell_comes_before_what_is_said_of_one() -> None:
    whole, first, second = (
        Finding(Path("a.ipynb"), 1, cell, FindingKind.MARKUP, Severity.WARNING, "wilts")
        for cell in (None, 0, 1)
    )
    assert sorted([second, whole, first]) == [whole, first, second]
