"""What becomes of a keyword argument inside a function."""

import ast
import inspect
from collections.abc import Iterable, Iterator
from enum import Enum
from types import FunctionType
from typing import Any

from apiprobe import sources, targets, wrappers

_DEPTH = 10
_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class Fate(Enum):
    """What becomes of a keyword that only `**kwargs` takes."""

    ACCEPTED = "some function has a parameter of that name, or looks for it"
    UNKNOWN = "it goes where reading cannot follow"
    REFUSED = "an exception is raised"
    IGNORED = "nothing ever looks at it"


def fate(function: FunctionType, keyword: str, cls: type | None) -> Fate:
    """What becomes of a keyword in a function that may have `**kwargs`.

    Args:
        function: what is called.
        keyword: the keyword.
        cls: the class of the instance whose method it is.
    """
    return _Journey(keyword, cls).through(function, 0)


def _worst(found: Iterable[Fate]) -> Fate:
    """What counts where a dict is used several times: the first in the order of `Fate`."""
    every = set(found)
    return next((one for one in Fate if one in every), Fate.IGNORED)


class _Journey:
    """Follows one keyword from function to function."""

    def __init__(self, keyword: str, cls: type | None) -> None:
        self.keyword, self.cls = keyword, cls

    def through(self, target: Any, depth: int) -> Fate:
        """Its fate in a function that it is given to by name."""
        if not isinstance(target, FunctionType) or depth > _DEPTH:
            return Fate.UNKNOWN
        if _takes(target, self.keyword):
            return Fate.ACCEPTED
        function = wrappers.layers(target, [self.keyword])[-1]
        node = sources.function(function)
        if node is None or sources.is_stub(node) or hasattr(function, "__wrapped__"):
            return Fate.UNKNOWN
        if _takes(function, self.keyword):
            return Fate.ACCEPTED
        if node.args.kwarg is None:
            return Fate.REFUSED
        return _worst(self.in_dict(function, node, node.args.kwarg.arg, depth))

    def in_dict(
        self, function: FunctionType, node: sources.Function, name: str, depth: int
    ) -> Iterator[Fate]:
        """Its fate in each use of the dict `name`."""
        uses = {id(one) for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == name}
        for one in ast.walk(node):
            if isinstance(one, ast.Raise):  # what an exception tells changes nothing
                uses -= {id(inner) for inner in ast.walk(one)}
        for looked_in, key in wrappers.lookups(node, stores=True):
            if id(looked_in) in uses:
                uses.discard(id(looked_in))
                if wrappers.could_be(key, [self.keyword]):
                    yield Fate.ACCEPTED if isinstance(key, ast.Constant) else Fate.UNKNOWN
        for one in ast.walk(node):
            for used, found in self.in_node(function, node, one, uses, depth):
                uses.discard(used)
                yield found
        if uses:
            yield Fate.UNKNOWN

    def in_node(
        self,
        function: FunctionType,
        node: sources.Function,
        one: ast.AST,
        uses: set[int],
        depth: int,
    ) -> Iterator[tuple[int, Fate]]:
        """Its fate in one node of the function; with the use's id."""
        if isinstance(one, ast.Call):
            yield from self.in_call(function, node, one, uses, depth)
        elif isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub):
            used = _as_set(one.left, uses)
            allowed = None if used is None else _strings(function, node, one.right)
            if used is not None and allowed is not None:
                yield used, Fate.ACCEPTED if self.keyword in allowed else Fate.REFUSED
        elif isinstance(one, ast.If | ast.For):
            asked = one.test if isinstance(one, ast.If) else one.iter
            if id(asked) in uses and _raises(one.body):
                yield id(asked), Fate.REFUSED

    def in_call(
        self,
        function: FunctionType,
        node: sources.Function,
        call: ast.Call,
        uses: set[int],
        depth: int,
    ) -> Iterator[tuple[int, Fate]]:
        """Its fate where a call is given the dict, unpacked or as a whole; with the use's id."""
        for given in call.keywords:
            if given.arg is None and id(given.value) in uses:
                target = targets.reached(function, call.func, self.cls)
                yield id(given.value), self.through(target, depth + 1)
        for i, argument in enumerate(call.args):
            if id(argument) not in uses:
                continue
            allowed = _allowed(function, node, call) if i == 0 else None
            if allowed is not None:
                accepted = self.keyword in allowed
                yield id(argument), Fate.ACCEPTED if accepted else Fate.REFUSED
            elif getattr(call.func, "id", "") in ("len", "bool"):
                yield id(argument), Fate.IGNORED
            else:
                yield id(argument), self.as_argument(function, call, i, depth)

    def as_argument(self, function: FunctionType, call: ast.Call, index: int, depth: int) -> Fate:
        """Its fate in a function whose argument the dict is."""
        target = targets.reached(function, call.func, self.cls)
        if not isinstance(target, FunctionType) or hasattr(target, "__wrapped__"):
            return Fate.UNKNOWN
        node = sources.function(target)
        method = isinstance(call.func, ast.Attribute) and targets.is_self(function, call.func.value)
        if node is None or depth > _DEPTH:
            return Fate.UNKNOWN
        names = [one.arg for one in node.args.args][int(method) :]
        if index >= len(names):
            return Fate.UNKNOWN
        return _worst(self.in_dict(target, node, names[index], depth + 1))


