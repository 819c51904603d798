"""The function that a call inside another function reaches."""

import ast
import inspect
from types import FunctionType
from typing import Any

from apiprobe import wrappers


def reached(function: FunctionType, node: ast.expr, cls: type | None) -> Any:
    """The function that a call inside a function reaches."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
        func = node.value.func
        if isinstance(func, ast.Name) and func.id == "super" and cls is not None:
            return _next_in_line(function, node.attr, cls)
        return None
    if isinstance(node, ast.Attribute) and cls is not None and is_self(function, node.value):
        return inspect.getattr_static(cls, node.attr, None)
    target = _object(function, node)
    if isinstance(target, type):
        makers = [getattr(target, name) for name in ("__new__", "__init__")]
        made = [one for one in makers if isinstance(one, FunctionType)]
        plain = type(target).__call__ is type.__call__ and len(made) == 1
        return made[0] if plain else None
    return target


def _next_in_line(function: FunctionType, method: str, cls: type) -> Any:
    owners = [
        base
        for base in cls.__mro__
        if any(
            isinstance(one, FunctionType) and function in wrappers.layers(one)
            for one in vars(base).values()
        )
    ]
    if len(owners) != 1:
        return None
    following = cls.__mro__[cls.__mro__.index(owners[0]) + 1 :]
    return next((vars(base)[method] for base in following if method in vars(base)), None)


def _object(function: FunctionType, node: ast.expr) -> Any:
    if isinstance(node, ast.Name):
        local = node.id in function.__code__.co_varnames
        return None if local else function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _object(function, node.value)
        return None if owner is None else getattr(owner, node.attr, None)
    return None


def is_self(function: FunctionType, node: ast.expr) -> bool:
    """Whether a node is the first parameter of the function."""
    return isinstance(node, ast.Name) and (node.id,) == function.__code__.co_varnames[:1]
