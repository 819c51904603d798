"""Words in both languages, for tests that say something in English alone."""

import re

from verify.system.words import Words

_WORDS = "title|says|advice|cause|since|repair|reason|origin|varies|source"
# What is code, a path, an address, an id, or a version.
_CODE = re.compile(r"`[^`]*`|https?://\S+|\S*[A-Za-z0-9][./:_=-]+[A-Za-z0-9]\S*|--\S+|\{[^{}]*\}")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[A-Za-z]{2,}(?:,? [A-Za-z]{2,}){2,}")
_TABLES = re.compile(r"(?m)^(?=\[)")


def words(english: str) -> Words:
    """English words, beside Chinese ones that say which they stand for."""
    return Words(zh=f"中文：{english}", en=english)


def in_both(toml: str) -> str:
    """The text of a contract or ledger, each English string for people in both languages."""
    return "".join(map(_table, _TABLES.split(toml)))


def _table(lines: str) -> str:
    keys = f"{_WORDS}|symptom" if 'kind = "text"' in lines else _WORDS
    return re.sub(rf'\b({keys}) = "([^"\n]+)"', r'\1 = { zh = "中文：\2", en = "\2" }', lines)


def english(text: str) -> list[str]:
    """What is English in a Chinese text, but for code and what is quoted from a page."""
    return _SENTENCE.findall(_CODE.sub(" ", re.sub(r"“[^”]*”", " ", text)))


def share_of_latin(text: str) -> float:
    """The part of the words outside code that are Latin; a Chinese word has two characters."""
    plain = _CODE.sub(" ", text.replace("\\", "").replace("\u200b", ""))
    latin, chinese = len(_LATIN.findall(plain)), len(_IDEOGRAPH.findall(plain)) / 2
    return latin / (latin + chinese)
