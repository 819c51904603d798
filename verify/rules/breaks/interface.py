"""The interface of a release as its sources state it: where a path leads, without running them.

What cannot be told from the text alone is undecided, and nobody is accused of it.
"""

import ast
from dataclasses import dataclass, field

from verify.rules.breaks.class_text import (
    are_plain,
    assigns,
    defined,
    last_name,
    own_attributes,
    takes_any,
)
from verify.rules.breaks.module_sources import Assigned, Binding, Imported, ModuleSources

_HARMLESS_BASES = {"object", "ABC", "Generic", "Protocol"}


@dataclass(frozen=True)
class Module:
    """A module, by its dotted name."""

    name: str


@dataclass(frozen=True)
class Class:
    """A class, and the module whose names its text uses."""

    module: str
    node: ast.ClassDef = field(hash=False, compare=False)
    line: int

    @property
    def dotted(self) -> str:
        """Its name, with its module."""
        return f"{self.module}.{self.node.name}"


@dataclass(frozen=True)
class Function:
    """A function; `skip` of its first parameters are bound."""

    module: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    skip: int = 0
    owner: Class | None = None


@dataclass(frozen=True)
class Instance:
    """Some instance of a class."""

    cls: Class


@dataclass(frozen=True)
class Other:
    """Something of which no more is known."""


OTHER = Other()
Value = Module | Class | Function | Instance | Other


class Undecided(Exception):  # noqa: N818  # an outcome, no error
    """The sources alone do not tell."""


class Missing(Exception):  # noqa: N818  # an outcome, no error
    """An owner certainly lacks a name; the owner of a top-level package is none."""

    def __init__(self, owner: Value | None, name: str) -> None:
        super().__init__(name)
        self.owner, self.name = owner, name


class Interface:
    """What the modules of a release offer."""

    def __init__(self, sources: ModuleSources) -> None:
        self.sources = sources

    def module(self, dotted: str) -> Module:
        """Import a module as an import statement does.

        Raises:
            Missing: it or one of its parents does not exist.
        """
        parts = dotted.split(".")
        for depth in range(1, len(parts) + 1):
            if ".".join(parts[:depth]) not in self.sources:
                owner = Module(".".join(parts[: depth - 1])) if depth > 1 else None
                raise Missing(owner, parts[depth - 1])
        return Module(dotted)

    def attribute(self, owner: Value, name: str) -> Value:
        """The attribute of a value.

        Raises:
            Missing: it certainly has none of that name.
            Undecided: its sources alone do not tell.
        """
        match owner:
            case Module():
                found = self.member(owner.name, name)
            case Class():
                found = self._of_class(owner, name, instance=False)
            case Instance():
                found = self._of_class(owner.cls, name, instance=True)
            case _:
                raise Undecided("attribute of a value")
        if found is None:
            raise Missing(owner, name)
        return found

    def called(self, value: Value) -> Value:
        """What calling something returns, as far as its text says.

        Raises:
            Undecided: it does not say.
        """
        match value:
            case Class():
                if value.node.decorator_list or value.node.keywords:
                    raise Undecided("a class made by something else")
                return Instance(value)
            case Function(node=node) if node.returns and not isinstance(node, ast.AsyncFunctionDef):
                found = self._annotated(value, node.returns)
                if isinstance(found, Class) and are_plain(node.decorator_list):
                    return Instance(found)
        raise Undecided("what it returns")

    def member(
        self, module: str, name: str, seen: frozenset[tuple[str, str]] = frozenset()
    ) -> Value | None:
        """What a module has under a name, None if it certainly has nothing.

        Raises:
            Undecided: its sources alone do not tell.
        """
        source, is_open = self.sources.of(module), False
        # Asked again on its own way, a package that imports a part of itself means the module.
        if (module, name) not in seen:
            seen |= {(module, name)}
            if bindings := source.names.get(name):
                return self._bound(module, bindings, seen)
            for star in source.stars:
                if star not in self.sources:
                    is_open = True
                elif not name.startswith("_") and (found := self.member(star, name, seen)):
                    return found
        if f"{module}.{name}" in self.sources:
            return Module(f"{module}.{name}")
        if is_open or source.is_dynamic:
            raise Undecided(f"{module} may have more than its text says")
        return None

    def _bound(
        self, module: str, bindings: list[Binding], seen: frozenset[tuple[str, str]]
    ) -> Value:
        kinds = {type(one) for one in bindings}
        if len(bindings) > 1 and not kinds <= {ast.FunctionDef, ast.AsyncFunctionDef}:
            return OTHER  # one of them, as the case may be
        match bindings[-1]:
            case ast.ClassDef() as node:
                found: Value = Class(module, node, node.lineno)
            case ast.FunctionDef() | ast.AsyncFunctionDef() as node:
                found = Function(module, node)
            case Imported(module=wanted, name=None):
                found = Module(wanted) if wanted in self.sources else OTHER
            case Imported(module=wanted, name=str(name)):
                found = self._imported(wanted, name, seen)
            case Assigned(to=str(name)) if name in self.sources.of(module).names:
                found = self.member(module, name, seen) or OTHER
            case _:
                found = OTHER
        return found

    def _imported(self, module: str, name: str, seen: frozenset[tuple[str, str]]) -> Value:
        if module.split(".", maxsplit=1)[0] not in self.sources.tops:
            return OTHER
        found = self.member(module, name, seen) if module in self.sources else None
        if found is None:
            raise Undecided(f"{module} lacks {name}, which the release itself imports")
        return found

    # -- classes -----------------------------------------------------------------------

    def lineage(self, cls: Class) -> tuple[list[Class], bool]:
        """A class and its bases, and whether these are all."""
        found, whole, queue = [cls], True, [cls]
        while queue:
            one = queue.pop(0)
            for base in one.node.bases:
                value = self._annotated(one, base)
                if isinstance(value, Class):
                    if value not in found:
                        found.append(value)
                        queue.append(value)
                elif last_name(base) not in _HARMLESS_BASES:
                    whole = False
            whole = whole and not one.node.keywords
        return found, whole

    def _of_class(self, cls: Class, name: str, *, instance: bool) -> Value | None:
        lineage, whole = self.lineage(cls)
        for one in lineage:
            definition = defined(one.node, name)
            if isinstance(definition, ast.ClassDef):
                return Class(one.module, definition, definition.lineno)
            if definition is not None:
                return self._method(one, definition, instance=instance)
            if assigns(one.node, name) or (instance and name in own_attributes(one.node)):
                return OTHER
        is_open = any(takes_any(one.node) or one.node.decorator_list for one in lineage)
        if not whole or is_open or hasattr(object, name):
            raise Undecided("the class may have more than its text says")
        return None

    def _method(
        self, cls: Class, node: ast.FunctionDef | ast.AsyncFunctionDef, *, instance: bool
    ) -> Value:
        names = {last_name(one) for one in node.decorator_list}
        if names & {"property", "cached_property"}:
            found = self._annotated(cls, node.returns) if node.returns else OTHER
            return Instance(found) if isinstance(found, Class) else OTHER
        bound = (instance or "classmethod" in names) and "staticmethod" not in names
        return Function(cls.module, node, int(bound), cls)

    def _annotated(self, at: Class | Function, node: ast.expr) -> Value:
        """What an expression of names stands for in a module."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                return OTHER
        try:
            match node:
                case ast.Name(id=name):
                    return self.member(at.module, name) or OTHER
                case ast.Attribute(value=value, attr=name):
                    return self.attribute(self._annotated(at, value), name)
        except (Missing, Undecided):
            return OTHER
        return OTHER