def _as_set(node: ast.expr, uses: set[int]) -> int | None:
    """Which use of the dict stands in `set(kwargs)` or `kwargs.keys()`."""
    if not isinstance(node, ast.Call):
        return None
    if getattr(node.func, "id", "") in ("set", "list") and node.args:
        return id(node.args[0]) if id(node.args[0]) in uses else None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "keys":
        return id(node.func.value) if id(node.func.value) in uses else None
    return None


def _takes(function: FunctionType, keyword: str) -> bool:
    every = inspect.signature(function, follow_wrapped=False).parameters.values()
    return any(one.name == keyword and one.kind in _NAMED for one in every)


def _raises(body: list[ast.stmt]) -> bool:
    """Whether a block always ends with an exception."""
    last = body[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and _raises(last.body) and _raises(last.orelse)
    return isinstance(last, ast.Raise)


def _allowed(function: FunctionType, node: sources.Function, call: ast.Call) -> set[str] | None:
    """The keywords that `validate(kwargs, allowed)` lets pass, None if it is no such call."""
    called = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if ("valid" in called or "check" in called) and len(call.args) > 1:
        return _strings(function, node, call.args[1])
    return None


def _strings(function: FunctionType, node: sources.Function, given: ast.expr) -> set[str] | None:
    """The strings of a collection that is written out."""
    if isinstance(given, ast.Name):
        assigned = [
            one.value
            for one in ast.walk(node)
            if isinstance(one, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == given.id for t in one.targets)
        ]
        if len(assigned) == 1:
            return _strings(function, node, assigned[0])
        known = function.__globals__.get(given.id)
        if isinstance(known, (set, frozenset, list, tuple)):
            return {one for one in known if isinstance(one, str)}
        return None
    if isinstance(given, ast.Set | ast.List | ast.Tuple):
        strings = [str(one.value) for one in given.elts if isinstance(one, ast.Constant)]
        return set(strings) if len(strings) == len(given.elts) else None
    return None


def accepted(function: FunctionType, cls: type | None, depth: int = 0) -> set[str]:
    """The keywords that a function or those it hands its `**kwargs` to are known to take."""
    function = wrappers.layers(function)[-1]
    node = sources.function(function)
    if node is None or depth > _DEPTH:
        return set()
    every = inspect.signature(function, follow_wrapped=False).parameters.values()
    found = {one.name for one in every if one.kind in _NAMED}
    found.discard("self")
    if node.args.kwarg is None:
        return found
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and any(
            given.arg is None and getattr(given.value, "id", "") == node.args.kwarg.arg
            for given in one.keywords
        ):
            target = targets.reached(function, one.func, cls)
            if isinstance(target, FunctionType):
                found |= accepted(target, cls, depth + 1)
        if isinstance(one, ast.Call):
            found |= _allowed(function, node, one) or set()
    return found
