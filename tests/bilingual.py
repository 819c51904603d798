"""Words in both languages, for tests that say something in English alone."""

import re

from verify.system.words import Words

_WORDS = "title|says|advice|cause|since|repair|reason|origin|varies|source"
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
