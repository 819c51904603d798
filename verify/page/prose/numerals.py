"""Numbers as Chinese and English write them: digits with separators, suffixes, words."""

import re

DIGITS = (
    r"(?:\d{1,3}(?:[,，]\d{3})+(?![,，]?\d)(?:\.\d+)?"
    r"|(?<!:)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![ \u00a0\u202f]?\d)(?:\.\d+)?"
    r"|\d+(?:_\d{3})+(?!\w)"
    r"|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"
)
SCALES = {
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "B": 1e9,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_OF_WORD = {word: i for i, word in enumerate(_ONES)} | {
    word: 10 * i for i, word in enumerate(_TENS, start=2)
}
_OF_CHARACTER = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWER = {"十": 10, "百": 100, "千": 1000, "万": 10000, "亿": 10**8}

_MOST_DIGITS = 30

ENGLISH = rf"(?:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES[1:10])}))?|{'|'.join(_ONES[::-1])})"
CHINESE = r"[零〇一二两三四五六七八九十百千万亿]+"


def scale(text: str) -> float:
    """The factor of a suffix, such as 1000 of `k`."""
    word = text.strip()
    return SCALES[word if len(word) == 1 else word.lower()]


def whole(digits: str) -> int:
    """The value of digits; of more than any count has, one that is larger than all.

    Python itself reads no more than 4,300 of them.
    """
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def of_digits(text: str) -> float:
    """The value of digits with separators, such as `4,323` or `1e-4`."""
    return float(re.sub(r"[,，_ \u00a0\u202f]", "", text))


def of_english(text: str) -> float:
    """The value of an English number word below one hundred, such as `twenty-five`."""
    return float(sum(_OF_WORD[word] for word in text.lower().split("-")))


def of_chinese(text: str) -> float:
    """The value of a Chinese numeral, such as `三百二十`; also digit for digit, `二〇二四`."""
    if len(text) > _MOST_DIGITS:
        return 10.0**_MOST_DIGITS
    total = part = digit = 0
    for character in text:
        if character in _OF_CHARACTER:
            digit = digit * 10 + _OF_CHARACTER[character]
        elif character in "万亿":
            total, part, digit = (total + part + digit or 1) * _POWER[character], 0, 0
        else:
            part, digit = part + (digit or 1) * _POWER[character], 0
    return float(total + part + digit)


def decimals(text: str) -> int:
    """How many decimals a number is written with: `0.85` has two."""
    found = re.search(r"\.(\d+)", text)
    return len(found[1]) if found else 0


def plain(value: float) -> str:
    """A number without a needless fraction or exponent: `5`, `0.25`, `67588319`."""
    return f"{value:.12g}"
