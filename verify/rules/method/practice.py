"""What a page does when it trains: one reading of its code that all rules of method share.

Code is replayed, never run. Beside what runs, the functions and networks are read that a page only
hands on, as a model that a federation makes at each party, with their parameters unknown.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from verify.finding import Finding, FindingKind, Severity
from verify.page import text_cells
from verify.page.code import parsing, replay
from verify.page.code.constants import is_constant
from verify.page.code.replay import Replay
from verify.page.code.values import (
    UNKNOWN,
    Assigned,
    Call,
    Event,
    Imported,
    Operation,
    Own,
    Part,
    Spread,
    Text,
)
from verify.page.page import Block, Page
from verify.rules.outputs import trainings
from verify.rules.outputs.trainings import LoggedRun
from verify.system.words import Words

# A page without any of these trains nothing that a rule of method could judge, nor uses anything
# that was trained.
_TRAINS = re.compile(
    r"\bfit\w*\(|train_test_split|\.compile\(|\.backward\(|DataLoader|Sampler\(|Generator\(|Trainer\("
    r"|requires_grad|\.trainable\s*=|\bweights\s*=|\bpretrained\s*=|\.take\(|\.score\(|\.unique\(|PYU\("
)
_FITS = {"fit", "fit_generator"}


@dataclass(frozen=True)
class Network:
    """A network of PyTorch's that the page defines: its instance, and what `forward` returns."""

    own: Own
    made: Call
    returned: object


@dataclass(frozen=True)
class Practice:
    """The code of a page, as it was read; `runs` are the trainings that stored outputs log."""

    page: Page
    cells: tuple[Block, ...]
    replay: Replay
    runs: tuple[LoggedRun, ...]

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All that happens, in order, and after that what classes do that others are to make."""
        return (
            *self.replay.whole(),
            *(event for network in self.networks for event in network.made.inside),
        )

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """All calls."""
        return tuple(event for event in self.events if isinstance(event, Call))

    @cached_property
    def settings(self) -> tuple[Assigned, ...]:
        """All attributes that are set to a constant."""
        found = (event for event in self.events if isinstance(event, Assigned))
        return tuple(one for one in found if isinstance(one.target, Part))

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """The networks of PyTorch's that the page defines."""
        methods = [one for one in self.replay.record if isinstance(one, Own) and one.owner]
        classes = dict.fromkeys(one.owner for one in methods if one.name == "forward")
        return tuple(self._network(own) for own in classes if own)

    def _network(self, own: Own) -> Network:
        made = Call(own.name, own.cell, 0, callee=own, own=own, node=own.node)
        made.inside.extend(self.replay.inside(own, made))
        forward = own.member("forward")
        read = Call("forward", own.cell, 0, made)
        if isinstance(forward, Own):
            made.inside.extend(self.replay.inside(forward, read, made))
        returned = read.result[-1] if read.result else UNKNOWN
        return Network(own, made, UNKNOWN if returned is read else returned)

    @cached_property
    def fits(self) -> tuple[Call, ...]:
        """The calls that train something."""
        return tuple(one for one in self.calls if one.name in _FITS and one.on is not None)

    @cached_property
    def source(self) -> str:
        """All of the code."""
        return "\n".join(cell.source for cell in self.cells)

    @cached_property
    def trees(self) -> tuple[tuple[Block, ast.Module], ...]:
        """The cells that are Python, each with its syntax tree."""
        read = ((cell, parsing.tree_of(cell.python)) for cell in self.cells)
        return tuple((cell, tree) for cell, tree in read if tree)

    @cached_property
    def _written(self) -> dict[int, Block]:
        """The cell that each part of a syntax tree is written in."""
        found: dict[int, Block] = {}
        for cell, tree in self.trees:
            for node in ast.walk(tree):
                found.setdefault(id(node), cell)
        return found

    @cached_property
    def names(self) -> dict[int, str]:
        """The name that the value of an expression is given to, by the expression."""
        return {
            id(node.value): node.targets[0].id
            for _, tree in self.trees
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }

    def finding(
        self, at: Call | ast.AST, kind: FindingKind, message: Words, suggestion: Words
    ) -> Finding:
        """A warning about a call, or another part of the code, where that is written."""
        node = at.node if isinstance(at, Call) else at
        cell = self._written.get(id(node), self.cells[0])
        line = cell.line_of(getattr(node, "lineno", 1) - 1)
        index = cell.index if self.page.is_notebook else None
        return Finding(self.page.path, line, index, kind, Severity.WARNING, message, suggestion)


def of_page(page: Page) -> Practice | None:
    """Read a page; None where it does not train."""
    if not _TRAINS.search(page.text):
        return None
    if page.is_notebook:
        story = trainings.of_page(page)
        return Practice(page, page.python_cells, story.replay, story.runs)
    cells = text_cells.with_cells(page).python_cells
    return Practice(page, cells, replay.of_cells(cells), ()) if cells else None


def dotted(value: object) -> str:
    """The whole name of what another package has, or of what its call made; else nothing."""
    if isinstance(value, Call):
        value = value.callee
    return value.name if isinstance(value, Imported) else ""


def last(value: object) -> str:
    """The last part of that name, or of a method's; nothing of what the page defines itself."""
    if isinstance(value, Call) and not isinstance(value.callee, Imported):
        return "" if value.own else value.name
    return dotted(value).rpartition(".")[2]


def behind(*values: object) -> Iterator[object]:
    """All that something was computed from: what a call was given, what a part is a part of."""
    todo, seen = list(values), set[int]()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        match one:
            case Call():
                todo += [one.on, one.callee, *one.positional, *one.keywords.values()]
            case Part(of=whole) | Spread(of=whole):
                todo.append(whole)
            case Operation(operands=some) | Text(pieces=some):
                todo += some
            case list() | tuple() | set():
                todo += one
            case dict():
                todo += one.values()


def calls_behind(*values: object) -> Iterator[Call]:
    """The calls among that."""
    return (one for one in behind(*values) if isinstance(one, Call))


def same(one: object, other: object) -> bool:  # noqa: PLR0911  # one case a kind
    """Whether two values are certain to be the same thing, made once."""
    if one is UNKNOWN or other is UNKNOWN:
        return False
    if one is other:
        return True
    match one, other:
        case Imported(), Imported():
            return one == other
        case Part(), Part():
            return same(one.of, other.of) and _same_key(one.key, other.key)
        case (dict(), dict()):
            return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
        case list() | tuple(), list() | tuple():
            return len(one) == len(other) and all(map(same, one, other))
    return is_constant(one) and is_constant(other) and type(one) is type(other) and one == other


def _same_key(one: object, other: object) -> bool:
    if isinstance(one, slice) and isinstance(other, slice):
        bounds = ((one.start, other.start), (one.stop, other.stop), (one.step, other.step))
        return all(same(*pair) for pair in bounds)
    return same(one, other)
