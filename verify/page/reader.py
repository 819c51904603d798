"""Reads any page into the one model; its suffix tells the format."""

from pathlib import Path

from verify.errors import UsageError
from verify.page import notebook
from verify.page.page import NOTEBOOKS, Page

SUFFIXES = (".ipynb", ".md", ".rst")


def read(path: Path) -> Page:
    """Read a page. A `.py` file is a notebook in percent format.

    Raises:
        UsageError: the file is missing, or not what its suffix says.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}).") from error
    return of_text(text, path)


def refuse_others(path: Path) -> None:
    """Accept what is called like a page.

    Raises:
        UsageError: it is not.
    """
    if path.suffix not in (*SUFFIXES, *NOTEBOOKS):
        raise UsageError(f"{path}: no page; pages are {', '.join(SUFFIXES)}, or notebooks in .py.")


def of_text(text: str, path: Path) -> Page:
    """Read a page that is at hand as text; see `read`."""
    refuse_others(path)
    if path.suffix in NOTEBOOKS:
        return Page(path, text, notebook.cells(text, path))
    return Page(path, text)
