"""Chinese words that are written for others that sound or look like them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tomli

from verify.finding import Finding, FindingKind, Severity
from verify.rules.advice import write
from verify.rules.checked_site import Site
from verify.rules.wording import catalogues
from verify.system.words import Words

_PATTERNS = Path(__file__).with_name("confused.toml")
_SAYS = Words(
    zh="“{word}”是别字。", en="“{word}” is the wrong word here: it only sounds or looks so."
)
# Inline code and formulas stand between words.
_NO_PROSE = "A"


def check(site: Site) -> Iterator[Finding]:
    """Find such words; one finding for a word on a page, at its first place."""
    for page in site.pages:
        told = set()
        for piece in page.prose:
            for at, word, right in _of_text(piece.masked(_NO_PROSE)):
                if word not in told:
                    told.add(word)
                    yield _finding(page.path, piece.line_at(at), piece.cell, word, right)
    for path, _ in catalogues.of_site(site):
        yield from _of_catalogue(path)


def _of_catalogue(path: Path) -> Iterator[Finding]:
    told = set()
    for entry in catalogues.readable(path):
        for _, word, right in _of_text(entry.msgstr):
            if word not in told:
                told.add(word)
                yield _finding(path, entry.linenum, None, word, right)


def _of_text(text: str) -> Iterator[tuple[int, str, str]]:
    for pattern, right in _patterns():
        for found in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            yield found.start(group), found[group], right


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    told = tomli.loads(_PATTERNS.read_text(encoding="utf-8"))
    return tuple(
        (re.compile(pattern, re.MULTILINE), right)
        for right, patterns in told.items()
        for pattern in patterns
    )


def _finding(path: Path, line: int, cell: int | None, word: str, right: str) -> Finding:
    return Finding(
        path,
        line,
        cell,
        FindingKind.SPELLING,
        Severity.WARNING,
        _SAYS.filled(word=word),
        write(f"“{right}”"),
    )
