"""What the text of a page consists of, by the reader of its format."""

from dataclasses import replace

from verify.page import markdown, restructuredtext, text_cells
from verify.page.page import Page, Parts


def of_page(page: Page) -> Parts:
    """Read the text of a page, or of all cells of a notebook."""
    if page.path.suffix in text_cells.SUFFIXES:
        return _of_text(page)
    parts, embedded = Parts(), []
    for cell in page.cells:
        if cell.runs:
            parts.codes.append(cell)
        elif cell.kind == "markdown":
            embedded += markdown.read(
                cell.source, parts, line=cell.line, cell=cell.index, rows=cell.rows
            )
    for text, line in embedded:
        restructuredtext.read(text, parts, line=line)
    return parts


def _of_text(page: Page) -> Parts:
    """Read a text; where it has cells, all that it consists of lies in one of them."""
    parts = Parts()
    embedded = [(page.text, 1)]
    if page.path.suffix == ".md":
        embedded = markdown.read(page.text, parts)
    for text, line in embedded:
        restructuredtext.read(text, parts, line=line)
    if not page.cells:
        return parts
    codes = [cell for cell in page.cells if cell.runs]
    begin = {cell.line for cell in codes}
    codes += [
        replace(code, cell=_prose_at(page, code.line))
        for code in parts.codes
        if begin.isdisjoint(range(code.line, code.line + code.source.count("\n") + 1))
    ]
    parts.codes = sorted(codes, key=lambda code: code.line)
    parts.prose = [replace(p, cell=_prose_at(page, p.line)) for p in parts.prose]
    parts.links = [replace(link, cell=_prose_at(page, link.line)) for link in parts.links]
    return parts


def _prose_at(page: Page, line: int) -> int:
    """The cell of prose that a line lies in: lines of docutils may be a little off."""
    index = text_cells.placed(page.cells, line)
    while index and page.cells[index].runs:
        index -= 1
    return index
