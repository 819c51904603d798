"""The values of numbers as English and Chinese write them, for comparing two languages."""

import re

from verify.page.prose import numerals

_NUMBER = r"(?:(?P<grouped>\d{1,3}(?:[, ]\d{3})+(?!\d))|(?P<plain>\d+))(?P<fraction>\.\d+)?"
_SCALE = "[%\u2030\u767e\u5343\u4e07\u4ebf]|[wkKMGBT](?![A-Za-z])|(?:thousand|million|billion)"
_ALONE = re.compile(
    rf"(?<![A-Za-z0-9_.]){_NUMBER}(?!\.?\d)(?:\s?(?P<scale>{_SCALE}))?(?![0-9A-Za-z_])", re.ASCII
)
_ANYWHERE = re.compile(rf"{_NUMBER}(?:\s?(?P<scale>{_SCALE}))?", re.ASCII)
_PERCENT = re.compile("percent|per cent|\u767e\u5206\u4e4b", re.IGNORECASE)
_SCALES = {"%": 0.01, "\u2030": 0.001, "k": 1e3, "K": 1e3, "w": 1e4, "M": 1e6, "G": 1e9, "B": 1e9}
_SCALES |= {"T": 1e12, "\u767e": 1e2, "\u5343": 1e3, "\u4e07": 1e4, "\u4ebf": 1e8}
_SCALES |= {"thousand": 1e3, "million": 1e6, "billion": 1e9}

_HAN = re.compile(numerals.CHINESE)

_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_MONTHS = "january february march april may june july august september october november december"
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_WORDS: dict[str, float] = {
    **{word: i for i, word in enumerate(_CARDINALS.split())},
    **{word: i for i, word in enumerate(_ORDINALS.split(), start=1)},
    **{word: i for i, word in enumerate(_MONTHS.split(), start=1)},
    **{word: 10 * i for i, word in enumerate(_TENS.split(), start=3)},
    "no": 0,
    "a": 1,
    "an": 1,
    "single": 1,
    "once": 1,
    "half": 0.5,
    "both": 2,
    "twice": 2,
    "double": 2,
    "pair": 2,
    "dozen": 12,
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
}
_LATIN_WORD = re.compile(r"[a-z]+")


def written_in_digits(text: str) -> dict[float, list[str]]:
    """The values that stand alone in digits, as written; no parts of names, no versions."""
    written: dict[float, list[str]] = {}
    for found in _ALONE.finditer(text):
        written.setdefault(_value(found), []).append(found[0])
    return written


def stated_anywhere(text: str) -> set[float]:
    """Every value that a text may be taken to state: in digits, with a unit's scale, in words."""
    values: set[float] = set()
    for found in _ANYWHERE.finditer(text):
        value = _plain(found)
        values |= {value, _value(found), *map(float, re.findall(r"\d+", found[0]))}
        if _PERCENT.search(text):
            values.add(_rounded(value / 100))
    values |= {numerals.of_chinese(found[0]) for found in _HAN.finditer(text)}
    values |= {_WORDS[word] for word in _LATIN_WORD.findall(text.lower()) if word in _WORDS}
    return values


def _value(found: re.Match[str]) -> float:
    return _rounded(_plain(found) * _SCALES.get(found["scale"] or "", 1))


def _plain(found: re.Match[str]) -> float:
    return numerals.of_digits((found["grouped"] or found["plain"]) + (found["fraction"] or ""))


def _rounded(value: float) -> float:
    return float(f"{value:.12g}")  # 0.07 and 7 * 0.01 are one
