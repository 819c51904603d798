"""Where code can be changed so that it certainly says something else, and how.

An operator looks at the cells of a document and yields every change that it can make. It leaves
alone what is no defect when it changes: what prose, prints and looks say, names that a document
gives to what is its own, and calls whose target nobody can read off.
"""

import ast
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from tests.mutants.reading import Change, Code

Item = TypeVar("Item")
Operator = Callable[[Code], Iterator[Change]]


def some(found: Sequence[Item], count: int, seed: str) -> list[Item]:
    """A few of what was found, chosen by the seed, in the order of the document."""
    chosen = random.Random(seed).sample(range(len(found)), min(count, len(found)))  # noqa: S311
    return [found[index] for index in sorted(chosen)]


def misspelt(name: str) -> str:
    """The name with two letters swapped, or with one doubled where they are the same."""
    for i in range(len(name) // 2, len(name) - 1):
        if name[i] != name[i + 1] and name[i + 1 :].isidentifier():
            return f"{name[:i]}{name[i + 1]}{name[i]}{name[i + 2 :]}"
    return f"{name}{name[-1]}"


def other(value: object) -> str:
    """Another literal of the same type."""
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, int | float):
        return repr(value * 2 or 1)
    return repr(f"{value}2") if isinstance(value, str) else "'none'"


def argument_renamed(code: Code) -> Iterator[Change]:
    """A keyword gets a name that nearly is its own."""
    for call in code.calls():
        for keyword in call.keywords:
            if keyword.arg:
                start, _ = code.span(keyword)
                becomes = misspelt(keyword.arg)
                end = start + len(keyword.arg)
                says = f"{keyword.arg}= → {becomes}="
                yield Change(code.cell.index, start, end, becomes, says)


def argument_dropped(code: Code) -> Iterator[Change]:
    """A keyword is left out."""
    for call in code.calls():
        parts: list[ast.expr | ast.keyword] = sorted([*call.args, *call.keywords], key=code.span)
        for before, part in pairwise(parts):
            if isinstance(part, ast.keyword):
                start, end = code.span(before)[1], code.span(part)[1]
                yield Change(code.cell.index, start, end, "", f"without {code.text(part)}")


def return_added(code: Code) -> Iterator[Change]:
    """A cell ends as a function does."""
    end = len(code.cell.source)
    if code.tree.body:
        yield Change(code.cell.index, end, end, "\nreturn None", "return None at the end")


def import_left_over(code: Code) -> Iterator[Change]:
    """A cell imports what nothing uses."""
    end = len(code.cell.source)
    if code.tree.body:
        yield Change(code.cell.index, end, end, "\nimport wave", "import wave at the end")


def constant_changed(code: Code) -> Iterator[Change]:
    """A literal in an argument, a bound of a slice or an assignment becomes another."""
    for call in code.calls():
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            yield from _other_literals(code, argument)
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from _other_literals(code, node.value)


def _other_literals(code: Code, node: ast.expr) -> Iterator[Change]:
    match node:
        case ast.Constant(value=value):
            yield code.change(node, other(value))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            for element in elements:
                yield from _other_literals(code, element)


def api_moved(code: Code) -> Iterator[Change]:
    """A function or a class of a module has another name."""
    yield from (change for call, change in _moved(code) if _is_named(code, call.func))


def method_moved(code: Code) -> Iterator[Change]:
    """A method of an object has another name."""
    yield from (change for call, change in _moved(code) if not _is_named(code, call.func))


def _moved(code: Code) -> Iterator[tuple[ast.Call, Change]]:
    for call in code.calls():
        if isinstance(call.func, ast.Attribute):
            _, end = code.span(call.func)
            name = call.func.attr
            says = f".{name}( → .{misspelt(name)}("
            yield call, Change(code.cell.index, end - len(name), end, misspelt(name), says)


def _is_named(code: Code, node: ast.expr) -> bool:
    """Whether it is an imported name with attributes, and so not an object."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in code.imported


def import_moved(code: Code) -> Iterator[Change]:
    """An imported name has another name."""
    for node in ast.walk(code.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                becomes = misspelt(alias.name) + f" as {alias.asname or alias.name}"
                yield code.change(alias, becomes, name=alias.asname or alias.name)


def module_moved(code: Code) -> Iterator[Change]:
    """A module that something is imported from lies elsewhere."""
    for node in ast.walk(code.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            start, _ = code.span(node)
            start = code.cell.source.index(node.module, start)
            last = node.module.rpartition(".")[2]
            end = start + len(node.module)
            becomes = f"{misspelt(last)}"
            says = f"from {node.module} → from …{becomes}"
            yield Change(code.cell.index, end - len(last), end, becomes, says)


def name_misspelt(code: Code) -> Iterator[Change]:
    """A variable is read under a name that nearly is its own."""
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and len(node.id) > 2:
            yield code.change(node, misspelt(node.id), name=node.id)


def bracket_dropped(code: Code) -> Iterator[Change]:
    """A closing bracket is missing."""
    for call in code.calls():
        _, end = code.span(call)
        says = f"without the bracket that closes {ast.unparse(call.func)}("
        yield Change(code.cell.index, end - 1, end, "", says)


def statement_dropped(code: Code) -> Iterator[Change]:
    """A statement that calls something, or sets a part of it, is left out."""
    calls = {id(call) for call in code.calls()}
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Expr | ast.Assign) and any(
            id(each) in calls for each in ast.walk(node)
        ):
            yield code.change(node, "pass")


def layers_unfrozen(code: Code) -> Iterator[Change]:
    """What is frozen becomes free, or the other way round."""
    for node in ast.walk(code.tree):
        match node:
            case ast.Assign(
                targets=[ast.Attribute(attr="trainable")], value=ast.Constant(value=bool(value))
            ):
                yield code.change(node, code.text(node).replace(str(value), str(not value)))


def border_moved(code: Code) -> Iterator[Change]:
    """A slice ends, or begins, one further on."""
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Slice):
            for bound in (node.lower, node.upper):
                if isinstance(bound, ast.Constant) and isinstance(bound.value, int):
                    yield code.change(bound, repr(bound.value + 1))


def weights_random(code: Code) -> Iterator[Change]:
    """Nothing is loaded where weights are named."""
    for call in code.calls():
        for keyword in call.keywords:
            match keyword:
                case ast.keyword(arg="weights", value=ast.Constant(value=str())):
                    yield code.change(keyword, "weights=None")


def party_replaced(code: Code) -> Iterator[Change]:
    """One of several devices in a call is another of them."""
    for call in code.calls():
        named = [e for e in _elements(call) if code.origin(e).endswith(".PYU")]
        for one, another in pairwise(named):
            if code.text(one) != code.text(another):
                yield code.change(one, code.text(another))


def _elements(call: ast.Call) -> Iterator[ast.expr]:
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        match argument:
            case ast.List(elts=elements):
                yield from elements
            case ast.Dict(keys=keys):
                yield from (key for key in keys if key)
            case _:
                yield argument
