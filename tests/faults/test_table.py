"""The published matrix is that of the rows there are, and tells a wrong row from a right one."""

import re
from typing import Any

import pytest

from tests import PROJECT
from tests.faults import matrix, table
from tests.faults.fault import Seen, Wanted
from verify.system.words import Language

FAULTS = list(matrix.faults())


def _seen(**changed: Any) -> dict[str, Any]:
    one = FAULTS[0]
    right: dict[str, Any] = {
        "verdict": one.wanted.verdict,
        "code": one.wanted.code,
        "evidence": one.wanted.evidence,
        "left": [],
        "follows": "",
        "wrong": {},
    }
    return {one.id: right | changed}


def _first_row(rows: dict[str, Any]) -> str:
    text = table.page(rows, Language.ENGLISH)
    return next(line for line in text.splitlines() if line.startswith(f"| {FAULTS[0].name.en} |"))


def test_each_row_has_a_name_of_its_own() -> None:
    assert len(FAULTS) >= 120
    for names in ([f.id for f in FAULTS], [f.name.en for f in FAULTS], [f.name.zh for f in FAULTS]):
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("language", list(Language))
def test_the_published_pages_have_all_rows(language: Language) -> None:
    text = (PROJECT / "docs" / language.value / "faults.md").read_text(encoding="utf-8")
    told = [line.split(" | ")[0].removeprefix("| ") for line in text.splitlines() if "` | " in line]
    assert told == [one.name.of(language) for one in FAULTS]
    assert "**wrong**" not in text
    assert "**不正常**" not in text


def test_a_row_tells_what_was_seen() -> None:
    assert _first_row(_seen()).endswith("| `fail`, `1` | `kept` | nothing | right |")
    assert _first_row({}).endswith("| not run | | | |")


@pytest.mark.parametrize(
    ("changed", "ends"),
    [
        (
            {"code": 0, "wrong": {"code": "0"}},
            "`fail`, `0` **wrong** | `kept` | nothing | right |",
        ),
        (
            {"left": ["process 7"], "wrong": {"left": "it"}},
            "`fail`, `1` **wrong** | `kept` | **something** | right |",
        ),
        (
            {"follows": "fail, 1", "wrong": {"follows": "it"}},
            "`fail`, `1` **wrong** | `kept` | nothing | **wrong** |",
        ),
    ],
)
def test_a_row_that_is_wrong_says_so(changed: dict[str, Any], ends: str) -> None:
    assert _first_row(_seen(**changed)).endswith(ends)


def test_what_is_not_as_wanted_is_named() -> None:
    seen = Seen("x", "pass", 0, "kept")
    assert seen.wrong(Wanted("pass", 0)) == {}
    assert seen.wrong(Wanted("fail", 1)) == {"verdict": ("pass", "fail"), "code": (0, 1)}
    left = Seen("x", "pass", 0, "kept", left=["process 7"])
    assert left.wrong(Wanted("pass", 0)) == {"left": ["process 7"]}
    assert re.fullmatch(r"[a-z0-9-]+", "".join(one.id for one in FAULTS))
