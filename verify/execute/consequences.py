"""What follows from an earlier failure: a cell that rests on what a failed one would have made.

A run goes on after a cell has failed, so that it shows all defects of a page. What fails later may
then be a defect of its own, or no more than a consequence.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from verify.evidence.failure import Failure
from verify.page.code import flow, installs, names, parsing
from verify.page.page import Block
from verify.system.words import Text

_UNKNOWN_NAME = re.compile(r"NameError: name '(\w+)' is not defined")
_NO_MODULE = re.compile(r"(?:ModuleNotFound|Import)Error: No module named '(\w+)")
# What a page has wrong by itself, whatever has happened before: its names, and how it calls.
_OWN = re.compile(
    r"ImportError: cannot import name|AttributeError: (?:partially initialized )?module '|"
    r"SyntaxError|IndentationError|unexpected keyword argument"
)
_NO_ATTRIBUTE = re.compile(r"AttributeError: '[\w.]+' object has no attribute '(\w+)'")
# How libraries word that nobody has started them.
_NOT_STARTED = re.compile(r"\binit\b|\binitiali[sz]ed\b|not (?:been )?started", re.IGNORECASE)
_STARTS = re.compile(r"\binit\w*$|^start\w*$")


class Consequences:
    """The cells of a page that failed so far, and what rests on them."""

    def __init__(self, cells: Sequence[Block]) -> None:
        self._cells = tuple(cells)
        self._lines: dict[int, int] = {}  # by failed cell, the line that failed
        self._reached: Mapping[int, tuple[Text, ...]] = {}
        self._roots: dict[int, tuple[int, ...]] = {}

    def failed(self, failure: Failure, cells: Sequence[Block]) -> None:
        """Note that a step of these cells failed."""
        index, line = failure.at or (cells[0].index, 1)
        self._roots[index] = self.of(cells, failure) or (index,)
        self._lines[index] = line
        self._reached = flow.reached(self._cells, self._origins)

    def of(self, cells: Sequence[Block], failure: Failure | None) -> tuple[int, ...]:
        """The failed cells that a step of these cells follows from, as it came out."""
        if not self._lines:
            return ()
        if failure is None or failure.at is None:
            reached = (self._reached.get(cell.index, ()) for cell in cells)
            causes = {int(str(label)) for some in reached for label in some}
        else:
            causes = self._causes(failure, failure.at[0])
        return tuple(sorted({root for cause in causes for root in self._roots[cause]}))

    def _causes(self, failure: Failure, index: int) -> set[int]:
        """The failed cells that may have made a cell fail so."""
        raised = failure.raised
        before = [cell for cell in self._cells if cell.index in self._lines]
        if unknown := _UNKNOWN_NAME.match(raised):
            return {cell.index for cell in before if unknown[1] in self._unbound(cell)}
        if _NO_MODULE.match(raised):
            return {cell.index for cell in before if installs.told([cell.source])}
        if _OWN.search(raised):
            return set()
        if lacking := _NO_ATTRIBUTE.search(raised):
            return self._of_object(index, lacking[1])
        found = {int(str(label)) for label in self._reached.get(index, ())}
        if _NOT_STARTED.search(raised):
            found |= {cell.index for cell in before if self._starts(cell)}
        return found

    def _of_object(self, index: int, attribute: str) -> set[int]:
        """The failed cells that may have left an object without an attribute: those behind it."""
        cell = next(cell for cell in self._cells if cell.index == index)
        tree = parsing.tree_of(cell.python)
        objects = [
            node.value
            for node in (ast.walk(tree) if tree else ())
            if isinstance(node, ast.Attribute) and node.attr == attribute
        ]
        if tree is None or not objects:  # it is in the library's own code
            return {int(str(label)) for label in self._reached.get(index, ())}
        first = min(one.lineno for one in objects)
        before = [one for one in tree.body if (one.end_lineno or one.lineno) < first]
        asked = [ast.unparse(one) for one in (*before, *objects)]
        begun = len(before)
        seen = [one for one in self._cells if one.index < index]
        parts = [replace(cell, source=source, cell=index + i) for i, source in enumerate(asked)]
        reached = flow.reached([*seen, *parts], self._origins)
        labels = (reached.get(part.index, ()) for part in parts[begun:])
        return {int(str(label)) for some in labels for label in some}

    def _left(self, cell: Block) -> Iterator[ast.stmt]:
        """The statements of a failed cell from the one that failed."""
        tree = parsing.tree_of(cell.python)
        for statement in tree.body if tree else ():
            if (statement.end_lineno or statement.lineno) >= self._lines[cell.index]:
                yield statement

    def _origins(self, cell: Block, node: ast.AST) -> Iterator[str]:
        """A statement that did not come to its end, as where something begins."""
        if cell.index not in self._lines or not isinstance(node, ast.stmt):
            return
        if (node.end_lineno or node.lineno) >= self._lines[cell.index]:
            yield str(cell.index)

    def _unbound(self, cell: Block) -> frozenset[str]:
        """The names that a failed cell did not come to give."""
        left = names.of("\n".join(map(ast.unparse, self._left(cell))))
        return left.made if left else frozenset()

    def _starts(self, cell: Block) -> bool:
        """Whether a failed cell was to start something that others need."""
        nodes = (node for one in self._left(cell) for node in ast.walk(one))
        called = (node.func for node in nodes if isinstance(node, ast.Call))
        last = (str(getattr(f, "attr", None) or getattr(f, "id", "")) for f in called)
        return any(map(_STARTS.search, last))
