"""Decorated functions: which of their wrappers hand on exactly what they are given."""

import ast
from collections.abc import Iterable, Iterator
from types import FunctionType

from apiprobe import sources

LOOKUPS = ("get", "pop", "setdefault")


def layers(function: FunctionType, keywords: Iterable[str] = ()) -> list[FunctionType]:
    """A function and, as far as wrappers pass everything on, what it wraps.

    Args:
        function: the outermost wrapper.
        keywords: what has to be passed on by name.
    """
    found = [function]
    while isinstance(inner := getattr(found[-1], "__wrapped__", None), FunctionType):
        if not passes_on(found[-1], keywords):
            break
        found.append(inner)
    return found


def passes_on(wrapper: FunctionType, keywords: Iterable[str] = ()) -> bool:
    """Whether a wrapper hands on what it is given, at least these keywords."""
    node = sources.function(wrapper)
    if node is None or node.args.vararg is None or node.args.kwarg is None:
        return False
    if len(node.args.args) > 1 or node.args.kwonlyargs:
        return False
    rest, named = node.args.vararg.arg, node.args.kwarg.arg
    uses = {
        id(one) for one in ast.walk(node) if isinstance(one, ast.Name) and one.id in (rest, named)
    }
    handed = {use for call in ast.walk(node) for use in _handed(call, node.args.args)}
    looked_up = {
        id(one)
        for one, key in lookups(node, stores=True)
        if not could_be(_resolved(key, wrapper), keywords)
    }
    counted = {id(argument) for call in ast.walk(node) for argument in _counted(call)}
    return bool(uses & handed) and uses <= handed | looked_up | counted


def adds(wrapper: FunctionType) -> bool:
    """Whether a wrapper may hand on more by name than it is given."""
    node = sources.function(wrapper)
    named = node.args.kwarg.arg if node and node.args.kwarg else ""
    return node is not None and any(
        isinstance(one, ast.Subscript)
        and isinstance(one.ctx, ast.Store)
        and getattr(one.value, "id", "") == named
        for one in ast.walk(node)
    )


def _resolved(key: ast.expr, function: FunctionType) -> ast.expr:
    """The text that a name of the function around a wrapper stands for."""
    names = function.__code__.co_freevars
    if isinstance(key, ast.Name) and key.id in names and function.__closure__:
        content = function.__closure__[names.index(key.id)].cell_contents
        if content is None or isinstance(content, str):
            return ast.Constant(content)
    return key


def _handed(call: ast.AST, own: list[ast.arg]) -> Iterator[int]:
    """Where it is `f(*args, **kwargs)` or `f(self, *args, **kwargs)`."""
    if not isinstance(call, ast.Call):
        return
    starred = [one.value for one in call.args if isinstance(one, ast.Starred)]
    double = [one.value for one in call.keywords if one.arg is None]
    plain = [getattr(one, "id", "") for one in call.args if not isinstance(one, ast.Starred)]
    everything = len(starred) == len(double) == len(call.keywords) == 1
    if everything and plain in ([], [one.arg for one in own]):
        yield from (id(starred[0]), id(double[0]))


def _counted(node: ast.AST) -> list[ast.expr]:
    is_len = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "len"
    return node.args if is_len and isinstance(node, ast.Call) else []


def lookups(node: ast.AST, *, stores: bool = False) -> Iterator[tuple[ast.AST, ast.expr]]:
    """Names in which something is looked up (or put), each with the key."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.args:
            if one.func.attr in LOOKUPS:
                yield one.func.value, one.args[0]
        elif isinstance(one, ast.Subscript) and (stores or isinstance(one.ctx, ast.Load)):
            yield one.value, one.slice
        elif isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.In | ast.NotIn):
            yield one.comparators[0], one.left


def could_be(node: ast.expr, keywords: Iterable[str]) -> bool:
    """Whether an expression could have one of the keywords as its value."""
    return any(_matches(node, keyword) for keyword in keywords)


def _matches(node: ast.expr, keyword: str) -> bool:
    if isinstance(node, ast.Constant):
        return bool(node.value == keyword)
    first, last = node, node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        first, last = node.left, node.right
    elif isinstance(node, ast.JoinedStr) and node.values:
        first, last = node.values[0], node.values[-1]
    return keyword.startswith(_text(first)) and keyword.endswith(_text(last))


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""
