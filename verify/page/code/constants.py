"""Constants: what counts as one, and what is made of them within bounds of time and memory."""

from collections.abc import Callable

from verify.page.code.values import UNKNOWN, List, Set

LARGEST = 4_000  # elements or characters
BITS = 8_000
_NO_VALUE = (
    *(ArithmeticError, ValueError, TypeError, LookupError, AttributeError),
    *(MemoryError, RecursionError, Warning),
)


def is_constant(value: object) -> bool:
    """Whether a value is a constant throughout, and not too large to be computed with."""
    left = LARGEST
    todo = [value]
    while todo and left > 0:
        one = todo.pop()
        left -= 1
        if getattr(one, "is_open", False):
            return False
        if isinstance(one, str | bytes):
            left -= len(one) // 8
        elif isinstance(one, int):
            left -= one.bit_length() // 64
        elif isinstance(one, list | tuple | set | frozenset):
            left -= len(one)
            todo += one if left > 0 else ()
        elif isinstance(one, dict):
            left -= len(one)
            todo += (*one.keys(), *one.values()) if left > 0 else ()
        elif not (one is None or one is ... or isinstance(one, float | complex | range)):
            return False
    return not todo and left >= 0


def is_key(value: object) -> bool:
    """Whether a constant can be the key of a dictionary."""
    if not is_constant(value):
        return False
    try:
        hash(value)
    except TypeError:
        return False
    return True


def made_by(made: Callable[..., object], *given: object, **named: object) -> object:
    """What a function makes of constants; UNKNOWN if it raises."""
    try:
        found = made(*given, **named)
    except _NO_VALUE:
        return UNKNOWN
    if isinstance(found, int) and found.bit_length() > BITS:
        return UNKNOWN
    if type(found) in (list, set):
        return List(found) if isinstance(found, list) else Set(found)  # type: ignore[call-overload]
    return found


def has_order(value: object) -> bool:
    """Whether a constant reads the same in each process, which a set does not."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, set | frozenset) and len(one) > 1:
            return False
        if isinstance(one, list | tuple | set | frozenset):
            todo += one
        elif isinstance(one, dict):
            todo += (*one.keys(), *one.values())
    return True


def is_short(value: object, most: int = LARGEST) -> bool:
    """Whether something has no more elements than these."""
    try:
        return len(value) <= most  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        return False
