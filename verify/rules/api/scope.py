"""The names that are in scope, and what is known of each."""

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass
class Scope:
    """The paths of the names of a module or a function; `outer` is the scope around it.

    `ambiguous` names have more than one binding: a function that reads them from outside sees
    whichever was the last when it is called. `bound` are all names that the module ever binds,
    `fickle` those that functions bind anew whenever they are called.
    """

    outer: "Scope | None" = None
    names: dict[str, str | None] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    fickle: frozenset[str] = frozenset()

    def path(self, name: str) -> str | None:
        """What a name stands for, if that is certain."""
        if name in self.names:
            return None if name in self.fickle else self.names[name]
        scope: Scope | None = self.outer or self
        while scope is not None:
            if name in scope.names:
                return None if name in scope.ambiguous | scope.fickle else scope.names[name]
            if scope.outer is None and hasattr(builtins, name) and not {name, "*"} & scope.bound:
                return f"builtins:{name}"
            scope = scope.outer
        return None

    def forget(self, names: Iterable[str]) -> None:
        """From here on nothing is known of the names."""
        self.names.update(dict.fromkeys(names))

    def join(self, *others: dict[str, str | None]) -> None:
        """Keep what all branches agree on."""
        first, *rest = others
        every = first.keys() | {name for other in rest for name in other}
        self.names = {
            name: first.get(name) if all(o.get(name) == first.get(name) for o in rest) else None
            for name in every
        }


def bound(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that are bound in a scope."""
    return {name for name, _ in _bindings(nodes)}


def ambiguous(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that are bound to more than one thing; importing again changes nothing."""
    counts = Counter(name for name, _ in set(_bindings(nodes)))
    return frozenset(name for name, count in counts.items() if count > 1)


def shared(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that functions declare as of the scope around them, to bind them."""
    return frozenset(
        name
        for node in nodes
        for inner in ast.walk(node)
        if isinstance(inner, ast.Global | ast.Nonlocal)
        for name in inner.names
    )


def _bindings(  # one case a statement
    nodes: Iterable[ast.AST],
) -> Iterator[tuple[str, str]]:
    """Each name with what tells one binding of it from another."""
    for node in nodes:
        here = str(id(node))
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name, here
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, here
            case ast.ClassDef(name=name):
                yield name, here
            case ast.Import(names=aliases):
                yield from ((a.asname or a.name.split(".")[0], a.name) for a in aliases)
            case ast.ImportFrom(names=aliases, module=module):
                yield from ((a.asname or a.name, f"{module}.{a.name}") for a in aliases)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name, here
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name, here
            case _:
                pass
        if isinstance(node, _OWN_SCOPE):
            # Inner scopes count for what they make global.
            yield from ((name, here) for name in shared([node]))
        else:
            yield from _bindings(ast.iter_child_nodes(node))


def all_names(node: ast.AST) -> set[str]:
    """All names in an expression, attributes included."""
    every = (last_name(one) for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute))
    return {name for name in every if name}


def last_name(node: ast.AST) -> str:
    """The last name of a dotted expression, or of the one that is called."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=func):
            return last_name(func)
    return ""
