"""What a function returns, by its body and its annotation."""

import ast
import builtins
import collections
import inspect
import typing
from types import FunctionType, ModuleType

from apiprobe import follow, sources
from apiprobe.known_values import Instance, Known, Undecided, Value

_DEPTH = 8
_LITERALS = {
    ast.Dict: dict,
    ast.DictComp: dict,
    ast.List: list,
    ast.ListComp: list,
    ast.Set: set,
    ast.SetComp: set,
    ast.Tuple: tuple,
    ast.JoinedStr: str,
}
_depth = 0


def returned(function: FunctionType, owner: Instance | None, cls: type | None = None) -> Value:
    """What a call returns.

    Args:
        function: what is called.
        owner: the instance whose method it is.
        cls: the class whose class method it is.

    Raises:
        Undecided: reading does not tell.
    """
    global _depth  # noqa: PLW0603
    if hasattr(function, "__wrapped__"):
        raise Undecided("decorated")
    node = sources.function(function)
    if node is None or isinstance(node, ast.AsyncFunctionDef):
        raise Undecided("no source")
    own = list(sources.own_nodes(node))
    if any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in own):
        raise Undecided("generator")
    if _depth >= _DEPTH:
        raise Undecided("too deep")
    _depth += 1
    try:
        by_body = _by_body(function, node, own, owner, cls)
        if by_body is not None:
            return by_body
        return _by_annotation(function, owner)
    finally:
        _depth -= 1


def _by_body(
    function: FunctionType,
    node: sources.Function,
    own: list[ast.AST],
    owner: Instance | None,
    cls: type | None,
) -> Value | None:
    if sources.is_stub(node):
        return None
    expressions = [one.value for one in own if isinstance(one, ast.Return) and one.value]
    given = [one for one in expressions if not _is_none(one)]
    if not given:
        overridable = owner is not None and not owner.exact
        return None if overridable or _may_raise_only(node) else Instance(type(None))
    reader = _Reader(function, node, owner, cls)
    try:
        values = [reader.value(one) for one in given]
    except Undecided:
        return None
    if any(value != values[0] for value in values):
        raise Undecided("several types")
    return values[0]


def _may_raise_only(node: sources.Function) -> bool:
    return isinstance(node.body[-1], ast.Raise)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _by_annotation(function: FunctionType, owner: Instance | None) -> Instance:
    if "return" not in getattr(function, "__annotations__", {}):
        raise Undecided("not annotated")
    try:
        told = typing.get_type_hints(function)["return"]
    except Exception as error:
        raise Undecided("annotation") from error
    arguments = [one for one in typing.get_args(told) if one is not type(None)]
    if typing.get_origin(told) is typing.Union:
        told = arguments[0] if len(arguments) == 1 else None
    told = typing.get_origin(told) or told
    if getattr(told, "__name__", getattr(told, "_name", "")) == "Self" and owner:
        return Instance(owner.cls, exact=False)
    if not isinstance(told, type) or told is type(None) or told.__module__ in _TOO_LOOSE:
        raise Undecided("annotation")
    if getattr(told, "_is_protocol", False):
        raise Undecided("protocol")
    return Instance(told, exact=False)


_TOO_LOOSE = ("builtins", "typing", "types", "collections.abc", "numbers")


def evaluated(function: FunctionType | None, node: ast.expr, owner: Instance) -> Value:
    """An expression of a method."""
    global _depth  # noqa: PLW0603
    definition = sources.function(function) if function else None
    if function is None or definition is None or _depth >= _DEPTH:
        raise Undecided("no source")
    _depth += 1
    try:
        return _Reader(function, definition, owner, None).value(node)
    finally:
        _depth -= 1


class _Reader:
    """Evaluates expressions of one function as far as reading can."""

    def __init__(
        self,
        function: FunctionType,
        node: sources.Function,
        owner: Instance | None,
        cls: type | None,
    ) -> None:
        self.function = function
        self.first = function.__code__.co_varnames[:1]
        self.parameters = set(inspect.signature(function, follow_wrapped=False).parameters)
        self.owner, self.cls = owner, cls
        self.body = node.body
        # What each local name is assigned, None where that is no plain `name = value`.
        self.assigned: dict[str, list[ast.expr | None]] = collections.defaultdict(list)
        plain = {
            id(one.targets[0]): one.value
            for one in sources.own_nodes(node)
            if isinstance(one, ast.Assign) and len(one.targets) == 1
        }
        for one in sources.own_nodes(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                self.assigned[one.id].append(plain.get(id(one)))
        self.imported = {
            alias.asname or alias.name: (one, alias.name)
            for one in sources.own_nodes(node)
            if isinstance(one, ast.ImportFrom)
            for alias in one.names
        }
        self.busy: set[str] = set()

    def value(self, node: ast.expr) -> Value:
        """The value of an expression.

        Raises:
            Undecided: reading does not tell.
        """
        for kind, cls in _LITERALS.items():
            if isinstance(node, kind):
                return Instance(cls)
        if isinstance(node, ast.Constant) and node.value is not None:
            return Instance(type(node.value))
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.Attribute):
            return follow.attribute(self.value(node.value), node.attr)
        if isinstance(node, ast.Call):
            return follow.called(self.value(node.func))
        raise Undecided("expression")

    def name(self, name: str) -> Value:
        values = self.assigned.get(name)
        if name in self.parameters and not values:
            return self.bound(name)
        if values:
            return self.local(name, values)
        if name in self.imported:
            return self.imports(*self.imported[name])
        if name in self.function.__code__.co_freevars:
            raise Undecided("closure")
        found = self.function.__globals__.get(name, getattr(builtins, name, None))
        # Anything else may be another object by the time that the function runs.
        if isinstance(found, type | ModuleType | FunctionType):
            return Known(found)
        raise Undecided("name")

    def imports(self, node: ast.ImportFrom, name: str) -> Value:
        package = self.function.__globals__.get("__package__") or ""
        parents = package.split(".")[: len(package.split(".")) - node.level + 1]
        before = [*parents, node.module] if node.level else [node.module]
        module = follow.module(".".join(part for part in before if part))
        known: Value = Known(module)
        return follow.attribute(known, name)

    def bound(self, name: str) -> Value:
        if (name,) == self.first and self.owner is not None:
            return self.owner
        if (name,) == self.first and self.cls is not None:
            return Known(self.cls)
        raise Undecided("parameter")

    def local(self, name: str, values: list[ast.expr | None]) -> Value:
        # A parameter is certain only once it is replaced, always and on the function's own level.
        replaced = any(isinstance(one, ast.Assign) and one.value is values[0] for one in self.body)
        if name in self.parameters and not (replaced and len(values) == 1):
            raise Undecided("parameter")
        if name in self.busy:
            raise Undecided("assigned from itself")
        self.busy.add(name)
        try:
            found = [self.value(one) for one in values if one is not None]
        finally:
            self.busy.discard(name)
        if len(found) < len(values) or any(one != found[0] for one in found):
            raise Undecided("assigned in several ways")
        return found[0]
