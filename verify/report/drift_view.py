"""Drift for people at a terminal, and as JSON."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from verify.contract.claim import Claim
from verify.contract.pin_drift import CellChange, CellDrift
from verify.contract.pins import Pins
from verify.page.code.facts import Fact
from verify.system import words
from verify.upstream.pages import OfficialPage

SCHEMA = 1

_LONGEST = 24  # lines of one cell's difference
_WORD = re.compile(r"[\w.]+|.")


@dataclass(frozen=True)
class DocumentDrift:
    """How the page of one document drifted; `seen` is None where there is no such page any more.

    `claims` are those that have lost their place on the page, each with the reason.
    """

    name: str
    pinned: Pins
    ref: str
    seen: OfficialPage | None
    has_texts: bool
    cells: tuple[CellDrift, ...]
    missing: str = ""
    claims: tuple[tuple[Claim, words.Text], ...] = ()

    @property
    def equal(self) -> bool:
        """Whether the page is as it was pinned, and so are all claims about it."""
        same = self.seen is not None and self.seen.blob == self.pinned.blob
        return same and not self.cells and not self.claims


def show(drift: DocumentDrift, console: Console) -> None:
    """Print what drifted, cell by cell."""
    _say(console, f"{drift.name}: {_headline(drift)}", "green" if drift.equal else "bold red")
    restated = [cell for cell in drift.cells if cell.change is CellChange.RESTATED]
    for cell in (cell for cell in drift.cells if cell not in restated):
        _say(console, f"  {_where(cell)}: {cell.change.sentence}", "bold")
        for sign, style, facts in (("-", "red", cell.went), ("+", "green", cell.came)):
            for fact in facts:
                _say(console, f"    fact {sign} {fact}", style)
        for line in cell.diff[:_LONGEST]:
            _say(console, f"    | {line}", {"-": "red", "+": "green"}.get(line[:1], "dim"))
        if (more := len(cell.diff) - _LONGEST) > 0:
            _say(console, f"    | … {more} more lines, which --format json shows", "dim")
    if restated:
        where = ", ".join(str(cell.now) for cell in restated)
        _say(console, f"  cells {where}: {CellChange.RESTATED.sentence}", "bold")
        for went, came in dict.fromkeys(pair for cell in restated for pair in _replaced(cell)):
            _say(console, f"    {went or 'nothing'} is now {came or 'nothing'}")
    for claim, why in drift.claims:
        _say(
            console, f"  claim {claim.id} (cell {claim.cell}): {why}; it says {claim.says}", "bold"
        )
    if drift.cells and not drift.has_texts:
        _say(console, "  The upstream does not have the pinned text: changed text is not shown.")


def as_json(drifts: Iterable[DocumentDrift]) -> dict[str, Any]:
    """The same as data."""
    return {"schema": SCHEMA, "documents": [_document(drift) for drift in drifts]}


def _headline(drift: DocumentDrift) -> str:
    pinned, seen = drift.pinned, drift.seen
    if seen is None:
        return drift.missing
    if drift.equal:
        return f"{pinned.path} at {drift.ref} is as pinned, all {len(pinned.digests)} cells."
    counts = [(change, sum(c.change is change for c in drift.cells)) for change in CellChange]
    said = ", ".join(f"{n} {change.value}" for change, n in counts if n)
    if seen.blob == pinned.blob and not drift.cells:
        lost = f"{len(drift.claims)} claim(s) are about what it does not say"
        return f"{pinned.path} at {drift.ref} is as pinned, but {lost}."
    blobs = f"blob {pinned.blob[:12]} is now {seen.blob[:12]}"
    cells = f"cells: {said}" if said else "every cell is the same: only its file differs"
    return f"{pinned.path} drifted between {pinned.ref} and {drift.ref} ({blobs}); {cells}."


def _where(cell: CellDrift) -> str:
    kind = "code" if cell.is_code else "prose"
    if cell.now is None:
        return f"cell {cell.was} of the pinned page ({kind})"
    before = "" if cell.was in (None, cell.now) else f", {cell.was} before"
    return f"cell {cell.now} ({kind}{before})"


def _replaced(cell: CellDrift) -> Iterator[tuple[str, str]]:
    """The parts of a cell's facts that differ; whole facts would repeat what is the same."""
    went, came = (_WORD.findall("; ".join(map(str, facts))) for facts in (cell.went, cell.came))
    matcher = difflib.SequenceMatcher(None, went, came, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield "".join(went[i:j]), "".join(came[k:m])


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style=style), highlight=False, soft_wrap=True)


def _document(drift: DocumentDrift) -> dict[str, Any]:
    pinned, seen = drift.pinned, drift.seen
    return {
        "name": drift.name,
        "path": pinned.path,
        "equal": drift.equal,
        "pinned": {"ref": pinned.ref, "commit": pinned.commit, "blob": pinned.blob},
        "seen": seen and {"ref": seen.ref, "commit": seen.commit, "blob": seen.blob},
        "message": _headline(drift),
        "has_texts": drift.has_texts,
        "claims": [
            {"id": claim.id, "cell": claim.cell, "says": claim.says.model_dump(), "why": str(why)}
            for claim, why in drift.claims
        ],
        "cells": [
            {
                "change": cell.change.value,
                "kind": "code" if cell.is_code else "prose",
                "was": cell.was,
                "now": cell.now,
                "facts_gone": [_fact(fact) for fact in cell.went],
                "facts_new": [_fact(fact) for fact in cell.came],
                "diff": list(cell.diff),
            }
            for cell in drift.cells
        ],
    }


def _fact(fact: Fact) -> list[str]:
    return [fact.kind.value, fact.target, *fact.arguments]
