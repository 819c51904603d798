"""Words that were written twice: what must be flagged, and what must not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import FindingKind, Severity
from verify.rules.wording import doubled


def doubles(tmp_path: Path, text: str, name: str = "a.md") -> list[tuple[int, str]]:
    found = doubled.check(pages.site(tmp_path, pages.page(tmp_path, name, text)))
    return [
        (one.line, str(one.message).split("\u201d")[0].lstrip("\u201c")) for one in sorted(found)
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Each bank sends the the sum.", "the"),
        ("The the sum is sent.", "the"),
        ("A mask is is added.", "is"),
        ("Wait for the gradient gradient of a round.", "gradient"),
        ("求和后的的结果发给乙方。", "的"),
        ("乙方收到了了掩码。", "了"),
        ("每一方将将掩码发出。", "将"),
        ("甲方和和乙方各有一半样本。", "和"),
        ("我们通过通过掩码隐藏梯度。", "通过"),
        ("银行银行之间不交换样本。", "银行"),
    ],
)
def test_a_word_twice_in_a_row_is_flagged_once(tmp_path: Path, text: str, word: str) -> None:
    assert doubles(tmp_path, text) == [(1, word)]


@pytest.mark.parametrize("name", ["a.md", "a.rst"])
def test_also_over_a_line_end_where_the_second_stands(tmp_path: Path, name: str) -> None:
    assert doubles(tmp_path, "One bank waits for\nfor the others.", name) == [(2, "for")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("We know that that bank had had a loss.", id="grammar"),
        pytest.param("The sum is very very small.", id="emphasis"),
        pytest.param("The layers are Dense Dense Softmax.", id="labels"),
        pytest.param("A sum of x x and y y.", id="symbols"),
        pytest.param("Call `the` the way you like.", id="code between"),
        pytest.param("What it is. Is it small?", id="a sentence's end"),
        pytest.param("Log in in-place, and set run run.sh off.", id="parts of longer words"),
        pytest.param("Use IT it is cheap.", id="another word"),
        pytest.param("| n | m |\n|---|---|\n| 3 3 | cat cat |", id="a table's columns"),
        pytest.param("往往要慢慢看看，常常天天如此，两两比较，一一对应。", id="reduplication"),
        pytest.param("一个一个地处理，非常非常快。", id="measure words"),
        pytest.param(
            "为了了解目的的确切含义，参与与退出由各方决定。", id="characters of two words"
        ),
        pytest.param("总和和均值、方向向量、可以以太网传输。", id="characters of two words, again"),
        pytest.param("先训练训练集上的模型。", id="a compound"),
    ],
)
def test_what_may_stand_twice_is_not_flagged(tmp_path: Path, text: str) -> None:
    assert doubles(tmp_path, text) == []


def test_it_is_a_warning_with_the_remedy(tmp_path: Path) -> None:
    page = pages.notebook(tmp_path, "x = 1", pages.prose("Send the\nthe mask."))
    (found,) = doubled.check(pages.site(tmp_path, page))
    assert (found.kind, found.severity, found.cell) == (
        FindingKind.DOUBLED_WORD,
        Severity.WARNING,
        1,
    )
    assert str(found.message) == "\u201cthe\u201d stands twice in a row."
    assert str(found.suggestion) == "Write \u201cthe\u201d once."


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.rst", "The tree *tree* has it.", 0),
        ("a.md", "The tree *tree* has it.", 0),
        ("a.md", "The tree tree has it.", 1),
        ("a.md", "All that it is is a tree.", 0),
        ("a.md", "This is is a tree.", 1),
    ],
)
def test_emphasis_and_clauses_set_words_apart(
    tmp_path: Path, name: str, text: str, expected: int
) -> None:
    page = pages.page(tmp_path, name, f"{text}\n")
    assert len(list(doubled.check(pages.site(tmp_path, page)))) == expected
