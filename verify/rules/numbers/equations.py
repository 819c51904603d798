"""Explicit arithmetic in prose: equations, products, percentages of counts, differences."""

import re
from collections.abc import Callable, Iterator
from operator import add, mul, sub, truediv

from verify.finding import Severity
from verify.page.page import Prose
from verify.page.prose import numerals
from verify.rules.advice import write
from verify.rules.numbers.conflict import Conflict, sentences_of, shown, shows
from verify.system.words import Words

_EQUALS = Words(zh="{left} 等于 {value}，而不是 {stated}。", en="{left} is {value}, not {stated}.")
_PRODUCT = Words(
    zh="{a} 乘以 {b} 等于 {value}，而不是 {stated}。", en="{a} times {b} is {value}, not {stated}."
)
_SHARE = Words(
    zh="{of} 中的 {part} 是 {value:.4g}%，而不是 {stated}%。",
    en="{part} of {of} are {value:.4g}%, not {stated}%.",
)
_DIRECTION = Words(
    zh="从 {a} 到 {b}，与“{verb}”的方向相反。",
    en="From {a} to {b} is the other direction than “{verb}”.",
)
_DIFFER = Words(
    zh="{a} 与 {b} 相差 {value}，而不是 {stated}。",
    en="{a} and {b} differ by {value}, not by {stated}.",
)

