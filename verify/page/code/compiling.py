"""What Python's compiler says of code that its parser takes: a `return` outside of any function."""

import ast
import warnings
from collections.abc import Iterator

from verify.finding import Severity
from verify.page.code.parsing import parse
from verify.system.words import Words

# How serious, the 0-based row, what is wrong, what to do.
Refusal = tuple[Severity, int, Words, Words]
_REFUSED = Words(
    zh="Python 不接受 `{line}`：`{said}`。", en="`{line}` is refused by Python: {said}."
)
_WARNS = Words(zh="Python 对 `{line}` 发出警告：`{said}`。", en="Python warns of `{line}`: {said}.")
CORRECT = Words(
    zh="请改正这一行，使代码可以运行。", en="Correct the line so that the code can be run."
)
_MEANT = Words(zh="请写成本来的意思。", en="Write what is meant.")
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def refusals(source: str, *, runs: bool) -> Iterator[Refusal]:
    """What the compiler refuses, or warns of.

    Args:
        source: valid Python, as the parser has it.
        runs: whether it is a cell; what only shows code may be the inside of a function or a loop.
    """
    lines = source.split("\n")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        error = _error(parse(source))
    if error is not None and (runs or not _is_inside(parse(source), source)):
        row = _row(error.lineno, lines)
        message = _REFUSED.filled(line=lines[row].strip(), said=error.msg)
        chosen = not runs and "argument repeated" in error.msg and _has_remark(lines, row)
        yield Severity.WARNING if chosen else Severity.ERROR, row, message, CORRECT
    for one in caught:
        if one.category is SyntaxWarning and "escape sequence" not in str(one.message):
            row = _row(one.lineno, lines)
            said = str(one.message).rstrip(".?!")
            message = _WARNS.filled(line=lines[row].strip(), said=said)
            yield Severity.WARNING, row, message, _MEANT


def _has_remark(lines: list[str], row: int) -> bool:
    """Whether a comment stands above a line, as it does where readers are to choose one of some."""
    return row > 0 and lines[row - 1].lstrip().startswith("#")


def _row(number: int | None, lines: list[str]) -> int:
    return min(max((number or 1) - 1, 0), len(lines) - 1)


def _error(tree: ast.Module) -> SyntaxError | None:
    try:
        compile(tree, "cell", "exec", flags=_FLAGS, dont_inherit=True)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):  # what no text can be made of
        return None
    return None


def _is_inside(tree: ast.Module, source: str) -> bool:
    """Whether it compiles as the body of a loop in a function, and reads as one."""
    imports = any(isinstance(one, ast.Import | ast.ImportFrom) for one in tree.body)
    if imports and not source.lstrip("\n")[:1].isspace():
        return False  # what imports stands at the margin of a program
    body = [one for one in tree.body if not isinstance(one, ast.Nonlocal)]
    if not body:
        return True
    for kind in ("def", "async def"):
        whole = ast.parse(f"{kind} _():\n while True:\n  pass")
        next(one for one in ast.walk(whole) if isinstance(one, ast.While)).body = body
        if _error(whole) is None:
            return not _has_slipped(tree)
    return False


def _has_slipped(tree: ast.Module) -> bool:
    """Whether a `return` at the margin returns what only the function above it makes."""
    outside, inside = set[str](), set[str]()
    for one in tree.body:
        names = [node for node in ast.walk(one) if isinstance(node, ast.Name)]
        if isinstance(one, ast.Return):
            read = {node.id for node in names}
            if read & inside - outside:
                return True
        made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            inside |= made
            outside.add(one.name)
        else:
            outside |= made
    return False
