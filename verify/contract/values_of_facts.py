"""What code states of a constant, a setting, or an argument: read off its facts."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from verify.contract.claim import Scalar, Stated
from verify.page.code import texts
from verify.page.code.facts import Fact
from verify.page.code.replay import literal


def of(facts: Iterable[Fact], seen: Stated) -> list[Scalar]:
    """The values, in order; `UNKNOWN` is one that cannot be known without running."""
    # Once each: an own function may be called, or handed on, several times.
    found = dict.fromkeys(fact for fact in facts if fnmatchcase(fact.target, seen.target))
    return [
        _literal(value) for fact in found for value in _arguments(fact.arguments, seen.argument)
    ]


def _arguments(stated: tuple[str, ...], wanted: str | int) -> Iterator[str]:
    if isinstance(wanted, int):
        yield from stated[wanted : wanted + 1]
        return
    for argument in stated:
        name, equals, value = argument.partition("=")
        if equals and name == wanted:
            yield value


def _literal(text: str) -> Scalar:
    if texts.is_unknown(text):
        return texts.UNKNOWN
    value = literal(text)
    return value if isinstance(value, (bool, int, float, str)) else text
