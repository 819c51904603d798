"""Repairs: the ledger's edits, made in the source of one official cell."""

import ast
import contextlib
import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from ast_grep_py import SgNode

from verify.errors import UsageError
from verify.ledger import code_layout, moving
from verify.ledger.erratum import Edit
from verify.page import magics
from verify.page.code import rewriting
from verify.page.page import Block
from verify.system.words import Words, joined

_VARIABLE = re.compile(r"(\$\$\$|\$)([A-Z_][A-Z0-9_]*)")


def code(source: str, edits: Sequence[Edit]) -> str:
    """The source of a code cell after a repair, laid out as it was.

    What is no pattern of code is looked for in comments.

    Raises:
        UsageError: none of the edits finds a place, or what they leave behind is no Python.
    """
    # Magics are no Python, and must come through as they are.
    repaired = original = rewriting.commented(source)
    for edit in edits:
        repaired = _edited(repaired, edit)
    if repaired == original and (sought := [e.find for e in edits if e.find is not None]):
        raise UsageError(
            Words(zh="修正找不到 {sought}", en="the repair finds no {sought}").filled(
                sought=joined(sought, zh="，也找不到 ", en=" and no ")
            )
        )
    repaired = rewriting.uncommented(repaired)
    try:
        ast.parse(magics.python_of(repaired))
    except SyntaxError as error:
        raise UsageError(
            Words(
                zh="修正之后不再是 Python（{error}）",
                en="the repair leaves no Python behind ({error})",
            ).filled(error=error.msg)
        ) from error
    return repaired


def _edited(source: str, edit: Edit) -> str:
    if edit.find is not None:
        rewrite = _rewritten if _is_pattern(edit.find) else _reworded
        return rewrite(source, edit.find, edit.replace or "")
    if edit.moved is not None:
        return code_layout.kept(source, moving.rewritten(source, edit.moved))
    return source if edit.before is None else f"{edit.before}\n{source}"


def prose(source: str, edits: Sequence[Edit]) -> str:
    """The source of a Markdown cell after a repair: `find` and `replace` are plain text."""
    for edit in edits:
        if edit.find is not None:
            source = _worded(source, edit.find, edit.replace or "")
    return source


def cell(cell: Block, edits: Sequence[Edit]) -> str:
    """The source of a cell after a repair, be it code or prose.

    Raises:
        UsageError: an edit finds no place in code, or what it leaves behind is no Python.
    """
    return (code if cell.runs else prose)(cell.source, edits)


def finds(edit: Edit, cell: Block) -> bool:
    """Whether a cell holds what an edit has to find: code, prose, or words in comments of code."""
    if edit.moved is not None:
        return cell.runs and bool(moving.places(cell.python, edit.moved))
    return edit.find is not None and _holds(cell, edit.find, beside=edit.replace or "")


def is_made(edit: Edit, cell: Block) -> bool:
    """Whether a cell holds what an edit leaves, and nothing that it has to find."""
    if edit.before is not None:
        return cell.source.startswith(f"{edit.before}\n")
    if edit.moved is not None:
        return cell.runs and moving.is_made(cell.python, edit.moved) and not finds(edit, cell)
    return bool(edit.replace) and _holds(cell, edit.replace or "") and not finds(edit, cell)


def _holds(cell: Block, text: str, *, beside: str = "") -> bool:
    if cell.runs and _is_pattern(text):
        return bool(places(cell.python, text, beside))
    words = "\n".join(_comments(cell.python)) if cell.runs else cell.source
    return _worded(words, text, beside) != words


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
        rewriting.root_of("").find(pattern=text)
    except RuntimeError:
        return False
    return True


def _comments(source: str) -> Iterator[str]:
    """The comments of code, as far as it can be read."""
    with contextlib.suppress(SyntaxError, tokenize.TokenError):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.string


def _worded(text: str, find: str, replace: str) -> str:
    """A text with other words, but for those that have been repaired before."""
    made = f"{re.escape(replace)}|" if find in replace else ""
    return re.sub(made + re.escape(find), lambda _: replace, text)


def _reworded(source: str, words: str, others: str) -> str:
    """Code with other words in its comments."""
    lines = source.split("\n")
    with contextlib.suppress(SyntaxError, tokenize.TokenError):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                line = lines[row - 1]
                lines[row - 1] = line[:column] + _worded(line[column:], words, others)
    return "\n".join(lines)


def places(source: str, pattern: str, template: str = "") -> list[SgNode]:
    """The outermost places that fit a pattern and were not made by its template, in order."""
    found: list[SgNode] = []
    made = [node.range() for node in places(source, template)] if pattern in template else []
    for node in rewriting.root_of(source).find_all(pattern=pattern):
        at = node.range()
        if any(one.start.index <= at.start.index < one.end.index for one in made):
            continue
        if not found or node.range().start.index >= found[-1].range().end.index:
            found.append(node)
    return found


def _rewritten(source: str, pattern: str, template: str) -> str:
    found = places(source, pattern, template)
    filled = [place.replace(_filled(template, place, source)) for place in found]
    return code_layout.kept(source, rewriting.rewritten(source, filled)) if found else source


def _filled(template: str, place: SgNode, source: str) -> str:
    """The template with what its variables stand for, indented like the line of the place."""

    def value(variable: re.Match[str]) -> str:
        sign, name = variable.groups()
        if sign == "$":
            only = place.get_match(name)
            nodes = [only] if only else []
        else:
            nodes = place.get_multiple_matches(name)
            # A comment ends no argument: the comma before it is the template's to write.
            while nodes and nodes[-1].kind() in (",", "comment"):
                nodes.pop()
        if not nodes:
            return ""
        return source[nodes[0].range().start.index : nodes[-1].range().end.index]

    line = source.split("\n")[place.range().start.line]
    indent = line[: len(line) - len(line.lstrip())]
    return _VARIABLE.sub(value, template.replace("\n", f"\n{indent}"))
