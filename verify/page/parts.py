"""What the text of a page consists of, by the reader of its format."""

from verify.page import markdown, restructuredtext
from verify.page.page import Page, Parts


def of_page(page: Page) -> Parts:
    """Read the text of a page, or of all cells of a notebook."""
    parts, embedded = Parts(), []
    for cell in page.cells:
        if cell.runs:
            parts.codes.append(cell)
        elif cell.kind == "markdown":
            place = {"line": cell.line, "rows": cell.rows}
            embedded += markdown.read(cell.source, parts, cell=cell.index, **place)
    if page.path.suffix == ".md":
        embedded += markdown.read(page.text, parts)
    elif page.path.suffix == ".rst":
        embedded.append((page.text, 1))
    for text, line in embedded:
        restructuredtext.read(text, parts, line=line)
    return parts
