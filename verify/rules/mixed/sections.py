"""Two sections that differ in one name: what was copied has the name of the one that it stands in.

The headings say the same but for one word, such as the name of a party. That the second was made
from the first shows in a sentence that follows the change of name; one that names only the first
section's is then left over.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page, Prose, Role
from verify.page.prose import sentences
from verify.system.words import Words

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*|[\u4e00-\u9fff]")
_LONG = 3
# So many sections of one form are no copies of each other, but describe one thing each.
_FAMILY = 3

_SAYS = Words(
    zh="这一节讲的是 `{own}`，这句话却仍是 `{other}` 那一节的：“{sentence}”",
    en="This section is about `{own}`, but this sentence is still that of `{other}`: “{sentence}”",
)
_WRITE = Words(zh="这里是否应为 `{own}`？", en="Is `{own}` meant here?")


@dataclass(frozen=True)
class _Section:
    heading: Prose
    pieces: tuple[Prose, ...]

    @property
    def words(self) -> list[str]:
        return [word.lower() for word in _WORD.findall(self.heading.text)]

    def said(self) -> Iterator[tuple[Prose, int, str]]:
        """Every sentence with its piece and its place in it."""
        for piece in self.pieces:
            for found in sentences.split(piece.text):
                text = " ".join(found[0].split())
                if text:
                    yield piece, found.start() + len(found[0]) - len(found[0].lstrip()), text


def of_page(page: Page) -> Iterator[Finding]:
    """Find sentences that a copied section has left from the one that it was made of."""
    alike: dict[tuple[object, ...], list[_Section]] = defaultdict(list)
    for one in _sections(page):
        words = one.words
        for i, own in enumerate(words if len(words) >= _LONG else ()):
            key = (one.heading.level, *words[:i], None, *words[i + 1 :])
            same = alike[key]
            for other in same if len(same) < _FAMILY else ():
                if _are_names(own, old := other.words[i]):
                    yield from _left_over(page, one, other, own, old)
            same.append(one)


def _sections(page: Page) -> list[_Section]:
    at = [i for i, piece in enumerate(page.prose) if piece.role is Role.HEADING]
    ends = (*at, len(page.prose))
    return [
        _Section(page.prose[first], page.prose[first + 1 : last]) for first, last in pairwise(ends)
    ]


def _are_names(own: str, old: str) -> bool:
    """Whether two words are different names, as Latin letters write them."""
    return own != old and (own + old).isascii() and min(len(own), len(old)) >= _LONG


def _left_over(page: Page, one: _Section, other: _Section, own: str, old: str) -> Iterator[Finding]:
    before = {text for _, _, text in other.said()}
    renamed = {_renamed(text, old, own) for text in before if _names(text, old)}
    here = list(one.said())
    follows = any(text.lower() in renamed and text not in before for _, _, text in here)
    for piece, at, text in here if follows else ():
        if text in before and _names(text, old) and not _names(text, own):
            yield Finding(
                page.path,
                piece.line_at(at),
                piece.cell,
                FindingKind.MIXED_UP,
                Severity.WARNING,
                _SAYS.filled(own=own, other=old, sentence=text),
                _WRITE.filled(own=own),
            )


def _names(text: str, name: str) -> bool:
    return name in map(str.lower, _WORD.findall(text))


def _renamed(text: str, old: str, new: str) -> str:
    return re.sub(rf"\b{re.escape(old)}\b", new, text.lower())
