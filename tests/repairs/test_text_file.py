"""Of a text file no line changes but those that a repair is about, each laid out as before."""

from pathlib import Path

import pytest

from verify.page import reader, text_cells
from verify.repairs import text_file

LIST = "1. Plant:\n\n   ```python\n   plant(12)\n   eat()\n   ```\n\nThe end.\n"


def rewritten(text: str, *pairs: tuple[str, str], name: str = "page.md") -> str:
    """A text in whose cells a source has become another."""
    cells = text_cells.with_cells(reader.of_text(text, Path(name))).cells
    becomes = {}
    for was, now in pairs:
        (index,) = [cell.index for cell in cells if was in cell.source]
        becomes[index] = cells[index].source.replace(was, now)
    return text_file.rewritten(text, cells, becomes)


@pytest.mark.parametrize(
    ("text", "was", "now"),
    [
        ("# P\n\n```python\nplant(12)\neat()\n```\n", "plant(12)", "if x:\n    plant(13)"),
        (LIST, "plant(12)", "plant(13)"),
        (LIST, "eat()", "eat()\nsleep()"),
        ("# P\n\n```python\nplant(12)\n\neat()\n```\n", "eat()", "eat(1)"),
    ],
)
def test_code_keeps_the_indentation_of_its_block(text: str, was: str, now: str) -> None:
    indent = " " * (len(line := next(r for r in text.split("\n") if was in r)) - len(line.lstrip()))
    assert rewritten(text, (was, now)) == text.replace(was, now.replace("\n", f"\n{indent}"))


def test_a_console_keeps_its_prompts() -> None:
    text = "P\n=\n\n>>> plant(12)\n>>> eat()\n5\n"
    assert rewritten(text, ("plant(12)", "plant(13)"), name="page.rst") == text.replace("12", "13")
    more = rewritten(text, ("plant(12)", "plant(12)\nwater()"), name="page.rst")
    assert more == text.replace("(12)", "(12)\n>>> water()")
    block = rewritten(text, ("plant(12)", "if dry:\n    plant(12)"), name="page.rst")
    assert block == text.replace("plant(12)", "if dry:\n...     plant(12)")


def test_line_ends_stay() -> None:
    text = LIST.replace("\n", "\r\n")
    assert rewritten(text, ("plant(12)", "plant(13)")) == text.replace("12", "13")


def test_prose_changes_and_so_do_several_cells_at_once() -> None:
    text = f"There are 12.\n\n{LIST}"
    done = rewritten(text, ("There are 12", "There are\n13"), ("eat()", "sleep()"))
    assert done == text.replace("There are 12", "There are\n13").replace("eat()", "sleep()")


def test_nothing_changes_where_no_source_is_another() -> None:
    assert rewritten(LIST) == LIST
