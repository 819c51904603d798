"""Every fence of Markdown that opens is the one that was meant to.

A fence too many turns a page inside out: what was text is shown as code, and code as text. It is
told by what then stands in the code: a fence that opens, with a language, or a heading, in a block
that goes on to the end of the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.rules.checked_site import Site

_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*?)[ \t]*$")
_HEADING = re.compile(r"^#{2,6} +\S")
_LANGUAGE = re.compile(r"[A-Za-z][\w+-]*$|\{[\w:-]+\}")


@dataclass(frozen=True)
class _Block:
    """The lines of a fenced block, by 0-based rows; `end` is that of the fence that closes it."""

    begin: int
    end: int | None
    marks: str
    info: str


def check(site: Site) -> Iterator[Finding]:
    """Find the fence from which on a page is inside out, and a last one that is never closed."""
    for page in site.pages:
        if page.path.suffix == ".md":
            yield from _of_text(page, page.text, 1, None, 1)
        for cell in page.cells if page.is_notebook else ():
            if cell.kind == "markdown" and "```" in cell.source:
                yield from _of_text(page, cell.source, cell.line, cell.cell, cell.rows)


def _of_text(page: Page, text: str, line: int, cell: int | None, rows: int) -> Iterator[Finding]:
    lines = text.split("\n")
    blocks = [*_blocks(lines)]
    if not blocks or blocks[-1].end is not None:
        return
    last = blocks[-1]
    swallowed = [one for one in blocks if _swallows(one, lines)]
    if not swallowed:
        if any(row.strip() for row in lines[last.begin + 1 :]):
            message = "The fence is never closed, so that all that follows is shown as code."
            yield _finding(page, line + last.begin * rows, cell, Severity.WARNING, message)
        return
    message = (
        "From this fence on the page is inside out: text is shown as code, and the last fence is "
        "never closed."
    )
    yield _finding(page, line + swallowed[0].begin * rows, cell, Severity.ERROR, message)


def _finding(page: Page, line: int, cell: int | None, severity: Severity, message: str) -> Finding:
    suggestion = "Delete the fence that is too many, or close the one that lacks its end."
    return Finding(page.path, line, cell, FindingKind.MARKUP, severity, message, suggestion)


def _blocks(lines: list[str]) -> Iterator[_Block]:
    begun: tuple[int, str, str] | None = None
    for row, text in enumerate(lines):
        found = _FENCE.match(text.lstrip("> ") if text.startswith(">") else text)
        if found is None:
            continue
        if begun is None:
            begun = row, found["marks"], found["info"]
        elif not found["info"] and found["marks"].startswith(begun[1]):
            yield _Block(begun[0], row, *begun[1:])
            begun = None
    if begun is not None:
        yield _Block(begun[0], None, *begun[1:])


def _swallows(block: _Block, lines: list[str]) -> bool:
    """Whether what stands in a block was text: it has headings, or fences that open."""
    if block.info and not block.info.isspace():
        return False
    inner = lines[block.begin + 1 : block.end]
    headings = any(
        _HEADING.match(text) and not before.strip() for before, text in pairwise(["", *inner])
    )
    opens = (_FENCE.match(text) for text in inner)
    return headings or any(
        found and found["marks"].startswith(block.marks) and _LANGUAGE.match(found["info"])
        for found in opens
    )
