"""The sentences of a page, as claims are anchored to them: by digests, which hold no text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.page.page import Page, Prose
from verify.page.prose import comments, quantities
from verify.page.prose.numerals import plain
from verify.page.prose.quantities import Quantity, QuantityKind
from verify.system import digests

# The digits of a SHA-256 that name a sentence; 48 bits tell all sentences of a page apart.
ANCHOR_DIGITS = 12
_SENTENCE = re.compile(
    r"(?:[^。！？；.!?]|[.!?](?!\s|$)|(?<=i\.e)\.|(?<=e\.g)\.|(?<=vs)\.)+(?:[。！？；.!?]|$)"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a cell's prose or comments, and the numbers in it as claims write them."""

    cell: int
    text: str
    digest: str
    numbers: tuple[str, ...]


def of_page(page: Page) -> tuple[Sentence, ...]:
    """The sentences of a page's prose, and of the comments in its code, by cell."""
    pieces = [*page.prose, *comments.of_page(page)]
    found = [one for piece in pieces for one in _of_piece(piece)]
    return tuple(sorted(found, key=lambda sentence: sentence.cell))


def split(text: str) -> Iterator[re.Match[str]]:
    """The sentences of a text; a soft line break ends none."""
    return _SENTENCE.finditer(text)


def digest(sentence: str) -> str:
    """What a sentence is known by, however its lines break."""
    return digests.of(" ".join(sentence.split()))[:ANCHOR_DIGITS]


def _of_piece(piece: Prose) -> Iterator[Sentence]:
    if piece.cell is None:
        return
    stated = quantities.find(piece.words)
    for match in split(piece.text):
        text = " ".join(match[0].split())
        inside = [q for q in stated if match.start() <= q.start < match.end()]
        if text:
            numbers = tuple(dict.fromkeys(map(written, inside)))
            yield Sentence(piece.cell, text, digest(text), numbers)


def written(quantity: Quantity) -> str:
    """A quantity as claims and waivers write it: `32`, `5%`, `320x240`, `3-5`, `1.11.0`."""
    if quantity.kind is QuantityKind.VERSION:
        return quantity.text
    joined = ("-" if quantity.kind is QuantityKind.RANGE else "x").join(map(plain, quantity.values))
    return f"{joined}%" if quantity.unit == "%" else joined
