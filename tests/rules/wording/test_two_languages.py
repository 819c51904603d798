"""The code of a page that is kept in two languages."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.pages import code, notebook, prose
from verify.rules.wording import two_languages


@pytest.mark.parametrize(
    ("english", "chinese"), [("p.ipynb", "p_zh.ipynb"), ("en/p.ipynb", "zh/p.ipynb")]
)
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("fit(trees, epochs=5)  # 训练", 0),
        ("fit(trees, epochs=8)", 1),
        ("fit(trees, epochs=8, shuffle=True)", 0),  # that is another program
        ("show('树', 5)\nfit(trees, epochs=8)", 0),
    ],
)
def test_numbers_of_code_are_the_same(
    tmp_path: Path, english: str, chinese: str, source: str, told: int
) -> None:
    one = notebook(tmp_path, prose("Trees."), code("fit(trees, epochs=5)"), name=english)
    two = notebook(tmp_path, prose("种树的页面。"), code(source), name=chinese)
    found = list(two_languages.check(pages.site(tmp_path, one, two)))
    assert [one.file.name for one in found] == [Path(chinese).name] * told


def test_two_pages_of_one_language_are_two_pages(tmp_path: Path) -> None:
    one = notebook(tmp_path, prose("Trees."), code("n = 5"), name="p.ipynb")
    two = notebook(tmp_path, prose("Trees."), code("n = 8"), name="p_en.ipynb")
    assert list(two_languages.check(pages.site(tmp_path, one, two))) == []


@pytest.mark.parametrize(
    ("left_out", "more", "told"),
    [("trim(x)", "", 1), ("", "", 0), ("trim(x)", "x = trim(plant('树'), 2)", 0)],
)
def test_both_have_every_block(tmp_path: Path, left_out: str, more: str, told: int) -> None:
    cells = ["import orchard", "x = plant('tree')", "trim(x)", "show(x)"]
    kept = [cell.replace("tree", "树") for cell in cells if cell != left_out]
    kept += [more] if more else []
    one = notebook(tmp_path, prose("Trees."), *map(code, cells), name="p.ipynb")
    two = notebook(tmp_path, prose("种树的页面。"), *map(code, kept), name="p_zh.ipynb")
    found = list(two_languages.check(pages.site(tmp_path, one, two)))
    assert [one.file.name for one in found] == ["p_zh.ipynb"] * told
