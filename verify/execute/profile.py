"""Applying a profile: declared parameters are changed in the syntax tree, never in the text."""

import ast
from collections.abc import Iterator, Mapping

from ast_grep_py import SgNode
from nbformat import NotebookNode

from verify.contract.profiles import Change
from verify.errors import UsageError
from verify.evidence.evidence import Applied
from verify.page import text_cells
from verify.page.code import constants, parsing, rewriting
from verify.page.page import Page
from verify.system.words import Words, enumerated

_ANY_STEP = Words(zh="任何步骤", en="any step")


def apply(
    page: Page, changes: list[Change], values: Mapping[str, str]
) -> tuple[NotebookNode, list[Applied]]:
    """Return the notebook with every change made, and the list of places changed.

    Args:
        page: the edition to run.
        changes: what the profile declares.
        values: what `{name}` stands for in a change's `use`: a file's path.

    Raises:
        UsageError: a change finds no place in the document.
    """
    node = text_cells.node(page)
    applied: list[Applied] = []
    missed = list(changes)
    for cell in page.cells:
        if not cell.runs or parsing.tree_of(commented := rewriting.commented(cell.source)) is None:
            continue  # the run itself shows what is wrong with this cell
        source = commented
        for change in changes:
            if change.steps and cell.step not in change.steps:
                continue
            source, places = _changed(source, change, values)
            if places and change in missed:
                missed.remove(change)
            applied += [
                Applied(change.name or what, cell.index, cell.step, was, used, change.reason)
                for what, was, used in places
            ]
        if source != commented:
            node.cells[cell.index].source = rewriting.uncommented(source)
    for change in missed:
        raise UsageError(
            Words(
                zh="{path}：配置要把 {places} 改成 {use!r}，但{steps}里没有单元格有这种类型的"
                "这样的值；请改正契约里的 `changes`。",
                en="{path}: a profile changes {places} to {use!r}, but no cell of {steps} has "
                "such a value of this type; correct `changes` in the contract.",
            ).filled(
                path=page.path,
                places=change.places,
                use=change.use,
                steps=enumerated(change.steps) or _ANY_STEP,
            )
        )
    return node, applied


def _changed(
    source: str, change: Change, values: Mapping[str, str]
) -> tuple[str, list[tuple[str, str, str]]]:
    """A source after one change; of each place what was changed, what stood and what stands."""
    made = list(_replaced(rewriting.root_of(source), change, values))
    edits = [node.replace(used) for _, node, used in made]
    return rewriting.rewritten(source, edits), [(what, n.text(), used) for what, n, used in made]


def _replaced(
    root: SgNode, change: Change, values: Mapping[str, str]
) -> Iterator[tuple[str, SgNode, str]]:
    """What a change is for, each with its name and what is to stand there."""
    use = change.use
    if isinstance(use, dict):
        for call in _calls(root, change.call or ""):
            if completed := _completed(call, use):
                yield change.call or "", call, completed
        return
    used = repr(use.format_map(values) if isinstance(use, str) else use)
    for what, value in _places(root, change):
        if _is_like(value, change):
            yield what, value, used


def _completed(call: SgNode, more: Mapping[str, object]) -> str | None:
    """A call with more arguments, if it leaves any of them to the library."""
    function, given = call.field("function"), _given(call)
    named = {one.children()[0].text() for one in given if one.kind() == "keyword_argument"}
    missing = [f"{name}={value!r}" for name, value in more.items() if name not in named]
    is_open = any(one.kind() == "dictionary_splat" for one in given)
    if function is None or not missing or is_open:
        return None
    return f"{function.text()}({', '.join([*(one.text() for one in given), *missing])})"


def _places(root: SgNode, change: Change) -> Iterator[tuple[str, SgNode]]:
    """What a change is for, wherever it stands, each with its name; an inner call's come first."""
    if change.call is not None:
        yield from _arguments(root, change.call, change.argument or [])
    yield from _assigned(root, change.assign or [])
    if change.key:
        yield from _of_keys(root, change.key)


