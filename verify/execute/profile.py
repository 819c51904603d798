"""Applying a profile: declared parameters are changed in the syntax tree, never in the text."""

import ast
from collections.abc import Iterator, Mapping

from ast_grep_py import SgNode
from nbformat import NotebookNode

from verify.contract.profiles import Override
from verify.errors import UsageError
from verify.evidence.evidence import Applied
from verify.page import notebook
from verify.page.code import parsing, rewriting
from verify.page.page import Page


def apply(
    page: Page, overrides: list[Override], values: Mapping[str, str]
) -> tuple[NotebookNode, list[Applied]]:
    """Return the notebook with every override applied, and the list of places changed.

    Args:
        page: the edition to run.
        overrides: what the profile declares.
        values: what `{name}` stands for in an override's `use`, such as a fixture's path.

    Raises:
        UsageError: an override finds no place in the document.
    """
    node = notebook.node(page.text, page.path)
    applied: list[Applied] = []
    for cell in page.cells:
        if not cell.runs or parsing.tree_of(commented := rewriting.commented(cell.source)) is None:
            continue  # the run itself shows what is wrong with this cell
        source = commented
        for override in overrides:
            source, changes = _changed(source, override, values)
            applied += [
                Applied(override.parameter, cell.index, cell.step, was, used, override.reason)
                for was, used in changes
            ]
        if source != commented:
            node.cells[cell.index].source = rewriting.uncommented(source)
    for override in overrides:
        if not any(change.parameter == override.parameter for change in applied):
            raise UsageError(
                f"{page.path}: the profile changes {_target(override)}, "
                "which no cell contains; correct the override in the contract."
            )
    return node, applied


def _changed(
    source: str, override: Override, values: Mapping[str, str]
) -> tuple[str, list[tuple[str, str]]]:
    """A source after one override, with what stood at each place and what stands there now."""
    use = override.use
    used = repr(use.format_map(values) if isinstance(use, str) else use)
    root = rewriting.root_of(source)
    places = [place for place in _places(root, override) if _is_like(place, override)]
    edits = [place.replace(used) for place in places]
    return rewriting.rewritten(source, edits), [(place.text(), used) for place in places]


def _places(root: SgNode, override: Override) -> Iterator[SgNode]:
    """The values of the declared parameter, wherever they stand; an inner call's come first."""
    if override.call is None:
        yield from _assigned(root, override.assign or [])
        return
    for call in sorted(root.find_all(kind="call"), key=lambda call: call.range().end.index):
        arguments = call.field("arguments")
        if arguments is None or _last_name(call.field("function")) != override.call:
            continue
        given = [one for one in arguments.children() if one.is_named() and one.kind() != "comment"]
        for position, argument in enumerate(given):
            is_named = argument.kind() == "keyword_argument"
            name, *_, value = argument.children() if is_named else [argument, argument]
            if (name.text() if is_named else position) in (override.argument or []):
                yield value


def _assigned(root: SgNode, names: list[str]) -> Iterator[SgNode]:
    """What is assigned to one of these names alone, or to several in a row."""
    chain: list[str] = []
    for assignment in root.find_all(kind="assignment"):
        target, value = _bare(assignment.field("left")), assignment.field("right")
        if target is None or value is None or assignment.field("type"):
            continue
        chain.append(target.text() if target.kind() == "identifier" else "")
        if value.kind() != "assignment":  # the last of `a = b = 5`
            if not set(names).isdisjoint(chain):
                yield value
            chain = []


def _is_like(value: SgNode, override: Override) -> bool:
    """Whether a value is a literal of the documented one's type; anything else stays.

    One of the same type is replaced even if it is not the documented one: that it is wrong is for
    the facts to say, and a run must not last for hours because of it.
    """
    try:
        # In brackets, as the call has it: the value may go over several lines.
        literal = ast.literal_eval(f"(\n{value.text()}\n)")
    except (SyntaxError, ValueError, TypeError):
        return False
    return type(literal) is type(override.documented)


def _target(override: Override) -> str:
    return override.call or " or ".join(override.assign or [])


def _last_name(function: SgNode | None) -> str | None:
    node = _bare(function)
    name = node.field("attribute") if node and node.kind() == "attribute" else node
    return name.text() if name and name.kind() == "identifier" else None


def _bare(node: SgNode | None) -> SgNode | None:
    """A node without the brackets around it."""
    while node and [one.kind() for one in node.children() if not one.is_named()] == ["(", ")"]:
        node = next(one for one in node.children() if one.is_named())
    return node
