"""Which cells can show what: how far something reaches that begins at places of a page's code.

By names, and towards too much: what a statement reads reaches all that it writes, what a method is
given reaches the object, what a function of the page reads reaches whoever calls it, and a file's
name stands for what is in the file.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from verify.page.code import parsing
from verify.page.page import Block
from verify.system.words import Text

# What begins at a node of a cell, in words; nothing if nothing does.
Origins = Callable[[Block, ast.AST], Iterator[Text]]

_FILE = re.compile(r"(?<![\w+-])[\w+-]+\.[A-Za-z]\w{1,7}\b")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_SAVING = ("write", "save", "dump", "to_")
_SHOWING = {"print", "pprint", "display"}
_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass
class _Touched:
    """What a statement reads and writes, by name; a file counts as both.

    `files` are those that it names, `bound` the names that it gives, `saves` says that it writes to
    a file that was opened before.
    """

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    saves: bool = False


def reached(cells: Sequence[Block], origins: Origins) -> Mapping[int, tuple[Text, ...]]:
    """By cell what reaches it, in words and in order; a cell that nothing reaches is missing.

    Args:
        cells: the code cells of a page, in the order in which they run.
        origins: what begins at a node of the code.
    """
    way = _Way(cells, origins)
    found = {cell.index: tuple(way.through(cell)) for cell in cells}
    return {index: labels for index, labels in found.items() if labels}


class _Way:
    """What has been reached so far, while the cells are gone through in order."""

    def __init__(self, cells: Sequence[Block], origins: Origins) -> None:
        self.origins = origins
        self.labels: defaultdict[str, dict[Text, None]] = defaultdict(dict)
        self.bodies: dict[str, set[str]] = {}
        # The functions that write to files.
        self.saving: set[str] = set()
        # The files that something may have been opened from, or that it names.
        self.held: defaultdict[str, set[str]] = defaultdict(set)
        trees = [tree for cell in cells if (tree := parsing.tree_of(cell.python))]
        imports = [n for tree in trees for n in ast.walk(tree) if isinstance(n, _IMPORTS)]
        # A module does not become another one by what it is given.
        self.modules = {(a.asname or a.name).partition(".")[0] for n in imports for a in n.names}

    def through(self, cell: Block) -> dict[Text, None]:
        """Go through a cell; return what reaches any statement of it."""
        tree = parsing.tree_of(cell.python)
        found: dict[Text, None] = {}
        if tree is None or not tree.body:  # another language: it may read files
            for name in _files(cell.source):
                found |= self.labels[name]
        for statement in _statements(tree) if tree else ():
            found |= self._statement(cell, statement)
        return found

    def _statement(self, cell: Block, statement: ast.stmt) -> dict[Text, None]:
        touched = _touched(statement, self.modules)
        labels = {label: None for node in ast.walk(statement) for label in self.origins(cell, node)}
        if isinstance(statement, _SCOPES):
            # It begins where it is called; a name may be defined after it.
            self.bodies[statement.name] = touched.reads | touched.writes
            self.saving |= {statement.name} if touched.saves else set()
            self.held[statement.name] |= touched.files
            self.labels[statement.name] |= labels
            return {}
        read = self._with_bodies(touched.reads)
        files = touched.files.union(*(self.held[name] for name in read))
        for name in read | files:
            labels |= self.labels[name]
        anew = _assigned(statement)
        for name in anew | touched.bound:
            self.held[name] |= files
        if touched.saves or read & self.saving:
            touched.writes |= files
        if labels and isinstance(statement, _IMPORTS):
            touched.writes |= {(a.asname or a.name).partition(".")[0] for a in statement.names}
        for name in touched.writes:
            self.labels[name] = dict(labels) if name in anew else self.labels[name] | labels
        return labels

    def _with_bodies(self, names: set[str]) -> set[str]:
        """The names, and those that the page's functions among them read in turn."""
        found, waiting = set(), set(names)
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting |= self.bodies.get(name, set()) - found
        return found


def _assigned(statement: ast.stmt) -> set[str]:
    """The names that are something else from now on, whatever they were."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a module one by one; what only guards others is looked into."""
    for part in ("body", "handlers", "orelse", "finalbody"):
        for statement in getattr(tree, part, ()):
            if isinstance(statement, ast.With):
                head = ast.copy_location(ast.With(items=statement.items, body=[]), statement)
                head.end_lineno = statement.items[-1].context_expr.end_lineno
                yield head
            if isinstance(statement, ast.Try | ast.With | ast.ExceptHandler):
                yield from _statements(statement)
            else:
                yield statement


def _touched(statement: ast.stmt, modules: set[str]) -> _Touched:
    touched = _Touched()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            into = touched.reads if isinstance(node.ctx, ast.Load) else touched.writes
            into.add(node.id)
            touched.bound |= set() if isinstance(node.ctx, ast.Load) else {node.id}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            files = _files(node.value)
            touched.files |= files
            touched.reads |= files
            touched.writes |= files
        elif isinstance(node, ast.AugAssign):
            touched.reads |= _base(node.target)
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            touched.writes |= _base(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            touched.writes |= _base(node.func)
            touched.saves |= node.func.attr.startswith(_SAVING)
        if isinstance(node, ast.Expr) and isinstance(call := node.value, ast.Call):
            # Called for what it does: to what it is given, unless it only shows that.
            given = {arg.id for arg in call.args if isinstance(arg, ast.Name)}
            touched.writes |= set() if getattr(call.func, "id", "") in _SHOWING else given
    touched.writes -= modules
    return touched


def _files(text: str) -> set[str]:
    """The names of files in a text, whichever folder they are in."""
    return set(_FILE.findall(text))


def _base(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