def _of_keys(root: SgNode, wanted: list[str]) -> Iterator[tuple[str, SgNode]]:
    """What a dictionary has at a key, as it is made or given to it later."""
    for pair in root.find_all(kind="pair"):
        key, value = pair.field("key"), pair.field("value")
        if key and value and (name := _literal(key)) in wanted:
            yield str(name), value
    for assignment in root.find_all(kind="assignment"):
        left, value = assignment.field("left"), assignment.field("right")
        key = left.field("subscript") if left and left.kind() == "subscript" else None
        if key and value and (name := _literal(key)) in wanted:
            yield str(name), value


def _arguments(root: SgNode, called: str, wanted: list[str | int]) -> Iterator[tuple[str, SgNode]]:
    for call in _calls(root, called):
        for position, argument in enumerate(_given(call)):
            is_named = argument.kind() == "keyword_argument"
            name, *_, value = argument.children() if is_named else [argument, argument]
            if (name.text() if is_named else position) in wanted:
                yield name.text() if is_named else f"{called}, argument {position + 1}", value


def _calls(root: SgNode, called: str) -> Iterator[SgNode]:
    """The calls of this name, an inner one before the one that it stands in."""
    for call in sorted(root.find_all(kind="call"), key=lambda call: call.range().end.index):
        if _is_called(call.field("function"), called):
            yield call


def _given(call: SgNode) -> list[SgNode]:
    """The arguments of a call, as they stand in its brackets."""
    arguments = call.field("arguments")
    inner = arguments.children() if arguments else []
    return [one for one in inner if one.is_named() and one.kind() != "comment"]


def _assigned(root: SgNode, names: list[str]) -> Iterator[tuple[str, SgNode]]:
    """What is assigned to one of these names alone, or to several in a row."""
    chain: list[str] = []
    for assignment in root.find_all(kind="assignment") if names else ():
        target, value = _bare(assignment.field("left")), assignment.field("right")
        if target is None or value is None or assignment.field("type"):
            continue
        chain.append(target.text() if target.kind() == "identifier" else "")
        if value.kind() != "assignment":  # the last of `a = b = 5`
            if met := [name for name in chain if name in names]:
                yield met[0], value
            chain = []


def _is_like(value: SgNode, change: Change) -> bool:
    """Whether a value is a literal of the new one's type, or a number made of such; others stay.

    That it is not the documented one is for the facts to say, and a run must not last for hours
    because of it.
    """
    return type(_value(value)) is type(change.use)


def _value(value: SgNode) -> object:
    """What is written: a literal, or a number that arithmetic of literals makes."""
    literal = _literal(value)
    if literal is not ...:
        return literal
    tree = parsing.tree_of(f"(\n{value.text()}\n)")
    only = tree.body[0] if tree and tree.body else None
    return constants.number_of(only.value) if isinstance(only, ast.Expr) else ...


def _literal(value: SgNode) -> object:
    try:
        # In brackets, as the call has it: the value may go over several lines.
        return ast.literal_eval(f"(\n{value.text()}\n)")
    except (SyntaxError, ValueError, TypeError):
        return ...  # what no contract can name


def _is_called(function: SgNode | None, name: str) -> bool:
    """Whether what is called ends in this name, brackets aside."""
    *owner, last = name.split(".")
    node = _bare(function)
    if node is not None and node.kind() == "attribute":
        attribute = node.field("attribute")
        owned = not owner or _is_called(node.field("object"), ".".join(owner))
        return attribute is not None and attribute.text() == last and owned
    return node is not None and node.kind() == "identifier" and node.text() == name


def _bare(node: SgNode | None) -> SgNode | None:
    """A node without the brackets around it."""
    while node and [one.kind() for one in node.children() if not one.is_named()] == ["(", ")"]:
        node = next(one for one in node.children() if one.is_named())
    return node
