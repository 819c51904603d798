"""A page that has some of the ledger's repairs, and nothing else, is known by them."""

from pathlib import Path

import pytest

from tests.checks.builders import contract_of, erratum
from verify.page import reader
from verify.page.page import Page
from verify.repairs import page_patch, repaired_pages

ERRATA = [
    erratum(id="brought", cells=[1, 2], apply=[{"install": "kit"}]),
    erratum(id="renamed", cells=[1], apply=[{"find": "$K.old()", "replace": "$K.new()"}]),
    erratum(id="guarded", cells=[2], apply=[{"find": "$K.end()", "replace": "$K and $K.end()"}]),
    erratum(id="counted", kind="text", cells=[0], apply=[{"find": "5 kits", "replace": "6 kits"}]),
]
PAGE = ("# There are 5 kits.", "import kit\nkit.old()", "kit.end()")


def page(*cells: str) -> Page:
    texts = [
        f"# %% [markdown]\n{cell}" if cell.startswith("#") else f"# %%\n{cell}" for cell in cells
    ]
    return reader.of_text("\n\n".join(texts) + "\n", Path("page.py"))


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        pytest.param(PAGE, {}, id="as it was"),
        pytest.param(
            (
                "# There are 6 kits.",
                "%pip install kit\n\nimport kit\nkit.new()",
                "kit and kit.end()",
            ),
            {0: ("counted",), 1: ("brought", "renamed"), 2: ("guarded",)},
            id="all",
        ),
        pytest.param(
            (PAGE[0], "import kit\nkit.new()", PAGE[2]), {1: ("renamed",)}, id="one of two"
        ),
        pytest.param((PAGE[0], "import kit\nkit.new( )", PAGE[2]), {}, id="in other words"),
        pytest.param(
            ("# There are 6 good kits.", PAGE[1], "kit.end() or kit"), {}, id="something else"
        ),
        pytest.param((*PAGE, "kit and kit.end()"), {}, id="a cell more"),
    ],
)
def test_repairs_are_recognised(cells: tuple[str, ...], found: dict[int, tuple[str, ...]]) -> None:
    document = contract_of(errata=ERRATA)
    assert repaired_pages.recognised(document, page(*PAGE), page(*cells)) == found


@pytest.mark.parametrize("asks", ["%pip install -q {}", "!pip install {} -q", "# pip install {}"])
def test_what_a_page_asks_pip_for_is_repaired_where_it_asks(asks: str) -> None:
    instead = {"install": "kit==2 glue==1", "instead": "kit[all]", "module": "kit"}
    known = erratum(id="unfit", cells=[1], apply=[instead])
    cells = page(asks.format("kit[all]"), "import kit", "import glue").cells
    repaired, problems = page_patch._repaired(known, cells, {1: 1})
    assert [cell.source for cell in repaired] == [
        asks.removeprefix("# ").format("kit==2 glue==1"),
        "import kit",
        "import glue",
    ]
    assert problems == []
    assert page_patch._repaired(known, repaired, {1: 1}) == (repaired, [])


def test_a_repair_is_made_once() -> None:
    guarded, cell = ERRATA[2], page(*PAGE).cells[2]
    once = repaired_pages.after(guarded, cell, 2, [])
    assert once is not None
    assert repaired_pages.after(guarded, once, 2, []) == once
