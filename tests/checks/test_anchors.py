"""A claim stands as long as its sentence does, and every number of the prose is spoken of."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.bilingual import words
from tests.checks.builders import EDITION, case, contract_of, edited, judged
from verify.checks import Case, anchors, numbers
from verify.contract import pins
from verify.contract.claim import Claim, Waived
from verify.contract.edition import Edition
from verify.finding import Verdict
from verify.page import reader
from verify.page.prose import sentences
from verify.upstream.pages import OfficialPage

SENTENCE = "A barn holds 24 cows."
PAGE = edited(("A small document.", f"{SENTENCE} Each has 4 legs, and 5% are black."))


def pinned(text: str) -> pins.Pins:
    return pins.of_page(OfficialPage("v1", "1" * 40, "docs/small.py", "b" * 40, text))


def claim(**fields: Any) -> Claim:
    said = {"id": "cows", "cell": 0, "says": words("24 cows"), "documented": 24}
    evidence = {"stated": {"step": "load", "target": "cows"}}
    return Claim.model_validate({**said, "evidence": evidence, **fields})


ANCHORED = claim(anchor=sentences.digest(SENTENCE))
IN_CODE = claim(cell=1, documented=180)
NAMED = claim(cell=1, documented="flowers")


def seen(one: Claim, text: str) -> Case:
    """A claim about the page, and the page as it is now."""
    built = case(page=PAGE, document=contract_of(claims=[one]))
    return replace(built, seen=pinned(text))


@pytest.mark.parametrize("one", [ANCHORED, IN_CODE, NAMED])
@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        PAGE.replace("# A barn holds", "# A barn\n# holds"),  # another break of the line
        PAGE.replace("A barn", "**A barn**"),  # markup says nothing
        PAGE.replace("4 legs", "four legs"),  # another sentence
        "# %% [markdown]\n# More before it.\n\n" + PAGE,  # every cell moved
    ],
)
def test_a_claim_stands_while_its_sentence_does(one: Claim, text: str) -> None:
    assert judged(anchors.CHECK, seen(one, text), "cows").verdict is Verdict.PASS


def test_a_claim_on_an_edited_cell_falls_back_to_the_cell_in_its_place() -> None:
    """No cell has the source that was pinned; the one in its place still states what is claimed."""
    text = edited(("import numpy as np\n", "import numpy as np\nimport sys\n"), text=PAGE)
    for one in (IN_CODE, NAMED):
        assert judged(anchors.CHECK, seen(one, text), "cows").verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("one", "was", "becomes", "observed"),
    [
        (ANCHORED, "24 cows", "25 cows", "no sentence has the digest"),
        (ANCHORED, "A barn", "The barn", "no sentence has the digest"),
        (ANCHORED, SENTENCE, "", "no sentence has the digest"),
        (IN_CODE, "size=180", "size=192", "the cell no longer states 180"),
        (NAMED, "flowers", "weeds", "the cell no longer states flowers"),
    ],
)
def test_an_edit_of_the_sentence_breaks_its_claim_visibly(
    one: Claim, was: str, becomes: str, observed: str
) -> None:
    result = judged(anchors.CHECK, seen(one, edited((was, becomes), text=PAGE)), "cows")
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).startswith(observed)
    assert "`python -m verify pin --sentences`" in str(result.reason)


def test_of_a_sentence_that_stands_twice_each_is_a_claims_own() -> None:
    again = f"# %% [markdown]\n# {SENTENCE} So it was.\n"
    page = f"{PAGE}\n{again}"
    built = case(page=page, document=contract_of(claims=[ANCHORED]))
    for text, verdict in (
        (page, Verdict.PASS),
        (page.replace(f"# {SENTENCE} So", "# A barn holds 25 cows. So"), Verdict.PASS),  # the other
        (page.replace(SENTENCE, "A barn holds 25 cows.", 1), Verdict.FAIL),
        (f"{again}\n{PAGE}", Verdict.PASS),  # moved
    ):
        result = judged(anchors.CHECK, replace(built, seen=pinned(text)), "cows")
        assert result.verdict is verdict


def stored(source: str, *printed: str) -> Case:
    """A claim about the number that a cell of the pinned page has stored, and the page now."""

    def page(source: str, *printed: str) -> str:
        cell = nbformat.v4.new_code_cell(source, id="a")
        cell.outputs = [nbformat.v4.new_output("stream", text=text) for text in printed]
        return str(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])))

    def told(text: str) -> pins.Pins:
        return pins.of_page(OfficialPage("v1", "1" * 40, "page.ipynb", "b" * 40, text))

    document = contract_of(claims=[claim(cell=0, documented=24)])
    now = page(source, *printed)
    return Case(
        document,
        "embedded",
        reader.of_text(now, Path("page.ipynb")),
        told(page("count()", "(24, 3)\n")),
        edition=Edition.PUBLISHED,
        seen=told(now),
    )


@pytest.mark.parametrize(
    ("case_", "verdict"),
    [
        (stored("count()", "(24, 3)\n"), Verdict.PASS),
        (stored("count()", "(25, 3)\n"), Verdict.FAIL),
        (stored("count()"), Verdict.UNCHECKED),
        (stored("count(1)"), Verdict.FAIL),
    ],
)
def test_an_output_that_is_no_longer_stored_contradicts_nothing(
    case_: Case, verdict: Verdict
) -> None:
    result = judged(anchors.CHECK, case_, "cows")
    assert result.verdict is verdict
    assert bool(str(result.reason)) is (verdict is not Verdict.PASS)


def test_a_claim_on_a_repaired_cell_stands() -> None:
    built = seen(ANCHORED, edited(("24 cows", "25 cows"), text=PAGE))
    result = judged(anchors.CHECK, replace(built, repaired={0: ("count",)}), "cows")
    assert (result.verdict, str(result.observed)) == (
        Verdict.PASS,
        "repaired on this page as the ledger does: count",
    )


def test_offline_the_pins_are_what_counts() -> None:
    """Renewed pins of a changed page leave claims without their sentence."""
    changed = edited(("24 cows", "25 cows"), text=PAGE)
    built = case(page=changed, document=contract_of(claims=[ANCHORED]))
    assert judged(anchors.CHECK, built, "cows").verdict is Verdict.FAIL


WAIVED = [
    Waived(cell=0, number="4", reason=words("everybody knows")),
    Waived(cell=0, number="5%", reason=words("nobody counts")),
]


def test_numbers_that_are_claimed_or_waived_pass() -> None:
    document = contract_of(claims=[ANCHORED], waived=WAIVED)
    assert judged(numbers.CHECK, case(page=PAGE, document=document)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("claims", "waived", "page", "observed"),
    [
        ([], WAIVED, PAGE, "cell 0: nothing is said of 24"),
        ([ANCHORED], WAIVED[1:], PAGE, "cell 0: nothing is said of 4"),
        ([ANCHORED], WAIVED[:1], PAGE, "cell 0: nothing is said of 5%"),
        # The number alone is not enough: the claim is about another sentence.
        ([claim(anchor="0" * 12)], WAIVED, PAGE, "cell 0: nothing is said of 24"),
        ([ANCHORED], WAIVED, EDITION, "cell 0: 4 is waived, but claimed or not there; cell 0: 5%"),
        (
            [ANCHORED],
            [*WAIVED, Waived(cell=0, number="24", reason=words("doubly"))],
            PAGE,
            "cell 0: 24 is waived, but claimed or not there",
        ),
    ],
)
def test_a_number_without_a_word_and_a_stale_waiver_fail(
    claims: list[Claim], waived: list[Waived], page: str, observed: str
) -> None:
    document = contract_of(claims=claims, waived=waived)
    result = judged(numbers.CHECK, case(page=page, document=document))
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).startswith(observed)


def test_sentences_are_listed_with_their_numbers(tmp_path: Path) -> None:
    assert pinned(PAGE).sentences == {
        0: {
            sentences.digest(SENTENCE): ("24",),
            sentences.digest("Each has 4 legs, and 5% are black."): ("4", "5%"),
        }
    }
    pins.write(pinned(PAGE), tmp_path / "pins.json")
    assert pins.read(tmp_path / "pins.json") == pinned(PAGE)
    assert "cows" not in (tmp_path / "pins.json").read_text()
