"""A small documentation that pages of the tests link into."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.rules import pages
from verify.finding import Finding
from verify.page.page import Page
from verify.rules.checked_site import Site

_CONF = "project = 'SecretFlow'\nautosectionlabel_prefix_document = True\n"
_TEXTS = {
    "conf.py": _CONF,
    "guide/pruning.md": (
        "# Pruning in Winter\n\n## Tools & Gloves\n\n(cut-angle)=\n### The cut\n\n"
        "## \u4fee\u526a \u6b65\u9aa4\n\n## Rest\n\n## Rest\n"
    ),
    "notes/harvest.rst": (
        "Harvest\n=======\n\n.. _ripe-index:\n\nRipeness index\n--------------\n\nWords.\n"
    ),
    "guide/resources/tree.png": "",
    "guide/resources/tree.grown": "",
    "guide/resources/\u6c34 \u7ba1.png": "",
    "tools/measure.py": "",
}


def planted(root: Path) -> Path:
    """The documentation's root, with all its files."""
    for name, text in _TEXTS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    cells = [pages.prose("# Drip Lines\n\n## Pressure Loss")]
    pages.notebook(root, *cells, name="guide/irrigation.ipynb")
    return root


def page(root: Path, text: str, name: str = "guide/page.md") -> Page:
    """A page among the others; a name that ends in .ipynb makes it a notebook's cell."""
    if name.endswith(".ipynb"):
        return pages.notebook(planted(root), pages.prose(text), name=name)
    return pages.page(planted(root), name, text)


def kinds(
    check: Callable[[Site], Iterable[Finding]], root: Path, page: Page, **fields: Any
) -> list[str]:
    """The kinds of all findings of one check, in order."""
    found = check(pages.site(root, page, **fields))
    return [finding.kind.value for finding in sorted(found, key=lambda one: one.kind.value)]
