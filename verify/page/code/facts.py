"""What a document's code states in checkable form: calls, constants, settings.

The code is read, never run. Names are followed through imports and assignments to what they
stand for, so that two editions which name their variables differently state the same facts:
`SecureAggregator(charlie, ...)` reads `SecureAggregator(secretflow.PYU('charlie'), ...)`.
What reading alone cannot know is written `?`.

The page's own functions are read where they are called, with their arguments: what happens inside
is stated of the cell that calls, as if it stood there. Those that the page never calls are read
where they are defined, their parameters unknown.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from verify.page.code import texts
from verify.page.code.constants import is_constant
from verify.page.code.parsing import parse, tree_of
from verify.page.code.replay import Replay
from verify.page.code.texts import OWN, OWN_CLASS, SHELL, UNKNOWN
from verify.page.code.values import Assigned, Call, Event, Imported, Own, Part, Returned
from verify.page.page import Block, Page
from verify.system.words import Words, enumerated

_ARGUMENTS = Words(zh="{call} 的参数 {names}", en="{call}: argument {names}")
_NAMED = re.compile(r"(\w+)=(?!=)")


class FactKind(str, Enum):
    """What sort of thing a fact states."""

    CALL = "call"
    CONSTANT = "constant"
    SETTING = "setting"
    RETURN = "return"
    SYNTAX = "syntax"
    QUANTITY = "quantity"
    VERSION = "version"
    LINK = "link"
    NAME = "name"
    METRIC = "metric"
    SHAPE = "shape"
    TYPE = "type"
    KEYS = "keys"
    LIST = "list"
    PROGRESS = "progress"
    DURATION = "duration"


@dataclass(frozen=True)
class Fact:
    """One fact: `target` is what is called or set, `arguments` how, in a canonical order."""

    kind: FactKind
    target: str
    arguments: tuple[str, ...] = ()

    @property
    def unknown(self) -> int:
        """How many of the arguments are unknown, or some part of them is."""
        return sum(map(texts.is_unknown, self.arguments))

    @property
    def told_unknown(self) -> Words:
        """The fact with those arguments alone that are unknown, by name or position."""
        names = (
            named[1] if (named := _NAMED.match(argument)) else str(place)
            for place, argument in enumerate(self.arguments, 1)
            if texts.is_unknown(argument)
        )
        return _ARGUMENTS.filled(call=self.target, names=enumerated(names))

    def __str__(self) -> str:
        joined = ", ".join(self.arguments)
        return (
            f"{self.target}({joined})"
            if self.kind is FactKind.CALL
            else f"{self.target} = {joined}"
        )


def of_notebook(page: Page) -> dict[int, tuple[Fact, ...]]:
    """The facts of every code cell, by cell index; later cells know the names of earlier ones."""
    return dict(_of_cells(page.cells))


@lru_cache(maxsize=4)  # one document is asked for each of its steps
def _of_cells(cells: tuple[Block, ...]) -> dict[int, tuple[Fact, ...]]:
    replay = Replay()
    replay.scope["get_ipython"] = Imported(SHELL)  # what magics are translated to
    found: dict[int, list[Fact]] = {}
    for cell in cells:
        if not cell.runs:
            continue
        found[cell.index] = []
        try:
            replay.module(parse(cell.python), cell.index)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            message = getattr(error, "msg", "no source of Python's")
            found[cell.index].append(Fact(FactKind.SYNTAX, "syntax error", (str(message),)))
    known: dict[int, tuple[Fact, ...]] = {}
    for event in replay.whole():
        found[event.cell] += _of_event(event, known)
    return {index: tuple(some) for index, some in found.items()}


def _of_event(event: Event, known: dict[int, tuple[Fact, ...]]) -> tuple[Fact, ...]:
    """What an event states; `known` keeps it for the calls that it is inside of."""
    if id(event) not in known:
        known[id(event)] = tuple(_facts(event, known))
    return known[id(event)]


def _facts(event: Event, known: dict[int, tuple[Fact, ...]]) -> Iterator[Fact]:
    match event:
        case Assigned(target=Part(of=base, key=name), value=value):
            yield Fact(FactKind.SETTING, f"{texts.of(base)}.{name}", (texts.of(value),))
        case Assigned(target=name, value=value):
            yield Fact(FactKind.CONSTANT, str(name), (texts.of(value),))
        case Returned(value=value) if (text := texts.of(value)) not in (UNKNOWN, OWN):
            yield Fact(FactKind.RETURN, "return", (text,))
        case Call(own=Own() as own):
            if values := _left_over(event, known):
                yield Fact(FactKind.CALL, OWN_CLASS if own.is_class else OWN, values)
        case Call(is_stated=True):
            target = texts.of(event.callee)
            of_shell = target.startswith(SHELL) and not target.endswith(".run_line_magic")
            if target != UNKNOWN and not of_shell:
                yield Fact(FactKind.CALL, target, texts.arguments_of(event))


def _left_over(call: Call, known: dict[int, tuple[Fact, ...]]) -> tuple[str, ...]:
    """The arguments of an own function's call that nothing inside of it states, without names.

    Their parameters, too, are for each edition to name.
    """
    if call.result and call.result[0] is not None and is_constant(call.result[0]):
        return ()  # it is where it is used
    inside = [
        text
        for event in call.inside
        for fact in _of_event(event, known)
        for text in (fact.target, *fact.arguments)
    ]
    values = sorted(texts.of(value) for value in (*call.positional, *call.keywords.values()))
    return tuple(value for value in values if not any(_has(text, value) for text in inside))


def _has(text: str, value: str) -> bool:
    found = text.find(value)
    while found >= 0:
        around = text[found - 1 : found] + text[found + len(value) : found + len(value) + 1]
        if not re.search(r"[\w.'\"]", around):
            return True
        found = text.find(value, found + 1)
    return False


def imported_modules(page: Page) -> dict[str, int]:
    """The top-level modules that a document imports, each with the first cell that does."""
    found: dict[str, int] = {}
    for cell in page.cells:
        tree = tree_of(cell.python) if cell.runs else None
        for node in ast.walk(tree) if tree else ():
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            if isinstance(node, ast.Call) and _is_plotting(node):
                names = ["matplotlib"]
            for name in names:
                found.setdefault(name.split(".")[0], cell.index)
    return found


def _is_plotting(call: ast.Call) -> bool:
    """Whether it is IPython's own `%matplotlib`, as magics are translated, which needs that."""
    match call:
        case ast.Call(ast.Attribute(attr="run_line_magic"), [ast.Constant(value=name), *_]):
            return name in ("matplotlib", "pylab")
    return False
