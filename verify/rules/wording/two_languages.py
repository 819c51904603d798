"""A page that is kept in two languages, a file each, has the same code in both.

Only code that is alike but for its constants is compared, and of those the numbers: texts are
translated as well.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from itertools import zip_longest
from pathlib import Path

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
from verify.rules.checked_site import Site
from verify.system.words import Words

_DIFFERS = Words(
    zh="这里的代码是 {here}，另一种语言的页面 `{other}` 同一处却是 {there}。",
    en="The code has {here} here, and {there} at the same place of `{other}`, "
    "which is the page in the other language.",
)
_LACKS = Words(
    zh="页面 `{other}` 在这里之后还有一段代码（第 {line} 行，`{shown}`），这个页面没有。",
    en="After this, `{other}` has a block of code that this page lacks (line {line}, `{shown}`).",
)
_ADD = Words(
    zh="请补上这段代码，或在另一个页面中删去。", en="Add it, or leave it out of the other page."
)
_FEWEST = 4
_SAME = Words(zh="请让两种语言的页面一致。", en="Make both pages say the same.")

_LANGUAGE = r"(?:zh|cn|en)(?:[-_](?:cn|us|hans))?"
_IN_A_NAME = re.compile(rf"[._-]{_LANGUAGE}$", re.IGNORECASE)
_FOLDER = re.compile(_LANGUAGE, re.IGNORECASE)
_PAIR = 2


def check(site: Site) -> Iterator[Finding]:
    """Find numbers in code that differ between the two pages of a pair."""
    groups: dict[Path, list[Page]] = defaultdict(list)
    for page in site.pages:
        groups[_without_language(page.path)].append(page)
    for pages in groups.values():
        if len(pages) == _PAIR and pages[0].is_chinese is not pages[1].is_chinese:
            other, page = sorted(pages, key=lambda one: one.is_chinese)
            yield from _compared(page, other)


def _without_language(path: Path) -> Path:
    name = _IN_A_NAME.sub("", path.stem) + path.suffix
    folders = (part for part in path.parent.parts if not _FOLDER.fullmatch(part))
    return Path(*folders, name)


def _compared(page: Page, other: Page) -> Iterator[Finding]:
    if len(page.python) != len(other.python):
        yield from _lacking(page, other)
        yield from _lacking(other, page)
        return
    for here, there in zip(page.python, other.python, strict=True):
        if found := _first_difference(here, there):
            row, one, another = found
            yield Finding(
                page.path,
                here.line_of(row),
                here.cell,
                FindingKind.TRANSLATION,
                Severity.WARNING,
                _DIFFERS.filled(here=one, there=another, other=other.path.name),
                _SAME,
            )


def _lacking(page: Page, other: Page) -> Iterator[Finding]:
    """A block that one page lacks, where all others are the same code in the same order."""
    here, there = ([_shape(code) for code in one.python] for one in (page, other))
    if len(there) != len(here) + 1 or len(there) < _FEWEST:
        return
    at = next((i for i, one in enumerate(here) if one != there[i]), len(here))
    if at and here[at:] == there[at + 1 :]:
        before, block = page.python[at - 1], other.python[at]
        shown = block.source.strip().partition("\n")[0]
        yield Finding(
            page.path,
            before.line,
            before.cell,
            FindingKind.TRANSLATION,
            Severity.WARNING,
            _LACKS.filled(other=other.path.name, line=block.line, shown=shown),
            _ADD,
        )


def _shape(code: Block) -> str:
    """Code without its comments and texts, which are translated."""
    tree = deepcopy(parsing.tree_of(code.python))
    if tree is None:
        return code.source
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def _first_difference(here: Block, there: Block) -> tuple[int, object, object] | None:
    """The 0-based row of the first number that differs, and both, where all else is alike."""
    trees = [parsing.tree_of(code.python) for code in (here, there)]
    if trees[0] is None or trees[1] is None:
        return None
    differing: tuple[int, object, object] | None = None
    for one, another in zip_longest(ast.walk(trees[0]), ast.walk(trees[1])):
        match one, another:
            case ast.Name(id=a), ast.Name(id=b) if a != b:
                return None
            case ast.Constant(value=a), ast.Constant(value=b) if _are_numbers(a, b):
                if a != b and differing is None:
                    differing = one.lineno - 1, a, b
            case _ if type(one) is not type(another):
                return None
    return differing


def _are_numbers(*values: object) -> bool:
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
