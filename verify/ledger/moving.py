"""Imports of what a release keeps elsewhere, rewritten: other names of a statement stay in it."""

from collections.abc import Iterator

from ast_grep_py import SgNode

from verify.ledger.erratum import Moved
from verify.page.code import rewriting

_IMPORTED = ("dotted_name", "aliased_import")


def places(source: str, moved: Moved) -> list[SgNode]:
    """The import statements of a source that name what has moved, in order."""
    return [node for node in _statements(source) if _taken(node, moved)]


def is_made(source: str, moved: Moved) -> bool:
    """Whether a source imports it from its new home."""
    home = Moved(was=moved.now, names=moved.names, now=moved.now)
    return bool(places(source, home))


def rewritten(source: str, moved: Moved) -> str:
    """A source that imports it from its new home."""
    edits = [node.replace(_becomes(node, moved)) for node in places(source, moved)]
    return rewriting.rewritten(source, edits)


def _statements(source: str) -> Iterator[SgNode]:
    yield from rewriting.root_of(source).find_all(kind="import_from_statement")


def _module(statement: SgNode) -> str:
    module = statement.field("module_name")
    return module.text() if module else ""


def _names(statement: SgNode) -> list[SgNode]:
    module = statement.field("module_name")
    return [
        one
        for one in statement.children()
        if one.kind() in _IMPORTED and (module is None or one.range() != module.range())
    ]


def _taken(statement: SgNode, moved: Moved) -> list[SgNode]:
    """The names of a statement that have moved."""
    if not f"{_module(statement)}.".startswith(f"{moved.was}."):
        return []
    names = _names(statement)
    return [one for one in names if not moved.names or _plain(one) in moved.names]


def _plain(name: SgNode) -> str:
    """A name without what it is called here."""
    return name.text().split(" as ")[0].strip()


def _becomes(statement: SgNode, moved: Moved) -> str:
    taken = _taken(statement, moved)
    module = _module(statement)
    if not moved.names:  # the whole module was renamed
        return statement.text().replace(module, moved.now + module[len(moved.was) :], 1)
    lines = []
    if left := [one.text() for one in _names(statement) if one not in taken]:
        lines.append(f"from {module} import {', '.join(left)}")
    lines.append(f"from {moved.now} import {', '.join(one.text() for one in taken)}")
    column = statement.range().start.column
    return ("\n" + " " * column).join(lines)