_N = rf"(?<![\w.^]){numerals.DIGITS}(?![\d.]*\d)(?![\^⁰¹²³⁴⁵⁶⁷⁸⁹⁻])"
# Other algebras, other systems of numbers, and what is said to be wrong.
_NOT_MEANT = re.compile(
    r"\bmod(?:ulo|ular|ulus)?\b|\bxor\b|\bring\b|\bfield\b|\bgf\b|⊕|模|异或|环|域|"
    r"overflow|wraps?\b|\bbinary|\bhex|\boctal|\bu?int\d+\b|溢出|进制|"
    r"\bnot\b|n't\b|\bwrong|\bfalse\b|incorrect|\binstead|≠|错|不",
    re.IGNORECASE,
)
# `#` stands for code and formulas within the text.
_EQUATION = re.compile(
    rf"(?<![\w.)\]}}=+*/×^−–<>%#$-])(?<![=+*/×^−–<>%#$-]\s)"
    rf"(?P<left>{_N}(?:\s?[+−×x*÷/-]\s?{_N})+)\s?=\s?(?P<right>{_N})"
    r"(?![\w^%％‰‱#°'′⁰¹²³⁴⁵⁶⁷⁸⁹])(?!\s?[(（+*/×÷=−%％‰#^-])(?!\s+[a-z]+\s?[+*/×=])",
)
_OF_DATE = re.compile(r"(?<![\d.,])0\d")
# After the result: a magnitude, or a unit that it may have been converted to.
_CONVERTED = re.compile(
    r"\s?(?:[kKMGTPB]i?(?:[bB](?:it|yte)?s?)?(?![A-Za-z])|(?:thousand|million|billion|trillion|dozen|bits?|"
    r"bytes?|[nmµu]?s|secs?|seconds?|min|minutes?|h|hours?|days?|weeks?|months?|years?|[ckm]?m|"
    r"k?g|percent|per)\b|[千万亿百兆]|秒|毫秒|分钟|小时|天|周|年|字节|位|比特)",
)
_TIMES_EACH = [
    re.compile(
        rf"(?P<a>{_N})\s(?:[a-z]+\s){{1,2}}(?:of|with|containing|having)\s(?P<b>{_N})(?:\s[a-z]+)?"
        rf"(?:\s[a-z]+)?,?\s(?:each,?\s)?(?:(?:which|that|and|so|they|thus)\s)?"
        rf"(?:makes?|gives?|yields?|equals?|(?:for\s)?a\stotal\sof|i\.e\.,?|in\stotal)\s"
        rf"(?P<c>{_N})(?!\s?%)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"每(?:一|个)?\s?(?P<unit>[^\d\s，。、]{{1,3}}?)(?:有|包含|为|含)?\s?(?P<b>{_N})[^\d，。、]{{0,6}}[，,]\s?"
        rf"(?:一?共|总?共有?|有|分为?|分成)?\s?(?P<a>{_N})\s?个?(?P=unit)[^\d，。]{{0,3}}[，,]\s?"
        rf"(?:总计|共计|一共|合计|总共|共|即)有?\s?(?P<c>{_N})"
    ),
    re.compile(
        rf"(?P<a>{_N})\s?个?(?P<unit>[^\d\s，。、个]{{1,3}}?)次?[，,]\s?每个?(?P=unit)次?(?:有|包含|为|含)?\s?(?P<b>{_N})"
        rf"[^\d，。、]{{0,6}}[，,]\s?(?:总计|共计|一共|合计|总共|共|即)有?\s?(?P<c>{_N})"
    ),
    re.compile(
        rf"each\sof\s(?:the\s|our\s)?(?P<a>{_N})\s[a-z]+\s[a-z]+\s(?P<b>{_N})\s(?P<unit>[a-z]+),?\s"
        rf"(?:[a-z]+\s){{0,3}}(?P<c>{_N})(?:\s(?P=unit))?\sin\stotal",
        re.IGNORECASE,
    ),
]
_SHARES = [
    re.compile(
        rf"(?P<p>{_N})\s?%\sof\s(?:the\s|all\s|its\s|our\s)*(?P<n>{_N})(?:\s[a-z-]+){{0,3}}?,?\s?"
        rf"[(]?(?:i\.e\.,?|that\sis,?|or|which\s(?:is|are)|is|are|=|namely|equals?)\s(?P<m>{_N})(?!\s?%)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<m>{_N})\s(?:out\s)?of\s(?:the\s|all\s|its\s|our\s)*(?P<n>{_N})(?:\s[a-z-]+){{0,3}}?,?\s?"
        rf"(?:[(]|i\.e\.,?\s|that\sis,?\s|or\s|[(]i\.e\.,?\s)(?P<p>{_N})\s?%",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<n>{_N})[^\d，。,；]{{0,8}}的\s?(?P<p>{_N})\s?%[，,]?\s?(?:即|也就是|[（(](?:即|共)?)\s?(?P<m>{_N})(?!\s?%)"
    ),
    re.compile(
        rf"(?P<n>{_N})[^\d，。,；]{{0,8}}中[，,]?[^\d，。；]{{0,6}}(?P<m>{_N})[^\d，。,；]{{0,8}}"
        rf"[（(](?:占|即|占比)?\s?(?P<p>{_N})\s?%"
    ),
]
_UP = r"increas\w+|ris(?:es|en|ing)|rose|gr[oe]ws?|grown|climbs?|climbed|增加|上升|增长|提高|上涨"
_DOWN = (
    r"decreas\w+|falls?|fell|fallen|drop(?:s|ped)?|reduc\w+|declin\w+|shrinks?|shrank|下降|减少|降低"
    r"|缩短|减小|下跌"
)
_NEUTRAL = r"improv\w+|gains?|saves?|savings?|changes?|提升|改善|节省|变化"
_MEASURE = r"\s?(?:%|[a-z]+|[个张条种类层轮位秒分钟小时]{1,2})?"
_CHANGES = [
    re.compile(
        rf"(?:(?P<verb>{_UP}|{_DOWN})\s)?from\s(?P<a>{_N})(?P<ua>{_MEASURE})\sto\s(?P<b>{_N})(?P<ub>{_MEASURE})"
        rf"(?:,?\s[(]?(?:(?:which|that|this)\sis\s|i\.e\.,?\s)?an?\s(?:[a-z]+\s)?(?:{_UP}|{_DOWN}|{_NEUTRAL}|"
        rf"increase|rise|drop|fall|growth|loss|difference|reduction|decrease|decline|improvement)\s"
        rf"of\s(?P<c>{_N})(?P<uc>\s?%|\spercentage|\s[a-z]+)?)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"[从由]\s?(?P<a>{_N})(?P<ua>{_MEASURE})\s?(?P<verb>{_UP}|{_DOWN}|{_NEUTRAL})(?:到|至|为|了到)\s?(?P<b>{_N})"
        rf"(?P<ub>{_MEASURE})(?:[，,]?\s?(?:共|即|总共)?(?:{_UP}|{_DOWN}|{_NEUTRAL})了?\s?(?P<c>{_N})(?P<uc>\s?[%倍个])?)?",
        re.IGNORECASE,
    ),
]
_ALTOGETHER = re.compile(r"mak|giv|yield|equal|total|i\.e|that is|[共计合即]", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\b|[从由]", re.IGNORECASE)
_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
}
_SYMBOLS = str.maketrans("×x÷−–", "**/--")


