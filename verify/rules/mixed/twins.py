"""What is named after one thing is made of it: two statements, the second copied from the first.

`right_part = left[…]` beside `left_part = left[…]` is one, where the page has a `right`, too. Only
statements that are alike but for their names and constants are compared, so that a thing that is
made of another on purpose is none.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
from verify.system.words import Words

_SEPARATOR = "_"

_SAYS = Words(
    zh="`{name}` 由 `{used}` 得到，与 `{twin}` 相同；这个页面另有 `{own}`，却没有用在这里。",
    en="`{name}` is made of `{used}`, as `{twin}` is; the page's `{own}` is not used here.",
)
_WRITE = Words(zh="这里是否应为 `{own}`？", en="Is `{own}` meant here?")


@dataclass(frozen=True)
class _Statement:
    """A name that is given a value."""

    name: str
    value: ast.expr
    code: Block
    row: int

    @cached_property
    def used(self) -> frozenset[str]:
        """The names in the value."""
        return frozenset(n.id for n in ast.walk(self.value) if isinstance(n, ast.Name))

    @cached_property
    def shape(self) -> str:
        """The value without its constants and names."""
        masked = _Masked().visit(ast.parse(ast.unparse(self.value), mode="eval"))
        return ast.dump(masked)


class _Masked(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.AST:  # so `ast` calls it
        return ast.copy_location(ast.Name("_", node.ctx), node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.copy_location(ast.Constant(None), node)


def of_page(page: Page) -> Iterator[Finding]:
    """Find statements that were copied and got a new name, but not the value that belongs to it."""
    known: set[str] = set()
    before: dict[str, _Statement] = {}
    for one in _statements(page):
        if found := _twin(one, before, known):
            twin, used, own = found
            yield Finding(
                page.path,
                one.code.line_of(one.row),
                one.code.cell,
                FindingKind.MIXED_UP,
                Severity.WARNING,
                _SAYS.filled(name=one.name, used=used, twin=twin, own=own),
                _WRITE.filled(own=own),
            )
        known.add(one.name)
        before[one.name] = one


def _statements(page: Page) -> Iterator[_Statement]:
    for code in page.python:
        for source, first in parsing.statements(code):
            tree = parsing.tree_of(source)
            for node in tree.body if tree else ():
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    row = first + node.lineno - 1
                    yield _Statement(node.targets[0].id, node.value, code, row)


def _twin(
    one: _Statement, before: dict[str, _Statement], known: set[str]
) -> tuple[str, str, str] | None:
    """The statement that this one was copied from, what it uses, and what it should use."""
    for own, rest, leads in _stems(one.name):
        if own not in known or own in one.used:
            continue
        for used in sorted(one.used & known):
            name = f"{used}_{rest}" if leads else f"{rest}_{used}"
            twin = before.get(name)
            if twin and used in twin.used and own not in twin.used and twin.shape == one.shape:
                return name, used, own
    return None


def _stems(name: str) -> Iterator[tuple[str, str, bool]]:
    """What a name may be called after, the rest of it, and whether that comes behind."""
    parts = name.split(_SEPARATOR)
    for i in range(1, len(parts)):
        yield _SEPARATOR.join(parts[:i]), _SEPARATOR.join(parts[i:]), True
        yield _SEPARATOR.join(parts[i:]), _SEPARATOR.join(parts[:i]), False
