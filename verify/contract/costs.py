"""What makes a page costly, found by declared rules, and cut for a run on a small machine."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import Field

from verify.page.code import constants, parsing
from verify.page.page import Block
from verify.system import typed_toml
from verify.system.typed_toml import Strict
from verify.system.words import Words

_FILE = Path(__file__).with_name("costs.toml")


class Cost(Strict):
    """A rule: names of numbers, as a regular expression, the most that stays, and why."""

    names: str
    most: int = Field(ge=1)
    reason: Words

    def cuts(self, name: str, number: object) -> bool:
        """Whether a number of this name is too large."""
        fits = type(number) is int and re.fullmatch(self.names, name, re.IGNORECASE)
        return bool(fits) and isinstance(number, int) and number > self.most


class _Costs(Strict):
    costs: list[Cost]


@cache
def rules() -> tuple[Cost, ...]:
    """All rules."""
    return tuple(typed_toml.read(_FILE, _Costs).costs)


def found(cell: Block) -> dict[str, Cost]:
    """The places of a cell that are cut, as a change of a contract names them, with their rules."""
    tree = parsing.tree_of(cell.python)
    places = _named(tree) if tree else ()
    return {
        place: rule
        for place, name, value in places
        for rule in rules()
        if rule.cuts(name, constants.number_of(value))
    }


def _named(tree: ast.AST) -> Iterator[tuple[str, str, ast.expr]]:
    """What a cell gives a name, be it an argument's, a constant's or a key's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            for given in node.keywords:
                if given.arg and called.isidentifier():
                    yield f'call = "{called}"\nargument = "{given.arg}"', given.arg, given.value
        elif isinstance(node, ast.Dict):
            for each, value in zip(node.keys, node.values, strict=True):
                yield from _of_key(each, value)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                yield f'assign = "{target.id}"', target.id, node.value
            elif isinstance(target, ast.Subscript):
                yield from _of_key(target.slice, node.value)


def _of_key(key: ast.expr | None, value: ast.expr) -> Iterator[tuple[str, str, ast.expr]]:
    """What a key has that is a text, and can be written as one."""
    text = key.value if isinstance(key, ast.Constant) else None
    if isinstance(text, str) and text.isidentifier():
        yield f'key = "{text}"', text, value
