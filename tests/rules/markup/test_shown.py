"""Markup that no parser takes for such, on pages and in translations."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.wording.test_translations import catalogue
from verify.finding import FindingKind
from verify.rules.markup import shown


def said(tmp_path: Path, name: str, text: str) -> list[str]:
    found = shown.check(pages.site(tmp_path, pages.page(tmp_path, name, text)))
    return [str(one.message) for one in found if one.kind is FindingKind.MARKUP]


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("a.md", "请**不要（绝不）**剪枝。\n", "请**不要（绝不）** 剪枝。\n"),
        ("a.rst", "请**不要**剪枝。\n", "请 **不要** 剪枝。\n"),
        ("a.rst", "All **tree**s grow.\n", "All **trees** grow.\n"),
        ("a.rst", "All **tree**s grow.\n", "Here 2**n is not m**2.\n"),
        ("a.rst", "See :doc: `trees <a>` first.\n", "See :doc:`trees <a>` first.\n"),
        ("a.md", "See {ref} `trees` first.\n", "See {ref}`trees` first.\n"),
        ("a.rst", "See :doc: `trees <a>`.\n", "See::\n\n   :doc: `trees <a>`\n"),
        ("a.md", "From ${HOME}/a to ${USER}/b.\n", "From `${HOME}/a` to \\${USER}/b.\n"),
        ("a.md", "1. Dig\n2.\n\nDone.\n", "1. Dig\n2. Plant\n\nDone.\n"),
        ("a.md", "1. Dig\n2.\n\nDone.\n", "1. Dig\n2.\n   ```\n   plant\n   ```\n\nDone.\n"),
        ("a.md", "1. Dig\n2.\n\nDone.\n", "```\n1. Dig\n2.\n```\n"),
    ],
)
def test_a_page_shows_no_markup(tmp_path: Path, name: str, wrong: str, right: str) -> None:
    assert len(said(tmp_path, name, wrong)) == 1
    assert said(tmp_path, name, right) == []


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("a.rst", "现在**剪枝**吧。", "现在 **剪枝** 吧。"),
        ("a.rst", "请阅读：doc:`b`。", "请阅读：:doc:`b`。"),
        ("a.rst", "调用`cut`吧。", "调用 `cut`\\ 吧。"),
        ("a.md", "现在**剪枝（轻）**吧。", "现在**剪枝**吧。"),
    ],
)
def test_a_translation_shows_no_markup(tmp_path: Path, name: str, wrong: str, right: str) -> None:
    for translation, count in ((wrong, 1), (right, 0)):
        catalogue(tmp_path, ("Cut **now**, see :doc:`b`.", translation))
        assert len(said(tmp_path, name, "Cut **now**, see :doc:`b`.\n")) == count


def test_the_same_mistake_is_told_once_a_file(tmp_path: Path) -> None:
    (one,) = said(tmp_path, "a.rst", "请**不要**剪枝。\n\n请**不要**浇水。\n")
    assert "(2 times in this file)" in one
