"""Code cells as operators read them: syntax trees, and what the names in them stand for."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import accumulate

from verify.page.page import Block

OWN = "its own"
_DEFINED = (ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Change:
    """A part of one cell's source, by offsets, and what becomes of it."""

    cell: int
    start: int
    end: int
    becomes: str
    says: str
    name: str = ""

    def applied(self, source: str) -> str:
        """The cell's source with the change made."""
        return source[: self.start] + self.becomes + source[self.end :]


@dataclass(frozen=True)
class Code:
    """One cell's syntax tree, with what the names stand for once the cells before it have run."""

    cell: Block
    tree: ast.Module
    origins: Mapping[str, str]
    imported: AbstractSet[str]
    _starts: list[int] = field(repr=False)

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> tuple[int, int]:
        """Where a node begins and ends in the source."""
        return self._offset(node.lineno, node.col_offset), self._offset(
            node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        )

    def text(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> str:
        """The node as it is written."""
        start, end = self.span(node)
        return self.cell.source[start:end]

    def change(
        self, node: ast.expr | ast.stmt | ast.keyword | ast.alias, becomes: str, **more: str
    ) -> Change:
        """A change of a whole node."""
        start, end = self.span(node)
        was = " ".join(self.text(node).split())
        says = f"{was} → {becomes}" if becomes else f"without {was}"
        return Change(self.cell.index, start, end, becomes, says, **more)

    def origin(self, node: ast.expr) -> str:
        """The dotted name that an expression begins with, "" where nobody can know."""
        match node:
            case ast.Name(id=name):
                return self.origins.get(name, "")
            case ast.Attribute(value=value, attr=name):
                base = self.origin(value)
                return base if base in ("", OWN) else f"{base}.{name}"
            case ast.Call(func=value) | ast.Subscript(value=value):
                return self.origin(value)
        return ""

    def calls(self) -> Iterator[ast.Call]:
        """The calls of what the document has imported, or made of that."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and self.origin(node.func) not in ("", OWN):
                yield node

    def _offset(self, line: int, column: int) -> int:
        text = self.cell.source.split("\n")[line - 1]
        return self._starts[line - 1] + len(text.encode()[:column].decode())


def read(cells: Sequence[Block], free: Callable[[str], bool] = lambda _: False) -> Iterator[Code]:
    """Read the code cells in order; the rest of a name that is `free` counts as unknown."""
    origins: dict[str, str] = {}
    imported: set[str] = set()
    for cell in cells:
        if not cell.runs or cell.python != cell.source:  # magics
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        starts = [0, *accumulate(len(line) + 1 for line in cell.source.split("\n"))]
        code = Code(cell, tree, origins, imported, starts)
        for node in ast.walk(tree):
            _bind(node, code, origins)
            if isinstance(node, ast.Import | ast.ImportFrom):
                imported |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        for name, origin in origins.items():
            if free(origin):
                origins[name] = ""
        yield Code(cell, tree, dict(origins), frozenset(imported), starts)


def _bind(node: ast.AST, code: Code, origins: dict[str, str]) -> None:
    """Note what a statement, or a part of one, gives names to."""
    match node:
        case ast.Import(names=names):
            bare = {alias.name.split(".")[0]: alias.name.split(".")[0] for alias in names}
            origins |= bare | {alias.asname: alias.name for alias in names if alias.asname}
        case ast.ImportFrom(module=str(module), names=names):
            origins |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in names}
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            origins[name] = OWN
        case ast.arg(arg=name):
            origins[name] = ""
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            origins[name] = "" if code.origin(value) == OWN else code.origin(value)
        case ast.For(target=target) | ast.comprehension(target=target):
            names_ = [each.id for each in ast.walk(target) if isinstance(each, ast.Name)]
            origins |= dict.fromkeys(names_, "")


def stating(cells: Sequence[Block], index: int) -> list[Block]:
    """The cells that state what one does: itself, and those that use its functions."""
    names = {node.name for node in tree_of(cells[index]).body if isinstance(node, _DEFINED)}
    found = [cells[index]]
    for one in cells[index + 1 :] if names else ():
        read_ = {node.id for node in ast.walk(tree_of(one)) if isinstance(node, ast.Name)}
        if read_ & names:
            found.append(one)
            names |= {name for node in tree_of(one).body for name in _made_of(node, names)}
    return found


def _made_of(node: ast.stmt, names: AbstractSet[str]) -> Iterator[str]:
    """The names that a statement gives to what is made of others."""
    every = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    if isinstance(node, ast.Assign) and names & {each.id for each in every}:
        yield from (each.id for each in every if isinstance(each.ctx, ast.Store))


def tree_of(cell: Block) -> ast.Module:
    """The syntax tree of a code cell; empty if it is no Python alone."""
    try:
        return ast.parse(cell.source if cell.runs else "")
    except SyntaxError:
        return ast.Module([], [])
