"""Stated totals against the parts that the page lists: in a paragraph, in a list."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from verify.finding import Severity
from verify.page.page import Page, Prose, Role, SpanKind
from verify.page.prose import quantities, sentences, units
from verify.page.prose.quantities import Quantity, is_whole
from verify.rules.numbers import divisions
from verify.rules.numbers.conflict import LONGEST_PARAGRAPH, OPEN_LIST, Conflict

_TOTAL_BEFORE = re.compile(
    r"(?:\ba\stotal\sof|\baltogether|\boverall|\btotal(?:\s[a-z]+){0,3}\s(?:is|was|are|of|:)|\bin\stotal,?"
    r"|共计|总计|总共|一共|合计|共有?|总数[^\d，。]{0,6}?|总量[^\d，。]{0,6}?)\s*(?:有|为|是|:|：)?\s*$",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(
    r"[^\d,.，。;:]{0,30}?\b(?:in\stotal|in\sall|altogether)\b", re.IGNORECASE
)
# Says how much there is, which may be all of it.
_HOLDS = re.compile(
    r"\b(?:consist(?:s|ing)?\sof|(?:collection|set|corpus)\sof|contain(?:s|ing)?|compris(?:es|ing)|made\sup\sof|"
    r"include[sd]?|including|holds?|has|have|with|there\sare|provides?|offers?|stores?)\s(?:[a-z]+\s){0,2}$|"
    r"(?:包含|包括|含有?|收录|收集|拥有|提供|组成|有|由)(?:了)?\s*$",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"respectively|\beach\b|\bevery\b|\bper\b|as\sfollows|分别|每个|每一|每类|每种|各个|各类|各种|各方|如下",
    re.IGNORECASE,
)
_SOME_LIST = re.compile(r"includ|of which|made up of|其中|包括|包含", re.IGNORECASE)
_TRAINING = re.compile(r"\btrain|训练", re.IGNORECASE)
_TESTING = re.compile(r"\btest|\bvalid|\beval|测试|验证|评估", re.IGNORECASE)
# A count for one of many is no part: `20 per class`, `每批 32`.
_RATE_BEFORE = re.compile(
    r"每[^，,：:\d]{0,3}$|\b(?:each|every|per)\s\w+\s(?:\w+\s)?$", re.IGNORECASE
)
_RATE_AFTER = re.compile(r"[^,，.。;；()（）\d]{0,20}\b(?:each|per|apiece)\b", re.IGNORECASE)
# `lengths of 1, 3 and 2`: a measure of each, which adds up to nothing that was counted.
_MEASURED = re.compile(
    r"length|size|dimension|width|height|depth|shape|score|weight|长度|大小|维度|宽|高|形状|权重|分数",
    re.IGNORECASE,
)
_FACTOR = 2
_GAP = 40
_FEW = 200


def conflicts(page: Page) -> Iterator[Conflict]:
    """The totals of a page that its parts contradict."""
    for i, piece in enumerate(page.prose):
        # A formula between numbers may make one of two.
        if piece.role is Role.TABLE_CELL or any(s.kind is SpanKind.MATH for s in piece.spans):
            continue
        if len(piece.text) > LONGEST_PARAGRAPH:
            continue
        found = quantities.find(piece.words)
        if found:
            yield from list(_in_paragraph(piece, found)) or divisions.conflicts(piece)
            yield from _in_list(piece, found, page.prose[i + 1 : i + 1 + _FEW])


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


def _held(piece: Prose, found: Sequence[Quantity]) -> list[Quantity]:
    """What a text says that there is, where it does not call it a total."""
    return [
        q
        for q in found
        if is_whole(q)
        and q.unit
        and q.unit not in divisions.KINDS
        and _HOLDS.search(piece.words, max(0, q.start - _GAP), q.start)
    ]


def _in_paragraph(piece: Prose, found: Sequence[Quantity]) -> Iterator[Conflict]:
    named = _totals(piece, found)
    totals = named or _held(piece, found)[:1]
    if len(totals) != 1:
        return
    (total,) = totals
    kinds = {q.value for q in found if q.unit in divisions.KINDS and is_whole(q)}
    for run in _runs(piece.words, [q for q in found if q is not total], total):
        lead, listed = _around(piece.words, total, run)
        parts = [int(q.value) for q in run]
        if (
            OPEN_LIST.search(listed)
            or _MEASURED.search(lead)
            or _counts_more(lead)
            or not _may_be_all(int(total.value), parts)
        ):
            continue
        of_each = _EACH.search(lead) is not None and _are_labelled(piece.words, run)
        # As many parts as there are kinds: then none is left out.
        complete = of_each and bool(named or kinds) and kinds <= {len(parts)}
        if complete and not _SOME_LIST.search(lead):
            yield divisions.conflict(piece, total, parts, Severity.ERROR)
        elif (of_each and (not kinds or len(parts) in kinds)) or (
            named and _tells_all(lead, listed)
        ):
            yield divisions.conflict(piece, total, parts)


def _around(text: str, total: Quantity, run: Sequence[Quantity]) -> tuple[str, str]:
    """The words that lead from a total to its parts, and these with all around them."""
    begin, end = min(total.start, run[0].start), run[-1].end
    tail = re.split(r"[。.!?！？；;]", text[end:], maxsplit=1)[0]
    if run[0].start < total.end:
        before = re.split(r"[。!?！？；;]|\.\s", text[:begin])[-1]
        alone = not re.search(r"[。!?]|\.\s", text[begin : total.start])
        return (before if alone else ""), text[begin : total.end]
    lead = text[total.end : run[0].start]
    # What leads to the parts stands in their own sentence.
    return re.split(r"[。!?！？；;]|\.\s", lead)[-1], text[total.end : end] + tail


def _runs(text: str, found: Sequence[Quantity], total: Quantity) -> Iterator[list[Quantity]]:
    """Neighbouring counts that read like an enumeration of parts of the total."""
    run: list[Quantity] = []
    for q in found:
        own_word = units.canonical(q.unit) is None and q.unit not in units.CANONICAL
        fits = is_whole(q) and (q.unit == total.unit or own_word) and q.value != total.value
        clause = text[max(0, q.start - _GAP) : q.start]
        if _RATE_BEFORE.search(clause) or _RATE_AFTER.match(text, q.end):
            fits = False
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


def _are_labelled(text: str, run: Sequence[Quantity]) -> bool:
    """Whether each part is told what it counts: `ash (3), elm (4)`, not `3 and 4`."""
    gaps = [text[max(0, run[0].start - _GAP) : run[0].start]]
    gaps += [text[one.end : other.start] for one, other in pairwise(run)]
    return all(re.search(r"\w", re.sub(r"\band\b|和", "", gap)) for gap in gaps)


def _may_be_all(total: int, parts: Sequence[int]) -> bool:
    whole = sum(parts)
    return whole != total and total / _FACTOR <= whole <= total * _FACTOR


def _counts_more(lead: str) -> bool:
    """Whether what leads to the parts has a count that is one of them, or that multiplies one."""
    return any(is_whole(q) and q.unit not in divisions.KINDS for q in quantities.find(lead))


def _tells_all(lead: str, listed: str) -> bool:
    """Whether a text says that the parts are all there is."""
    if _SOME_LIST.search(lead) or not re.search("[:：]", lead):
        return bool(_TRAINING.search(listed) and _TESTING.search(listed))
    return True


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
        lead = max(sentences.split(piece.words), key=re.Match.start)[0]
        if OPEN_LIST.search(listed) or not _may_be_all(int(totals[0].value), numbers):
            return
        certain = _EACH.search(lead) is not None and not _SOME_LIST.search(lead)
        if certain or _tells_all(lead, listed):
            severity = Severity.ERROR if certain else Severity.WARNING
            yield divisions.conflict(piece, totals[0], numbers, severity)


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
