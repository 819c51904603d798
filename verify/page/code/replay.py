"""What the code of a page does, as far as reading can tell: which calls, with which values.

Cells are read in order. Names are followed to constants, to calls and to the page's own functions
and classes, whose bodies are read with the arguments that they are given; so the call of a training
leads to the model that is trained. Whatever depends on a run is UNKNOWN.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from verify.page.code.constants import is_constant
from verify.page.code.parsing import tree_of
from verify.page.code.statements import Statements
from verify.page.code.values import UNKNOWN, Call, Event, Own, Part, Scope
from verify.page.page import Block


@dataclass
class Replay(Statements):
    """Reads the cells of a page.

    `values` are what each cell ends with, where its last statement is an expression; `prints` are
    the calls of print that each cell is certain to make.
    """

    values: dict[int, object] = field(default_factory=dict)
    prints: dict[int, list[Call]] = field(default_factory=dict)

    @property
    def calls(self) -> list[Call]:
        """All calls, in order."""
        return [event for event in self.record if isinstance(event, Call)]

    def cell(self, code: Block) -> None:
        """Read one more cell."""
        tree = tree_of(code.python)
        if tree is not None:
            self.module(tree, code.cell or 0)

    def module(self, tree: ast.Module, index: int) -> None:
        """Read the statements of a cell."""
        self._cell = index
        for statement in tree.body:
            self.values.pop(index, None)
            if isinstance(statement, ast.Expr):
                made = self.value(statement.value, self.scope)
                self.values[index] = made
                if isinstance(made, Call) and made.name == "print" and made.on is None:
                    self.prints.setdefault(index, []).append(made)
            elif self.statement(statement, self.scope):
                return

    def whole(self) -> Iterator[Event]:
        """All that is recorded, with the bodies of functions that the page never calls."""
        bodies: dict[int, list[Event]] = {}
        todo = [event for event in self.record if isinstance(event, Own)]
        for own in todo:
            if not own.made and not own.is_class:
                bodies[id(own)] = self.body_of(own)
                todo += [event for event in bodies[id(own)] if isinstance(event, Own)]
        left = list(reversed(self.record))
        while left:
            event = left.pop()
            if isinstance(event, Own):
                left += [] if event.made else reversed(bodies.get(id(event), []))
            else:
                yield event


def of_cells(codes: Sequence[Block]) -> Replay:
    """Read the cells of a page in order."""
    replay = Replay()
    for code in codes:
        replay.cell(code)
    return replay


def constant(node: ast.expr, scope: Scope) -> object:
    """The value of a single expression if it is a constant, else UNKNOWN."""
    if isinstance(node, ast.Constant):
        return node.value
    found = Replay(scope=scope, _maybe=1).value(node, scope)
    return found if is_constant(found) else UNKNOWN


def literal(text: str) -> object:
    """The value of a text that is a constant expression of Python's, else UNKNOWN."""
    tree = tree_of(text)
    match tree.body if tree else []:
        case [ast.Expr(value=node)]:
            return constant(node, {})
    return UNKNOWN


def behind(replay: Replay, value: object) -> list[Call]:
    """All calls that something was made by, the page's own functions handed on included."""
    found: dict[int, Call] = {}
    todo, seen = [value], set()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        match one:
            case Call():
                found[id(one)] = one
                todo += [one.on, *one.positional, *one.keywords.values(), *one.uses, *one.within]
            case Part():
                todo.append(one.origin)
            case Own() if not isinstance(one.node, ast.Lambda):
                made = Call(one.name, -1, 0)
                made.inside.extend(replay.inside(one, made))
                todo.append(made)
            case list() | tuple():
                todo += one
            case dict():
                todo += one.values()
    return list(found.values())
