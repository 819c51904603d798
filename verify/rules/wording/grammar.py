"""English grammar, as far as letters alone can tell: articles, and the passive of strong verbs.

A word of capitals without a vowel is spelt when it is spoken, letter by letter. What may be spoken
as a word or as letters, and vowels that begin with another sound, are left alone.
"""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import NO_PROSE, Page
from verify.rules.checked_site import Site
from verify.rules.wording import spelling
from verify.system.words import Words

_NO_VOWEL = r"[B-DF-HJ-NP-TV-XZ]"
# What begins like “you” in speech.
_YOU = "uni(?:co|di|fi|fo|la|on|qu|so|ta|ve)|use|usu|uti"
# `a SQL` is said by all who say “sequel”.
_AN_WANTED = re.compile(
    rf"(?<![\w'-])(?P<is>[Aa])\s+(?P<word>(?!SQL)[FHLMNRSX]{_NO_VOWEL}{{1,5}})(?!\w|\.\w)"
    r"|(?<![\w'-])(?P<small>[Aa])\s+(?P<vowel>(?!one|once|eu|ewe|equal)[aeio][a-z]{4,})(?![\w(=]|\.\w)"
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
    rf"\b(?P<be>(?:is|are|was|were|been|being)(?P<how>\s+\w+ly)?)\s+"
    rf"(?P<verb>{'|'.join(_PARTICIPLES)})"
    r"(?P<by>\s+(?:to|by|from|as|in|into|with|for|on)\b|(?(how)[,.;]|(?!)))"
)
# Verbs whose third person is no noun that could follow the same words.
_VERBS = (
    "allow calculate compute contain convert create define describe enable execute generate "
    "implement include introduce obtain perform provide receive represent require return send "
    "specify support train update use"
)
_VERB_OF = {(f"{verb[:-1]}ies" if verb[-1] == "y" else f"{verb}s"): verb for verb in _VERBS.split()}
_FORM = re.compile(
    r"(?<![\w'-])(?P<before>[Ww]e|[Tt]hey|[Yy]ou|(?:can|could|will|would|should|must|might|cannot)"
    r"(?:\s+not)?(?P<be>\s+be)?|(?:does|do|did)(?:\s+not|n['’]t))\s+"
    rf"(?P<verb>{'|'.join(_VERB_OF)})(?![\w-])"
)
# Who says it twice meant one of them: “which you that you”.
_RELATIVE_TWICE = re.compile(
    r"\b(?P<first>which|that|who)\s+(?P<who>you|we|they|it)\s+(?P<again>which|that)\s+(?P=who)\b"
)
# A comment may speak of a value that is called `a`.
_IS_CALLED_A = re.compile(r"\b[aA]\b\s*[=,)\]\[.+*/:-]")


def check(site: Site) -> Iterator[Finding]:
    """Find articles and verbs in a form that does not fit; each mistake once a page."""
    for page in site.pages:
        told = set()
        for piece in page.prose:
            for at, wrong, right in _of_text(piece.masked(NO_PROSE)):
                if wrong not in told:
                    told.add(wrong)
                    yield _finding(page, piece.line_at(at), piece.cell, wrong, right)
        for code in page.python:
            if _IS_CALLED_A.search(code.source):
                continue
            for row, text in spelling.remarks(code):
                for _, wrong, right in _of_text(text):
                    if wrong not in told:
                        told.add(wrong)
                        yield _finding(page, code.line_of(row), code.cell, wrong, right)


def _of_text(text: str) -> Iterator[tuple[int, str, str]]:
    for pattern, right in ((_AN_WANTED, "an"), (_A_WANTED, "a")):
        for found in pattern.finditer(text):
            article, word = (part for part in found.groups() if part)
            wanted = right.capitalize() if article[0] == "A" else right
            yield found.start(), f"{article} {word}", f"{wanted} {word}"
    for found in _PASSIVE.finditer(text):
        right = f"{found['be']} {_PARTICIPLES[found['verb']]}{found['by']}"
        yield found.start(), found[0], right
    for found in _FORM.finditer(text):
        plain = _VERB_OF[found["verb"]]
        if found["be"]:
            plain = _PARTICIPLES.get(plain) or re.sub("y$", "i", plain).removesuffix("e") + "ed"
        yield found.start(), found[0], f"{found['before']} {plain}"
    for found in _RELATIVE_TWICE.finditer(text):
        yield found.start(), found[0], f"{found['first']} {found['who']}"


def _finding(page: Page, line: int, cell: int | None, wrong: str, right: str) -> Finding:
    return Finding(
        page.path,
        line,
        cell,
        FindingKind.SPELLING,
        Severity.WARNING,
        _SENTENCE.filled(wrong=wrong, right=right),
        _WRITE.filled(right=right),
    )
