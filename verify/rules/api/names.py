"""What the code of a page uses of its environment."""

import ast
from collections.abc import Iterator

from verify.page.code.parsing import trees
from verify.page.page import Page
from verify.rules.api.following import follow
from verify.rules.api.scope import Scope, ambiguous, bound, last_name, shared
from verify.rules.api.uses import Use


def uses(page: Page) -> list[Use]:
    """Everything that the code of a page uses, in order; its blocks share their names."""
    blocks = [(code, tree, row) for code in page.python for tree, row in trees(code)]
    every = [tree for _, tree, _ in blocks]
    scope = Scope(ambiguous=ambiguous(every), bound=frozenset(bound(every)), fickle=shared(every))
    found: list[Use] = []
    for code, tree, row in blocks:
        if not code.may_raise:
            found += follow(tree.body, code, row, scope)
    # What the page itself puts somewhere is there.
    patched = {name for _, tree, _ in blocks for name in _patched(tree)}
    return [use for use in found if use.name not in patched]


def members(page: Page) -> frozenset[str]:
    """What the page's own classes have, or give to their instances."""
    classes = (
        node
        for code in page.python
        for tree, _ in trees(code)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )
    return frozenset(
        name
        for one in classes
        for node in ast.walk(one)
        if (name := getattr(node, "name", "") or _target(node))
    )


def _target(node: ast.AST) -> str:
    is_store = isinstance(getattr(node, "ctx", None), ast.Store)
    return str(getattr(node, "attr", "") or getattr(node, "id", "")) if is_store else ""


def _patched(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store(), value=base):
                if not (isinstance(base, ast.Name) and base.id in ("self", "cls")):
                    yield name
            case ast.Call(func=func, args=[_, ast.Constant(value=str(name)), *_]):
                if last_name(func) in ("setattr", "object"):
                    yield name
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]):
                if last_name(func) == "patch":
                    yield name.rpartition(".")[2]
