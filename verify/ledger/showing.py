"""Where the known errata of a release show on a page, and that page with all of them repaired."""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatchcase

from verify.errors import UsageError
from verify.ledger import repairing
from verify.ledger.erratum import Erratum, KnownErratum
from verify.page.code import facts, installs, scripts
from verify.page.code.scripts import Part
from verify.page.page import Block, Page


def on_page(known: Iterable[KnownErratum], page: Page, path: str) -> list[Erratum]:
    """The errata that a page has, each with its cells, in the order of the ledger.

    Args:
        known: the errata of a release.
        page: the page.
        path: where it is in its repository.
    """
    texts = [cell.source for cell in page.cells]
    parts = {part.cell.index: part for part in scripts.of_page(page)}
    found = []
    for erratum in known:
        if any(fnmatchcase(path, pattern) for pattern in erratum.pages):
            cells = dict.fromkeys(
                [*_written(erratum, page, parts), *_lacking(erratum, page, texts)]
            )
            if cells:
                found.append(Erratum(**{**erratum.model_dump(), "cells": sorted(cells)}))
    return found


def repaired(errata: Iterable[Erratum], page: Page) -> Page:
    """A page after the repairs of its own text; one that leaves no Python behind is not made."""
    cells = list(page.cells)
    for erratum in errata:
        for index in erratum.cells:
            edits = [edit for edit in erratum.apply if repairing.finds(edit, cells[index])]
            with suppress(UsageError):
                source = repairing.cell(cells[index], edits)
                cells[index] = replace(cells[index], source=source)
    return replace(page, cells=tuple(cells))


def _written(erratum: KnownErratum, page: Page, parts: Mapping[int, Part]) -> Iterator[int]:
    """The cells that hold what a repair finds, in each script up to what ends it."""
    over = False
    for cell in page.cells:
        part = parts.get(cell.index)
        over = over and not (part and part.fresh)
        if over:
            continue
        if not cell.runs and (erratum.kind == "runtime" or erratum.beside):
            continue
        if erratum.beside and not repairing.places(cell.python, erratum.beside):
            continue
        last = min((_begins(pattern, cell) for pattern in erratum.until), default=math.inf)
        patterns = [*erratum.shows, *(edit.find for edit in erratum.apply)]
        shown = any(repairing.places(cell.python, pattern) for pattern in erratum.shows)
        if (shown or any(repairing.finds(edit, cell) for edit in erratum.apply)) and (
            last == math.inf or any(_begins(pattern, cell) < last for pattern in patterns)
        ):
            yield cell.index
        over = last < math.inf and not (part and part.why)  # what is left out ends nothing


def _begins(pattern: str | None, cell: Block) -> float:
    """Where the first place that fits a pattern is in a cell's code."""
    found = repairing.places(cell.python, pattern) if pattern and cell.runs else []
    return found[0].range().start.index if found else math.inf


def _lacking(erratum: KnownErratum, page: Page, texts: list[str]) -> Iterator[int]:
    """The first cells that import what the page's reader is not, or not well, told to install."""
    imported = facts.imported_modules(page)
    for edit in erratum.apply:
        if edit.install and edit.imported in imported:
            told = installs.told(texts) + installs.requirements(texts)
            if edit.instead in told if edit.instead else edit.install not in told:
                yield imported[edit.imported]
