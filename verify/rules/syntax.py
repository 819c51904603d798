"""Sample code is valid Python, and no name is used before it is defined."""

import ast
import builtins
import codeop
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from pyflakes import checker, messages

from verify.finding import Finding, FindingKind, Severity
from verify.page.code.parsing import dedented, parse, statements
from verify.page.page import Block, Page
from verify.rules.checked_site import Site

# What IPython adds to the builtins.
_OF_IPYTHON = {"get_ipython", "display", "exit", "quit", "In", "Out", "_", "__", "___", "_i", "_ih"}
# Magics that define names which reading cannot know.
_DEFINES_ANYTHING = re.compile(
    r"^\s*%{1,2}(?:run|load|pylab|store\s+-r|macro|recall|rerun|R|sql|bigquery)\b", re.MULTILINE
)
_ELISION = re.compile(r"\.\.\.|\u2026|\u22ef|^\s*[.\u3002]+\s*$")
# The first line of a statement that goes on.
_OPENS = re.compile(r"^\s*(?:def|class|for|if|while|with|try|from \S+ import|@?[\w.]+ *[=(])")
_WORD = re.compile(r"[A-Za-z_]\w*")


def check(site: Site) -> Iterator[Finding]:
    """Find syntax errors in every Python block, and undefined names in notebooks."""
    for page in site.pages:
        broken = []
        for code in page.python:
            for found in _syntax_errors(page, code):
                broken.append(code)
                yield found
        yield from _undefined(
            page, [code for code in page.python_cells if code not in broken], broken
        )


def _syntax_errors(page: Page, code: Block) -> Iterator[Finding]:
    entries = statements(code)
    for source, first_row in entries:
        error = _error(source)
        if error is None:
            continue
        row = min(max((error.lineno or 1) - 1, 0), source.count("\n"))
        is_last = (source, first_row) == entries[-1]
        if not code.runs and is_last and _is_excerpt(source, row):
            continue
        severity, message, suggestion = _syntax_problem(code, source, row, str(error.msg))
        at = code.line_of(first_row + row)
        yield Finding(page.path, at, code.cell, FindingKind.SYNTAX, severity, message, suggestion)


def _error(source: str) -> SyntaxError | None:
    try:
        parse(source)
    except SyntaxError as error:
        return error
    return None


def _syntax_problem(code: Block, source: str, row: int, problem: str) -> tuple[Severity, str, str]:
    lines = source.split("\n")
    shown = lines[row].strip()
    if hidden := [f"U+{ord(c):04X}" for c in shown if not c.isprintable()]:
        return (
            Severity.ERROR,
            f"The line holds an invisible character ({hidden[0]}), which Python refuses.",
            "Delete the character.",
        )
    if code.runs or any(map(_is_statement, lines)):
        return (
            Severity.ERROR,
            f"`{shown}` is no valid Python: {problem}.",
            "Correct the line so that the code can be run.",
        )
    return (
        Severity.WARNING,
        f"The block is labelled Python, but `{shown}` is another language.",
        "Label the block with its own language.",
    )


def _is_excerpt(source: str, row: int) -> bool:
    """Whether a block that only shows code leaves something out on purpose, mostly its end."""
    if _ELISION.search(source.split("\n")[row]):
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return codeop.compile_command(dedented(source).rstrip(), symbol="exec") is None
    except (SyntaxError, ValueError, OverflowError):
        return False


def _is_statement(line: str) -> bool:
    """Whether a line alone is Python that does something: `name: "x"` is no more than an entry."""
    try:
        body = parse(line.strip()).body
    except SyntaxError:
        return bool(_OPENS.match(line))
    first = body[0] if body else None
    acts = first.value if isinstance(first, ast.Expr) else first
    return isinstance(acts, ast.Import | ast.ImportFrom | ast.Assign | ast.Return | ast.Call)


@dataclass(frozen=True)
class _Module:
    """All cells of a notebook as one module, and which cell each of its lines comes from."""

    tree: ast.Module
    origin: dict[int, tuple[Block, int]]


def _undefined(page: Page, codes: list[Block], broken: list[Block]) -> Iterator[Finding]:
    # What a broken cell would have defined is not known, but its words are.
    excused = {word for code in broken for word in _WORD.findall(code.source)}
    anything = next(
        (i for i, code in enumerate(codes) if _DEFINES_ANYTHING.search(code.source)), len(codes)
    )
    module = _joined(codes[:anything])
    known = _OF_IPYTHON | set(dir(builtins)) | excused
    reported = set()
    for message in checker.Checker(module.tree, builtins=known).messages:
        if not isinstance(message, messages.UndefinedName | messages.UndefinedLocal):
            continue
        name = str(message.message_args[0])
        if name in reported or re.fullmatch(r"_i?\d+", name):
            continue
        reported.add(name)
        code, row = module.origin[message.lineno]
        yield _finding(page, codes, code, row, name)


def _joined(codes: list[Block]) -> _Module:
    body: list[ast.stmt] = []
    origin: dict[int, tuple[Block, int]] = {}
    line = 0
    for code in codes:
        tree = parse(code.python)
        ast.increment_lineno(tree, line)
        body += tree.body
        rows = code.python.count("\n") + 1
        origin |= {line + row + 1: (code, row) for row in range(rows)}
        line += rows
    return _Module(ast.Module(body, type_ignores=[]), origin)


def _finding(page: Page, codes: list[Block], code: Block, row: int, name: str) -> Finding:
    later = next(
        (
            other.cell
            for other in codes
            if other.line > code.line
            and re.search(rf"\b{name}\s*=[^=]|(?:import|as|def|class)\s+{name}\b", other.source)
        ),
        None,
    )
    if later is not None:
        message = f"The name `{name}` is used here, but only cell {later} defines it."
        suggestion = f"Move the definition of `{name}` before its first use."
    else:
        message = f"The name `{name}` is used, but no cell before defines it."
        suggestion = f"Define or import `{name}` first."
    return Finding(
        page.path,
        code.line_of(row),
        code.cell,
        FindingKind.UNDEFINED_NAME,
        Severity.ERROR,
        message,
        suggestion,
    )
