"""What a run can make of each code cell of a page: where a script begins, what is left out and why.

A text shows pieces: signatures, examples that lack their beginning, programs for several machines.
A reader would not run those as they stand, and no run may blame the page for them.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from verify.page.code import clusters, fragments, names, parsing
from verify.page.page import Block, Page
from verify.system.words import Words

_NOWHERE = Words(
    zh="只是片段：页面中没有任何地方定义 `{name}`",
    en="a fragment: `{name}` is defined nowhere on the page",
)
_LATER = Words(
    zh="只是片段：`{name}` 在页面中到第 {line} 行才定义",
    en="a fragment: the page defines `{name}` only further down, in line {line}",
)
_OTHER = Words(
    zh="只是片段：`{name}` 属于页面中的另一个脚本（第 {line} 行）",
    en="a fragment: `{name}` belongs to another script of the page (line {line})",
)
_FOLLOWS = Words(
    zh="依赖未运行的步骤：`{name}` 由第 {line} 行的代码产生，而它没有运行",
    en="it follows from a step that is left out: line {line} makes `{name}`, and does not run",
)
_NOT_STARTED = Words(
    zh="只是片段：用到了 `{name}` 设备，而页面在此之前没有启动 SecretFlow（`init`）",
    en="a fragment: it uses the device `{name}`, and nothing before it on the page starts "
    "SecretFlow (`init`)",
)
_DEVICES = ("PYU", "SPU", "HEU", "TEEU")
# What the start of SecretFlow is called among the names that a cell makes.
_STARTED = "init()"


@dataclass(frozen=True)
class Part:
    """A code cell: whether it begins a script, and why it is not run; `cluster` if it needs one."""

    cell: Block
    fresh: bool = False
    why: Words | None = None
    cluster: bool = False


@dataclass
class _Script:
    """What the cells of a script have made so far, each name with its cell; and of those left."""

    made: dict[str, Block] = field(default_factory=dict)
    left: dict[str, Block] = field(default_factory=dict)
    source: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    anything: bool = False
    runs: bool = False


@dataclass(frozen=True)
class _Read:
    """A cell, as it is read; `tree` is None where it is no Python."""

    cell: Block
    tree: ast.Module | None
    made: frozenset[str]
    now: tuple[str, ...]
    later: tuple[str, ...]
    anything: bool
    starts: bool
    device: str

    @property
    def only_imports(self) -> bool:
        """Whether it does nothing but import."""
        body = self.tree.body if self.tree else []
        return bool(body) and all(isinstance(one, ast.Import | ast.ImportFrom) for one in body)


@lru_cache(maxsize=4)  # to derive a document, its profile and its rules
def of_page(page: Page) -> tuple[Part, ...]:
    """What becomes of each code cell, in order.

    Of a notebook, which is written to be run, a cell is left out only where it needs a cluster, or
    follows from one that does; and all its cells are one script.
    """
    read = [_read(cell) for cell in page.cells if cell.runs]
    begins = set() if page.is_notebook else _beginnings(read)
    script, others = _Script(), _Script()
    parts = []
    for one in read:
        if one.cell.index in begins:
            others = _Script({**others.made, **others.left, **script.made, **script.left})
            script = _Script()
        part = _part(one, script, others, read, text=not page.is_notebook)
        _go_on(script, one, left=part.why is not None)
        parts.append(part)
    return tuple(_with_beginnings(parts, begins))


def _with_beginnings(parts: Sequence[Part], begins: set[int]) -> Iterator[Part]:
    """Mark the first cell of each script that is run, once another has been."""
    ran = pending = False
    for part in parts:
        pending = pending or part.cell.index in begins
        fresh = pending and ran and part.why is None
        if part.why is None:
            ran, pending = True, False
        yield Part(part.cell, fresh, part.why, part.cluster)


def _read(cell: Block) -> _Read:
    tree, found = parsing.tree_of(cell.python), names.of(cell.python)
    if tree is None or found is None:
        words = frozenset(part for part in _words(cell.source) if part.isidentifier())
        starts = "init(" in cell.source
        return _Read(cell, None, words, (), (), anything=True, starts=starts, device="")
    return _Read(
        cell,
        tree,
        found.made,
        tuple(found.now),
        tuple(found.later),
        found.anything,
        clusters.starts(tree),
        _device(tree),
    )


def _words(source: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "_" else " " for c in source).split()


def _device(tree: ast.Module) -> str:
    """The first device that a cell makes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            owner, _, name = ast.unparse(node.func).rpartition(".")
            if name in _DEVICES and owner in ("", "sf", "secretflow", "sfd"):
                return name
    return ""


