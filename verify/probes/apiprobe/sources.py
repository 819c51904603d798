"""The syntax trees of functions and classes."""

import ast
import inspect
import re
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from types import FunctionType

# A keyword in a call, `(color=c`, or a word as a text.
_KEYWORD = re.compile(r"[(,]\s*([A-Za-z_]\w*)=(?!=)|['\"]([A-Za-z_]\w*)['\"]")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@lru_cache(maxsize=512)
def _index(path: str) -> dict[int | str, ast.AST]:
    """Functions by their first line, classes by their qualified name."""
    found: dict[int | str, ast.AST] = {}
    try:
        with tokenize.open(path) as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, UnicodeDecodeError, ValueError):
        return found

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                first = min([child.lineno, *(d.lineno for d in child.decorator_list)])
                found[first] = child
                visit(child, prefix + child.name + ".<locals>.")
            elif isinstance(child, ast.ClassDef):
                found.setdefault(prefix + child.name, child)
                visit(child, prefix + child.name + ".")
            elif isinstance(child, ast.Lambda):
                continue
            else:
                visit(child, prefix)

    visit(tree, "")
    return found


def function(obj: FunctionType) -> Function | None:
    """The definition of a function, if its source is here."""
    node = _index(obj.__code__.co_filename).get(obj.__code__.co_firstlineno)
    if isinstance(node, Function) and node.name == obj.__code__.co_name:
        return node
    return None


def class_of(cls: type) -> ast.ClassDef | None:
    """The definition of a class, if its source is here."""
    # Where its functions are: what a class says of its module is often not where it is defined.
    functions = [one for one in vars(cls).values() if isinstance(one, FunctionType)]
    paths = [
        one.__code__.co_filename
        for one in functions
        if one.__qualname__.startswith(cls.__qualname__ + ".")
    ]
    if not paths and "__dict__" in vars(cls):
        with suppress(TypeError):
            paths = [inspect.getsourcefile(cls) or ""]
    found = (_index(path).get(cls.__qualname__) for path in dict.fromkeys(paths))
    return next((node for node in found if isinstance(node, ast.ClassDef)), None)


def knows(obj: object, keyword: str) -> bool:
    """Whether the module of a function gives a keyword to others, or has it as a text."""
    if not isinstance(obj, FunctionType):
        return False
    return keyword in _keywords_of(obj.__code__.co_filename)


@lru_cache(maxsize=512)
def _keywords_of(path: str) -> frozenset[str]:
    try:
        with tokenize.open(path) as file:
            source = file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return frozenset()
    return frozenset(first or second for first, second in _KEYWORD.findall(source))


def text(cls: type) -> str:
    """The source of the module that defines a class."""
    try:
        path = inspect.getsourcefile(cls)
        if not path:
            return ""
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, TypeError, SyntaxError, UnicodeDecodeError):
        return ""


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions and classes inside it."""
    for child in ast.iter_child_nodes(node):
        yield child
        inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
        if not isinstance(child, inner):
            yield from own_nodes(child)


def is_stub(node: Function) -> bool:
    """Whether a body does nothing: it is for others to fill in."""

    def idle(statement: ast.stmt) -> bool:
        if isinstance(statement, ast.Expr):
            return isinstance(statement.value, ast.Constant)
        return isinstance(statement, (ast.Pass, ast.Raise))

    return all(map(idle, node.body))
