"""Stated totals against the parts that the page lists: in a paragraph, a list, a split."""

import re
from collections.abc import Iterator, Sequence

from verify.page.page import Page, Prose, Role, SpanKind
from verify.page.prose import quantities, units
from verify.page.prose.quantities import Quantity, QuantityKind, is_whole
from verify.rules.numbers.conflict import OPEN_LIST, Conflict, shown

_TOTAL_BEFORE = re.compile(
    r"(?:\ba\stotal\sof|\baltogether|\boverall|\btotal(?:\s[a-z]+){0,3}\s(?:is|was|are|of|:)|\bin\stotal,?"
    r"|共计|总计|总共|一共|合计|共有?|总数[^\d，。]{0,6}?|总量[^\d，。]{0,6}?)\s*(?:有|为|是|:|：)?\s*$",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(
    r"[^\d,.，。;:]{0,30}?\b(?:in\stotal|in\sall|altogether)\b", re.IGNORECASE
)
_WHOLE_LIST = re.compile(
    r"respectively|\beach\b|\bper\b|consist|分别|每个|每一|每类|每种|各个|各类|各方|[:：]",
    re.IGNORECASE,
)
_SOME_LIST = re.compile(r"includ|of which|made up of|其中|包括|包含", re.IGNORECASE)
_TRAINING = re.compile(r"\btrain|训练", re.IGNORECASE)
_TESTING = re.compile(r"\btest|\bvalid|\beval|测试|验证|评估", re.IGNORECASE)
_PARTS = {
    "train": r"train\w*|训练",
    "test": r"test\w*|测试",
    "validation": r"valid\w*|\bval\b|验证|eval\w*|评估",
}
_SPLIT = re.compile(r"split|divid|partition|划分|分为|分成|切分|拆分|分割", re.IGNORECASE)
_SLASHED = re.compile(
    r"(?<![\d/.])(\d\d)\s?/\s?(\d\d)(?:\s?/\s?(\d\d))?(?![\d/.])\s?(?:train\S*\s)?(?:split|划分|比例)",
    re.IGNORECASE,
)
_NEAR = 0.15
_FACTOR = 2
_GAP = 40


def conflicts(page: Page) -> Iterator[Conflict]:
    """The totals of a page that its parts contradict."""
    for i, piece in enumerate(page.prose):
        # A formula between numbers may make one of two.
        if piece.role is Role.TABLE_CELL or any(s.kind is SpanKind.MATH for s in piece.spans):
            continue
        found = quantities.find(piece.words)
        yield from _in_paragraph(piece, found)
        yield from _in_list(piece, found, page.prose[i + 1 :])
        yield from _split(piece, found)


def _totals(piece: Prose, found: Sequence[Quantity]) -> list[Quantity]:
    text = piece.words
    return [
        q
        for q in found
        if is_whole(q)
        and q.unit
        and (
            _TOTAL_BEFORE.search(text, max(0, q.start - _GAP), q.start)
            or _TOTAL_AFTER.match(text, q.end)
        )
    ]


def _in_paragraph(piece: Prose, found: Sequence[Quantity]) -> Iterator[Conflict]:
    totals = _totals(piece, found)
    if len(totals) != 1:
        return
    (total,) = totals
    for run in _runs(piece.words, [q for q in found if q is not total], total):
        lead = piece.words[total.end : run[0].start] if run[0].start > total.end else ":"
        tail = re.split(r"[。.!?！？；;]", piece.words[run[-1].end :], maxsplit=1)[0]
        listed = piece.words[run[0].start - len(lead) : run[-1].end] + tail
        if OPEN_LIST.search(listed):
            continue
        parts = [int(q.value) for q in run]
        if _contradicts(int(total.value), parts, lead, listed):
            yield _conflict(piece, total, parts)


def _runs(text: str, found: Sequence[Quantity], total: Quantity) -> Iterator[list[Quantity]]:
    """Neighbouring counts that read like an enumeration of parts of the total."""
    run: list[Quantity] = []
    for q in found:
        own_word = units.canonical(q.unit) is None and q.unit not in units.CANONICAL
        fits = is_whole(q) and (q.unit == total.unit or own_word) and q.value != total.value
        gap = text[run[-1].end : q.start] if run else ""
        joined = (
            run and re.search(r"[,，、;；]|\band\b|和", gap) and not re.search(r"[。!?]|\.\s", gap)
        )
        if fits and joined and len(gap) <= _GAP:
            run.append(q)
            continue
        if len(run) > 1:
            yield run
        run = [q] if fits else []
    if len(run) > 1:
        yield run


def _contradicts(total: int, parts: list[int], lead: str, listed: str) -> bool:
    whole = sum(parts)
    if whole == total or not total / _FACTOR <= whole <= total * _FACTOR:
        return False
    if _SOME_LIST.search(lead):
        complete = _TRAINING.search(listed) and _TESTING.search(listed)
        return bool(complete) or abs(whole - total) / total < _NEAR
    return _WHOLE_LIST.search(lead) is not None


def _conflict(piece: Prose, total: Quantity, parts: list[int]) -> Conflict:
    message = (
        f"The text says {total.text} {total.unit} in total, but its parts add up to "
        f"{shown(sum(parts))} ({' + '.join(map(str, parts))})."
    )
    return Conflict(piece, total.start, message, "Correct the total or the parts.")


def _in_list(piece: Prose, found: Sequence[Quantity], after: Sequence[Prose]) -> Iterator[Conflict]:
    totals = _totals(piece, found)
    if len(totals) != 1 or not after or after[0].role is not Role.ITEM:
        return
    if after[0].group in (None, piece.group) or not piece.text.rstrip().endswith((":", "：")):
        return
    items: dict[tuple[int, ...], Prose] = {}
    for other in after:
        if other.group == after[0].group:
            items.setdefault(other.place, other)
    parts = [_part(item, totals[0]) for item in items.values()]
    if len(parts) > 1 and None not in parts:
        numbers = [part for part in parts if part is not None]
        listed = "\n".join(item.words for item in items.values())
        lead = piece.words[totals[0].end :]
        if not OPEN_LIST.search(listed) and _contradicts(
            int(totals[0].value), numbers, lead, listed
        ):
            yield _conflict(piece, totals[0], numbers)


def _part(item: Prose, total: Quantity) -> int | None:
    """The count that a list item gives: `label: 20`, `label (20 files)` or `20 labels`."""
    found = quantities.find(item.words)
    if len(found) != 1 or not is_whole(found[0]):
        return None
    (count,) = found
    label = re.findall(r"[A-Za-z]+|[\u4e00-\u9fff]+", item.words[: count.start])
    if any(units.canonical(word) not in (None, total.unit) for word in label):
        return None
    known = units.canonical(count.unit) or (count.unit if count.unit in units.CANONICAL else None)
    return int(count.value) if known in (None, total.unit) else None


def _split(piece: Prose, found: Sequence[Quantity]) -> Iterator[Conflict]:
    text = piece.words
    for slashed in _SLASHED.finditer(text):
        sides = [int(share) for share in slashed.groups() if share]
        if all(share % 5 == 0 for share in sides) and sum(sides) != 100:  # noqa: PLR2004
            message = f"The parts of the split {slashed[0].strip()} add up to {sum(sides)} %."
            yield Conflict(piece, slashed.start(), message)
    if not _SPLIT.search(text):
        return
    whole = 100.0 if any(q.kind is QuantityKind.PERCENT for q in found) else 1.0
    parts: dict[str, Quantity] = {}
    for name, q in shares(text, found):
        if name in parts:
            return
        parts[name] = q
    if not ("train" in parts and len(parts) > 1):
        return
    given = sum(q.value for q in parts.values())
    off = abs(given - whole) > whole / 100
    open_ = given < whole and (OPEN_LIST.search(text) or len(parts) < len(_named(text)))
    if off and not open_:
        numbers = " + ".join(q.text for q in parts.values())
        message = f"The parts of the split add up to {shown(given)}, not {whole:g} ({numbers})."
        yield Conflict(piece, parts["train"].start, message)


def shares(text: str, found: Sequence[Quantity]) -> Iterator[tuple[str, Quantity]]:
    """The shares of a split that a text gives, each with the part that it stands for."""
    for i, q in enumerate(found):
        share = q.kind is QuantityKind.PERCENT or (q.kind is QuantityKind.COUNT and 0 < q.value < 1)
        begin = found[i - 1].end if i else 0
        end = found[i + 1].start if i + 1 < len(found) else len(text)
        if share and (name := _part_name(text[begin : q.start], text[q.end : end])):
            yield name, q


def _named(text: str) -> list[str]:
    return [name for name, words in _PARTS.items() if re.search(words, text, re.IGNORECASE)]


def _part_name(before: str, after: str) -> str | None:
    """What part of a split a share stands for, by the words around it."""
    for name, words in _PARTS.items():
        label = rf"(?:{words})(?:ing)?(?:\s(?:set|data|split))?(?:集|数据|样本)*"
        if re.search(rf"{label}\s?(?:占比?|为|[:：(（=]|is|uses|gets)?\s*$", before, re.IGNORECASE):
            return name
    follows = {
        name: found.start(1)
        for name, words in _PARTS.items()
        if (found := re.match(rf"[^,，;；。.、\d]{{0,40}}?({words})", after, re.IGNORECASE))
    }
    return min(follows, key=follows.__getitem__, default=None)
