"""Documents as notebooks: reading through jupytext, and where each cell stands in its file."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from verify.errors import UsageError
from verify.page import magics
from verify.system import digests

_PERCENT_MARKER = re.compile(r"^\s*#\s*%%(%*\s.*)?$")
_JSON_CELL_TYPE = re.compile(r'^(\s*)"cell_type":')


@dataclass(frozen=True)
class Cell:
    """One cell: its 0-based index over all cells, and the line where its source begins.

    `rows` is 1 where each line of the source has its own line in the file, and 0 where they share
    one, as in JSON that holds the source as one string.
    """

    index: int
    kind: str
    source: str
    line: int
    step: str | None
    rows: int = 1

    def line_of(self, row: int) -> int:
        """The line in the file of a 0-based line of the source."""
        return self.line + row * self.rows

    @property
    def is_code(self) -> bool:
        """Whether the kernel runs this cell."""
        return self.kind == "code"

    @property
    def python(self) -> str:
        """The source as Python's parser can read it, line for line; see `verify.page.magics`."""
        return magics.python_of(self.source)

    @property
    def sha256(self) -> str:
        """Digest of the source, as pins keep it."""
        return digests.of(self.source)


@dataclass(frozen=True)
class Notebook:
    """A document with cells, read from an .ipynb file or from a jupytext percent script."""

    path: Path
    cells: tuple[Cell, ...]
    node: NotebookNode

    def cells_of_step(self, step: str) -> tuple[Cell, ...]:
        """The code cells that carry out one step, in order."""
        return tuple(cell for cell in self.cells if cell.is_code and cell.step == step)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps in the order of their first cell."""
        return tuple(dict.fromkeys(cell.step for cell in self.cells if cell.step))


def read(path: Path) -> Notebook:
    """Read a notebook.

    Raises:
        UsageError: the file is missing or no notebook.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}).") from error
    return parse(text, path)


def parse(text: str, path: Path) -> Notebook:
    """Parse the text of a notebook; the suffix of `path` tells the format."""
    try:
        with warnings.catch_warnings():
            # Old notebooks lack what newer ones have; `upgrade` below adds it.
            warnings.simplefilter("ignore")
            node = _reads(text, path.suffix)
    except Exception as error:  # jupytext and nbformat raise many kinds of their own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(f"{path}: is not a readable notebook ({reason}).") from error
    for index, cell in enumerate(node.cells):
        if not isinstance(cell.get("source"), str):
            raise UsageError(f"{path}: is not a readable notebook (cell {index} has no source).")
    node = nbformat.v4.upgrade(node)
    is_json = path.suffix == ".ipynb"
    find = _json_lines if is_json else _percent_lines
    rows = text.split("\n")
    lines = find(rows, [cell.source for cell in node.cells])
    lines += [1] * (len(node.cells) - len(lines))
    cells = tuple(
        Cell(
            index,
            cell.cell_type,
            cell.source,
            line,
            cell.metadata.get("step"),
            0 if is_json and _is_whole(rows[line - 1]) else 1,
        )
        for index, (cell, line) in enumerate(zip(node.cells, lines, strict=False))
    )
    return Notebook(path, cells, node)


def _reads(text: str, suffix: str) -> Any:  # noqa: ANN401  # neither library has types
    if suffix == ".ipynb":
        return nbformat.reads(text, as_version=4)
    import jupytext  # noqa: PLC0415  # it takes longer to import than all notebooks to read

    return jupytext.reads(text, fmt=suffix.lstrip("."))


def _percent_lines(lines: list[str], sources: list[str]) -> list[int]:
    """The line after each marker; a script may begin with a cell that has none."""
    found = [i + 2 for i, line in enumerate(lines) if _PERCENT_MARKER.match(line)]
    if found and len(found) == len(sources) - 1:
        first = sources[0].partition("\n")[0]
        begins = (i + 1 for i, line in enumerate(lines) if line.removeprefix("# ") == first)
        found.insert(0, next(begins, 1))
    return found


def _json_lines(lines: list[str], _: list[str]) -> list[int]:
    """The first line of each source; an output may hold a deeper key of the same name."""
    indents = [match[1] for line in lines if (match := _JSON_CELL_TYPE.match(line))]
    key = f'{min(indents, key=len, default="")}"source":'
    return [
        i + (2 if line.rstrip().endswith("[") else 1)
        for i, line in enumerate(lines)
        if line.startswith(key)
    ]


def _is_whole(line: str) -> bool:
    """Whether a line of JSON is not one of a source's list of lines, but holds all of it."""
    begins = line.lstrip()
    return begins[:1] != '"' or begins.startswith('"source":')
