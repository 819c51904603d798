"""English grammar, as far as letters alone can tell: articles, and the passive of strong verbs.

A word of capitals without a vowel is spelt when it is spoken, letter by letter. What may be spoken
as a word or as letters, and vowels that begin with another sound, are left alone.
"""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page, Prose
from verify.rules.checked_site import Site
from verify.system.words import Words

_NO_VOWEL = r"[B-DF-HJ-NP-TV-XZ]"
# What begins like “you” in speech.
_YOU = "uni(?:co|di|fi|fo|la|on|qu|so|ta|ve)|use|usu|uti"
# `a SQL` is said by all who say “sequel”.
_AN_WANTED = re.compile(
    rf"(?<![\w'-])(?P<is>[Aa])\s+(?P<word>(?!SQL)[FHLMNRSX]{_NO_VOWEL}{{1,5}})(?!\w|\.\w)"
    r"|(?<![\w'-])(?P<small>[Aa])\s+(?P<vowel>(?!one|once|eu|ewe|equal|in\b|is\b|are\b|and\b)[aeio][a-z]{4,})(?![\w(=]|\.\w)"
)
_A_WANTED = re.compile(
    rf"(?<![\w'-])(?P<is>[Aa]n)\s+(?P<word>[BCDGJKPQTVWZ](?:{_NO_VOWEL}|[AEIO]){{1,5}})(?!\w|\.\w)"
    rf"|(?<![\w'-])(?P<small>[Aa]n)\s+(?P<consonant>(?:[bcdgjkpqtvwz][aeiou]|{_YOU})[a-z]{{2,}})(?![\w(=]|\.\w)"
)
_SENTENCE = Words(
    zh="英文语法有误：“{wrong}” 应为 “{right}”。",
    en="“{wrong}” is no English grammar; it is “{right}”.",
)
_WRITE = Words(zh="写成 “{right}”。", en="Write “{right}”.")


_PARTICIPLES = {
    "send": "sent",
    "build": "built",
    "write": "written",
    "choose": "chosen",
    "give": "given",
    "take": "taken",
    "make": "made",
    "keep": "kept",
    "find": "found",
    "know": "known",
    "hide": "hidden",
}
_PASSIVE = re.compile(
    rf"\b(?P<be>is|are|was|were|been|being)\s+(?P<verb>{'|'.join(_PARTICIPLES)})"
    r"\s+(?P<by>to|by|from|as|in|into|with|for|on)\b"
)


def check(site: Site) -> Iterator[Finding]:
    """Find articles and verbs in a form that does not fit; each mistake once a page."""
    for page in site.pages:
        told = set()
        for piece in page.prose:
            for at, wrong, right in _of_text(piece.words):
                if wrong not in told:
                    told.add(wrong)
                    yield _finding(page, piece, at, wrong, right)


def _of_text(text: str) -> Iterator[tuple[int, str, str]]:
    for pattern, right in ((_AN_WANTED, "an"), (_A_WANTED, "a")):
        for found in pattern.finditer(text):
            article, word = (part for part in found.groups() if part)
            wanted = right.capitalize() if article[0] == "A" else right
            yield found.start(), f"{article} {word}", f"{wanted} {word}"
    for found in _PASSIVE.finditer(text):
        be, verb, by = found.groups()
        yield found.start(), f"{be} {verb} {by}", f"{be} {_PARTICIPLES[verb]} {by}"


def _finding(page: Page, piece: Prose, at: int, wrong: str, right: str) -> Finding:
    return Finding(
        page.path,
        piece.line_at(at),
        piece.cell,
        FindingKind.SPELLING,
        Severity.WARNING,
        _SENTENCE.filled(wrong=wrong, right=right),
        _WRITE.filled(right=right),
    )
