"""A comment that names one party beside code that has another one compute."""

import ast
import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Page
from verify.page.prose import comments
from verify.page.prose.comments import Comment
from verify.system.words import Words

_WORD = re.compile(r"[A-Za-z_]\w*")
_PARTY = "PYU"

_SAYS = Words(
    zh="注释说的是 `{said}`，它旁边的代码却由 `{used}` 计算。",
    en="The comment speaks of `{said}`, but the code beside it has `{used}` compute.",
)
_WRITE = Words(zh="这里是否应为 `{said}`？", en="Is `{said}` meant here?")


def of_page(page: Page) -> Iterator[Finding]:
    """Find comments that name another party than their code, where the page has both."""
    parties = {name for code in page.python for name in _parties(parsing.tree_of(code.python))}
    for comment in comments.of_page(page) if len(parties) > 1 else ():
        said = {word.lower() for word in _WORD.findall(comment.text)} & parties
        used = _computing(comment) & parties
        if len(said) == 1 and len(used) == 1 and said != used:
            (one,), (other,) = said, used
            yield Finding(
                page.path,
                comment.line,
                comment.cell,
                FindingKind.MIXED_UP,
                Severity.WARNING,
                _SAYS.filled(said=one, used=other),
                _WRITE.filled(said=one),
            )


def _parties(tree: ast.Module | None) -> Iterator[str]:
    """The names that are given a device of a party each."""
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            for name, made in zip(_parts(target), _parts(value), strict=False):
                if isinstance(name, ast.Name) and _is_device(made):
                    yield name.id


def _parts(one: ast.expr) -> list[ast.expr]:
    return one.elts if isinstance(one, ast.Tuple | ast.List) else [one]


def _is_device(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] == _PARTY


def _computing(comment: Comment) -> set[str]:
    """Who computes, or is given a value, in the statement after a comment."""
    tree = parsing.tree_of(comment.code.python) if comment.code else None
    after = (
        node
        for node in (ast.walk(tree) if tree and comment.row < comment.last_row else ())
        if isinstance(node, ast.Assign | ast.Expr) and node.lineno - 1 == comment.last_row
    )
    calls = [node for one in after for node in ast.walk(one) if isinstance(node, ast.Call)]
    return {node.func.id for node in calls if isinstance(node.func, ast.Name)} | {
        node.args[0].id
        for node in calls
        if getattr(node.func, "attr", "") == "to"
        and _gives(node)
        and isinstance(node.args[0], ast.Name)
    }


def _gives(call: ast.Call) -> bool:
    """Whether it gives a value that no party has yet to one: `to(party, 3)`."""
    return len(call.args) == 2 and not any(  # noqa: PLR2004
        isinstance(one, ast.Name | ast.Call) for one in ast.walk(call.args[1])
    )
