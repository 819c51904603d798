"""A Markdown or reStructuredText page as a notebook: its Python as cells, in their order.

Each block of Python is a code cell, of a console's transcript each entry with its answer; what
stands between two blocks is a cell of prose, as it is written in the file. So a text has all that a
notebook has: indices of cells, and the line of each.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from verify.page import notebook, transcripts
from verify.page.code import parsing
from verify.page.page import Block, Output, Page

if TYPE_CHECKING:
    from nbformat import NotebookNode

SUFFIXES = (".md", ".rst")
_CONSOLES = {"pycon", "pycon3", "python-console", "ipythonconsole", "doctest"}
_UNSAID = {"", "none", "default", "text"}
# So many rows around the line that a parser tells a block may stand, which directives shift.
_FAR = 2_000
_IMPORTS = re.compile(r"^(?:import|from) +[A-Za-z_.]", re.MULTILINE)


def with_cells(page: Page) -> Page:
    """The page with its cells, if it is a text; a notebook has its own."""
    if page.path.suffix not in SUFFIXES:
        return page
    rows = page.text.split("\n")
    cells: list[Block] = []
    at = 0
    for block in _python(page, rows):
        begins = block.line - 1
        cells += _prose(page, rows, at, begins)
        cells += _code(block)
        at = begins + block.source.count("\n") + 1
    cells += _prose(page, rows, at, len(rows))
    if not any(cell.runs for cell in cells):
        return page
    return replace(page, cells=tuple(replace(cell, cell=i) for i, cell in enumerate(cells)))


def placed(cells: Sequence[Block], line: int) -> int:
    """The index of the cell that a line of a text lies in, or is nearest after."""
    return max((cell.index for cell in cells if cell.line <= line), default=0)


def node(page: Page) -> "NotebookNode":
    """A page as nbformat has it, to be changed and run."""
    if page.is_notebook:
        return notebook.node(page.text, page.path)
    from nbformat import v4  # noqa: PLC0415  # all commands read pages, few of them run one

    made: NotebookNode = v4.new_notebook()
    for cell in page.cells:
        if cell.runs:
            made.cells.append(v4.new_code_cell(cell.source, outputs=[*map(_stored, cell.outputs)]))
        else:
            made.cells.append(v4.new_markdown_cell(cell.source))
    return made


def _stored(output: Output) -> "NotebookNode":
    from nbformat import v4  # noqa: PLC0415

    name, _, value = output.text.partition(": ")
    kinds: dict[str, tuple[str, dict[str, object]]] = {
        "display": ("execute_result", {"data": {"text/plain": output.text}}),
        "error": ("error", {"ename": name, "evalue": value, "traceback": [output.text]}),
    }
    stream = {"name": output.name, "text": output.text}
    kind, fields = kinds.get(output.name, ("stream", stream))
    made: NotebookNode = v4.new_output(kind, **fields)
    return made


def _python(page: Page, rows: Sequence[str]) -> Iterator[Block]:
    """The blocks of Python, each with the very line where it begins; what is nowhere is not one."""
    after, rows = 0, [row.strip() for row in rows]
    for block in sorted(page.codes, key=lambda code: code.line):
        if not _is_python(block):
            continue
        source = block.source.rstrip("\n")
        begins = _place(rows, source.split("\n"), block.line - 1, after)
        if begins is not None:
            after = begins + source.count("\n") + 1
            yield replace(block, source=source, line=begins + 1)


def _is_python(block: Block) -> bool:
    if not block.source.strip():
        return False
    if block.is_python or block.language in _CONSOLES:
        return True
    if block.language not in _UNSAID:
        return False
    # Nobody said what it is: what imports, or was typed at Python's prompt, is Python.
    if transcripts.is_one(block.source):
        return all(parsing.tree_of(one.source) for one in transcripts.entries(block.source))
    return bool(_IMPORTS.search(block.source)) and parsing.tree_of(block.source) is not None


def _place(rows: Sequence[str], wanted: Sequence[str], near: int, after: int) -> int | None:
    """The row where some lines stand, indentation aside: the nearest one after another row."""
    sought = [line.strip() for line in wanted]
    last = len(rows) - len(sought)
    for distance in range(_FAR):
        for row in dict.fromkeys((near - distance, near + distance)):
            if after <= row <= last and rows[row : row + len(sought)] == sought:
                return row
    return None


def _code(block: Block) -> Iterator[Block]:
    """The code cells of a block, without an indentation that all their lines share."""
    is_console = block.language in _CONSOLES or transcripts.is_one(block.source)
    block = replace(block, language="python", kind="code")
    if not is_console:
        yield replace(block, source=parsing.dedented(block.source))
        return
    for one in transcripts.entries(block.source):
        if not (one.answer or _says_anything(one.source)):
            continue  # a comment alone
        at = block.line + one.row
        yield replace(block, source=one.source, line=at, outputs=one.outputs)


def _says_anything(source: str) -> bool:
    tree = parsing.tree_of(source)
    return tree is None or bool(tree.body)


def _prose(page: Page, rows: Sequence[str], begins: int, ends: int) -> list[Block]:
    """What stands between two blocks of Python, if it is more than empty lines."""
    source = "\n".join(rows[begins:ends])
    if not source.strip():
        return []
    return [Block(source, begins + 1, page.path.suffix[1:], kind="markdown")]
