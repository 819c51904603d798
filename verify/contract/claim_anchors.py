"""Whether a page still says what its claims are about."""

import re
from collections.abc import Iterator

from verify.contract.claim import Claim
from verify.contract.pins import Pins
from verify.page.code.facts import Fact
from verify.page.prose.numerals import plain
from verify.system.words import Text, Words, enumerated

_GONE = Words(zh="单元格里已没有 {missing}", en="the cell no longer states {missing}")
_NO_SENTENCE = Words(zh="没有摘要为 {anchor} 的句子", en="no sentence has the digest {anchor}")
_OWN_GONE = Words(
    zh="摘要为 {anchor} 的句子中，论断所依据的那一句已不在",
    en="of the sentences with the digest {anchor} its own is gone",
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def broken(claim: Claim, pinned: Pins, seen: Pins) -> Text:
    """Why a claim has lost its place on a page; empty if it stands as it was pinned.

    Args:
        claim: a claim about the pinned page.
        pinned: the page that the contract speaks of.
        seen: the page to look at, which may be the same.
    """
    if claim.anchor:
        return _lost(claim, pinned, seen)
    cells = [same for cell in claim.cells for same in _same_cells(cell, pinned, seen)]
    some = [seen.facts.get(cell, ()) + seen.stated.get(cell, ()) for cell in cells]
    facts = [fact for stated in some for fact in stated]
    if missing := sorted(claim.numbers - set(_values(facts))):
        return _GONE.filled(missing=enumerated(missing))
    return ""


def _lost(claim: Claim, pinned: Pins, seen: Pins) -> Text:
    """The same of a sentence; where a page had it in several cells, each of them has to keep it."""
    before, now = (
        {cell for cell, told in page.sentences.items() if claim.anchor in told}
        for page in (pinned, seen)
    )
    if not now:
        return _NO_SENTENCE.filled(anchor=claim.anchor)
    own = {same for cell in claim.cells for same in _same_cells(cell, pinned, seen)}
    if len(now) < len(before) and own and not own & now:
        return _OWN_GONE.filled(anchor=claim.anchor)
    return ""


def _same_cells(cell: int, pinned: Pins, seen: Pins) -> Iterator[int]:
    """The cells with the same source, wherever they are now, or else the one in its place."""
    was = pinned.digests[cell] if cell < len(pinned.digests) else None
    same = [index for index, digest in enumerate(seen.digests) if digest == was]
    yield from same or [cell]


def _values(facts: list[Fact]) -> Iterator[str]:
    """Every part of some facts as claims document it: whole, without quotes, and its numbers."""
    for fact in facts:
        for part in (fact.target, *fact.arguments):
            value = part.rpartition("=")[2]
            yield from (
                part,
                value,
                value.strip("'\""),
                *(plain(float(n)) for n in _NUMBER.findall(part)),
            )
