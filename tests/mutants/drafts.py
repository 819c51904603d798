"""Pages with one defect each: all that can be made of a documentation, before anybody judges."""

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import nbformat
import polib
from nbformat import NotebookNode

from tests.mutants import outputs, places, prose, reading
from tests.mutants.outputs import OutputOperator
from tests.mutants.places import Operator
from tests.mutants.prose import Text, TextOperator
from tests.mutants.reading import Change, Code
from verify.page import notebook, reader
from verify.page.page import Block, Page

_node = cache(notebook.node)  # not to be changed

# Everywhere on the page, where several places contradict each other; else at the place itself.
_HERE, _ANYWHERE = False, True

_OF_CODE: dict[str, tuple[Operator, bool, tuple[str, ...]]] = {
    "a bracket dropped": (places.bracket_dropped, _HERE, ("syntax",)),
}
# What a text page shows may be a part of something: nobody can know what comes before it.
_OF_CELLS: dict[str, tuple[Operator, bool, tuple[str, ...]]] = {
    "a name misspelt": (places.name_misspelt, _HERE, ("undefined-name",)),
    "a return outside": (places.return_added, _HERE, ("syntax",)),
    "an import left over": (places.import_left_over, _HERE, ("unused",)),
}
_OF_CALLS: dict[str, tuple[Operator, bool, tuple[str, ...]]] = {
    "an argument renamed": (places.argument_renamed, _HERE, ("bad-call", "argument-*")),
    "an API moved": (places.api_moved, _HERE, ("missing-attribute", "missing-module")),
    "a method moved": (places.method_moved, _HERE, ("missing-attribute",)),
    "an import moved": (places.import_moved, _HERE, ("missing-attribute", "missing-module")),
    "a module moved": (
        places.module_moved,
        _HERE,
        ("missing-attribute", "missing-module", "undocumented-package"),
    ),
}
_OF_TEXT: dict[str, tuple[TextOperator, bool, tuple[str, ...]]] = {
    "a link broken": (prose.link_broken, _HERE, ("broken-link",)),
    "an anchor broken": (prose.anchor_broken, _HERE, ("broken-anchor", "broken-link")),
    "a picture missing": (prose.picture_missing, _HERE, ("broken-image",)),
    "a link emptied": (prose.link_emptied, _HERE, ("empty-link",)),
    "a link to another version": (prose.version_left, _HERE, ("other-version",)),
    "an option misspelt": (prose.option_misspelt, _HERE, ("bad-option",)),
    "another version named": (prose.version_changed, _HERE, ("version-contradicted",)),
    "a sum changed": (prose.sum_changed, _ANYWHERE, ("arithmetic", "number-contradicted")),
    "a total changed": (prose.total_changed, _ANYWHERE, ("arithmetic",)),
    "a parameter in prose changed": (
        prose.parameter_changed,
        _ANYWHERE,
        ("number-contradicted", "translation"),
    ),
    "a word doubled": (prose.word_doubled, _HERE, ("doubled-word",)),
    "a word misspelt": (prose.word_misspelt, _HERE, ("spelling",)),
    "a comma halved": (prose.comma_halved, _HERE, ("punctuation",)),
    "a conclusion reversed": (prose.conclusion_reversed, _HERE, ("comparison-contradicted",)),
}
_OF_OUTPUTS: dict[str, tuple[OutputOperator, bool, tuple[str, ...]]] = {
    "epochs changed above a log": (
        outputs.epochs_changed,
        _ANYWHERE,
        ("impossible-output", "number-contradicted"),
    ),
    "a log truncated": (outputs.log_truncated, _HERE, ("impossible-output",)),
    "runs out of order": (outputs.counts_swapped, _ANYWHERE, ("output-order",)),
    "a metric that tells nothing": (outputs.metric_flat, _HERE, ("degenerate-metric",)),
    "an error in an output": (outputs.unnamed_error, _HERE, ("impossible-output",)),
}


@dataclass(frozen=True)
class Draft:
    """A page with a defect, before anybody has judged it."""

    kind: str
    page: Path
    place: str
    says: str
    meant: tuple[str, ...]
    text: Callable[[], str]


def of_folder(root: Path, release: str | None) -> Iterator[Draft]:
    """All that can be wrong with the pages of a folder.

    Args:
        root: the folder.
        release: that of SecretFlow which the pages document; None if no environment confirms calls.
    """
    for path in sorted(root.rglob("*")):
        if path.suffix in (".md", ".rst", ".ipynb"):
            yield from _of_page(reader.read(path), release)
        elif path.suffix == ".po":
            yield from _of_catalogue(path)


