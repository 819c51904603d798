"""Drift is told cell by cell: what changed, came, went or moved, and which facts with it."""

import json
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from rich.console import Console

from tests import SAMPLES, repositories
from tests.bilingual import words
from tests.repositories import commit
from verify.cli import pin
from verify.contract import contract, pin_drift, pins
from verify.contract.claim import Claim, Observation
from verify.contract.contract import Contract
from verify.contract.pin_drift import CellChange
from verify.errors import ExitCode
from verify.page.prose import sentences
from verify.upstream.pages import OfficialPage

SAMPLE = SAMPLES / "checked.toml.txt"
IMPORT = "import herons"
MAKE = "depth = 3\nlake = herons.Lake(depth)"
FEED = "lake.feed(fish=12, hour=7)"
SHOW = "herons.show(lake)"
TITLE = "# A lake\nHerons wade in it."
END = "# Good night\nNo heron is awake."
CELLS = (TITLE, IMPORT, MAKE, FEED, SHOW, END)
WADING = Claim(
    id="wading",
    cell=0,
    says=words("that herons wade"),
    evidence=Observation(ran="load"),
    anchor=sentences.digest("Herons wade in it."),
)


def page(*sources: str, path: str = "page.ipynb", printed: str = "") -> OfficialPage:
    """A notebook: prose begins with a hash; the last code cell printed something."""
    cells = [
        nbformat.v4.new_markdown_cell(source)
        if source.startswith("#")
        else nbformat.v4.new_code_cell(source)
        for source in sources
    ]
    if printed:
        code = [cell for cell in cells if cell.cell_type == "code"]
        code[-1].outputs = [nbformat.v4.new_output("stream", text=printed)]
    return OfficialPage(
        "v2", "2" * 40, path, "c" * 40, nbformat.writes(nbformat.v4.new_notebook(cells=cells))
    )


def told(*sources: str, with_text: bool) -> list[tuple[str, int | None, int | None]]:
    """What became of which cell of the page, by its index before and now."""
    before = page(*CELLS)
    found = pin_drift.between(pins.of_page(before), page(*sources), before if with_text else None)
    return [(cell.change.value, cell.was, cell.now) for cell in found]


@pytest.mark.parametrize("with_text", [False, True])
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (CELLS, []),
        ((TITLE, IMPORT, MAKE, FEED.replace("12", "13"), SHOW, END), [("changed", 3, 3)]),
        ((TITLE.replace("wade", "stand"), IMPORT, MAKE, FEED, SHOW, END), [("changed", 0, 0)]),
        (CELLS[:-1], [("removed", 5, None)]),
        (CELLS[1:], [("removed", 0, None)]),
        ((*CELLS, "herons.rest()"), [("added", None, 6)]),
        (("# Before all else", *CELLS), [("added", None, 0)]),
        ((TITLE, END, IMPORT, MAKE, FEED, SHOW), [("moved", 5, 1)]),
        ((IMPORT, MAKE, FEED, SHOW, END, TITLE), [("moved", 0, 5)]),
        # One edited cell beside new ones is found again, whatever stands around it.
        (
            (TITLE, IMPORT, MAKE, "quay = 9", FEED.replace("7", "8"), "# Interlude", SHOW, END),
            [("added", None, 3), ("changed", 3, 4), ("added", None, 5)],
        ),
        # Neighbours that were both edited stay the cells that they are.
        (
            (TITLE, IMPORT, MAKE.replace("3", "4"), FEED.replace("12", "2"), SHOW, END),
            [("changed", 2, 2), ("changed", 3, 3), ("restated", 4, 4)],
        ),
        # Prose never becomes code.
        ((TITLE, IMPORT, MAKE, "# Feeding", SHOW, END), [("removed", 3, None), ("added", None, 3)]),
        ((), [("removed", index, None) for index in range(6)]),
    ],
)
def test_cells_are_found_again(
    now: tuple[str, ...], expected: list[tuple[str, int | None, int | None]], with_text: bool
) -> None:
    # What follows from a literal that reaches later cells is tested on its own.
    found = told(*now, with_text=with_text)
    assert [each for each in found if each[0] != "restated"] == [
        each for each in expected if each[0] != "restated"
    ]
    assert {each for each in expected if each[0] == "restated"} <= set(found)


@pytest.mark.parametrize("with_text", [False, True])
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (
            (TITLE, "quay = 9", IMPORT, MAKE, SHOW, END),
            [("added", None, 1), ("removed", 3, None)],
        ),
        (
            (IMPORT, MAKE, FEED, SHOW, END, "# Egrets\nThey are white."),
            [("removed", 0, None), ("added", None, 5)],
        ),
    ],
)
def test_two_cells_of_one_kind_with_other_contents_are_not_one_that_moved(
    now: tuple[str, ...], expected: list[tuple[str, int | None, int | None]], with_text: bool
) -> None:
    assert told(*now, with_text=with_text) == expected


