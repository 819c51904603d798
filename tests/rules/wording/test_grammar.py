"""English forms that do not fit, in text and in comments."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.rules.wording import grammar


def told(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    site = pages.site(tmp_path, pages.page(tmp_path, "a.md", text))
    return [(one.line, str(one.message).split("\u201d")[0][1:]) for one in grammar.check(site)]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The site is automatically build, and shown.", "is automatically build,"),
        ("The site is usually build by a robot.", "is usually build by"),
        ("Then we describes the orchard.", "we describes"),
        ("The sum can be calculates by hand.", "can be calculates"),
        ("It does not supports trees.", "does not supports"),
        ("It will not returns.\n", "will not returns"),
        ("A tree which you that you like.", "which you that you"),
        ("```python\nx = 1  # A apple of the tree\n```", "A apple"),
    ],
)
def test_a_form_that_does_not_fit_is_told(tmp_path: Path, text: str, wrong: str) -> None:
    assert wrong in [what for _, what in told(tmp_path, text)]


@pytest.mark.parametrize(
    "text",
    [
        "The site is automatically built, and shown.",
        "The first step is build, the second is test.",
        "Then we describe the orchard, and it describes us.",
        "The sum can be calculated by hand; the uses of it are many.",
        "It does not support trees. The table that you think of supports them.",
        "A tree that you like, which you may keep.",
        "With a `tree` alone, the table of a `leaf` ends; trees are `old` send to us.",
        "```python\na = 1  # multiply a evenly\nb = f(a, 2)\n```",
    ],
)
def test_a_form_that_fits_is_not_told(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == []


def test_a_form_in_a_comment_is_told_at_its_line(tmp_path: Path) -> None:
    text = "# Trees\n\n```python\nx = 1\ny = 2  # An gardener\n```\n"
    assert told(tmp_path, text) == [(5, "An gardener")]
