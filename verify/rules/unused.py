"""Imports and parameters are used."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from pyflakes import messages

from verify.finding import Finding, FindingKind, Severity
from verify.page import text_cells
from verify.page.code import fragments, joined, names, parsing
from verify.page.page import Block, Page
from verify.rules.checked_site import Site
from verify.system.words import Words

_IMPORT = Words(
    zh="导入了 `{name}`，但页面上没有用到它。",
    en="`{name}` is imported, but nothing on the page uses it.",
)
_NO_IMPORT = Words(zh="请去掉这个导入，或者用上它。", en="Leave the import out, or use it.")
_PARAMETER = Words(
    zh="`{function}` 从不读取自己的参数 `{name}`。",
    en="`{function}` never reads its parameter `{name}`.",
)
_NO_PARAMETER = Words(zh="请去掉这个参数，或者用上它。", en="Leave the parameter out, or use it.")
_WORD = re.compile(r"[A-Za-z_]\w*")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def check(site: Site) -> Iterator[Finding]:
    """Find imports and parameters that nothing uses, in notebooks and in whole programs."""
    for page in site.pages:
        cells = page.python_cells if page.is_notebook else _program(page)
        if not cells:
            continue
        module = joined.of(cells)
        yield from _imports(page, cells, module)
        yield from _parameters(page, module)


def _program(page: Page) -> list[Block]:
    """The blocks of a text if together they are a program: none is a piece, or lacks a name."""
    cells = [cell for cell in text_cells.with_cells(page).cells if cell.runs]
    if any(fragments.why(cell.source, cell.line_of) for cell in cells):
        return []
    told = joined.of(cells).told
    lacking = any(isinstance(one.message, messages.UndefinedName) for one in told)
    return [] if lacking else cells


def _imports(page: Page, cells: Sequence[Block], module: joined.Joined) -> Iterator[Finding]:
    spoken = _spoken(page, cells)
    trees = {cell: parsing.tree_of(cell.python) for cell in cells}
    if _shows_imports(module.tree):
        return  # they are the point
    if any(tree and names.writes_names(tree) for tree in trees.values()):
        return
    for told in module.told:
        if not isinstance(told.message, messages.UnusedImport):
            continue
        tree = trees[told.code]
        node = _import_at(tree, told.row + 1) if tree else None
        if tree is None or node is None:
            continue
        bound = _bound(told.name, node)
        lines = told.code.source.split("\n")[node.lineno - 1 : node.end_lineno]
        # A comment says why it stands there; a block of imports alone shows just them.
        if not bound or bound in spoken or any("#" in line for line in lines):
            continue
        if _shows_imports(tree) and not page.is_notebook:
            continue
        yield _finding(page, told.code, told.row, _IMPORT.filled(name=bound), _NO_IMPORT)


def _spoken(page: Page, cells: Sequence[Block]) -> set[str]:
    """What magics, other languages and broken cells name, and texts that may be run."""
    texts = [cell.source for cell in cells if parsing.tree_of(cell.python) is None]
    texts += [cell.source for cell in page.codes if cell.source.lstrip().startswith(("%%", "!"))]
    texts += [
        line
        for cell in cells
        for line in cell.source.split("\n")
        if re.match(r"\s*[%!]|.*\?$", line)
    ]
    return {word for text in texts for word in _WORD.findall(text)}


def _shows_imports(tree: ast.Module) -> bool:
    return all(isinstance(one, ast.Import | ast.ImportFrom) for one in tree.body)


def _import_at(tree: ast.Module, line: int) -> ast.Import | ast.ImportFrom | None:
    """The import in a line; of those in a `try` or an `if`, whether they work may be the point."""
    return next(
        (
            one
            for one in tree.body
            if isinstance(one, ast.Import | ast.ImportFrom)
            and one.lineno <= line <= (one.end_lineno or 0)
        ),
        None,
    )


def _bound(told: str, node: ast.Import | ast.ImportFrom) -> str:
    """The name that an import gives; empty where importing may itself be what it is for."""
    whole, _, other = told.partition(" as ")
    name = other or (whole if isinstance(node, ast.Import) else whole.rpartition(".")[2])
    top = whole.partition(".")[0]
    registers = isinstance(node, ast.Import) and not other and top not in sys.stdlib_module_names
    is_other = name.startswith("_") or name == "*" or top == "__future__"
    return "" if registers or is_other else name


def _parameters(page: Page, module: joined.Joined) -> Iterator[Finding]:
    every = [one for one in module.tree.body if isinstance(one, _FUNCTIONS)]
    named = Counter(one.name for one in every)
    # What takes the place of another takes what that one took.
    functions = [one for one in every if named[one.name] == 1]
    called = {id(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    handed = {
        node.id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called
    }
    run = {
        node.func.id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    for one in functions:
        # Who is given a function decides what it takes.
        if one.name in handed or one.name not in run or one.decorator_list or _is_open(one):
            continue
        code, row = module.place(one.lineno)
        if code.may_raise or "#" in code.source.split("\n")[row]:
            continue
        for name in _unread(one):
            message = _PARAMETER.filled(function=one.name, name=name)
            yield _finding(page, code, row, message, _NO_PARAMETER)


def _is_open(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the body is still to be written, or reads its parameters all at once."""
    words = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    does = [one for one in function.body if not _says_nothing(one)]
    return not does or bool(words & {"locals", "vars", "eval", "exec"})


def _says_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Raise | ast.Pass):
        return True
    value = node.value if isinstance(node, ast.Expr | ast.Return) else node
    return value is None or isinstance(value, ast.Constant)


def _unread(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    read = {
        node.id
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
    }
    yield from (one.arg for one in given if not one.arg.startswith("_") and one.arg not in read)


def _finding(page: Page, code: Block, row: int, message: Words, suggestion: Words) -> Finding:
    return Finding(
        page.path,
        code.line_of(row),
        code.cell if page.is_notebook else None,
        FindingKind.UNUSED,
        Severity.WARNING,
        message,
        suggestion,
    )