def test_equal_cells_that_stand_twice_are_counted() -> None:
    before = page(SHOW, SHOW, TITLE)
    found = pin_drift.between(pins.of_page(before), page(TITLE, SHOW), before)
    assert [(cell.change, cell.was, cell.now) for cell in found] == [
        (CellChange.MOVED, 2, 0),
        (CellChange.REMOVED, 1, None),
    ]


@pytest.mark.parametrize("with_text", [False, True])
def test_a_changed_cell_says_which_facts_came_and_went(with_text: bool) -> None:
    before = page(*CELLS)
    now = page(TITLE, IMPORT, MAKE, FEED.replace("12", "13"), SHOW, END)
    (cell,) = pin_drift.between(pins.of_page(before), now, before if with_text else None)
    assert [str(fact) for fact in cell.went] == ["herons.Lake(3).feed(fish=12, hour=7)"]
    assert [str(fact) for fact in cell.came] == ["herons.Lake(3).feed(fish=13, hour=7)"]
    assert cell.is_code
    lines = ("-lake.feed(fish=12, hour=7)", "+lake.feed(fish=13, hour=7)")
    assert cell.diff == (lines if with_text else ())


def test_what_is_new_is_shown_although_the_pinned_text_is_not_at_hand() -> None:
    (cell,) = pin_drift.between(pins.of_page(page(*CELLS)), page(*CELLS, "a = 1"))
    assert cell.diff == ("+a = 1",)


def test_a_cell_with_the_same_text_may_state_other_facts() -> None:
    before = page(*CELLS)
    now = page(TITLE, "import egrets as herons", *CELLS[2:])
    found = pin_drift.between(pins.of_page(before), now, before)
    assert [(cell.change, cell.now) for cell in found] == [
        (CellChange.CHANGED, 1),
        (CellChange.RESTATED, 2),
        (CellChange.RESTATED, 3),
        (CellChange.RESTATED, 4),
    ]
    assert str(found[3].came[0]).startswith("egrets.show(")


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("7 herons\n", "8 herons\n", ("-7 herons", "+8 herons")),
        ("7 herons\n", "", ("-7 herons",)),
        ("", "8 herons\n", ("+8 herons",)),
    ],
)
def test_a_cell_with_the_same_text_may_have_printed_something_else(
    was: str, now: str, expected: tuple[str, ...]
) -> None:
    before = page(*CELLS, printed=was)
    (cell,) = pin_drift.between(pins.of_page(before), page(*CELLS, printed=now), before)
    assert (cell.change, cell.now, cell.diff) == (CellChange.REPRINTED, 4, expected)


def test_a_cell_that_printed_the_same_has_not_drifted() -> None:
    before = page(*CELLS, printed="7 herons\n")
    assert pin_drift.between(pins.of_page(before), page(*CELLS, printed="7 herons\n"), before) == []


