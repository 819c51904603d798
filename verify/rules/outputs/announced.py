"""What stored outputs announce of the page's own code: that it is deprecated, or does nothing."""

import ast
import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
from verify.page.prose import numerals
from verify.rules.checked_site import Site
from verify.system.words import Words

_WARNS_OF = Words(
    zh="已存输出对这一行发出警告：“{said}”", en="The stored output warns of this line: “{said}”"
)
_INSTEAD = Words(
    zh="请改用警告中提到的写法，再重新运行页面。",
    en="Write what the warning names instead, and run the page again.",
)

# A warning that Python, or TensorFlow, attributes to a line of the cell itself.
_OF_CELL = re.compile(
    r"(?:ipykernel_\d+[/\\]\d+\.py|<ipython-input-\d+-\w+>|<stdin>):(?P<row>\d+): "
    r"(?:(?P<kind>\w*Warning): )?(?P<text>.+)"
)
_DEPRECATIONS = ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning")
_SAYS = re.compile(r"\bdeprecated\b|\bhas no effect\b|\b(?:is|are|be|and) ignored\b", re.IGNORECASE)
_WARNS = re.compile(r"Warning: (?P<said>.+)|\bWARNING\b\W*(?:\w+:)?(?P<logged>.+)")
_QUOTED = re.compile(r"[`'\"]([A-Za-z_]\w*)=?[`'\"]")
_LONGEST = 160


def check(site: Site) -> Iterator[Finding]:
    """Find calls of which the page's own outputs say so, each once."""
    for page in site.pages:
        given = list(_keywords(page))
        seen = set()
        for cell in page.python_cells:
            for row, text in _announced(cell, given):
                code, at = row
                if (code.cell, at) not in seen:
                    seen.add((code.cell, at))
                    yield _finding(page, code, at, text)


# A block and a 0-based row of it.
_Row = tuple[Block, int]


def _announced(cell: Block, given: list[tuple[str, _Row]]) -> Iterator[tuple[_Row, str]]:
    for output in cell.outputs:
        for line in output.text.split("\n"):
            if found := _OF_CELL.search(line):
                is_one = (found["kind"] or "").endswith(_DEPRECATIONS) or _SAYS.search(line)
                if is_one and numerals.whole(found["row"]) <= cell.source.count("\n") + 1:
                    yield (cell, numerals.whole(found["row"]) - 1), found["text"]
            elif (found := _WARNS.search(line)) and _SAYS.search(line):
                said = found["said"] or found["logged"]
                yield from ((row, said) for row in _meant(said, cell, given))


def _meant(said: str, cell: Block, given: list[tuple[str, _Row]]) -> list[_Row]:
    """Where the page gives the argument that a warning names first."""
    named = _QUOTED.search(said)
    places = [row for name, row in given if named and name == named[1]]
    return [row for row in places if row[0].line <= cell.line][-1:]


def _keywords(page: Page) -> Iterator[tuple[str, _Row]]:
    for cell in page.python_cells:
        tree = parsing.tree_of(cell.python)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.keyword) and node.arg:
                yield node.arg, (cell, node.lineno - 1)


def _finding(page: Page, code: Block, row: int, text: str) -> Finding:
    said = " ".join(text.split())
    said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}\u2026"
    return Finding(
        page.path,
        code.line_of(row),
        code.cell,
        FindingKind.DEPRECATED,
        Severity.WARNING,
        _WARNS_OF.filled(said=said),
        _INSTEAD,
    )
