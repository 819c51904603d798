"""A total that its own sentence divides, against the parts: “40 rows: 20 for training, 15 to test”.

What makes the parts parts are the words or signs between: split into, a colon, brackets. That they
nearly add up tells that they are meant to; what is far off may be counted otherwise.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from verify.finding import Severity
from verify.page.page import Prose, Role
from verify.page.prose import quantities, units
from verify.page.prose.quantities import Quantity, is_whole
from verify.rules.numbers.conflict import OPEN_LIST, Conflict, sentences_of, shown
from verify.system.words import Words

_OTHER_SUM = Words(
    zh="{unit}：文字中说共有 {stated}，但各部分加起来是 {sum}（{parts}）。",
    en="The text says {stated} {unit} in total, but its parts add up to {sum} ({parts}).",
)
_CORRECT = Words(zh="请改正总数或各部分。", en="Correct the total or the parts.")

KINDS = frozenset({"classes", "types"})
# Right after the total, or what it counts.
_DIVIDES = re.compile(
    r"[^\d:：()（）,，;；]{0,40}?(?:"
    r"\s?[:：]\s?|\s?[(（]|\s[-–—]+\s|——"
    r"|\b(?:split|splits|divided?|partition(?:ed)?|separated?)\b[^\d,;:]{0,30}?\binto\b[^\d,;]{0,20}"
    r"|[，,]?\s?(?:被|按[^\d，,]{1,8})?(?:划分|拆分|切分|分割|分)(?:为|成)[^\d，,]{0,12}"
    r"|[，,]\s?(?:[^\d，,]{0,10})分别(?:有|是|为|含)?\s?)",
    re.IGNORECASE,
)
_INTO = re.compile(
    r"\b(?:split|divide|partition|separate)s?\b[^\d,.;:]{0,30}$|(?:将|把)[^\d，。,;；:：]{0,12}$",
    re.IGNORECASE,
)
_INTO_AFTER = re.compile(
    r"[^\d,.;:]{0,30}?\binto\b[^\d,.;:]{0,20}$|[^\d，。；：]{0,12}?(?:分|拆)(?:为|成)[^\d，。；：]{0,12}$",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    r"(?:^|\W)(?:out\sof|of)\s(?:the\s|all\s|these\s|our\s|a\stotal\sof\s)*$", re.IGNORECASE
)
# The parts may be of several kinds, or be counted for each of many.
_OTHERWISE = re.compile(
    r"\b(?:each|every|per|both|twice|again|overlap\w*|at least|at most|only|more|fewer|less|"
    r"steps?|scores?|shapes?|sizes?|lengths?|versions?|chapters?|sections?|pages?|times|between|(?:from|to)\s\d+)\b"
    r"|每|各|重叠|至少|至多|更多|倍|形状|大小|长度|版本|[×*=+~]",
    re.IGNORECASE,
)
_NEAR = 1.34
_LEAST = 10
_GAP = 40


def conflicts(piece: Prose) -> Iterator[Conflict]:
    """The totals of a paragraph that their own sentence divides into parts of another sum."""
    for sentence in sentences_of(piece.words) if piece.role is not Role.HEADING else ():
        if not OPEN_LIST.search(sentence[0]):
            yield from _of_sentence(piece, sentence[0], sentence.start())


def conflict(
    piece: Prose,
    total: Quantity,
    parts: Sequence[int],
    severity: Severity = Severity.WARNING,
    at: int = 0,
) -> Conflict:
    """What is told of a total; `at` is where the text begins that it was found in."""
    message = _OTHER_SUM.filled(
        stated=total.text,
        unit=units.words(total.unit),
        sum=shown(sum(parts)),
        parts=" + ".join(map(str, parts)),
    )
    return Conflict(piece, at + total.start, message, _CORRECT, severity)


def _of_sentence(piece: Prose, text: str, at: int) -> Iterator[Conflict]:
    found = [q for q in quantities.find(text) if not _is_number_of_kinds(q)]
    for i, total in enumerate(found[:-2]):
        parts = _parts(text, total, found[i + 1 :])
        if len(parts) > 1 and _nearly(int(total.value), parts):
            yield conflict(piece, total, parts, at=at)
            return


def _is_number_of_kinds(q: Quantity) -> bool:
    return q.unit in KINDS or (
        q.unit in ("parts", "parties", "datasets") and max(q.values, default=0) < _LEAST
    )


def _parts(text: str, total: Quantity, after: Sequence[Quantity]) -> list[int]:
    """What a total is divided into, up to the end of its sentence, or of the brackets."""
    known = units.canonical(total.unit) if total.unit else None
    if not is_whole(total) or total.value < _LEAST or not total.unit:
        return []
    mark = _DIVIDES.match(text, total.end)
    before = text[max(0, total.start - _GAP) : total.start]
    between = text[total.end : after[0].start]
    into = _INTO.search(before) and _INTO_AFTER.match(between)
    if not (mark or into or _OUT_OF.search(before)):
        return []
    start, end = total.end, len(text)
    if mark and mark[0].endswith(("(", "（")):
        closes = re.compile(r"[)）]").search(text, mark.end())
        start, end = mark.end(), closes.start() if closes else start
    parts = [q for q in after if start <= q.start < end]
    own = [units.canonical(q.unit) for q in parts]
    fits = all(is_whole(q) for q in parts) and not {*own} - {None, known}
    joined = all(_is_joined(text[a.end : b.start]) for a, b in pairwise(parts))
    whole = fits and joined and not _OTHERWISE.search(text[start:end])
    return (
        [int(q.value) for q in parts] if whole and all(q.value < total.value for q in parts) else []
    )


def _is_joined(gap: str) -> bool:
    joins = re.findall(r"[,，、;；]|\band\b|和|及|/", gap)
    return bool(joins) and len(gap) <= _GAP


def _nearly(total: int, parts: Sequence[int]) -> bool:
    """Whether parts miss a total by little, and not because one of them is a part of another."""
    whole = sum(parts)
    nested = any(whole - one == total for one in parts)
    return whole != total and not nested and total / _NEAR <= whole <= total * _NEAR
