"""Statements that were copied from their twins, and those that only look alike."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import FindingKind
from verify.rules import mixed

_TREES = "north = load('n.csv')\nsouth = load('s.csv')\n"


@pytest.mark.parametrize(
    "code",
    [
        "north_crop = north[['apples']]\nsouth_crop = north[['pears']]",
        "crop_north = clean(north)\ncrop_south = clean(north)",
    ],
)
def test_a_value_of_the_twin_is_told(tmp_path: Path, code: str) -> None:
    page = pages.notebook(tmp_path, _TREES, code)
    (one,) = mixed.check(pages.site(tmp_path, page))
    assert one.kind is FindingKind.MIXED_UP
    assert str(one.suggestion) == "Is `south` meant here?"
    assert one.cell == 1


@pytest.mark.parametrize(
    "code",
    [
        "north_crop = north[['apples']]\nsouth_crop = south[['pears']]",
        "north_crop = north[['apples']]\nsouth_crop = north.sum()",
        "north_crop = load('a.csv')\nsouth_crop = load('a.csv')",
        "south_crop = north[['pears']]",
        "north_crop = mix(north, south)\nsouth_crop = mix(south, north)",
    ],
)
def test_what_is_right_or_no_twin_is_not_told(tmp_path: Path, code: str) -> None:
    page = pages.notebook(tmp_path, _TREES, code)
    assert list(mixed.check(pages.site(tmp_path, page))) == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("# North counts its trees.\na = south(count)(trees)", 1),
        ("# North counts its trees.\na = north(count)(trees)", 0),
        ("# North counts for south.\na = south(count)(trees)", 0),
        ("# Now count the trees.\na = south(count)(trees)", 0),
        ("# North waits.\n\na = south(count)(trees)", 0),
    ],
)
def test_a_comment_names_the_party_that_computes(tmp_path: Path, code: str, count: int) -> None:
    devices = "north, south = sf.PYU('north'), sf.PYU('south')\n"
    page = pages.notebook(tmp_path, devices, code)
    found = list(mixed.check(pages.site(tmp_path, page)))
    assert [one.line for one in found] == [one.line for one in found][:count]
    assert len(found) == count


_SECTIONS = """\
# Orchards

## Start at the gate of `north`

First `north` opens its gate.
Now the gate of North is open.

## Start at the gate of `south`

First `south` opens its gate.
Now the gate of {whose} is open.
"""


@pytest.mark.parametrize(("whose", "count"), [("North", 1), ("South", 0), ("North or South", 0)])
def test_a_sentence_of_the_other_section_is_told(tmp_path: Path, whose: str, count: int) -> None:
    page = pages.page(tmp_path, "a.md", _SECTIONS.format(whose=whose))
    found = list(mixed.check(pages.site(tmp_path, page)))
    assert [one.line for one in found] == [11][:count]


def test_sections_that_were_not_made_of_each_other_may_agree(tmp_path: Path) -> None:
    text = _SECTIONS.format(whose="North").replace("First `south`", "Then `south`")
    page = pages.page(tmp_path, "a.md", text)
    assert list(mixed.check(pages.site(tmp_path, page))) == []


@pytest.mark.parametrize(("more", "told"), [(0, 1), (3, 0)])
def test_a_family_of_sections_is_no_copy(tmp_path: Path, more: int, *, told: int) -> None:
    def section(name: str) -> str:
        return f"## Options for {name} trees\n\nThese set {{}} trees. Prune oak trees early.\n\n"

    names = ["oak", *("elm", "ash", "fir")[:more], "pine"]
    text = "# Trees\n\n" + "".join(section(name).format(name) for name in names)
    page = pages.page(tmp_path, "page.md", text)
    found = [one for one in mixed.check(pages.site(tmp_path, page)) if "`pine`" in str(one.message)]
    assert len(found) == told