def conflicts(piece: Prose) -> Iterator[Conflict]:
    """The explicit arithmetic of a piece of prose that is wrong."""
    if "=" in piece.text:
        for sentence in sentences_of(piece.masked("#")):
            if not _NOT_MEANT.search(sentence[0]):
                yield from _equations(piece, sentence[0], sentence.start())
    for sentence in sentences_of(piece.words):
        text, at = sentence[0], sentence.start()
        # What each of them needs is looked for first, for their patterns are slow.
        if _ALTOGETHER.search(text):
            yield from _products(piece, text, at)
        if "%" in text:
            yield from _percentages(piece, text, at)
        if _FROM.search(text):
            yield from _changes(piece, text, at)


def _equations(piece: Prose, text: str, at: int) -> Iterator[Conflict]:
    for found in _EQUATION.finditer(text):
        try:
            value = _value(found["left"])
        except ZeroDivisionError:
            continue
        if _CONVERTED.match(text, found.end()) or _OF_DATE.search(found["left"]):
            continue
        stated = numerals.of_digits(found["right"])
        if not (
            shows(found["right"], value) if re.search(r"[/÷.]", found["left"]) else value == stated
        ):
            message = _EQUALS.filled(
                left=found["left"].strip(), value=shown(value), stated=found["right"]
            )
            yield Conflict(piece, at + found.start(), message, write(shown(value)))


def _value(expression: str) -> float:
    """Products before sums, from left to right."""
    parts = re.findall(rf"{_N}|[-+*/]", expression.translate(_SYMBOLS))
    terms: list[float] = []
    signs: list[str] = []
    for operator, number in zip(["+", *parts[1::2]], parts[::2], strict=True):
        value = numerals.of_digits(number)
        if operator in "*/":
            terms[-1] = _OPERATIONS[operator](terms[-1], value)
        else:
            terms.append(value)
            signs.append(operator)
    total = 0.0
    for sign, term in zip(signs, terms, strict=True):
        total = _OPERATIONS[sign](total, term)
    return total


def _products(piece: Prose, text: str, at: int) -> Iterator[Conflict]:
    for found in (match for pattern in _TIMES_EACH for match in pattern.finditer(text)):
        a, b, c = (numerals.of_digits(found[name]) for name in "abc")
        if a * b != c:
            message = _PRODUCT.filled(
                a=found["a"], b=found["b"], value=shown(a * b), stated=found["c"]
            )
            yield _soft(piece, at + found.start("c"), message)


def _percentages(piece: Prose, text: str, at: int) -> Iterator[Conflict]:
    for found in (match for pattern in _SHARES for match in pattern.finditer(text)):
        p, n, m = (numerals.of_digits(found[name]) for name in "pnm")
        if n and not shows(found["p"], 100 * m / n) and abs(p * n / 100 - m) >= 1:
            message = _SHARE.filled(
                part=found["m"], of=found["n"], value=100 * m / n, stated=found["p"]
            )
            yield _soft(piece, at + found.start("p"), message)


def _changes(piece: Prose, text: str, at: int) -> Iterator[Conflict]:
    for found in (match for pattern in _CHANGES for match in pattern.finditer(text)):
        a, b = numerals.of_digits(found["a"]), numerals.of_digits(found["b"])
        measures = {found[name].strip() for name in ("ua", "ub")} - {""}
        if len(measures) > 1:
            continue
        verb = (found["verb"] or "").lower()
        wrong_way = (re.fullmatch(_UP, verb) and b < a) or (re.fullmatch(_DOWN, verb) and b > a)
        if wrong_way:
            message = _DIRECTION.filled(a=found["a"], b=found["b"], verb=verb)
            yield _soft(piece, at + found.start("b"), message)
        elif found["c"] and not _is_change(a, b, found["c"], (found["uc"] or "").strip()):
            real = shown(round(abs(b - a), 9))
            message = _DIFFER.filled(a=found["a"], b=found["b"], value=real, stated=found["c"])
            yield _soft(piece, at + found.start("c"), message)


def _soft(piece: Prose, offset: int, message: Words) -> Conflict:
    """Words leave more than one reading, which an equation does not."""
    return Conflict(piece, offset, message, severity=Severity.WARNING)


def _is_change(a: float, b: float, stated: str, measure: str) -> bool:
    candidates = [abs(b - a), 100 * abs(b - a)]
    candidates += [100 * abs(b - a) / whole for whole in (a, b) if whole]
    if measure in ("倍", "times") and a and b:
        candidates += [b / a, a / b, b / a - 1]
    return any(shows(stated, value) for value in candidates)
