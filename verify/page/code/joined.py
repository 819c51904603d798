"""Blocks of code that share their names as one module, as pyflakes reads it."""

import ast
import bisect
import builtins
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pyflakes import checker, messages

from verify.page.code.names import OF_IPYTHON, inside_functions, made_by
from verify.page.code.parsing import parse
from verify.page.page import Block

_WORD = re.compile(r"[A-Za-z_]\w*")
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


@dataclass(frozen=True)
class Told:
    """What pyflakes says of a place: a block and its 0-based row.

    `later` is in a function. `reached` tells whether something uses the function or class around
    it: yes, no, or only another one of that name (None).
    """

    message: messages.Message
    code: Block
    row: int
    later: bool
    reached: bool | None = True

    @property
    def name(self) -> str:
        """The name that it is about."""
        return str(self.message.message_args[0])


@dataclass
class Joined:
    """One module of several blocks; `bound` are the names that it ever gives to anything."""

    told: list[Told]
    tree: ast.Module
    bound: dict[str, Block]
    words: frozenset[str]
    _origin: dict[int, tuple[Block, int]] = field(default_factory=dict, repr=False)

    def place(self, line: int) -> tuple[Block, int]:
        """The block and its row of a line of the module."""
        return self._origin[line]


def of(codes: Sequence[Block], known: Collection[str] = ()) -> Joined:
    """Read blocks one after the other; see `_of`, which remembers what several rules ask for."""
    return _of(tuple(codes), frozenset(known))


@lru_cache(maxsize=64)
def _of(codes: tuple[Block, ...], known: frozenset[str]) -> Joined:
    """Read blocks one after the other.

    A block that is no Python may define whatever it names. What a function reads is there if the
    module gives it a value at any time, and `del` counts where it is sure to be reached.

    Args:
        codes: the blocks, in the order in which they run.
        known: names that are there before.
    """
    body: list[ast.stmt] = []
    origin: dict[int, tuple[Block, int]] = {}
    bound: dict[str, Block] = {}
    words: set[str] = set()
    line = 0
    for code in codes:
        try:
            tree = parse(code.python)
        except SyntaxError:
            words |= set(_WORD.findall(code.source))
            continue
        ast.increment_lineno(tree, line)
        for statement in tree.body:
            _keep_deleted(statement)
            bound |= dict.fromkeys(_deleted(statement), code)
        body += tree.body
        rows = code.python.count("\n") + 1
        origin |= {line + row + 1: (code, row) for row in range(rows)}
        line += rows
    module = ast.Module(body, type_ignores=[])
    builtin = OF_IPYTHON | set(dir(builtins)) | words | set(known)
    later = {(one.lineno, one.col_offset) for one in inside_functions(module)}
    seen = checker.Checker(module, builtins=builtin)
    reach = _Reach(module)
    told = [
        Told(
            message,
            *origin[message.lineno],
            (message.lineno, message.col) in later,
            reach.of(message.lineno),
        )
        for message in seen.messages
    ]
    for name, made in made_by(seen).items():
        bound[name] = origin[made.source.lineno][0] if made.source else codes[0]
    return Joined(told, module, bound, frozenset(words), origin)


class _Reach:
    """Which functions and classes of a module are used; what all lines share is read once."""

    def __init__(self, module: ast.Module) -> None:
        self._begins = [one.lineno for one in module.body]
        self._body = module.body
        self._defined: dict[str, list[int]] = {}
        self._used: dict[str, list[int]] = {}
        for one in module.body:
            if isinstance(one, _DEFINED):
                self._defined.setdefault(one.name, []).append(one.lineno)
            elif isinstance(one, ast.Assign):
                for target in one.targets:
                    if isinstance(target, ast.Name):
                        self._defined.setdefault(target.id, []).append(one.lineno)
        for node in _reads(module):
            self._used.setdefault(node.id, []).append(node.lineno)

    def of(self, line: int, asked: frozenset[str] = frozenset()) -> bool | None:
        """Whether the function or class around a line is used; None if it is replaced before.

        What a function does counts only if something uses that function; `asked` are those that
        are being looked at.
        """
        around = self._around(line)
        if not isinstance(around, _DEFINED) or around.decorator_list:
            return True
        ends = around.end_lineno or line
        named = [number for number in self._used.get(around.name, ()) if number > ends]
        replaced = min((n for n in self._defined[around.name] if n > ends), default=None)
        if replaced is not None:
            named = [number for number in named if number < replaced]
        if not named and replaced is not None:
            return None
        return any(self._runs(number, asked | {around.name}) for number in named)

    def _runs(self, line: int, asked: frozenset[str]) -> bool:
        around = self._around(line)
        if not isinstance(around, ast.FunctionDef) or line < around.body[0].lineno:
            return True
        return around.name not in asked and bool(self.of(line, asked))

    def _around(self, line: int) -> ast.stmt | None:
        """The first statement that has the line; two may share one, with a semicolon."""
        at = bisect.bisect_right(self._begins, line) - 1
        while at > 0 and (self._body[at - 1].end_lineno or 0) >= line:
            at -= 1
        one = self._body[at] if at >= 0 else None
        return one if one and one.lineno <= line <= (one.end_lineno or 0) else None


def _reads(module: ast.Module) -> Iterator[ast.Name]:
    """What reads a name of the module's, and not one of a function's own."""
    todo: list[tuple[ast.AST, frozenset[str]]] = [(module, frozenset())]
    while todo:
        node, own = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
            yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            own |= {name for one in ast.walk(node) if one is not node for name in _gives(one)}
        todo += [(child, own) for child in ast.iter_child_nodes(node)]


def _gives(node: ast.AST) -> Iterator[str]:
    """The name of a function's own that a part of it is, or gives a value to."""
    if isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, _DEFINED):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def _deleted(statement: ast.stmt) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Delete) else []
    yield from (one.id for one in targets if isinstance(one, ast.Name))


def _keep_deleted(statement: ast.stmt) -> None:
    """Forget each `del` that only some runs reach."""
    if not isinstance(statement, _COMPOUND):
        return
    for node in ast.walk(statement):
        for one in ("body", "orelse", "finalbody"):
            block = getattr(node, one, None)
            if isinstance(block, list):
                block[:] = [
                    ast.copy_location(ast.Pass(), each) if isinstance(each, ast.Delete) else each
                    for each in block
                ]
