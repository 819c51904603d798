"""Chinese and Latin text are spaced and punctuated by convention; brackets and quotes pair up."""

import json
import re
from collections.abc import Iterator
from functools import cache

import autocorrect_py

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import NO_PROSE, Page, Prose
from verify.rules.advice import write
from verify.rules.checked_site import Site
from verify.system.words import Text, Words

_HALF = Words(
    zh="中文句子里有半角标点：{shown}。",
    en="A half-width mark stands in a Chinese sentence: {shown}.",
)
_HALF_OFTEN = Words(
    zh="中文句子里有半角标点：{shown}（此处共 {count} 个）。",
    en="A half-width mark stands in a Chinese sentence: {shown} ({count} times here).",
)
_FULL = Words(
    zh="英文里有全角标点：{shown}。", en="A full-width mark stands in English text: {shown}."
)
_FULL_OFTEN = Words(
    zh="英文里有全角标点：{shown}（此处共 {count} 个）。",
    en="A full-width mark stands in English text: {shown} ({count} times here).",
)
_LETTERS = Words(
    zh="“{shown}”是用全角字符写的。", en="“{shown}” is written in full-width characters."
)
_TWO_MARKS = Words(zh="两个标点连在一起：{shown}。", en="Two marks follow each other: {shown}.")
_KEEP = Words(zh="请只保留一个。", en="Keep one of them.")
_NEVER_OPENED = Words(
    zh="{shown} 中的右半边没有与之配对的左半边。",
    en="The closing mark in {shown} was never opened.",
)
_NEVER_CLOSED = Words(
    zh="{shown} 中的左半边没有与之配对的右半边。",
    en="The opening mark in {shown} is never closed.",
)
_MIXED = Words(zh="“{shown}”的两个括号宽度不同。", en="The brackets of “{shown}” differ in width.")
_NO_PARTNER = Words(
    zh="{shown} 中的引号没有配对。", en="The quotation mark in {shown} has no partner."
)
_A_PLACE_LACKS = Words(
    zh="有一处中文与西文之间缺少空格：{shown}。",
    en="A place lacks a space between Chinese and Latin text, first {shown}.",
)
_PLACES_LACK = Words(
    zh="有 {count} 处中文与西文之间缺少空格，第一处是{shown}。",
    en="{count} places lack a space between Chinese and Latin text, first {shown}.",
)
_SPACED = Words(
    zh="请在汉字与西文单词或数字之间加空格。",
    en="Put a space between Chinese characters and Latin words or numbers.",
)
_Found = tuple[int, Words, Text]

_AROUND = 6  # characters shown on either side

_HAN = "\u4e00-\u9fff"
_ANY_HAN = re.compile(f"[{_HAN}]")
_NUMERAL = "一二三四五六七八九十"
# Half-width marks in Chinese: after Chinese, at its end, or before it goes on.
_HALF_IN_CHINESE = re.compile(
    rf"(?<=[{_HAN}\u201d\uff09\u300b\u300d])\s?(?:[,;!?](?![,;!?])|:(?![:/]))[ ]?"
    rf"|(?<=[{_HAN}])(?<![{_NUMERAL}])\.(?=\s*$|\s*[{_HAN}])"
    rf"|(?<=[\w)\]{NO_PROSE}])[,;!?]\s*(?=[{_HAN}])",
    re.MULTILINE,
)
_TO_WIDE = str.maketrans({",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。"})
_WIDE_IN_ENGLISH = re.compile(r"\s?[，。；：！？、]\s?|\s?（[^（）()]*）")
_TO_HALF = {"，": ", ", "。": ". ", "；": "; ", "：": ": ", "！": "! ", "？": "? ", "、": ", "}
_DOUBLED = re.compile(
    r"[，。、；：]\s?[，。、；：,;]|[,;]\s?[，。、；：]|,\s?,|;\s?;|(?<=\w)\.\.(?![.\w/])"
)
_WIDE_LETTERS = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")

_PAIRS = {")": "(", "）": "（", "]": "[", "】": "【", "》": "《", "」": "「", "』": "『", "”": "“"}
_NARROW = str.maketrans("（）", "()")
_BOUND = rf"\s*(?:[-+\w.∞]{{1,8}}|{NO_PROSE}+)\s*"
_INTERVAL = re.compile(rf"[\[(]{_BOUND},{_BOUND}[\])]")
_SMILEY = re.compile(r"(?<!\w)[:;]-?[()]")
_COUNTED = re.compile(
    rf"(?:^|[\s{_HAN},.;:，。；：、])(?:\d{{1,2}}|[A-Za-z]|[ivx]+|[{_NUMERAL}]+)$"
)
_OF_CODE_OR_INCHES = re.compile(r'[={}\\]|\d"')


def check(site: Site) -> Iterator[Finding]:
    """Find marks of the wrong width, doubled marks, odd brackets, and text without spaces."""
    for page in site.pages:
        for piece in page.prose:
            text = piece.masked(NO_PROSE)
            for find in (_width, _wide_letters, _doubled, _unbalanced):
                if found := find(page, text):
                    yield _finding(page, piece, *found)
        yield from _spacing(page)


def _finding(page: Page, piece: Prose, at: int, message: Words, suggestion: Text) -> Finding:
    return Finding(
        page.path,
        piece.line_at(at),
        piece.cell,
        FindingKind.PUNCTUATION,
        Severity.WARNING,
        message,
        suggestion,
    )


