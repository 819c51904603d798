"""Mutants of pages, judged by the static gate: all mutants of a documentation in one go."""

import copy
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from random import Random

import nbformat
import polib
from nbformat import NotebookNode

from tests.mutants import outputs, places, prose
from tests.mutants.mutant import Mutant
from tests.mutants.outputs import OutputOperator
from tests.mutants.places import Change, Code, Operator
from tests.mutants.prose import Text, TextOperator
from verify.environment import Environment
from verify.notebook import Cell
from verify.static import gate, reader, site
from verify.static.page import Page
from verify.static.project import Project

SITE = Path(__file__).parent / "samples" / "site"
# Everywhere on the page, where several places contradict each other; else at the place itself.
_HERE, _ANYWHERE = False, True

_OF_CODE: dict[str, tuple[Operator, bool, tuple[str, ...]]] = {
    "a bracket dropped": (places.bracket_dropped, _HERE, ("syntax",)),
}
# What a text page shows may be a part of something: nobody can know what comes before it.
_OF_CELLS: dict[str, tuple[Operator, bool, tuple[str, ...]]] = {
    "a name misspelt": (places.name_misspelt, _HERE, ("undefined-name",)),
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
class _Draft:
    """A page with a defect, before anybody has judged it."""

    kind: str
    page: Path
    place: str
    says: str
    meant: tuple[str, ...]
    text: Callable[[], str]


@dataclass
class Documentation:
    """A folder of pages. `count` mutants of each kind are made, of pages that the seed chooses."""

    root: Path
    environment: Environment | None
    seed: int
    count: int
    name: str
    notify: Callable[[str], None] = lambda _: None
    _drafts: list[_Draft] = field(default_factory=list)

    def mutants(self) -> list[Mutant]:
        """Mutants of all kinds for which the pages have places; judged when first asked."""
        by_kind: dict[str, list[_Draft]] = defaultdict(list)
        for draft in self._all():
            by_kind[draft.kind].append(draft)
        for kind, drafts in by_kind.items():
            chosen = Random(f"{self.seed} {kind}").sample(drafts, min(self.count, len(drafts)))  # noqa: S311
            self._drafts += sorted(chosen, key=drafts.index)
        return [
            Mutant(
                self.name,
                draft.kind,
                f"{draft.page.relative_to(self.root)}, {draft.place}",
                draft.says,
                draft.meant,
                partial(self._killers_of, number),
            )
            for number, draft in enumerate(self._drafts)
        ]

    def _killers_of(self, number: int) -> frozenset[str]:
        return self._killers[number]

    @cached_property
    def _killers(self) -> list[frozenset[str]]:
        """For each draft what the gate finds in it, and not in the page that it was made of."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve() / "docs"
            shutil.copytree(self.root, root)
            (root / "conf.py").touch()
            paths = []
            for number, draft in enumerate(self._drafts):
                original = root / draft.page.relative_to(self.root)
                path = original.with_name(f"{original.stem}--{number}{original.suffix}")
                path.write_text(draft.text(), encoding="utf-8")
                paths += [original, path]
            opened = site.open_site(
                list(dict.fromkeys(paths)),
                root=root,
                environment=self.environment,
                notify=self.notify,
            )
            found: dict[Path, set[tuple[str, str]]] = defaultdict(set)
            where: dict[tuple[Path, str, str], str] = {}
            for finding in gate.judge(opened, Project(), date.max).findings:
                said = re.sub(r"--\d+", "", finding.message)
                found[finding.file].add((finding.kind.value, said))
                place = f"line {finding.line}" if finding.cell is None else f"cell {finding.cell}"
                where[finding.file, finding.kind.value, said] = place
        return [
            frozenset(
                f"{kind}:{where[mutated, kind, said]}"
                for kind, said in found[mutated] - found[original]
            )
            for original, mutated in zip(paths[::2], paths[1::2], strict=True)
        ]

    def _all(self) -> Iterator[_Draft]:
        for path in sorted(self.root.rglob("*")):
            if path.suffix in (".md", ".rst", ".ipynb"):
                yield from self._of_page(reader.read(path))
            elif path.suffix == ".po":
                yield from _of_catalogue(path)

    def _of_page(self, page: Page) -> Iterator[_Draft]:
        release = self.environment.packages.get("secretflow", "") if self.environment else ""
        for code, offset in _codes(page):
            operators = _OF_CODE | (_OF_CALLS if self.environment else {})
            operators |= _OF_CELLS if page.notebook else {}
            for kind, (operator, anywhere, meant) in operators.items():
                for change in operator(code):
                    yield _draft(page, kind, change, meant, anywhere=anywhere, block=(offset, code))
        for text in _texts(page, release):
            for kind, (change_text, anywhere, meant) in _OF_TEXT.items():
                for change in change_text(text):
                    yield _draft(page, kind, change, meant, anywhere=anywhere)
        if page.notebook:
            yield from _of_outputs(page, page.notebook.node)


def _of_outputs(page: Page, node: NotebookNode) -> Iterator[_Draft]:
    for kind, (operator, anywhere, meant) in _OF_OUTPUTS.items():
        for reprint in operator(node.cells):
            place = f"cell {reprint.cell}"
            patterns = tuple(f"{each}:{'*' if anywhere else place}" for each in meant)
            text = partial(_with_cells, node, reprint.cells)
            yield _Draft(kind, page.path, place, reprint.says, patterns, text)


def _with_cells(node: NotebookNode, cells: Mapping[int, NotebookNode]) -> str:
    """The text of a notebook of which some cells are others."""
    changed = [cells.get(index, cell) for index, cell in enumerate(node.cells)]
    return str(nbformat.writes(nbformat.from_dict({**node, "cells": changed})))


def _codes(page: Page) -> Iterator[tuple[Code, int]]:
    """The Python of a page, each block with its offset in the file; 0 in a notebook."""
    if page.notebook:
        for code in places.read(page.notebook.cells):
            yield code, 0
        return
    found = [code for code in page.python if code.source and page.text.count(code.source) == 1]
    cells = [Cell(-1, "code", code.source, code.line, None) for code in found]
    for code in places.read(cells):
        yield code, page.text.index(code.cell.source)


def _texts(page: Page, release: str) -> Sequence[Text]:
    if not page.notebook:
        return [Text(page, None, page.text, release)]
    cells = page.notebook.cells
    return [Text(page, c.index, c.source, release) for c in cells if c.kind == "markdown"]


def _draft(
    page: Page,
    kind: str,
    change: Change,
    meant: tuple[str, ...],
    *,
    anywhere: bool,
    block: tuple[int, Code] | None = None,
) -> _Draft:
    """A draft of a change of a cell, or of a text page at the offset of the block."""
    text: Callable[[], str]
    if page.notebook:
        node = page.notebook.node
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
    return _Draft(kind, page.path, places_[0], change.says, patterns, text)


def _spliced(text: str, offset: int, change: Change) -> str:
    return text[:offset] + change.applied(text[offset:])


def _of_catalogue(path: Path) -> Iterator[_Draft]:
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
                yield _Draft(kind, path, place, says, ("translation:*",), text)


def _translated(path: Path, entry: int, translation: str) -> str:
    catalogue = polib.pofile(str(path))
    catalogue[entry].msgstr = translation
    return str(catalogue)


def own(
    environment: Environment | None, seed: int, count: int, notify: Callable[[str], None]
) -> Documentation:
    """The small documentation of our own, with pages of every format."""
    return Documentation(SITE, environment, seed, count, "page", notify=notify)
