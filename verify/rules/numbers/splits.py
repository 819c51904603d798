"""The shares of a split into training, validation and test data, as a text states them."""

import re
from collections.abc import Iterator, Sequence

from verify.finding import Severity
from verify.page.page import Page, Prose, Role
from verify.page.prose import quantities
from verify.page.prose.quantities import Quantity, QuantityKind
from verify.rules.numbers.conflict import OPEN_LIST, Conflict, sentences_of, shown
from verify.system.words import Words

NAMED = {
    "train": Words(zh="训练", en="train"),
    "test": Words(zh="测试", en="test"),
    "validation": Words(zh="验证", en="validation"),
}
_SIDES = Words(
    zh="划分“{split}”的各部分加起来是 {sum} %。",
    en="The parts of the split {split} add up to {sum} %.",
)
_SUM = Words(
    zh="划分的各部分加起来是 {sum}，而不是 {whole:g}（{numbers}）。",
    en="The parts of the split add up to {sum}, not {whole:g} ({numbers}).",
)
_PARTS = {
    "train": r"train(?:ing)?|训练",
    "test": r"test(?:ing)?|测试",
    "validation": r"validat(?:ion|ing|e)|val|dev|eval(?:uation)?|验证|评估",
}
_DATA = r"(?:\s?(?:sets?|data(?:\s?sets?)?|splits?|samples|part|rows|images|集|数据集?|样本))"
_SPLIT = re.compile(r"split|divid|partition|划分|分为|分成|切分|拆分|分割", re.IGNORECASE)
_SLASHED = re.compile(
    r"(?<![\d/.])(\d\d)\s?/\s?(\d\d)(?:\s?/\s?(\d\d))?(?![\d/.])\s?(?:train\S*\s)?(?:split|划分|比例)",
    re.IGNORECASE,
)
# `70% of the rows are used for training`, `20% held out as a test set`.
_USED = (
    r"\s?(?:of\s[\w\s'-]{1,30}?\s)?(?:(?:is|are|was|were|will\sbe|be|goes|go|went|get)\s)?(?:[\w-]+\s){0,2}?"
    r"(?:for|as|to|into)\s(?:an?\s|the\s|our\s)?"
)
_USED_CHINESE = (
    r"[^\d，。,；;、]{0,10}?(?:用于|用来|作为|划为|划归|做|用作|当作|给|进行|是|为)(?:模型)?"
)
# What a share of the data is followed by; `95% test accuracy` is none.
_ENDS = r"(?=\s*(?:[,，;；.。、)）:：/&+]|\band\b|和|$))"


def conflicts(page: Page) -> Iterator[Conflict]:
    """The splits of a page whose parts are more, or less, than the whole."""
    for piece in page.prose:
        if piece.role is not Role.TABLE_CELL and re.search(r"\d", piece.text):
            for sentence in sentences_of(piece.words):
                yield from _of_sentence(piece, sentence[0], sentence.start())


def _of_sentence(piece: Prose, text: str, at: int) -> Iterator[Conflict]:
    for slashed in _SLASHED.finditer(text):
        sides = [int(share) for share in slashed.groups() if share]
        if all(share % 5 == 0 for share in sides) and sum(sides) != 100:  # noqa: PLR2004
            message = _SIDES.filled(split=slashed[0].strip(), sum=sum(sides))
            yield Conflict(piece, at + slashed.start(), message, severity=Severity.WARNING)
    if not _SPLIT.search(text):
        return
    found = quantities.find(text)
    whole = 100.0 if any(q.kind is QuantityKind.PERCENT for q in found) else 1.0
    parts: dict[str, Quantity] = {}
    for name, q in shares(text, found):
        if name in parts or q.approximate:
            return
        parts[name] = q
    if not ("train" in parts and len(parts) > 1):
        return
    given = sum(q.value for q in parts.values())
    off = abs(given - whole) > whole / 100
    open_ = given < whole and (OPEN_LIST.search(text) or len(parts) < len(_named(text)))
    if off and not open_:
        numbers = " + ".join(q.text for q in parts.values())
        message = _SUM.filled(sum=shown(given), whole=whole, numbers=numbers)
        yield Conflict(piece, at + parts["train"].start, message, severity=Severity.WARNING)


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
    after = re.sub(r"^\s?[%％]", "", after)
    for name, words in _PARTS.items():
        if re.search(
            rf"(?:{words}){_DATA}?\s?(?:占比?|为|[:：(（=]|is|uses|gets)\s*$", before, re.IGNORECASE
        ) or re.search(
            rf"(?:{words}){_DATA}[^\d，。,；;]{{0,8}}(?:占|的)[^\d，。,；;]{{0,10}}$", before
        ):
            return name
    for name, words in _PARTS.items():
        for how in (_USED, _USED_CHINESE):
            if re.match(
                rf"{how}(?:{words})(?![a-z])(?!\s(?:accuracy|error|loss|rmse))",
                after,
                re.IGNORECASE,
            ):
                return name
        if re.match(rf"\s?的?(?:{words})(?:{_DATA}|{_ENDS})", after, re.IGNORECASE):
            return name
    return None
