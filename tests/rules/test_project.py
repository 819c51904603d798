"""A project's own settings: what is looked for, what fails, and where its baseline may lie."""

from pathlib import Path

import pytest

from verify.errors import UsageError
from verify.finding import FindingKind, Severity
from verify.rules import project, selection
from verify.rules.project import Project
from verify.rules.selection import FailOn


def read(folder: Path, text: str) -> Project:
    (folder / project.FILE_NAME).write_text(text, encoding="utf-8")
    return project.of_root(folder)


def test_all_settings_are_read(tmp_path: Path) -> None:
    text = 'select = ["spelling", "syntax"]\nignore = ["syntax"]\nfail_on = "warning"\n'
    settings = read(tmp_path, f'{text}baseline = "checks/known.json"\n')
    assert settings.kinds - selection.ALWAYS == {FindingKind.SPELLING}
    assert settings.fail_on is FailOn.WARNING
    assert settings.baseline == tmp_path / "checks" / "known.json"


def test_a_mark_before_the_text_as_some_editors_write_it_is_none_of_it(tmp_path: Path) -> None:
    assert read(tmp_path, '\ufefffail_on = "warning"\n').fail_on is FailOn.WARNING


def test_all_kinds_are_looked_for_where_none_is_selected() -> None:
    assert Project().kinds == set(FindingKind)
    assert Project(ignore=[FindingKind.SYNTAX]).kinds == {*FindingKind} - {FindingKind.SYNTAX}


def test_that_a_page_cannot_be_read_is_told_whatever_is_selected() -> None:
    assert FindingKind.UNREADABLE in Project(select=[FindingKind.SPELLING]).kinds
    assert FindingKind.UNREADABLE not in Project(ignore=[FindingKind.UNREADABLE]).kinds


def test_a_selection_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing is left"):
        _ = Project(select=[FindingKind.SYNTAX], ignore=[FindingKind.SYNTAX]).kinds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('select = ["spellings"]', "no kind 'spellings'; a near one is spelling"),
        ('ignore = ["moon"]', "no kind 'moon'; known are: unreadable"),
        ('fail_on = "sometimes"', "'error', 'warning' or 'never'"),
        ('baseline = "/tmp/known.json"', "no path of a .json file"),
        ('baseline = "../known.json"', "no path of a .json file"),
        ('baseline = "conf.py"', "no path of a .json file"),
        ('baseline = "out/known.json"', "lies outside"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "out").symlink_to(tmp_path)
    with pytest.raises(UsageError, match=says):
        read(tmp_path / "docs", text)


@pytest.mark.parametrize(
    ("fail_on", "includes"),
    [
        (FailOn.ERROR, {Severity.ERROR}),
        (FailOn.WARNING, {Severity.ERROR, Severity.WARNING}),
        (FailOn.NEVER, set()),
    ],
)
def test_what_fails_is_what_was_chosen(fail_on: FailOn, includes: set[Severity]) -> None:
    assert {severity for severity in Severity if fail_on.includes(severity)} == includes
