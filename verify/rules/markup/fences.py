"""Every fence of Markdown that opens is the one that was meant to.

A fence too many turns a page inside out: what was text is shown as code, and code as text. It is
told by what then stands in the code: after an empty line a fence that opens, with a language, or a
heading where the last block of the page has no end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.system.words import Words

_INSIDE_OUT = Words(
    zh="这道围栏打开的代码块里是本来的正文：页面内外颠倒了。",
    en="The block that this fence opens holds what was meant as text: the page is inside out.",
)
_NEVER_CLOSED = Words(
    zh="这道围栏没有闭合，后面的全部内容都会显示成代码。",
    en="The fence is never closed, so that all that follows is shown as code.",
)
_DELETE = Words(
    zh="请删去多余的围栏，或给缺少结尾的围栏补上结尾。",
    en="Delete the fence that is too many, or close the one that lacks its end.",
)

_FENCE = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d+[.)]) +)*(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*?)[ \t]*$"
)
_HEADING = re.compile(r"^#{2,6} +\S")
_MOST_INDENTED = 3  # What CommonMark takes for a fence still; further in, it is an example of one.
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
    if _fault(_scanned(lines), lines) and (found := _fault(_parsed(text, lines), lines)):
        block, severity, message = found
        yield _finding(page, line + block.begin * rows, cell, severity, message)


def _fault(blocks: list[_Block], lines: list[str]) -> tuple[_Block, Severity, Words] | None:
    is_open = bool(blocks) and blocks[-1].end is None
    swallows = next((one for one in blocks if _swallows(one, lines, headings=is_open)), None)
    if swallows:
        return swallows, Severity.ERROR, _INSIDE_OUT
    if is_open and any(row.strip() for row in lines[blocks[-1].begin + 1 :]):
        return blocks[-1], Severity.WARNING, _NEVER_CLOSED
    return None


def _finding(
    page: Page, line: int, cell: int | None, severity: Severity, message: Words
) -> Finding:
    return Finding(page.path, line, cell, FindingKind.MARKUP, severity, message, _DELETE)


def _scanned(lines: list[str]) -> list[_Block]:
    """The blocks as far as single lines tell, which is quick, but knows nothing of lists."""
    blocks: list[_Block] = []
    begun: tuple[int, str, str] | None = None
    for row, text in enumerate(lines):
        found = _FENCE.match(text)
        if found is None:
            continue
        if begun is None:
            begun = row, found["marks"], found["info"]
        elif not found["info"] and found["marks"].startswith(begun[1]):
            blocks.append(_Block(begun[0], row, *begun[1:]))
            begun = None
    return [*blocks, _Block(begun[0], None, *begun[1:])] if begun else blocks


def _parsed(text: str, lines: list[str]) -> list[_Block]:
    """The blocks as CommonMark has them; one that the end of a list item closes has an end."""
    blocks = []
    for token in MarkdownIt("commonmark").disable("inline").parse(text):
        if token.type == "fence" and token.map:
            begin, end = token.map
            is_closed = end - 1 > begin and lines[end - 1].strip(" >\t") == token.markup
            goes_on = not is_closed and not "".join(lines[end:]).strip()
            blocks.append(
                _Block(begin, None if goes_on else end - 1, token.markup, token.info.strip())
            )
    return blocks


def _swallows(block: _Block, lines: list[str], *, headings: bool) -> bool:
    """Whether text stands in a block without a language: another one that opens, or a heading."""
    if block.info:
        return False
    before = ""
    has_text = False
    for text in lines[block.begin + 1 : block.end]:
        found = _FENCE.match(text)
        opens = found and found["marks"].startswith(block.marks) and _LANGUAGE.match(found["info"])
        opens = opens and _indented(text) <= _indented(lines[block.begin]) + _MOST_INDENTED
        if (has_text and opens) or (headings and not before.strip() and _HEADING.match(text)):
            return True
        has_text = has_text or not text.strip()
        before = text
    return False


def _indented(text: str) -> int:
    return len(text) - len(text.lstrip())
