"""How a page has drifted from what was pinned of it, cell by cell.

Pins hold digests and facts only. They tell which cells drifted and what these state now; what a
cell said before is told where the pinned page itself is at hand too.
"""

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from verify.contract import pins
from verify.contract.pins import Pins
from verify.page.code import comparing
from verify.page.code.facts import Fact
from verify.page.page import Output, Page
from verify.system.words import Words
from verify.upstream.pages import OfficialPage

# Two texts of which less is common are two cells, not one that was edited.
_LIKE_ENOUGH = 0.3
_SAME_KIND = 0.1
_CONTEXT_LINES = 2


class CellChange(str, Enum):
    """What became of a cell."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RESTATED = "restated"
    REPRINTED = "reprinted"

    @property
    def sentence(self) -> Words:
        """The same for people, as it stands after "cell 5: "."""
        return _SENTENCES[self]


_SENTENCES = {
    CellChange.CHANGED: Words(zh="文字不同", en="another text"),
    CellChange.ADDED: Words(zh="新增", en="new"),
    CellChange.REMOVED: Words(zh="已删除", en="gone"),
    CellChange.MOVED: Words(zh="已移动", en="moved"),
    CellChange.RESTATED: Words(
        zh="文字相同，事实不同（前面的单元格变了，或本工具变了）",
        en="the same text, other facts (an earlier cell changed, or this tool did)",
    ),
    CellChange.REPRINTED: Words(
        zh="文字相同，已存输出不同", en="the same text, other stored outputs"
    ),
}


@dataclass(frozen=True)
class CellDrift:
    """One cell that is not as it was pinned, by its index then and now."""

    change: CellChange
    is_code: bool
    was: int | None
    now: int | None
    went: tuple[Fact, ...] = ()
    came: tuple[Fact, ...] = ()
    diff: tuple[str, ...] = ()


def between(
    pinned: Pins, seen: OfficialPage, before: OfficialPage | None = None
) -> list[CellDrift]:
    """Compare a page with what was pinned.

    Args:
        pinned: what was pinned.
        seen: the page to compare.
        before: the page that was pinned, for the text of what changed; None if not at hand.

    Returns:
        What drifted, in the order of the page as it is now.
    """
    old = _Side(pinned, before.parsed if before else None)
    new = _Side(pins.of_page(seen), seen.parsed)
    pairs = list(_aligned(old, new))
    gone = [was for was, now in pairs if was is not None and now is None]
    found = []
    for was, now in pairs:
        if was is None and now is not None:
            moved = next((i for i in gone if old.digest(i) == new.digest(now)), None)
            if moved is not None:
                gone.remove(moved)
                found.append(_drift(old, new, moved, now, CellChange.MOVED))
                continue
        found.append(_drift(old, new, was, now))
    return [each for each in found if each and (each.now is not None or each.was in gone)]


def places(pinned: Pins, seen: OfficialPage) -> dict[int, int]:
    """Where each pinned cell is on a page now; those that are gone are not there."""
    if seen.blob == pinned.blob:
        return {index: index for index in range(len(pinned.digests))}
    pairs = _aligned(_Side(pinned, None), _Side(pins.of_page(seen), None))
    return {was: now for was, now in pairs if was is not None and now is not None}


@dataclass(frozen=True)
class _Side:
    """One version of the page, of which the text may not be known."""

    pins: Pins
    text: Page | None

    def digest(self, index: int) -> str:
        return self.pins.digests[index]

    def is_code(self, index: int) -> bool:
        return index in self.pins.code_cells

    def facts(self, index: int | None) -> Counter[Fact]:
        return Counter(() if index is None else self.pins.facts.get(index, ()))

    def parts(self, index: int) -> Counter[str]:
        """What the facts consist of: one of which an argument changed is still alike."""
        stated = self.facts(index).elements()
        return Counter(part for fact in stated for part in (fact.target, *fact.arguments))

    def source(self, index: int) -> str:
        return self.text.cells[index].source if self.text else ""

    def lines(self, index: int | None) -> list[str]:
        return [] if index is None or not self.text else self.source(index).split("\n")

    def printed(self, index: int) -> list[str]:
        """The stored outputs as lines; of pictures and the like, that there is one."""
        outputs = self.text.cells[index].outputs if self.text else ()
        return [line for output in outputs for line in _as_text(output).splitlines()]


def _printed(pins: Pins, cell: int) -> list[str]:
    """The digests of a cell's stored outputs, each of all that it shows."""
    return [output.digest for output in pins.outputs.get(cell, ())]


