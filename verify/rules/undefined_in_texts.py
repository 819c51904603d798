"""Names that a program in a text uses, and that nothing on the page defines.

Most samples of a text are pieces of something, and say so: by dots, by a comment, by a name that is
explained in the prose, by using much that is not there. Judged is only what stands as a program: it
imports, or goes on with what blocks before it have made, and lacks hardly anything.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from verify.finding import Finding, FindingKind, Severity
from verify.page import text_cells
from verify.page.code import fragments, names, parsing
from verify.page.page import Block, Page
from verify.system.words import Words

_UNDEFINED = Words(
    zh="用到名字 `{name}`，但页面上没有代码块定义它。",
    en="The name `{name}` is used, but no block of the page defines it.",
)
DEFINE = Words(zh="请先定义或导入 `{name}`。", en="Define or import `{name}` first.")
_WORD = re.compile(r"[A-Za-z_]\w*")
# A comment that stands for code, or tells a reader to write some.
_INVITES = re.compile(
    r"#[^\n]*(?:\b(?:here|your|own|omitted|snip|etc|same as|as (?:above|before)|assum\w+|suppose)\b"
    r"|[\u2026\u22ef]|\.{3}|\u6b64\u5904|\u7701\u7565|\u540c\u4e0a|\u4f60\u7684|\u5047\u8bbe)",
    re.IGNORECASE,
)
# Names that say of themselves that a reader has one of his own.
_PLACEHOLDER = re.compile(
    r"(?:my|your|some|any|foo|bar|baz|xxx|custom)(?:_|$|[A-Z])|(?:My|Your|Some)[A-Z]|self$|cls$"
)
# So alike are a name and its slip: `frame` and `frames`.
_ALIKE = 0.85
_DIGITS = "0123456789_"
# The same where the other name is never used: `angels` and `angles`.
_NEARLY_ALIKE = 0.8
# More unknown names than that, and a page shows pieces.
_FEW = 3


@dataclass(frozen=True)
class _Read:
    """A block, its tree, and its names."""

    cell: Block
    tree: ast.Module
    names: names.Names

    @property
    def imports(self) -> bool:
        """Whether it imports something at its margin."""
        return any(isinstance(one, ast.Import | ast.ImportFrom) for one in self.tree.body)

    @property
    def makes_something(self) -> bool:
        """Whether it is more than definitions and imports, so that it is there to be run."""
        return not all(
            isinstance(one, ast.Import | ast.ImportFrom | ast.ClassDef | ast.FunctionDef)
            for one in self.tree.body
        )


def of(page: Page) -> Iterator[Finding]:
    """Find such names of a page that is no notebook; each once."""
    cells = [cell for cell in text_cells.with_cells(page).cells if cell.runs]
    read = [one for cell in cells if (one := _read(cell))]
    everywhere = set().union(*(one.names.made for one in read))
    if any(one.names.anything for one in read):
        return
    slips = set(_unread(read, everywhere))
    told = _words(page, cells, read) - slips
    lacking = {name for one in read for name in _unknown(one, everywhere | told)}
    before: set[str] = set()
    for one in read:
        unknown = _unknown(one, everywhere | told)
        used = {node.id for node in ast.walk(one.tree) if isinstance(node, ast.Name)}
        goes_on = bool(used & before - one.names.made)
        goes_on |= any(n in slips or _slip_of(n, before) for n in unknown)
        before |= one.names.made
        # One slip, and modules that were not imported; more than that is a piece of something.
        if not unknown or len(lacking) > (_FEW if one.imports else 1) or _is_piece(one.cell):
            continue
        if len(set(unknown) - _owners(one.tree)) > 1 or any(map(_PLACEHOLDER.match, unknown)):
            continue
        if (one.imports or goes_on) and one.makes_something:
            told |= set(unknown)
            yield from (_finding(page, one, name) for name in unknown)


def _unread(read: Sequence[_Read], everywhere: set[str]) -> Iterator[str]:
    """Names without a definition that nearly are one which is made, and never used.

    That the prose has them for a word as well says nothing for them.
    """
    nodes = [node for one in read for node in ast.walk(one.tree) if isinstance(node, ast.Name)]
    used = {node.id for node in nodes if isinstance(node.ctx, ast.Load)}
    idle = everywhere - used
    for name in used - everywhere:
        # `model1` and `model2` are variants, of which `model` may be any; `cow_id` is of a `cow`.
        words = set(name.split("_"))
        others = {
            one
            for one in idle
            if one.rstrip(_DIGITS) != name.rstrip(_DIGITS)
            and not (words <= (its := set(one.split("_"))) or its <= words)
        }
        if _slip_of(name, others, _NEARLY_ALIKE):
            yield name


def _slip_of(name: str, before: set[str], alike: float = _ALIKE) -> bool:
    """Whether a name is nearly one that a block before has made."""
    return bool(get_close_matches(name, before, cutoff=alike))


def _unknown(one: _Read, known: set[str]) -> list[str]:
    """The names that a block uses and nothing defines, but for those in an answer that it shows."""
    answers = [node for node in one.tree.body if isinstance(node, ast.Expr) and _is_answer(node)]
    # `rate=rate` tells what is meant by the name: a reader gives a value of his own.
    told = [
        node.value
        for node in ast.walk(one.tree)
        if isinstance(node, ast.keyword) and node.arg == getattr(node.value, "id", "")
    ]
    shown = {id(name) for node in (*answers, *told) for name in ast.walk(node)}
    used = {
        name.id
        for name in ast.walk(one.tree)
        if isinstance(name, ast.Name) and id(name) not in shown
    }
    return [n for n in {**one.names.now, **one.names.later} if n not in known and n in used]


def _is_answer(node: ast.Expr) -> bool:
    """Whether it is what Python shows of a value, `array([1, 2], dtype=int32)`, and no call."""
    if not isinstance(node.value, ast.Call):
        return False
    inner = [one for argument in node.value.args for one in ast.walk(argument)]
    return bool(inner) and not any(isinstance(one, ast.Name | ast.Call) for one in inner)


def _read(cell: Block) -> _Read | None:
    tree, found = parsing.tree_of(cell.python), names.of(cell.python)
    return _Read(cell, tree, found) if tree and found else None


def _words(page: Page, cells: Sequence[Block], read: Sequence[_Read]) -> set[str]:
    """What the prose names, and what blocks name that are no Python, or not of this page's own."""
    known = {one.cell.line for one in read}
    texts = [piece.text for piece in page.prose]
    texts += [cell.source for cell in cells if cell.line not in known]
    texts += [code.source for code in page.codes if not code.is_python]
    return {word for text in texts for word in _WORD.findall(text)}


def _is_piece(cell: Block) -> bool:
    invites = _INVITES.search(cell.source)
    return bool(invites) or fragments.why(cell.source, cell.line_of) is not None


def _owners(tree: ast.Module) -> set[str]:
    """The names that are only used for what is in them, as modules are."""
    names_of = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    owned = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return {one.id for one in names_of} - {one.id for one in names_of if id(one) not in owned}


def _finding(page: Page, one: _Read, name: str) -> Finding:
    row = {**one.names.later, **one.names.now}[name] - 1
    return Finding(
        page.path,
        one.cell.line_of(row),
        None,
        FindingKind.UNDEFINED_NAME,
        Severity.WARNING,
        _UNDEFINED.filled(name=name),
        DEFINE.filled(name=name),
    )
