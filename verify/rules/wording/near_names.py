"""A name that stands once, one slip of the fingers away from one that the page has more often.

In commands any inner letter counts, also of files; in running text and in code only what no other
word is made by: two letters in the wrong order, or one too many. Beginnings and endings are left
alone, for they make plurals, verbs and other names.
"""

import builtins
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import commands
from verify.page.page import Page, SpanKind
from verify.system.words import Words

_WORD = re.compile(r"[A-Za-z]+")
# No name is longer; a picture within a page is one word of a million characters.
_FILE = re.compile(r"(?<![A-Za-z])[A-Za-z][\w-]{0,99}\.[A-Za-z]\w{0,9}", re.ASCII)
_PROGRAM = re.compile(r"[a-z][a-z-]*")
_DOUBLE = re.compile(r"(.)\1")
_SHORT_NAME, _SHORT_WORD, _SHORT_CODE = 5, 7, 6
# Python has them, whatever they are near to.
_PYTHON = frozenset((*dir(builtins), *sys.stdlib_module_names))

_SAYS = Words(
    zh="“{name}” 只出现一次，这个页面别处写的是 “{other}”。",
    en="“{name}” stands here alone; elsewhere the page writes “{other}”.",
)
_WRITE = Words(zh="写成 “{other}”。", en="Write “{other}”.")


@dataclass(frozen=True)
class _Place:
    line: int
    cell: int | None


def of_page(page: Page, misspelt: AbstractSet[str]) -> Iterator[Finding]:
    """Find names that are another one mistyped; not words that a dictionary has told already."""
    yield from _of_commands(page)
    yield from _of_prose(page, misspelt)
    yield from _of_code(page, misspelt)


def _of_code(page: Page, misspelt: AbstractSet[str]) -> Iterator[Finding]:
    """Names of code that the whole page has once, near one that it has more often."""
    often = Counter(_WORD.findall(page.text))
    places: dict[str, _Place] = {}
    for name, at in _names_of_code(page):
        places.setdefault(name, at)
    known: dict[str, list[str]] = defaultdict(list)
    for name in places:
        if often[name] > 1:
            for key in _keys(name):
                known[key].append(name)
    for name, at in places.items():
        if often[name] == 1 and len(name) >= _SHORT_CODE and name.lower() not in misspelt | _PYTHON:
            near = {one for key in _keys(name) for one in known[key]}
            if other := next((one for one in sorted(near) if _is_mistyped(name, one)), None):
                yield _finding(page, at, name, other)


def _names_of_code(page: Page) -> Iterator[tuple[str, _Place]]:
    for piece in page.prose:
        for span in piece.spans:
            if span.kind is SpanKind.CODE:
                for name in _WORD.findall(piece.text[span.start : span.end]):
                    yield name, _Place(piece.line_at(span.start), piece.cell)
    for code in page.python:
        for row, text in enumerate(code.source.split("\n")):
            for name in _WORD.findall(text):
                yield name, _Place(code.line_of(row), code.cell)


def _of_commands(page: Page) -> Iterator[Finding]:
    places: dict[str, list[_Place]] = defaultdict(list)
    for command in commands.of_page(page):
        place = _Place(command.line, command.code.cell)
        if _PROGRAM.fullmatch(command.program):
            places[command.program].append(place)
        for name in {name for word in command.words for name in _FILE.findall(word)}:
            places[name].append(place)
    often = Counter(_FILE.findall(page.text)) + Counter({n: len(at) for n, at in places.items()})
    for name, at in places.items():
        is_file = "." in name
        if len(at) == 1 and often[name] == 1 + is_file:
            known = (one for one in often if often[one] > 1 and one != name)
            if other := next((one for one in known if _is_slip(name, one)), None):
                yield _finding(page, at[0], name, other)


def _is_slip(name: str, other: str) -> bool:
    """Whether a name is another one but for an inner letter, or two that are in the wrong order."""
    if name[0] != other[0] or name[-1] != other[-1] or abs(len(name) - len(other)) > 1:
        return False
    here, there = (re.split("[._-]", one) for one in (name, other))
    apart = [(a, b) for a, b in zip(here, there, strict=False) if a != b]
    if len(here) != len(there) or len(apart) != 1:
        return False
    one, right = apart[0]
    if min(len(one), len(right)) < _SHORT_NAME or not (one + right).isalpha():
        return False
    start = _parting(one, right)
    rest, wanted = one[start:], right[start:]
    slips = (rest[1:] == wanted, rest == wanted[1:], rest[1:] == wanted[1:])
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return start > 0 and (any(slips) or swapped)


def _parting(one: str, other: str) -> int:
    """Where two words part."""
    apart = (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(apart, min(len(one), len(other)))


def _of_prose(page: Page, misspelt: AbstractSet[str]) -> Iterator[Finding]:
    places: dict[str, list[_Place]] = defaultdict(list)
    for piece in page.prose:
        for found in _WORD.finditer(piece.words):
            if len(found[0]) >= _SHORT_WORD:
                place = _Place(piece.line_at(found.start()), piece.cell)
                places[found[0].lower()].append(place)
    known: dict[str, list[str]] = defaultdict(list)
    for name, at in places.items():
        if len(at) > 1:
            for key in _keys(name):
                known[key].append(name)
    for name, at in places.items():
        if len(at) == 1 and name not in misspelt:
            near = {one for key in _keys(name) for one in known[key]}
            if other := next((one for one in sorted(near) if _is_mistyped(name, one)), None):
                yield _finding(page, at[0], name, other)


def _keys(word: str) -> tuple[str, str]:
    """What a word shares with its slips: its letters, and its letters without doubles."""
    return "".join(sorted(word)), _DOUBLE.sub(r"\1", word)


def _is_mistyped(word: str, other: str) -> bool:
    """Whether two letters are in the wrong order, or one stands twice."""
    start = _parting(word, other)
    rest, wanted = word[start:], other[start:]
    if len(word) == len(other):
        return rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return start > 0 and rest[1:] == wanted and rest[0] == word[start - 1]


def _finding(page: Page, at: _Place, name: str, other: str) -> Finding:
    return Finding(
        page.path,
        at.line,
        at.cell,
        FindingKind.SPELLING,
        Severity.WARNING,
        _SAYS.filled(name=name, other=other),
        _WRITE.filled(other=other),
    )