def _as_text(output: Output) -> str:
    return f"{output.text}\n{' '.join(sorted({*output.mime} - {'text/plain'}))}".strip("\n")


def _drift(
    old: _Side, new: _Side, was: int | None, now: int | None, change: CellChange | None = None
) -> CellDrift | None:
    went, came = comparing.difference(old.facts(was).elements(), new.facts(now).elements())
    is_code = new.is_code(now) if now is not None else was in old.pins.code_cells
    # Without the old text, the new one would look as if all of it had been added.
    known = old.text is not None or was is None
    diff = _diff(old.lines(was), new.lines(now)) if known else ()
    if was is None or now is None:
        change = CellChange.ADDED if was is None else CellChange.REMOVED
    elif old.digest(was) != new.digest(now):
        change = CellChange.CHANGED
    elif change is None and (went or came):
        change = CellChange.RESTATED
    elif change is None and _printed(old.pins, was) != _printed(new.pins, now):
        change = CellChange.REPRINTED
        diff = _diff(old.printed(was), new.printed(now)) if old.text else ()
    if change is None:
        return None
    return CellDrift(change, is_code, was, now, tuple(went), tuple(came), diff)


def _diff(was: list[str], now: list[str]) -> tuple[str, ...]:
    lines = difflib.unified_diff(was, now, n=_CONTEXT_LINES, lineterm="")
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _aligned(old: _Side, new: _Side) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of cells, each once, in order; equal ones first, then those that are most alike."""
    matcher = difflib.SequenceMatcher(None, old.pins.digests, new.pins.digests, autojunk=False)
    for _, was_from, was_to, now_from, now_to in matcher.get_opcodes():
        if old.pins.digests[was_from:was_to] == new.pins.digests[now_from:now_to]:
            yield from zip(range(was_from, was_to), range(now_from, now_to), strict=True)
        else:
            yield from _paired(old, new, range(was_from, was_to), range(now_from, now_to))


def _paired(
    old: _Side, new: _Side, was: range, now: range
) -> Iterator[tuple[int | None, int | None]]:
    """The pairing of two runs of cells, in order, whose likenesses have the largest sum."""
    alike = {(i, j): _likeness(old, new, i, j) for i in was for j in now}
    best: dict[tuple[int, int], float] = {}
    for i in reversed(was):
        for j in reversed(now):
            both = alike[i, j] and alike[i, j] + best.get((i + 1, j + 1), 0.0)
            best[i, j] = max(both, best.get((i + 1, j), 0.0), best.get((i, j + 1), 0.0))
    i, j = was.start, now.start
    while i < was.stop and j < now.stop:
        if alike[i, j] and best[i, j] == alike[i, j] + best.get((i + 1, j + 1), 0.0):
            yield i, j
            i, j = i + 1, j + 1
        elif best.get((i + 1, j), 0.0) >= best.get((i, j + 1), 0.0):
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1
    yield from ((index, None) for index in range(i, was.stop))
    yield from ((None, index) for index in range(j, now.stop))


def _likeness(old: _Side, new: _Side, was: int, now: int) -> float:
    """How much two cells have in common, 0 to about 1; 0 if they cannot be one cell edited."""
    if old.is_code(was) != new.is_code(now):
        return 0.0
    if old.text:
        matcher = difflib.SequenceMatcher(None, old.source(was), new.source(now), autojunk=False)
        if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _LIKE_ENOUGH:
            return 0.0
        ratio = matcher.ratio()
        return ratio if ratio >= _LIKE_ENOUGH else 0.0
    one, other = old.parts(was), new.parts(now)
    common = (one & other).total() / ((one | other).total() or 1)
    return _SAME_KIND + common
