"""Which names a piece of code makes, and which it uses that it does not make itself."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyflakes import checker, messages

from verify.page.code import parsing

# What IPython adds to the builtins, the magics that it takes as a word alone, and what notebooks'
# hosts give to the pages that they run.
OF_IPYTHON = {
    "get_ipython", "display", "exit", "quit", "In", "Out", "_", "__", "___", "_i", "_ih", "_oh",
    "_dh", "_ii", "_iii", "__IPYTHON__", "ls", "ll", "pwd", "who", "whos", "dirs", "lsmagic",
    "quickref", "spark", "sc", "sqlContext", "dbutils", "displayHTML",
}  # fmt: skip
# The tables in which Python keeps names, and what changes a table.
_TABLES = {"globals", "locals", "vars"}
_CHANGES = {"update", "setdefault", "__setitem__"}
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
    inside = {(one.lineno, one.col_offset) for one in inside_functions(tree)}
    seen = checker.Checker(tree, builtins=OF_IPYTHON | set(dir(builtins)))
    now: dict[str, int] = {}
    later: dict[str, int] = {}
    for message in sorted(seen.messages, key=lambda one: one.lineno):
        if isinstance(message, messages.UndefinedName):
            place = later if (message.lineno, message.col) in inside else now
            place.setdefault(str(message.message_args[0]), message.lineno)
    return Names(frozenset(made_by(seen)), now, later, _makes_anything(tree))


def made_by(seen: checker.Checker) -> Mapping[str, checker.Binding]:
    """What the module that a checker has read gives names to."""
    whole = next(scope for scope in seen.deadScopes if isinstance(scope, checker.ModuleScope))
    return {name: one for name, one in whole.items() if not isinstance(one, checker.Builtin)}


def _makes_anything(tree: ast.Module) -> bool:
    """Whether it imports all that a module has, or runs another file or text in its place."""
    stars = (one.names[0].name == "*" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))
    return (
        any(stars)
        or writes_names(tree)
        or any(
            isinstance(one, ast.Attribute) and one.attr in ("run_line_magic", "run_cell_magic")
            for one in ast.walk(tree)
        )
    )


def writes_names(tree: ast.AST) -> bool:
    """Whether it runs a text, or writes into the tables in which Python keeps names."""
    return any(map(_writes_names, ast.walk(tree)))


def _writes_names(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="exec" | "execfile") | ast.Attribute(attr="user_ns" | "user_global_ns"):
            return True
        case ast.Subscript(value=ast.Call(func=ast.Name(id=name)), ctx=ast.Store()):
            return name in _TABLES
        case ast.Attribute(value=ast.Call(func=ast.Name(id=name)), attr=changes):
            return name in _TABLES and changes in _CHANGES
        case ast.Attribute(value=ast.Name(id="builtins" | "__builtins__"), ctx=ast.Store()):
            return True
    return False


def asked_for(tree: ast.AST) -> Iterator[str]:
    """The names of which a program asks whether they are there: `"name" in globals()`."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(
                left=ast.Constant(value=str(name)),
                comparators=[ast.Call(func=ast.Name(id="dir" | "globals" | "locals" | "vars"))],
            ):
                yield name


def inside_functions(tree: ast.AST) -> Iterator[ast.Name]:
    """Names in the bodies of functions; their defaults and decorators are evaluated at once."""
    for node in ast.walk(tree):
        if isinstance(node, _LATER):
            body = node.body if isinstance(node.body, list) else [node.body]
            for part in body:
                yield from (one for one in ast.walk(part) if isinstance(one, ast.Name))
