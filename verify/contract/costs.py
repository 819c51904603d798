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


class Size(Strict):
    """A rule: what a call gets that leaves the size of a network to the library, and why."""

    call: str
    use: dict[str, int]
    reason: Words

    def cuts(self, call: ast.Call) -> bool:
        """Whether a call leaves some of it to the library."""
        given = {one.arg for one in call.keywords}
        return _called(call) == self.call and None not in given and not self.use.keys() <= given


class _Costs(Strict):
    costs: list[Cost]
    sizes: list[Size]


@cache
def rules() -> _Costs:
    """All rules."""
    return typed_toml.read(_FILE, _Costs)


def found(cell: Block) -> dict[str, tuple[str, Words]]:
    """The places of a cell that are cut, as a change of a contract names them.

    Each has what is used instead, as TOML has it, and the reason.
    """
    tree = parsing.tree_of(cell.python)
    if tree is None:
        return {}
    cuts = {
        place: (str(rule.most), rule.reason)
        for place, name, value in _named(tree)
        for rule in rules().costs
        if rule.cuts(name, constants.number_of(value))
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for size in rules().sizes:
        if any(map(size.cuts, calls)):
            use = ", ".join(f"{name} = {number}" for name, number in size.use.items())
            cuts[f'call = "{size.call}"'] = f"{{ {use} }}", size.reason
    return cuts


def _called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def _named(tree: ast.AST) -> Iterator[tuple[str, str, ast.expr]]:
    """What a cell gives a name, be it an argument's, a constant's or a key's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _called(node)
            for given in node.keywords:
                if given.arg and name.isidentifier():
                    yield f'call = "{name}"\nargument = "{given.arg}"', given.arg, given.value
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