def _of_page(page: Page, release: str | None) -> Iterator[Draft]:
    for block, offset in _codes(page):
        operators = _OF_CODE | (_OF_CALLS if release is not None else {})
        operators |= _OF_CELLS if page.is_notebook else {}
        for kind, (operator, anywhere, meant) in operators.items():
            for change in operator(block):
                yield _draft(page, kind, change, meant, anywhere=anywhere, block=(offset, block))
    for text in _texts(page, release or ""):
        for kind, (change_text, anywhere, meant) in _OF_TEXT.items():
            for change in change_text(text):
                yield _draft(page, kind, change, meant, anywhere=anywhere)
    if page.is_notebook:
        yield from _of_outputs(page, _node(page.text, page.path))


def _of_outputs(page: Page, node: NotebookNode) -> Iterator[Draft]:
    for kind, (operator, anywhere, meant) in _OF_OUTPUTS.items():
        for reprint in operator(node.cells):
            place = f"cell {reprint.cell}"
            patterns = tuple(f"{each}:{'*' if anywhere else place}" for each in meant)
            text = partial(_with_cells, node, reprint.cells)
            yield Draft(kind, page.path, place, reprint.says, patterns, text)


def _with_cells(node: NotebookNode, cells: Mapping[int, NotebookNode]) -> str:
    """The text of a notebook of which some cells are others."""
    changed = [cells.get(index, cell) for index, cell in enumerate(node.cells)]
    return str(nbformat.writes(nbformat.from_dict({**node, "cells": changed})))


def _codes(page: Page) -> Iterator[tuple[Code, int]]:
    """The Python of a page, each block with its offset in the file; 0 in a notebook."""
    if page.is_notebook:
        for cell in reading.read(page.cells):
            yield cell, 0
        return
    found = [block for block in page.python if block.source and page.text.count(block.source) == 1]
    cells = [Block(block.source, block.line, cell=-1, kind="code") for block in found]
    for cell in reading.read(cells):
        yield cell, page.text.index(cell.cell.source)


def _texts(page: Page, release: str) -> Sequence[Text]:
    if not page.is_notebook:
        return [Text(page, None, page.text, release)]
    cells = [cell for cell in page.cells if cell.kind == "markdown"]
    return [Text(page, cell.index, cell.source, release) for cell in cells]


def _draft(
    page: Page,
    kind: str,
    change: Change,
    meant: tuple[str, ...],
    *,
    anywhere: bool,
    block: tuple[int, Code] | None = None,
) -> Draft:
    """A draft of a change of a cell, or of a text page at the offset of the block."""
    text: Callable[[], str]
    if page.is_notebook:
        node = _node(page.text, page.path)
        cell = copy.copy(node.cells[change.cell])
        cell.source = change.applied(cell.source)
        places_ = [f"cell {change.cell}"]
        text = partial(_with_cells, node, {change.cell: cell})
    else:
        offset = block[0] if block else 0
        first = page.text.count("\n", 0, offset + change.start) + 1
        lines = range(first, first + 1)
        if block:  # as a cell: a call that goes over several lines is told at its first one
            lines = range(
                block[1].cell.line, block[1].cell.line + block[1].cell.source.count("\n") + 1
            )
        places_ = [f"line {first}", *(f"line {line}" for line in lines)]
        text = partial(_spliced, page.text, offset, change)
    where = ["*"] if anywhere else places_
    patterns = tuple(f"{each}:{place}" for each in meant for place in dict.fromkeys(where))
    return Draft(kind, page.path, places_[0], change.says, patterns, text)


def _spliced(text: str, offset: int, change: Change) -> str:
    return text[:offset] + change.applied(text[offset:])


def _of_catalogue(path: Path) -> Iterator[Draft]:
    """Translations that say another number, name another thing in code, or link elsewhere."""
    try:
        original = polib.pofile(str(path))
    except OSError:
        return  # no catalogue: the gate itself says so
    for number, entry in enumerate(original):
        for what, pattern in (
            ("number", r"(?<![\w./`-])\d+(?![\w./%`-])"),
            ("code", r"(?<=`)[a-z_]{4,}(?=`)"),
            ("link", r"(?<=\]\()[^)#:]+"),
        ):
            if entry.obsolete or entry.fuzzy or not re.search(pattern, entry.msgid):
                continue
            for match in list(re.finditer(pattern, entry.msgstr))[:1]:
                said = match[0]
                becomes = str(int(said) + 7) if what == "number" else f"{said[:-1]}_{said[-1]}"
                start, end = match.span()
                translation = entry.msgstr[:start] + becomes + entry.msgstr[end:]
                text = partial(_translated, path, number, translation)
                kind, place = f"another {what} in a translation", f"entry {number}"
                says = f"{said} → {becomes}"
                yield Draft(kind, path, place, says, ("translation:*",), text)


def _translated(path: Path, entry: int, translation: str) -> str:
    catalogue = polib.pofile(str(path))
    catalogue[entry].msgstr = translation
    return str(catalogue)