# The command


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with three versions of a page: v1, v2 where a number differs, v3 without it."""
    repositories.alone(tmp_path, monkeypatch)
    folder = tmp_path / "herons"
    now = page(TITLE, IMPORT, MAKE, FEED.replace("12", "13"), SHOW, END)
    commit(folder, "v1", {"docs/lake.ipynb": page(*CELLS).text})
    commit(folder, "v2", {"docs/lake.ipynb": now.text})
    commit(folder, "v3", {"docs/lake.ipynb": None, "docs/new/lake.ipynb": now.text})
    return folder


@pytest.fixture
def pinned(clone: Path, tmp_path: Path) -> Contract:
    """A document that stands for the page at v1."""
    folder = tmp_path / "lake"
    folder.mkdir()
    document = contract.read(SAMPLE)
    here = document.official.model_copy(update={"ref": "v1", "path": "docs/lake.ipynb"})
    changed = {"page": here, "folder": folder, "claims": [WADING]}
    document = document.model_copy(update=changed)
    pin.renew([document], str(clone), None, Console(file=StringIO()))
    return document


def checked(
    document: Contract, source: str, ref: str | None, *, as_json: bool = False
) -> tuple[ExitCode, str]:
    out = StringIO()
    code = pin.show_drift([document], source, ref, Console(file=out), as_json=as_json)
    return code, out.getvalue()


def test_a_page_that_is_as_pinned_is_verified(clone: Path, pinned: Contract) -> None:
    for ref in (None, "v1"):
        code, said = checked(pinned, str(clone), ref)
        assert code is ExitCode.VERIFIED
        assert said == f"{pinned.name}: docs/lake.ipynb at v1 is as pinned, all 6 cells.\n"


def test_drift_is_shown_and_ends_with_code_1(clone: Path, pinned: Contract) -> None:
    code, said = checked(pinned, str(clone), "v2")
    assert code is ExitCode.CONTRADICTED
    first, *lines = said.splitlines()
    assert first.startswith(f"{pinned.name}: docs/lake.ipynb drifted between v1 and v2 (blob ")
    assert first.endswith("cells: 1 changed.")
    assert lines == [
        "  cell 3 (code): another text",
        "    fact - herons.Lake(3).feed(fish=12, hour=7)",
        "    fact + herons.Lake(3).feed(fish=13, hour=7)",
        "    | -lake.feed(fish=12, hour=7)",
        "    | +lake.feed(fish=13, hour=7)",
    ]


def test_without_the_pinned_text_facts_alone_are_shown(
    clone: Path, pinned: Contract, tmp_path: Path
) -> None:
    repositories.git(clone, "checkout", "--quiet", "v2")
    (tmp_path / "plain").mkdir()
    (clone / "docs").rename(tmp_path / "plain" / "docs")
    code, said = checked(pinned, str(tmp_path / "plain"), "mine")
    assert code is ExitCode.CONTRADICTED
    assert said.splitlines()[1:] == [
        "  cell 3 (code): another text",
        "    fact - herons.Lake(3).feed(fish=12, hour=7)",
        "    fact + herons.Lake(3).feed(fish=13, hour=7)",
        "  The upstream does not have the pinned text: changed text is not shown.",
    ]


def test_a_page_that_is_gone_has_drifted(clone: Path, pinned: Contract) -> None:
    code, said = checked(pinned, str(clone), "v3")
    assert code is ExitCode.CONTRADICTED
    assert said == (
        f"{pinned.name}: {clone}: no file docs/lake.ipynb at v3; "
        "a near one is docs/new/lake.ipynb.\n"
    )


def test_drift_as_json(clone: Path, pinned: Contract) -> None:
    code, said = checked(pinned, str(clone), "v2", as_json=True)
    assert code is ExitCode.CONTRADICTED
    told = json.loads(said)
    (document,) = told["documents"]
    assert told["schema"] == 1
    assert (document["equal"], document["pinned"]["ref"], document["seen"]["ref"]) == (
        *(False, "v1", "v2"),
    )
    assert document["cells"] == [
        {
            "change": "changed",
            "kind": "code",
            "was": 3,
            "now": 3,
            "facts_gone": [["call", "herons.Lake(3).feed", "fish=12", "hour=7"]],
            "facts_new": [["call", "herons.Lake(3).feed", "fish=13", "hour=7"]],
            "diff": ["-lake.feed(fish=12, hour=7)", "+lake.feed(fish=13, hour=7)"],
        }
    ]


@pytest.mark.parametrize(("ref", "equal"), [("v1", True), ("v3", False)])
def test_json_says_whether_all_is_as_pinned(
    clone: Path, pinned: Contract, ref: str, equal: bool
) -> None:
    (document,) = json.loads(checked(pinned, str(clone), ref, as_json=True)[1])["documents"]
    assert (document["equal"], document["cells"]) == (equal, [])
    assert (document["seen"] is None) == (ref == "v3")


def test_a_claim_whose_sentence_changed_is_named(clone: Path, pinned: Contract) -> None:
    now = page("# A lake\nHerons swim in it.", IMPORT, MAKE, FEED, SHOW, END)
    commit(clone, "v4", {"docs/lake.ipynb": now.text})
    anchor = WADING.anchor
    code, said = checked(pinned, str(clone), "v4")
    assert code is ExitCode.CONTRADICTED
    assert (
        f"  claim wading (cell 0): no sentence has the digest {anchor}; it says that herons wade\n"
        in said
    )
    (document,) = json.loads(checked(pinned, str(clone), "v4", as_json=True)[1])["documents"]
    assert document["claims"] == [
        {
            "id": "wading",
            "cell": 0,
            "says": {"zh": "中文：that herons wade", "en": "that herons wade"},
            "why": f"no sentence has the digest {anchor}",
        }
    ]


def test_a_claim_about_what_the_page_never_said_is_named(clone: Path, pinned: Contract) -> None:
    lost = WADING.model_copy(update={"anchor": "0" * 12})
    document = pinned.model_copy(update={"claims": [lost]})
    code, said = checked(document, str(clone), "v1")
    assert code is ExitCode.CONTRADICTED
    assert "is as pinned, but claims are about what it does not say: 1.\n  claim wading" in said


def test_sentences_are_listed_with_what_a_claim_needs(clone: Path, pinned: Contract) -> None:
    out = StringIO()
    pin.list_sentences([pinned], str(clone), None, Console(file=out))
    assert out.getvalue().splitlines() == [
        f"  0 {sentences.digest('A lake')} A lake",
        f"  0 {WADING.anchor} <wading> Herons wade in it.",
        f"  5 {sentences.digest('Good night')} Good night",
        f"  5 {sentences.digest('No heron is awake.')} No heron is awake.",
    ]


def test_pins_can_be_renewed_for_another_version(clone: Path, pinned: Contract) -> None:
    out = StringIO()
    pin.renew([pinned], str(clone), "v2", Console(file=out))
    assert pins.read(pinned.pins_path).ref == "v2"
    assert "the contract still names v1, blob" in out.getvalue()
    assert checked(pinned, str(clone), None)[0] is ExitCode.VERIFIED
