"""Constants: what counts as one, and what is made of them within bounds of time and memory."""

import ast
import operator
from collections.abc import Callable

from verify.page.code.values import UNKNOWN, List, Set

LARGEST = 4_000  # elements or characters
BITS = 8_000
# Those whose outcome is not much longer than what it is made of.
_ARITHMETIC: dict[type[ast.operator], Callable[..., object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}
_NO_VALUE = (
    *(ArithmeticError, ValueError, TypeError, LookupError, AttributeError),
    *(MemoryError, RecursionError, Warning),
)


def number_of(node: ast.expr) -> int | float | None:
    """The number that an expression of literals is, None if it is none."""
    if isinstance(node, ast.Constant):
        value = node.value
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_of(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and (arithmetic := _ARITHMETIC.get(type(node.op))):
        left, right = number_of(node.left), number_of(node.right)
        made = UNKNOWN if left is None or right is None else made_by(arithmetic, left, right)
        return made if isinstance(made, int | float) else None
    return None


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
