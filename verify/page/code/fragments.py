"""Blocks of a text that only show a piece of code: nobody could run them as they stand."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Callable, Iterator

from verify.page.code import parsing
from verify.system.words import Words

_NO_PYTHON = Words(
    zh="不是可以运行的 Python（第 {line} 行）",
    en="it is no Python that could be run (line {line} of the file)",
)
_ELIDED = Words(
    zh="只是片段：第 {line} 行有省略", en="a fragment: something is left out in line {line}"
)
_METHODS = Words(
    zh="只是片段：方法 `{name}` 没有给出所属的类",
    en="a fragment: the method `{name}` is shown without its class",
)
_PACKAGE = Words(
    zh="只是片段：`{module}` 是某个软件包内部的相对导入",
    en="a fragment: `{module}` is an import from inside a package",
)
_INSIDE = Words(zh="只是片段：属于某个函数的内部", en="a fragment: it is the inside of a function")
_TERMINAL = Words(
    zh="是从终端启动、带命令行参数的程序（`{reads}`），不能在内核中运行",
    en="a program to start from a terminal with arguments (`{reads}`), not in a kernel",
)
_DOTS = re.compile(r"\.\.\.|\u2026|\u22ef|<[A-Za-z][\w -]*>")
# A comment that stands for code: dots, or few words that say so.
_OMITTED = re.compile(
    r"^#\W*(?:\.{3,}|[\u2026\u22ef])"
    r"|^#\W*(?:[\w']+\W+){0,3}(?:omitted|snipped|snip)\W*$"
    r"|^#[^\u4e00-\u9fff]*[\u4e00-\u9fff]{0,6}\u7701\u7565.{0,6}$",
    re.IGNORECASE,
)
_IMPORTS = re.compile(r"^(?:import|from) +[A-Za-z_.]", re.MULTILINE)
# In which dots alone stand for what is left out.
_HOLDS = (
    ast.Expr, ast.Call, ast.keyword, ast.Dict, ast.Assign, ast.List, ast.Set, ast.Tuple,
)  # fmt: skip
_COMMAND_LINES = (
    "click.command", "click.group", "app.run", "argparse.ArgumentParser", "ArgumentParser",
    "fire.Fire", "typer.run", "typer.Typer", "sys.argv", "tf.app.run",
)  # fmt: skip

# The line in the file of a row of the source.
LineOf = Callable[[int], int]


def why(source: str, line_of: LineOf) -> Words | None:
    """Why a block cannot be run, as far as itself tells; None if nothing speaks against it.

    A script with an error of syntax is run all the same: who copies it gets that error.
    """
    tree = parsing.tree_of(source)
    if tree is None:
        return _broken(source, line_of)
    if row := next(_elisions(tree, source), None):
        return _ELIDED.filled(line=line_of(row - 1))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and _first(node) == "self":
            return _METHODS.filled(name=node.name)
    for one in ast.walk(tree):
        if isinstance(one, ast.ImportFrom) and one.level:
            return _PACKAGE.filled(module=f"from {'.' * one.level}{one.module or ''} import")
    return None if _stands_alone(tree) else _INSIDE


def of_terminal(tree: ast.Module) -> Words | None:
    """Why a program is none for a kernel: it reads its command line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            name = ast.unparse(node)
            if name in _COMMAND_LINES:
                return _TERMINAL.filled(reads=name)
    return None


def _broken(source: str, line_of: LineOf) -> Words | None:
    row = 1
    try:
        parsing.parse(source)
    except SyntaxError as error:
        row = min(max(error.lineno or 1, 1), source.count("\n") + 1)
    if _DOTS.search(source.split("\n")[row - 1]):
        return _ELIDED.filled(line=line_of(row - 1))
    return None if _IMPORTS.search(source) else _NO_PYTHON.filled(line=line_of(row - 1))


def _elisions(tree: ast.Module, source: str) -> Iterator[int]:
    """The lines, from 1, where a page says that something is missing."""
    # In an index dots have a meaning of their own.
    indices = {id(one.slice) for one in ast.walk(tree) if isinstance(one, ast.Subscript)}
    for node in ast.walk(tree):
        if not isinstance(node, _HOLDS) or id(node) in indices:
            continue
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.Constant) and part.value is ...:
                yield part.lineno
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and _OMITTED.search(token.string):
                yield token.start[0]
    except (tokenize.TokenError, IndentationError):  # what Python's parser takes, it takes as well
        return


def _first(function: ast.FunctionDef) -> str:
    return function.args.args[0].arg if function.args.args else ""


def _stands_alone(tree: ast.Module) -> bool:
    """Whether it compiles: a `return` outside of any function does not; a cell may await."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the page has to answer for
            compile(tree, "block", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
