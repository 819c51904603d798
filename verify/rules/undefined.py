"""No name is used before it is defined."""

import ast
import re
from collections.abc import Iterator, Sequence

from pyflakes import messages

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import joined, names, parsing
from verify.page.page import Block, Page
from verify.rules import undefined_in_texts
from verify.rules.checked_site import Site
from verify.system.words import Words

_LATER = Words(
    zh="这里用到名字 `{name}`，但只有单元格 {cell} 定义它。",
    en="The name `{name}` is used here, but only cell {cell} defines it.",
)
_MOVE = Words(
    zh="请把 `{name}` 的定义移到第一次使用之前。",
    en="Move the definition of `{name}` before its first use.",
)
_NEVER = Words(
    zh="用到名字 `{name}`，但之前的单元格都没有定义它。",
    en="The name `{name}` is used, but no cell before defines it.",
)
# Magics that define names which reading cannot know.
_DEFINES_ANYTHING = re.compile(
    r"^[^\S\n]*%{1,2}(?:run|load|pylab|store\s+-r|macro|recall|rerun|R|sql|bigquery)\b",
    re.MULTILINE,
)
# Cell magics in other languages that give nothing to Python.
_GIVES_NOTHING = re.compile(
    r"\s*%%(?:bash|sh|!|sx|system|cmd|writefile|file|html|HTML|svg|SVG|latex|markdown|javascript|js"
    r"|perl|ruby)\b"
)
_WORD = re.compile(r"[A-Za-z_]\w*")


def check(site: Site) -> Iterator[Finding]:
    """Find undefined names in notebooks, and in the texts that show whole programs."""
    for page in site.pages:
        yield from _of_notebook(page) if page.is_notebook else undefined_in_texts.of(page)


def _of_notebook(page: Page) -> Iterator[Finding]:
    cells = page.python_cells
    codes = list(_readable(cells))
    given = {word for cell in cells for word in _given(cell)}
    given |= {name for tree in map(_tree, codes) if tree for name in names.asked_for(tree)}
    module = joined.of(codes, given)
    reported = set()
    # Of a name that is used often, what is certain is told.
    for told in sorted(module.told, key=lambda one: one.later and not one.reached):
        if not isinstance(told.message, messages.UndefinedName | messages.UndefinedLocal):
            continue
        name = told.name
        # A function may be called before the name is deleted.
        was_there = told.later and isinstance(told.message, messages.UndefinedName)
        if name in reported or re.fullmatch(r"_i?\d+", name) or told.code.may_raise:
            continue
        if was_there and name in module.bound:
            continue
        if told.later and told.reached is None:
            continue  # a sketch, which the page replaces before it uses it
        reported.add(name)
        is_choice = told.later and any(_is_left_to_the_reader(name, cell) for cell in cells)
        yield _finding(page, told, module.bound.get(name), is_choice=is_choice)


def _readable(cells: Sequence[Block]) -> Iterator[Block]:
    """The cells up to one that may define any name."""
    for cell in cells:
        tree = _tree(cell)
        anything = _DEFINES_ANYTHING.search(cell.source)
        if anything or (tree is not None and names.writes_names(tree)):
            return
        yield cell


def _tree(cell: Block) -> ast.Module | None:
    return parsing.tree_of(cell.python)


def _given(cell: Block) -> list[str]:
    """What a cell in another language may hand on: all that it names."""
    hidden = cell.source.lstrip().startswith("%%") and not cell.python.strip()
    return _WORD.findall(cell.source) if hidden and not _GIVES_NOTHING.match(cell.source) else []


def _is_left_to_the_reader(name: str, cell: Block) -> bool:
    """Whether a comment has the import or assignment that would define a name."""
    word = re.escape(name)
    import_ = rf"(?:from\s+\S+\s+)?import\s(?:.*[\s,])?{word}"
    pattern = rf"^\s*#+\s*(?:{import_}(?=[\s,]|$)|{word}\s*=[^=])"
    return re.search(pattern, cell.source, re.MULTILINE) is not None


def _finding(
    page: Page, told: joined.Told, defining: Block | None, *, is_choice: bool = False
) -> Finding:
    name = told.name
    if defining is not None and defining.line > told.code.line:
        message, suggestion = _LATER.filled(name=name, cell=defining.cell), _MOVE
    else:
        message, suggestion = _NEVER.filled(name=name), undefined_in_texts.DEFINE
    return Finding(
        page.path,
        told.code.line_of(told.row),
        told.code.cell,
        FindingKind.UNDEFINED_NAME,
        Severity.ERROR if (told.reached or not told.later) and not is_choice else Severity.WARNING,
        message,
        suggestion.filled(name=name),
    )
