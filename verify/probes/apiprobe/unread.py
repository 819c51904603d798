"""Parameters that a function accepts and never looks at."""

import ast
from types import FunctionType
from typing import Any

from apiprobe import attributes, sources


def _is_decorated(node: sources.Function) -> bool:
    plain = ("staticmethod", "classmethod", "override")
    return any(getattr(one, "id", "") not in plain for one in node.decorator_list)


def is_unread(function: Any, parameter: str, cls: type | None) -> bool:
    """Whether a function certainly never looks at one of its parameters."""
    if not isinstance(function, FunctionType) or hasattr(function, "__wrapped__"):
        return False
    node = sources.function(function)
    if node is None or sources.is_stub(node) or _is_decorated(node) or parameter.startswith("_"):
        return False
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.id in (parameter, "locals", "vars", "eval", "exec"):
            return False
        if isinstance(one, ast.Attribute) and one.attr in ("currentframe", "getargvalues", "stack"):
            return False
    return not _is_reserved(function, parameter, cls)


def _is_reserved(function: FunctionType, parameter: str, cls: type | None) -> bool:
    """Whether a family of classes shares the method, so that the parameter may serve another."""
    if "." not in function.__qualname__:
        return False
    name = function.__name__
    if cls is None:
        return True
    family = [
        *cls.__mro__,
        *(sub for base in cls.__mro__[:-1] for sub in attributes.subclasses(base)),
    ]
    others = [vars(one).get(name) for one in family]
    return any(
        isinstance(other, FunctionType)
        and other is not function
        and parameter
        in other.__code__.co_varnames[
            : other.__code__.co_argcount + other.__code__.co_kwonlyargcount
        ]
        for other in others
    )
