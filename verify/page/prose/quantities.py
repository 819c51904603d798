"""Numbers with units in a text, Chinese or English.

What only looks like a quantity is told apart: ordinals, dates, times, list numbers, footnotes,
identifiers, addresses and ports.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from verify.page.prose import numerals, units

_DIGITS = numerals.DIGITS
_LONE = r"(?<![A-Za-z0-9_.])(?<![A-Za-z0-9_]-)"
_NO_COUNT = rf"""
    https?://\S+ | (?<![\w.+-])[a-z0-9][a-z0-9.+_-]{{0,63}}@\S+
  | (?<!\d)(?:19|20)\d\d\s*[-/.年]\s*\d{{1,2}}(?!\d)(?:\s*[-/.月]\s*\d{{1,2}}(?!\d)\s*日?)?
  | (?<!\d)(?:19|20)\d\d\s*年 | (?<!\d)\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*[日号])?
  | (?<![\d:])\d{{1,2}}:\d\d(?::\d\d)?(?!\d)
  | (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{{1,2}}(?!\d)(?:,?\s\d{{4}})?
  | (?<![\d./])\d+\s?/\s?\d+(?![\d/])
  | 第\s*(?:{_DIGITS}|{numerals.CHINESE}) | (?<!\w)\d+(?:st|nd|rd|th)(?![a-z])
  | (?<![a-z])(?:steps?|section|chapter|fig(?:ure)?|table|algorithm|lines?|options?|scenario|
      appendix|eq(?:uation)?|issue|ports?|page|phase|cell|no|round)\.?\s*[\#:]?\s*\d+(?:\.\d+)*
      (?!\w|\s*[%x×])
  | (?:步骤|图|表|算法|端口号?|方案|选项|公式|附录|编号|例|单元格)\s*\d+(?:\.\d+)*
      (?![\d\s]*[个张条种类层轮])
  | \[[\d\s,.;:~–-]*\]
  | ^[ \t]*(?:\d+[.)、．](?!\d)|[(（]\d+[)）])
  | (?<![A-Za-z0-9_])[A-Za-z_][A-Za-z0-9_.-]*\d[A-Za-z0-9_.]* (?<![.])
  | (?<![A-Za-z0-9_.])\d+[A-Za-z][A-Za-z0-9_]*\d[A-Za-z0-9_]*
  | (?<![A-Za-z0-9_.])\d+(?:PC|D|d|C|G|c|g)(?![A-Za-z0-9])
  | (?<![A-Za-z0-9_.])\d+(?:\.\d+)?(?:\s?(?:\^|\*\*)\s?[-−+({{]?\w+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)
"""
_VERSION = r"""
    (?<![A-Za-z0-9_.])v\d+(?:\.\d+)+(?:\.?(?:a|b|rc|post|dev)\d+)?(?![\w])
  | (?<![A-Za-z0-9_.])\d+\.\d+\.\d+(?:\.\d+)*(?:\.?(?:a|b|rc|post|dev)\d+)?
  | (?<![A-Za-z0-9_.])\d+\.\d+(?:a|b|rc|\.dev|\.post)\d+
  | (?:(?<=python\s)|(?<=version\s)|(?<=版本\s)|(?<=版本)|(?<=[<>=~]=)|(?<=[<>=~]=\s))
      \d+\.\d+(?![\d%]|\.\d)
  | \d+\.\d+(?=\s?(?:版本|版\b))
"""
_SIZE = r"""
    (?<![A-Za-z0-9_.*×])\d+(?:\s?[x×*X]\s?\d+){1,3}(?![A-Za-z0-9_^⁰¹²³⁴⁵⁶⁷⁸⁹⁻]|\.\d)
  | [(（]\s*\d+(?:\s*[,，]\s*\d+){1,3}\s*[,，]?\s*[)）]
"""
_SCALE = (
    r"(?:\s?(?:百万|千万|万|亿|千)|(?-i:[kKMB]|\s[kKM])(?![\w/-])|\s(?:thousand|million|billion)\b)"
)
_TO = r"(?:\s?[-–—~～至到]\s?|\s(?:to)\s)"
_TOKEN = re.compile(
    rf"""
    (?P<address>(?<![\d.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?:[:/]\d+)?(?![\d.]*\d))
  | (?P<version>{_VERSION}) | (?P<size>{_SIZE}) | (?P<none>{_NO_COUNT})
  | (?P<range>{_LONE}({_DIGITS})\s?%?{_TO}({_DIGITS})(?P<range_percent>\s?%)?(?![\w.-]*\d[.]))
  | 百分之(?P<chinese_percent>{numerals.CHINESE}|{_DIGITS})
  | (?P<percent>(?:(?<![\w.])-)?{_LONE}{_DIGITS})\s?(?:%|％|percent\b|per\scent\b)
  | (?P<number>(?:(?<![\w.)）%-])[-−])?{_LONE}{_DIGITS})(?P<scale>{_SCALE})?
  | (?<![A-Za-z0-9_-])(?P<english>{numerals.ENGLISH})(?![A-Za-z0-9_])
  | (?<![第一二两三四五六七八九十百千万零\d])(?P<chinese>{numerals.CHINESE})
      (?=\s?(?:[个张种类条名份层轮组台块项方批维折棵位步列行]|分类|部分|参与方|节点|阶段))
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_ANY = re.compile(rf"\d|[一二两三四五六七八九十百千万]|\b{numerals.ENGLISH}\b", re.IGNORECASE)
_HEDGED_BEFORE = re.compile(
    r"(?:约为?|大约|大概|近|接近|将近|超过|至少|至多|最多|最少|不到|不足|大于|小于|高于|低于|[~≈<>≤≥∼]=?|"
    r"\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|over|some|than|least|most|up\sto|"
    r"under|below|above|close\sto|within))\s*(?:of\s|为)?\s*$",
    re.IGNORECASE,
)
_HEDGED_AFTER = re.compile(
    r"\s?(?:左右|上下|多[个张条种类层轮名]?|余|以上|以下|以内|\+|or\s(?:more|so|less|fewer)|and\s(?:more|above))"
)
_LOOK_BACK = 16


class QuantityKind(str, Enum):
    """How a quantity is written."""

    COUNT = "count"
    PERCENT = "percent"
    SIZE = "size"
    RANGE = "range"
    VERSION = "version"


@dataclass(frozen=True)
class Quantity:
    """One quantity of a text.

    `values` is one number, the numbers of a size, or both ends of a range; of a version, none.
    A percentage is as written: 95 for `95%`. `unit` is canonical where the unit is known, else the
    word that stands there. `start` and `end` span the number without its unit.
    """

    kind: QuantityKind
    values: tuple[float, ...]
    unit: str
    start: int
    end: int
    text: str
    approximate: bool = False

    @property
    def value(self) -> float:
        """The number, where there is just one.

        Raises:
            ValueError: it is a size, a range or a version.
        """
        (only,) = self.values
        return only


@lru_cache(maxsize=1024)
def find(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in order."""
    return tuple(_found(text)) if _ANY.search(text) else ()


def _found(text: str) -> Iterator[Quantity]:
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if token["none"] or token["address"]:
            continue
        if token["version"]:
            yield Quantity(QuantityKind.VERSION, (), "", start, end, token[0])
            continue
        if token["size"]:
            kind, values = QuantityKind.SIZE, _numbers(token[0])
        elif token["range"]:
            kind, values = QuantityKind.RANGE, _numbers(token[0])
        elif token["chinese_percent"] or token["percent"]:
            kind, values = QuantityKind.PERCENT, (_percent(token),)
        else:
            kind, values = QuantityKind.COUNT, (_count(token),)
        of_percent = kind is QuantityKind.PERCENT or token["range_percent"]
        unit, unit_end = ("%", end) if of_percent else units.after(text, end)
        spelt = token["english"] or token["chinese"]
        if spelt and not _counts(unit, values[0], english=bool(token["english"])):
            continue
        if not spelt and kind is QuantityKind.COUNT and not unit and _is_year(token[0]):
            continue
        hedged = _HEDGED_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
        hedged = hedged or _HEDGED_AFTER.match(text, end) or _HEDGED_AFTER.match(text, unit_end)
        yield Quantity(kind, values, unit, start, end, token[0], approximate=bool(hedged))


def _numbers(text: str) -> tuple[float, ...]:
    separator = (
        r"[x×*X,，()（）\s]+" if re.search(r"[x×*X(（]", text) else r"(?<![eE])[-–—~～至到%\s]+|to"
    )
    return tuple(numerals.of_digits(part) for part in re.split(separator, text) if part)


def _percent(token: re.Match[str]) -> float:
    if token["percent"]:
        return _signed(token["percent"])
    spelt = token["chinese_percent"]
    return numerals.of_chinese(spelt) if not spelt[0].isdigit() else numerals.of_digits(spelt)


def _count(token: re.Match[str]) -> float:
    if token["english"]:
        return numerals.of_english(token["english"])
    if token["chinese"]:
        return numerals.of_chinese(token["chinese"])
    scale = numerals.scale(token["scale"]) if token["scale"] else 1
    return round(_signed(token["number"]) * scale, 10)


def _signed(text: str) -> float:
    sign = -1 if text[0] in "-−" else 1
    return sign * numerals.of_digits(text.lstrip("-−"))


def _counts(unit: str, value: float, *, english: bool) -> bool:
    """Whether a number word counts something: `one` and `一` hardly ever do."""
    return value > 1 and bool(unit) and (not english or unit.endswith("s"))


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", text) is not None


def is_whole(quantity: Quantity) -> bool:
    """Whether it is an exact whole number that counts something."""
    return (
        quantity.kind is QuantityKind.COUNT
        and not quantity.approximate
        and quantity.value >= 0
        and quantity.value.is_integer()
        and "." not in quantity.text
    )