def _shown(text: str, start: int, end: int, instead: str | None = None) -> str:
    """A stretch with its neighbours, within its line; or what is to be written there."""
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0]
    middle = text[start:end] if instead is None else instead
    shown = re.sub(f"{NO_PROSE}+", "\u2026", f"{before}{middle}{after}")
    return f"\u201c{shown.strip()}\u201d"


def _width(page: Page, text: str) -> _Found | None:
    if _ANY_HAN.search(text):
        found = list(_HALF_IN_CHINESE.finditer(text))
        once, often = _HALF, _HALF_OFTEN
    elif page.is_chinese:
        return None  # labels such as \u201cCPU\uff1a8\u201d
    else:
        found = list(_WIDE_IN_ENGLISH.finditer(text))
        once, often = _FULL, _FULL_OFTEN
    if not found:
        return None
    start, end = found[0].span()
    mark = found[0][0].strip()
    if mark.startswith("（"):
        instead = f" ({mark[1:-1]})" + " " * text[end : end + 1].isalnum()
    else:
        instead = _TO_HALF.get(mark) or mark.translate(_TO_WIDE)
    message = often if len(found) > 1 else once
    message = message.filled(shown=_shown(text, start, end), count=len(found))
    return text.index(mark, start), message, write(_shown(text, start, end, instead))


def _wide_letters(_: Page, text: str) -> _Found | None:
    found = _WIDE_LETTERS.search(text)
    if not found:
        return None
    right = "".join(chr(ord(c) - 0xFEE0) for c in found[0])
    return found.start(), _LETTERS.filled(shown=found[0]), write(f"“{right}”")


def _doubled(_: Page, text: str) -> _Found | None:
    found = _DOUBLED.search(text)
    if not found:
        return None
    return found.start(), _TWO_MARKS.filled(shown=_shown(text, *found.span())), _KEEP


def _unbalanced(_: Page, text: str) -> _Found | None:
    """The first bracket or quote that has no partner, or one of another width."""
    for not_meant in (_INTERVAL, _SMILEY):
        text = not_meant.sub(lambda found: " " * len(found[0]), text)
    opened: list[int] = []
    for at, mark in enumerate(text):
        if mark in _PAIRS.values():
            opened.append(at)
        elif mark in _PAIRS and opened and text[opened[-1]] == _PAIRS[mark]:
            opened.pop()
        elif mark in _PAIRS and opened and _are_of_two_widths(text[opened[-1]], mark):
            return _mixed(text, opened[-1], at)
        elif mark in _PAIRS and not (mark in ")）" and _COUNTED.search(text[:at])):
            return at, _NEVER_OPENED.filled(shown=_shown(text, at, at + 1)), ""
    if opened:
        at = opened[0]
        return at, _NEVER_CLOSED.filled(shown=_shown(text, at, at + 1)), ""
    return _odd_quote(text)


def _are_of_two_widths(opening: str, closing: str) -> bool:
    return _PAIRS[closing].translate(_NARROW) == opening.translate(_NARROW)


def _mixed(text: str, start: int, end: int) -> _Found:
    inner = text[start + 1 : end]
    wide = bool(_ANY_HAN.search(text))
    pair = "（）" if wide else "()"
    shown = re.sub(f"{NO_PROSE}+", "\u2026", inner)
    message = _MIXED.filled(shown=f"{text[start]}{shown}{text[end]}")
    return start, message, write(f"“{pair[0]}{shown}{pair[1]}”")


def _odd_quote(text: str) -> _Found | None:
    if text.count('"') % 2 == 0 or _OF_CODE_OR_INCHES.search(text):
        return None
    at = text.rindex('"')
    return at, _NO_PARTNER.filled(shown=_shown(text, at, at + 1)), ""


@cache
def _only_spaces() -> None:
    """Leave one rule: the others judge what is above, but miss much of it."""
    rules = (
        *("space-punctuation", "space-bracket", "space-backticks", "space-dash", "space-dollar"),
        *("fullwidth", "halfwidth-word", "halfwidth-punctuation", "no-space-fullwidth"),
        *("no-space-fullwidth-quote", "spellcheck"),
    )
    # The stubs leave it out.
    autocorrect_py.load_config(  # type: ignore[attr-defined]
        json.dumps({"rules": {"space-word": 1, **dict.fromkeys(rules, 0)}})
    )


def _spacing(page: Page) -> Iterator[Finding]:
    """One finding for a page: who leaves out one such space has mostly left out many."""
    _only_spaces()
    places = [(piece, *place) for piece in page.prose for place in _unspaced(piece)]
    if places:
        piece, at, shown = places[0]
        message = _PLACES_LACK if len(places) > 1 else _A_PLACE_LACKS
        message = message.filled(count=len(places), shown=shown)
        yield _finding(page, piece, at, message, _SPACED)


def _unspaced(piece: Prose) -> list[tuple[int, str]]:
    text = piece.masked(NO_PROSE)
    if not _ANY_HAN.search(text):
        return []
    found, at = [], 0
    for c in autocorrect_py.format(text):
        if at < len(text) and c == text[at]:
            at += 1
        elif c == " ":
            found.append((at, _shown(text, at, at)))
        else:
            break  # more than a space was changed: what follows cannot be told
    return found