def _beginnings(read: Sequence[_Read]) -> set[int]:
    """Where a text imports and initialises anew, needing nothing of what stands before.

    Imports may have a block of their own before the one that initialises.
    """
    found: set[int] = set()
    started = False
    seen: set[str] = set()
    imports: list[_Read] = []
    for one in read:
        brought = set[str]().union(*(each.made for each in imports))
        anew = one.tree is None or set(one.now) <= brought
        again = [each for each in [*imports, one] if each.made & seen]
        if started and one.starts and anew and (one.tree is None or again):
            found.add((imports[0] if imports and set(one.now) & brought else one).cell.index)
            seen = set()
        started = started or one.starts
        imports = [*imports, one] if one.only_imports else []
        seen |= one.made
    return found


def _part(
    one: _Read, script: _Script, others: _Script, read: Sequence[_Read], *, text: bool
) -> Part:
    cell = one.cell
    why = fragments.why(cell.python, cell.line_of) if text else None
    if one.tree is None:
        return Part(cell, why=why)
    if needed := clusters.needed(one.tree, script.source, script.texts):
        return Part(cell, why=needed, cluster=True)
    if text:
        why = why or fragments.of_terminal(one.tree) or _lacking(one, script, others, read)
    return Part(cell, why=why or _following(one, script))


def _following(one: _Read, script: _Script) -> Words | None:
    """Why a cell cannot run that needs what only cells make that are left out."""
    needed = [*one.now, *one.later, *([_STARTED] if one.device else [])]
    for name in needed:
        if name in script.left and name not in script.made and name not in one.made:
            shown = "init" if name == _STARTED else name
            return _FOLLOWS.filled(name=shown, line=script.left[name].line)
    return None


def _lacking(one: _Read, script: _Script, others: _Script, read: Sequence[_Read]) -> Words | None:
    """Why a cell of a text cannot run: nothing before it makes a name, or starts SecretFlow."""
    known = {*script.made, *script.left}
    if one.device and not one.starts and _STARTED not in known:
        started = _NOT_STARTED.filled(name=one.device)
    else:
        started = None
    if script.anything or one.anything:
        return started
    told = [each for each in read if each.tree is not None]
    everywhere = {name: each.cell for each in reversed(told) for name in each.made}
    unknown = next((name for name in one.now if name not in known), None)
    if unknown in others.made:
        return _OTHER.filled(name=unknown, line=others.made[unknown].line)
    if unknown in everywhere and everywhere[unknown].line > one.cell.line:
        return _LATER.filled(name=unknown, line=everywhere[unknown].line)
    unknown = unknown or next((name for name in one.later if name not in everywhere), None)
    return _NOWHERE.filled(name=unknown) if unknown else started


def _go_on(script: _Script, one: _Read, *, left: bool) -> None:
    if left and one.tree is None:
        return
    made = {*one.made, *([_STARTED] if one.starts else [])}
    into = script.left if left else script.made
    into.update(dict.fromkeys(made, one.cell))
    if left:
        return
    script.source += f"{one.cell.source}\n"
    script.anything = script.anything or one.anything
    if one.tree is not None:
        script.texts.update(clusters.texts(one.tree))
