"""Execution counts that are not those of one run from top to bottom."""

from pathlib import Path
from typing import Any

import pytest

from tests.rules import pages
from tests.rules.pages import code, notebook, printed, prose, shown
from verify.rules.outputs import order

OUT = printed("x\n")


@pytest.mark.parametrize(
    ("cells", "cell", "why"),
    [
        ([code("a = 1", count=3), code("b = 2", count=2)], 1, "The execution count is 2 after 3;"),
        ([code("f()", OUT, count=3), code("g()", OUT, count=3)], 1, "is 3 after 3;"),
        ([code("f()", OUT, count=1), code("g()", OUT)], 1, "output but no execution count;"),
        ([code("f()", shown("5", 7), count=8)], 0, "has the execution count 8, its output has 7;"),
        ([code("a", count=4), code("b", count=2), prose("x"), code("c", count=1)], 1,
         "is 2 after 4 (2 cells in all);"),
        ([code("f()", OUT, count=1), code("b = 2"), code("g()", OUT, count=2)], 1,
         "This cell was never run"),
        ([code("f()", count=1), code("b = 2"), code("c = 2"), code("g()", count=2)], 1,
         "This cell and 1 more were never run"),
    ],
)  # fmt: skip
def test_counts_that_contradict_each_other(
    tmp_path: Path, cells: list[Any], cell: int, why: str
) -> None:
    (finding,) = order.check(pages.site(tmp_path, notebook(tmp_path, *cells)))
    assert finding.cell == cell
    assert why in str(finding.message)


@pytest.mark.parametrize(
    "cells",
    [
        [code("a = 1", count=3), code("b = 2", count=9)],
        [code("f()", OUT), code("g()", OUT)],  # a tool removes counts
        [code("f()", OUT, count=1), code("b = 2"), code("g()", OUT, count=3)],
        [code("f()", OUT, count=1), code("# b = 2"), code("g()", OUT, count=2)],
        [code("f()", OUT, count=1), code("g()", OUT, count=2), code("b = 2")],
        [code("f()", OUT, count=1), code("b = 2", tags=["skip-execution"]), code("g()", count=2)],
        [code("f()", OUT, count=9), prose("Restart the kernel now."), code("g()", OUT, count=1)],
        [code("f()", OUT, count=9), prose("请重启内核。"), code("g()", OUT, count=1)],
    ],
)
def test_counts_of_one_run(tmp_path: Path, cells: list[Any]) -> None:
    assert list(order.check(pages.site(tmp_path, notebook(tmp_path, *cells)))) == []
