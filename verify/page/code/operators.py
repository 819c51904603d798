"""What Python's operators make of constants, within bounds."""

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from verify.page.code.constants import BITS, LARGEST, has_order, is_constant, is_short, made_by
from verify.page.code.values import UNKNOWN

# Widths that make a text long, or that are themselves values.
_WILD_PERCENT = re.compile(r"%[^a-zA-Z%]*(?:[0-9]{4}|[*])")
_BINARY: dict[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], object]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}
SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Not: "not",
    ast.Invert: "~",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.And: "and",
    ast.Or: "or",
}


def binary(op: ast.operator, left: object, right: object) -> object:  # noqa: PLR0911  # each bound
    """The value of `left op right`."""
    made = _BINARY.get(type(op))
    for kind in (list, tuple):
        if isinstance(op, ast.Add) and isinstance(left, kind) and isinstance(right, kind):
            return made_by(operator.add, left, right) if is_short([*left, *right]) else UNKNOWN
    if made is None or not (is_constant(left) and is_constant(right)):
        return UNKNOWN
    if isinstance(op, ast.Pow | ast.LShift) and _is_huge(op, left, right):
        return UNKNOWN
    if isinstance(op, ast.Mult) and _length(left) * _times(right) > LARGEST:
        return UNKNOWN
    if isinstance(op, ast.Mult) and _length(right) * _times(left) > LARGEST:
        return UNKNOWN
    if isinstance(op, ast.Mod) and isinstance(left, str | bytes):
        wild = isinstance(left, bytes) or _WILD_PERCENT.search(left) or not has_order(right)
        return UNKNOWN if wild else made_by(made, left, right)
    return made_by(made, left, right)


def unary(op: ast.unaryop, operand: object) -> object:
    """The value of `op operand`."""
    return made_by(_UNARY[type(op)], operand) if is_constant(operand) else UNKNOWN


def compared(op: ast.cmpop, left: object, right: object) -> object:
    """The value of `left op right`."""
    if isinstance(op, ast.Is | ast.IsNot):
        if (left is None or right is None) and is_constant(left) and is_constant(right):
            return (left is right) == isinstance(op, ast.Is)
        return UNKNOWN
    if not (is_constant(left) and is_constant(right)):
        return UNKNOWN
    if isinstance(right, range) and not isinstance(left, int | range):
        return UNKNOWN  # it would be looked for
    return made_by(_COMPARED[type(op)], left, right)


def _is_huge(op: ast.operator, left: object, right: object) -> bool:
    if not isinstance(left, int) or not isinstance(right, int):
        return False
    size = left.bit_length() * abs(right) if isinstance(op, ast.Pow) else right
    return size > BITS


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | bytes | list | tuple) else 0


def _times(value: object) -> int:
    return max(value, 0) if isinstance(value, int) else 0
