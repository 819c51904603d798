"""What is revealed is needed: a value that nothing reads afterwards could have stayed private.

SecretFlow, "The reveal of data": `reveal` hands a value in plain to the driver, and with that to
whoever runs it.
"""

import ast
from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
from verify.system.words import Words

_NEEDLESS = Words(
    zh="`{name}` 以明文揭示，之后却没有任何代码读取它。",
    en="`{name}` is revealed in plain, and nothing reads it afterwards.",
)
_KEEP = Words(
    zh="请不要揭示它；若只是等待结果，请用 `sf.wait`。",
    en="Do not reveal it; use `sf.wait` where the result is only waited for.",
)
_FEDERATED = "secretflow"


def of_page(page: Page) -> Iterator[Finding]:
    """Find names that get a revealed value and are never read, where all code can be read."""
    if _FEDERATED not in page.text or not page.is_notebook:
        return
    cells = page.python_cells
    trees = [(cell, tree) for cell in cells if (tree := parsing.tree_of(cell.python))]
    if len(trees) != len(cells):
        return
    read = {
        node.id
        for _, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    told = " ".join(cell.source for cell in page.cells if not cell.is_python)
    for cell, tree in trees:
        for row in _dropped(tree):
            yield _finding(page, cell, row, "reveal")
        for name, row in _revealed(tree):
            if name not in read and name not in told:
                yield _finding(page, cell, row, name)


def _revealed(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The names that `reveal` gives a value to, each with its 0-based row."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=called)) if (
                getattr(called, "attr", getattr(called, "id", "")) == "reveal"
            ):
                yield name, node.lineno - 1


def _dropped(tree: ast.Module) -> Iterator[int]:
    """The rows of calls of `reveal` whose value goes nowhere; that of a last line is shown."""
    for node in tree.body[:-1]:
        match node:
            case ast.Expr(value=ast.Call(func=called)) if (
                getattr(called, "attr", getattr(called, "id", "")) == "reveal"
            ):
                yield node.lineno - 1


def _finding(page: Page, cell: Block, row: int, name: str) -> Finding:
    return Finding(
        page.path,
        cell.line_of(row),
        cell.cell,
        FindingKind.NEEDLESS_REVEAL,
        Severity.WARNING,
        _NEEDLESS.filled(name=name),
        _KEEP,
    )
