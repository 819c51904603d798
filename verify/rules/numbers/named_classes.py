"""The classes of the data that a text names, against those in code and stored outputs."""

import ast
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from verify.finding import Severity
from verify.page.code import literals
from verify.page.page import Page, Prose, Role
from verify.page.prose import quantities
from verify.page.prose.quantities import is_whole
from verify.rules.numbers import listings
from verify.rules.numbers.conflict import LONGEST_PARAGRAPH, Conflict
from verify.system.words import Words, enumerated

_OTHERS = Words(
    zh="文字中写的是 {names}，页面的代码和输出中却是 {classes}。",
    en="The text names {names}, but code and outputs of the page have {classes}.",
)
_NAME_THEM = Words(zh="请写数据中实际的类别。", en="Name the classes that the data has.")

_KINDS = frozenset({"classes", "types", "labels"})
_PRINTED = re.compile(r"^[^\S\n]*(\[(?:\s*['\"][^'\"\n]+['\"],?){2,}\s*\])\s*$", re.MULTILINE)
# As alike as `rose` and `roses`, or `aeroplane` and `airplane`.
_ALIKE = 0.7
_LEAST = 2

Names = frozenset[str]


def conflicts(page: Page) -> Iterator[Conflict]:
    """Enumerations of classes that share too little with the page's one list of classes."""
    known = _known(page)
    if len(known) != 1:
        return  # several data sets, or none
    (classes,) = known
    for piece in page.prose:
        if piece.role is not Role.TABLE_CELL and len(piece.text) <= LONGEST_PARAGRAPH:
            yield from _of_piece(piece, classes)


def _of_piece(piece: Prose, classes: Names) -> Iterator[Conflict]:
    for quantity in quantities.find(piece.words):
        if quantity.unit not in _KINDS or not is_whole(quantity):
            continue
        names = listings.names_after(piece, quantity)
        # A complete list of as many, in letters that can be compared.
        if len(names) != quantity.value or len(names) != len(classes):
            continue
        if not all(name.isascii() for name in (*names, *classes)):
            continue
        others = [name for name in names if not any(_alike(name, one) for one in classes)]
        same = sum(name.lower() in map(str.lower, classes) for name in names)
        # Most are others, or all but one are the same to the letter.
        is_other = len(others) >= _LEAST and len(others) * 2 >= len(names)
        if is_other or (len(others) == 1 and same == len(names) - 1 >= _LEAST):
            yield Conflict(
                piece,
                quantity.start,
                _OTHERS.filled(names=enumerated(names), classes=enumerated(sorted(classes))),
                _NAME_THEM,
                Severity.WARNING,
            )


def _known(page: Page) -> set[Names]:
    """The lists of classes that code assigns, or prints where it speaks of classes."""
    found = {frozenset(names) for names in literals.names_of_classes(page)}
    for code in page.python:
        if literals.speaks_of_classes(code.source):
            for output in code.outputs:
                found |= {frozenset(_read(match[1])) for match in _PRINTED.finditer(output.text)}
    return {names for names in found if len(names) >= _LEAST}


def _read(text: str) -> list[str]:
    try:
        return [str(name) for name in ast.literal_eval(text)]
    except (ValueError, SyntaxError):
        return []


def _alike(one: str, other: str) -> bool:
    a, b = (re.sub(r"[\W_]+", "", name).lower() for name in (one, other))
    return a in b or b in a or SequenceMatcher(None, a, b).ratio() >= _ALIKE
