"""Misspelt English: what must be flagged, and what must not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import FindingKind, Severity
from verify.page.page import Page
from verify.rules.wording import spelling


def misspelt(tmp_path: Path, *given: Page) -> list[tuple[int, str]]:
    found = spelling.check(pages.site(tmp_path, *given))
    return [
        (one.line, str(one.message).split("\u201d")[0].lstrip("\u201c")) for one in sorted(found)
    ]


@pytest.mark.parametrize(
    ("name", "text", "line", "word"),
    [
        ("a.md", "# The trainning loop", 1, "trainning"),
        ("a.md", "One line.\n\nBoth banks recieve it.", 3, "recieve"),
        ("a.md", "Two lines of text,\nthe secound is wrong.", 2, "secound"),
        ("a.md", "- an item\n- a seperate item", 2, "seperate"),
        ("a.md", "| a | b |\n|---|---|\n| c | the langauge |", 3, "langauge"),
        ("a.md", "See [the defintion](b.md).", 1, "defintion"),
        ("a.md", "![the architecure of it](b.png)", 1, "architecure"),
        ("a.md", "模型的 paramter 由各方保存。", 1, "paramter"),
        ("a.md", "A pre-trainned net: the accomodation is multi-agrument.", 1, "accomodation"),
        ("a.rst", "Title\n=====\n\nWe will definately see.", 4, "definately"),
        ("a.md", "```python\nx = 1  # the lenght of it\n```", 2, "lenght"),
        ("a.md", "```python\ndef f():\n    'Retruns one.'\n```", 3, "Retruns"),
        (
            "a.md",
            "```python\ndef f():\n    '''One.\n\n    The begining.\n    '''\n```",
            5,
            "begining",
        ),
        ("a.md", "```bash\n# the adress of it\nls\n```", 2, "adress"),
        ("a.md", "Call `get_recieved` after `set_received`.", 1, "recieved"),
        ("a.md", "It tells the ouput(number of all trees).", 1, "ouput"),
    ],
)
def test_a_misspelt_word_is_flagged_on_its_line(
    tmp_path: Path, name: str, text: str, line: int, word: str
) -> None:
    assert (line, word) in misspelt(tmp_path, pages.page(tmp_path, name, text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Call `recieve` and ``seperate``.", id="inline code"),
        pytest.param("Set recieve_all, recieve.all, getRecieve and recieve2.", id="identifiers"),
        pytest.param("Call recieve() with lenght=3, or lenght = 4.", id="calls and arguments"),
        pytest.param("Open data/recieve.csv, recieve.csv or https://a.example/recieve", id="files"),
        pytest.param("Use the option --recieve of @recieve and $recieve.", id="options"),
        pytest.param("$recieve = lenght$", id="a formula"),
        pytest.param("OT, FO and ONN are short for something; so is EHR.", id="acronyms"),
        pytest.param("SPU, HEU, Beaver, Cheetah, OT extension and fpr", id="terms of the field"),
        pytest.param("Ann Mor, B. Avent and Chen Beng", id="people"),
        pytest.param("Recieve et al. pick plums.", id="one of several people"),
        pytest.param("J. ACM Comput. Surv. 3, Secur. Commun.", id="abbreviations"),
        pytest.param("The colour and the color, to optimise and to optimize", id="both Englishes"),
        pytest.param("```python\nrecieve = seperate('lenght')\n```", id="code and its strings"),
        pytest.param("```python\n# recieve = seperate(1)\nx = 1\n```", id="code switched off"),
        pytest.param("```text\nrecieve the lenght\n```", id="other blocks"),
        pytest.param("aGVsbG8gd29ybGQsIHRlaCByZWNpZXZl", id="base64"),
    ],
)
def test_what_is_no_english_prose_is_not_flagged(tmp_path: Path, text: str) -> None:
    assert misspelt(tmp_path, pages.page(tmp_path, "a.md", text)) == []


def test_one_finding_for_a_word_on_a_page_says_how_often(tmp_path: Path) -> None:
    first = pages.page(tmp_path, "a.md", "Recieve it.\n\nTo recieve it, ask.")
    second = pages.notebook(tmp_path, pages.prose("They recieve it."), name="b.ipynb")
    one, other = sorted(spelling.check(pages.site(tmp_path, first, second)))
    assert (one.kind, one.severity, one.line) == (FindingKind.SPELLING, Severity.WARNING, 1)
    assert str(one.message) == "\u201cRecieve\u201d is misspelt (2 times on this page)."
    assert str(one.suggestion) == "Write \u201cReceive\u201d."
    assert (other.cell, str(other.message)) == (0, "\u201crecieve\u201d is misspelt.")


def test_code_that_cannot_be_read_to_its_end_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text = "```python\n# the lenght\nx = (1\n```"
    assert misspelt(tmp_path, pages.page(tmp_path, "a.md", text)) == [(2, "lenght")]


def test_a_site_without_pages_is_fine(tmp_path: Path) -> None:
    assert misspelt(tmp_path) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("As arvores do pomar produzem algoritmos em cada estação do ano. ", []),
        (
            "The trees of the orchard bring algoritmos to the farm in each year. ",
            [(1, "algoritmos")],
        ),
    ],
)
def test_another_language_is_not_english(
    tmp_path: Path, sentence: str, expected: list[tuple[int, str]]
) -> None:
    assert misspelt(tmp_path, pages.page(tmp_path, "a.md", sentence * 12)) == expected
