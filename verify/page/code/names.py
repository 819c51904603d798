"""Which names a piece of code makes, and which it uses that it does not make itself."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyflakes import checker, messages

from verify.page.code import parsing

# What IPython adds to the builtins.
_OF_IPYTHON = {"get_ipython", "display", "exit", "quit", "In", "Out", "_", "__", "___", "_i", "_ih"}
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Names:
    """The names of a piece of code; of those that it uses, each with its first line, from 1.

    `now` are used when the code runs, `later` only when a function of it is called. `anything` says
    that it may make names that reading cannot know.
    """

    made: frozenset[str]
    now: Mapping[str, int]
    later: Mapping[str, int]
    anything: bool


@lru_cache(maxsize=1024)
def of(source: str) -> Names | None:
    """The names of a source; None if it is no Python."""
    tree = parsing.tree_of(source)
    if tree is None:
        return None
    inside = {(one.lineno, one.col_offset) for one in _inside_functions(tree)}
    seen = checker.Checker(tree, builtins=_OF_IPYTHON | set(dir(builtins)))
    now: dict[str, int] = {}
    later: dict[str, int] = {}
    for message in sorted(seen.messages, key=lambda one: one.lineno):
        if isinstance(message, messages.UndefinedName):
            place = later if (message.lineno, message.col) in inside else now
            place.setdefault(str(message.message_args[0]), message.lineno)
    return Names(_made(seen), now, later, _makes_anything(tree))


def _made(seen: checker.Checker) -> frozenset[str]:
    whole = next(scope for scope in seen.deadScopes if isinstance(scope, checker.ModuleScope))
    return frozenset(name for name, made in whole.items() if not isinstance(made, checker.Builtin))


def _makes_anything(tree: ast.Module) -> bool:
    """Whether it imports all that a module has, or runs another file in its place."""
    stars = (one.names[0].name == "*" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))
    return any(stars) or any(
        isinstance(one, ast.Attribute) and one.attr in ("run_line_magic", "run_cell_magic")
        for one in ast.walk(tree)
    )


def _inside_functions(tree: ast.AST) -> Iterator[ast.Name]:
    """Names in the bodies of functions; their defaults and decorators are evaluated at once."""
    for node in ast.walk(tree):
        if isinstance(node, _LATER):
            body = node.body if isinstance(node.body, list) else [node.body]
            for part in body:
                yield from (one for one in ast.walk(part) if isinstance(one, ast.Name))
