"""The Python of a text is cells, each where it stands; all else lies in cells of prose."""

from pathlib import Path

import pytest

from verify.page import reader, text_cells
from verify.page.outputs import output_reading
from verify.page.page import Page

ORCHARD = """\
# Pears

There are 12 pears, see [the list](pears.md).

```python
import orchard
orchard.plant(12)
```

```bash
orchard --help
```

1. Then count:

   ```python
   >>> orchard.count()
   12
   >>> orchard.ripe()
   5
   ```

The end, after 3 days.
"""

RST = """\
Pears
=====

There are 12 pears.

.. code-block:: python

    import orchard

    orchard.plant(12)

Typed:

>>> orchard.count()
12

.. code-block:: bash

    orchard --help
"""


def page(text: str, name: str = "page.md") -> Page:
    return text_cells.with_cells(reader.of_text(text, Path(name)))


@pytest.mark.parametrize(("text", "name"), [(ORCHARD, "page.md"), (RST, "page.rst")])
def test_each_line_of_a_cell_is_the_one_in_the_file(text: str, name: str) -> None:
    rows = text.split("\n")
    for cell in page(text, name).cells:
        for i, line in enumerate(cell.source.split("\n")):
            assert not line.strip() or rows[cell.line_of(i) - 1].strip().endswith(line.strip())


def test_blocks_are_code_cells_and_what_stands_between_is_prose() -> None:
    read = page(ORCHARD)
    assert [cell.kind for cell in read.cells] == ["markdown", "code"] * 2 + ["code", "markdown"]
    assert [(c.index, c.line, c.source) for c in read.cells if c.runs] == [
        (1, 6, "import orchard\norchard.plant(12)"),
        (3, 17, "orchard.count()"),
        (4, 19, "orchard.ripe()"),
    ]
    assert [piece.cell for piece in read.prose] == [0, 0, 2, 5]
    assert [(link.target, link.cell) for link in read.links] == [("pears.md", 0)]
    # What is not Python is shown all the same, in the cell of prose around it.
    assert [(code.language, code.cell) for code in read.codes if not code.is_python] == [
        ("bash", 2)
    ]
    assert [code.index for code in read.python] == [1, 3, 4]


def test_restructuredtext_is_read_alike() -> None:
    read = page(RST, "page.rst")
    assert [(c.index, c.line, c.source) for c in read.cells if c.runs] == [
        (1, 8, "import orchard\n\norchard.plant(12)"),
        (3, 14, "orchard.count()"),
    ]
    assert [piece.cell for piece in read.prose] == [0, 0, 2]


def test_stored_outputs_of_a_transcript_are_read_as_those_of_a_notebook() -> None:
    stored = output_reading.of_page(page(ORCHARD))
    assert sorted(stored) == [3, 4]
    cells = text_cells.node(page(ORCHARD)).cells
    assert [cell.cell_type for cell in cells] == [c.kind for c in page(ORCHARD).cells]
    assert cells[3].outputs[0]["data"] == {"text/plain": "12"}


@pytest.mark.parametrize(
    ("block", "cells"),
    [
        ("```\nimport orchard\norchard.plant()\n```", 1),
        ("```\norchard plant\n```", 0),
        ("```\nripe = 5\n```", 0),  # as good a line of another language
        ("```\n>>> ripe = 5\n```", 1),
        ("```\nsure?\n>>> yes\n```", 0),
        ("```yaml\nimport: 5\n```", 0),
        ("```bash\n>>> ripe = 5\n```", 0),
        ("```pycon\n>>> ripe = 5\n```", 1),
        ("```python\n# only words\n```", 1),
        ("```python\n>>> # only words\n```", 0),
        ("```python\n\n```", 0),
        ("```{code-block} python\n:linenos:\n\nripe = 5\n```", 1),
    ],
)
def test_what_nobody_calls_python_has_to_look_like_it(block: str, cells: int) -> None:
    assert sum(cell.runs for cell in page(f"Words.\n\n{block}\n").cells) == cells


def test_two_blocks_alike_are_two_cells() -> None:
    block = "```python\nripe = 5\n```\n\n"
    assert [cell.line for cell in page(f"Words.\n\n{block}{block}").cells if cell.runs] == [4, 8]


def test_a_text_without_python_and_a_notebook_stay_as_they_are() -> None:
    text = reader.of_text("Words.\n", Path("page.md"))
    assert text_cells.with_cells(text) is text
    script = reader.of_text("# %%\nripe = 5\n", Path("page.py"))
    assert text_cells.with_cells(script) is script


def test_an_indentation_that_all_lines_share_is_no_part_of_a_cell() -> None:
    (cell,) = [c for c in page("```python\n    ripe = 5\n    eat()\n```\n").cells if c.runs]
    assert (cell.source, cell.line) == ("ripe = 5\neat()", 2)
