"""Repairs: the ledger's edits, made in the source of one official cell."""

import ast
import contextlib
import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from ast_grep_py import SgNode, SgRoot
from jupytext.magics import comment_magic, uncomment_magic

from verify import magics
from verify.contract import Edit
from verify.errors import UsageError
from verify.notebook import Cell

_VARIABLE = re.compile(r"(\$\$\$|\$)([A-Z_][A-Z0-9_]*)")


def code(source: str, edits: Sequence[Edit]) -> str:
    """The source of a code cell after a repair.

    Raises:
        UsageError: an edit finds no place, or what it leaves behind is no Python.
    """
    # Magics are no Python, and must come through as they are.
    repaired = "\n".join(comment_magic(source.split("\n"), language="python"))
    for edit in edits:
        if edit.find is not None:
            repaired = _rewritten(repaired, edit.find, edit.replace or "")
        elif edit.before is not None:
            repaired = f"{edit.before}\n{repaired}"
    repaired = "\n".join(uncomment_magic(repaired.split("\n"), language="python"))
    try:
        ast.parse(magics.python_of(repaired))
    except SyntaxError as error:
        raise UsageError(f"the repair leaves no Python behind ({error.msg})") from error
    return repaired


def prose(source: str, edits: Sequence[Edit]) -> str:
    """The source of a Markdown cell after a repair: `find` and `replace` are plain text."""
    for edit in edits:
        if edit.find is not None:
            source = source.replace(edit.find, edit.replace or "")
    return source


def finds(edit: Edit, cell: Cell) -> bool:
    """Whether a cell holds what an edit has to find: code, prose, or words in comments of code."""
    if edit.find is None:
        return False
    if cell.is_code and _is_pattern(edit.find):
        return bool(_places(cell.python, edit.find))
    return edit.find in ("\n".join(_comments(cell.python)) if cell.is_code else cell.source)


def remaining(source: str, repaired: str, line: int | None) -> str:
    """What of a repaired cell has to run once the original has failed at a line, counted from 1.

    Statements that had run well before that line, and stand unchanged, are not run twice: a
    training among them would start from other weights. Where the repair touches one of them, or
    nothing had run, it is the whole cell.
    """
    try:
        was, becomes = (ast.parse(magics.python_of(text)).body for text in (source, repaired))
    except SyntaxError:
        return repaired
    done = sum((node.end_lineno or node.lineno) < line for node in was) if line else 0
    if not done or list(map(ast.dump, was[:done])) != list(map(ast.dump, becomes[:done])):
        return repaired
    return "\n".join(repaired.split("\n")[becomes[done - 1].end_lineno :]).lstrip("\n")


def _is_pattern(text: str) -> bool:
    """Whether a text is a pattern of code, and no words."""
    try:
        SgRoot("", "python").root().find(pattern=text)
    except RuntimeError:
        return False
    return True


def _comments(source: str) -> Iterator[str]:
    """The comments of code, as far as it can be read."""
    with contextlib.suppress(SyntaxError, tokenize.TokenError):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.string


def _places(source: str, pattern: str) -> list[SgNode]:
    """The outermost places that fit a pattern, in order."""
    found: list[SgNode] = []
    for node in SgRoot(source, "python").root().find_all(pattern=pattern):
        if not found or node.range().start.index >= found[-1].range().end.index:
            found.append(node)
    return found


def _rewritten(source: str, pattern: str, template: str) -> str:
    places = _places(source, pattern)
    if not places:
        raise UsageError(f"the repair finds no {pattern}")
    root = SgRoot(source, "python").root()
    return root.commit_edits([place.replace(_filled(template, place, source)) for place in places])


def _filled(template: str, place: SgNode, source: str) -> str:
    """The template with what its variables stand for, indented like the line of the place."""

    def value(variable: re.Match[str]) -> str:
        sign, name = variable.groups()
        if sign == "$":
            only = place.get_match(name)
            nodes = [only] if only else []
        else:
            nodes = place.get_multiple_matches(name)
        if not nodes:
            return ""
        return source[nodes[0].range().start.index : nodes[-1].range().end.index]

    line = source.split("\n")[place.range().start.line]
    indent = line[: len(line) - len(line.lstrip())]
    return _VARIABLE.sub(value, template.replace("\n", f"\n{indent}"))
