"""Headings that count steps, and lines that count tables."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.rules.numbers import step_numbers, summaries


@pytest.mark.parametrize(
    ("titles", "lines"),
    [
        (("Step 1: Dig", "Step 2: Plant", "Step 2: Water"), [9]),
        (("步骤 1：挖坑", "步骤 2：栽种", "步骤 2：浇水"), [9]),
        (("Step 1: Dig", "Step 2: Plant", "Step 3: Water"), []),
        (("Step 1: Dig", "Step 2: Plant apples", "Step 2: Plant pears"), []),
        (("Step 1: Dig", "Step 1: Plant", "Step 2: Water"), []),
        (("Step 2: Dig", "In between", "Step 2.1: Water"), []),
    ],
)
def test_no_two_steps_have_one_number(
    tmp_path: Path, titles: tuple[str, ...], lines: list[int]
) -> None:
    text = "".join(f"## {title}\n\nSo.\n\n" for title in titles)
    page = pages.page(tmp_path, "a.md", text)
    found = step_numbers.check(pages.site(tmp_path, page))
    assert [one.line for one in found] == lines


def test_each_chapter_counts_for_itself(tmp_path: Path) -> None:
    text = "# Trees\n\n## Step 2: Dig\n\nSo.\n\n# Bees\n\n## Step 2: Buy\n"
    page = pages.page(tmp_path, "a.md", text)
    assert list(step_numbers.check(pages.site(tmp_path, page))) == []


_TABLE = """\
| tree | state |
|---|---|
| one | ripe |
| two | ripe |
| three | green |

Count: {line}
"""


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Total = 3, ripe = 1, green = 1", 1),
        ("Total = 3, ripe trees = 2, green = 2", 1),
        ("Total = 3, ripe = 2, green = 1", 0),
        ("Total = 9, ripe = 1, green = 1", 0),
        ("Total = 3, price = 5", 0),
    ],
)
def test_the_line_below_a_table_counts_its_rows(tmp_path: Path, line: str, count: int) -> None:
    page = pages.page(tmp_path, "a.md", _TABLE.format(line=line))
    assert len(list(summaries.conflicts(page))) == count
