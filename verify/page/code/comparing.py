"""Facts compared: what is unknown of one is neither equal to anything nor different."""

from collections import Counter
from collections.abc import Iterable

from verify.page.code import texts
from verify.page.code.facts import Fact


def difference(some: Iterable[Fact], others: Iterable[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts that each side states alone, in order.

    Of a fact with something unknown in it, what is known has to fit.
    """
    one, other = Counter(some), Counter(others)
    alone, left = list((one - other).elements()), list((other - one).elements())
    missing = []
    for fact in alone:
        fitting = next((each for each in left if fits(fact, each)), None)
        if fitting:
            left.remove(fitting)
        else:
            missing.append(fact)
    return missing, left


def fits(one: Fact, other: Fact) -> bool:
    """Whether two facts may be the same, as far as they are known."""
    pairs = zip((one.target, *one.arguments), (other.target, *other.arguments), strict=False)
    same_form = one.kind is other.kind and len(one.arguments) == len(other.arguments)
    return same_form and all(_agree(*pair) for pair in pairs)


def _agree(one: str, other: str) -> bool:
    if one == other or not (texts.is_unknown(one) or texts.is_unknown(other)):
        return one == other
    above = [True]
    for token in texts.tokens(other):
        above.append(above[-1] and token == texts.UNKNOWN)
    for token in texts.tokens(one):
        row = [above[0] and token == texts.UNKNOWN]
        for place, its in enumerate(texts.tokens(other)):
            if texts.UNKNOWN in (token, its):
                row.append(row[place] or above[place + 1] or above[place])
            else:
                row.append(above[place] and token == its)
        above = row
    return above[-1]
