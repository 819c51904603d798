"""Drift for people at a terminal, and as JSON."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text as Styled

from verify.contract.claim import Claim
from verify.contract.pin_drift import CellChange, CellDrift
from verify.contract.pins import Pins
from verify.page.code.facts import Fact
from verify.system.words import Language, Text, Words, enumerated, said
from verify.upstream.pages import OfficialPage

SCHEMA = 1

_LONGEST = 24  # lines of one cell's difference
_FACT = Words(zh="事实 {sign} {fact}", en="fact {sign} {fact}")
_MORE_LINES = Words(
    zh="| … 另有 {count} 行，见 --format json",
    en="| … {count} more lines, which --format json shows",
)
_CELLS = Words(zh="单元格 {cells}：{says}", en="cells {cells}: {says}")
_REPLACED = Words(zh="{went} 现为 {came}", en="{went} is now {came}")
_NOTHING = Words(zh="（无）", en="nothing")
_CLAIM = Words(
    zh="论断 {id}（单元格 {cell}）：{why}；它说的是：{says}",
    en="claim {id} (cell {cell}): {why}; it says {says}",
)
_NO_TEXT = Words(
    zh="上游没有所记录的文字，因此看不到文字的变化。",
    en="The upstream does not have the pinned text: changed text is not shown.",
)
_AS_PINNED = Words(
    zh="{path}（{ref}）与记录一致，共 {count} 个单元格。",
    en="{path} at {ref} is as pinned, all {count} cells.",
)
_CLAIMS_LOST = Words(
    zh="{path}（{ref}）与记录一致，但有 {count} 条论断所说的内容不在页面上。",
    en="{path} at {ref} is as pinned, but claims are about what it does not say: {count}.",
)
_DRIFTED = Words(
    zh="{path} 从 {was} 到 {ref} 有变化（blob {before} 现为 {now}）；{cells}。",
    en="{path} drifted between {was} and {ref} (blob {before} is now {now}); {cells}.",
)
_COUNTS = Words(zh="单元格：{counts}", en="cells: {counts}")
_COUNT = Words(zh="{count} 个{what}", en="{count} {what}")
_SAME = Words(
    zh="每个单元格都相同，只有文件不同", en="every cell is the same: only its file differs"
)
_CODE = Words(zh="代码", en="code")
_PROSE = Words(zh="正文", en="prose")
_GONE = Words(zh="所记录页面的单元格 {was}（{kind}）", en="cell {was} of the pinned page ({kind})")
_MOVED = Words(zh="单元格 {now}（{kind}，原为 {was}）", en="cell {now} ({kind}, {was} before)")
_STAYED = Words(zh="单元格 {now}（{kind}）", en="cell {now} ({kind})")
_TITLE = Words(zh="{name}：{says}", en="{name}: {says}")
_CHANGES = {
    CellChange.CHANGED: Words(zh="文字不同", en="changed"),
    CellChange.ADDED: Words(zh="新增", en="added"),
    CellChange.REMOVED: Words(zh="已删除", en="removed"),
    CellChange.MOVED: Words(zh="已移动", en="moved"),
    CellChange.RESTATED: Words(zh="事实不同", en="restated"),
    CellChange.REPRINTED: Words(zh="已存输出不同", en="reprinted"),
}
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
    missing: Text = ""
    claims: tuple[tuple[Claim, Text], ...] = ()

    @property
    def equal(self) -> bool:
        """Whether the page is as it was pinned, and so are all claims about it."""
        same = self.seen is not None and self.seen.blob == self.pinned.blob
        return same and not self.cells and not self.claims


def show(drift: DocumentDrift, console: Console, language: Language = Language.ENGLISH) -> None:
    """Print what drifted, cell by cell."""

    def say(text: Text, style: str = "", indent: int = 2) -> None:
        line = f"{' ' * indent}{said(text, language)}"
        console.print(Styled(line, style=style), highlight=False, soft_wrap=True)

    title = _TITLE.filled(name=drift.name, says=_headline(drift))
    say(title, "green" if drift.equal else "bold red", 0)
    restated = [cell for cell in drift.cells if cell.change is CellChange.RESTATED]
    for cell in (cell for cell in drift.cells if cell not in restated):
        say(_TITLE.filled(name=_where(cell), says=cell.change.sentence), "bold")
        for text, style in _details(cell):
            say(text, style, 4)
    if restated:
        cells = enumerated(cell.now for cell in restated)
        say(_CELLS.filled(cells=cells, says=CellChange.RESTATED.sentence), "bold")
        for went, came in dict.fromkeys(pair for cell in restated for pair in _replaced(cell)):
            say(_REPLACED.filled(went=went or _NOTHING, came=came or _NOTHING), indent=4)
    for claim, why in drift.claims:
        lost = _CLAIM.filled(id=claim.id, cell=claim.cell, why=why, says=claim.says)
        say(lost, "bold")
    if drift.cells and not drift.has_texts:
        say(_NO_TEXT)


def _details(cell: CellDrift) -> Iterator[tuple[Text, str]]:
    """What a cell states now and did before, and how its text differs, each with its style."""
    for sign, style, facts in (("-", "red", cell.went), ("+", "green", cell.came)):
        yield from ((_FACT.filled(sign=sign, fact=fact), style) for fact in facts)
    for line in cell.diff[:_LONGEST]:
        yield f"| {line}", {"-": "red", "+": "green"}.get(line[:1], "dim")
    if (more := len(cell.diff) - _LONGEST) > 0:
        yield _MORE_LINES.filled(count=more), "dim"


def as_json(drifts: Iterable[DocumentDrift]) -> dict[str, Any]:
    """The same as data."""
    return {"schema": SCHEMA, "documents": [_document(drift) for drift in drifts]}


def _headline(drift: DocumentDrift) -> Text:
    pinned, seen = drift.pinned, drift.seen
    if seen is None:
        return drift.missing
    page = {"path": pinned.path, "ref": drift.ref}
    if drift.equal:
        return _AS_PINNED.filled(**page, count=len(pinned.digests))
    if seen.blob == pinned.blob and not drift.cells:
        return _CLAIMS_LOST.filled(**page, count=len(drift.claims))
    counts = [(_CHANGES[one], sum(c.change is one for c in drift.cells)) for one in CellChange]
    told = enumerated(_COUNT.filled(count=n, what=what) for what, n in counts if n)
    return _DRIFTED.filled(
        **page,
        was=pinned.ref,
        before=pinned.blob[:12],
        now=seen.blob[:12],
        cells=_COUNTS.filled(counts=told) if told else _SAME,
    )


def _where(cell: CellDrift) -> Words:
    kind = _CODE if cell.is_code else _PROSE
    if cell.now is None:
        return _GONE.filled(was=cell.was, kind=kind)
    moved = cell.was not in (None, cell.now)
    return (_MOVED if moved else _STAYED).filled(now=cell.now, was=cell.was, kind=kind)


def _replaced(cell: CellDrift) -> Iterator[tuple[str, str]]:
    """The parts of a cell's facts that differ; whole facts would repeat what is the same."""
    went, came = (_WORD.findall("; ".join(map(str, facts))) for facts in (cell.went, cell.came))
    matcher = difflib.SequenceMatcher(None, went, came, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield "".join(went[i:j]), "".join(came[k:m])


def _document(drift: DocumentDrift) -> dict[str, Any]:
    pinned, seen = drift.pinned, drift.seen
    return {
        "name": drift.name,
        "path": pinned.path,
        "equal": drift.equal,
        "pinned": {"ref": pinned.ref, "commit": pinned.commit, "blob": pinned.blob},
        "seen": seen and {"ref": seen.ref, "commit": seen.commit, "blob": seen.blob},
        "message": str(_headline(drift)),
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
