"""Rows and columns in a text, and the shape that the cell beside it shows."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.pages import code, notebook, printed, prose
from verify.rules.numbers import contradicted

PAIRS = [
    ("The table has {} rows and 9 columns.", "print(trees.shape)", "(731, 9)", "713", "731"),
    ("数据表共 731 行，{} 列。", "trees.shape", "(731, 9)", "8", "9"),
    ("The data set holds {} records.", "len(trees)", "731", "713", "731"),
]


@pytest.mark.parametrize(("said", "asks", "shown", "wrong", "right"), PAIRS)
@pytest.mark.parametrize("first", [True, False])
def test_a_text_tells_the_shape(  # noqa: PLR0917  # what a pair differs in
    tmp_path: Path, said: str, asks: str, shown: str, wrong: str, right: str, first: bool
) -> None:
    for number, told in ((right, 0), (wrong, 1)):
        cells = [prose(said.format(number)), code(f"trees = read()\n{asks}", printed(shown + "\n"))]
        page = notebook(tmp_path, *(cells if first else reversed(cells)))
        assert len(list(contradicted.check(pages.site(tmp_path, page)))) == told


@pytest.mark.parametrize(
    "said",
    [
        "The table had 900 rows before we dropped some.",
        "The data has 12 rows for each tree.",
        "We take 731 rows of a table.",
        "Here are 50 rows.",
    ],
)
def test_other_rows_are_not_those_of_the_shape(tmp_path: Path, said: str) -> None:
    page = notebook(tmp_path, prose(said), code("trees.shape", printed("(731, 9)\n")))
    assert list(contradicted.check(pages.site(tmp_path, page))) == []
