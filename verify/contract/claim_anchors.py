"""Whether a page still says what its claims are about."""

import re
from collections.abc import Iterator

from verify.contract.claim import Claim
from verify.contract.pins import Pins
from verify.page.code.facts import Fact
from verify.page.prose.numerals import plain

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def broken(claim: Claim, pinned: Pins, seen: Pins) -> str:
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
        return f"the cell no longer states {', '.join(missing)}"
    return ""


def _lost(claim: Claim, pinned: Pins, seen: Pins) -> str:
    """The same of a sentence; where a page had it in several cells, each of them has to keep it."""
    before, now = (
        {cell for cell, told in page.sentences.items() if claim.anchor in told}
        for page in (pinned, seen)
    )
    if not now:
        return f"no sentence has the digest {claim.anchor}"
    own = {same for cell in claim.cells for same in _same_cells(cell, pinned, seen)}
    if len(now) < len(before) and own and not own & now:
        return f"of the sentences with the digest {claim.anchor} its own is gone"
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
