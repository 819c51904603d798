"""Reads any page into the one model; its suffix tells the format."""

from pathlib import Path

from verify.errors import UsageError
from verify.page import notebook
from verify.page.page import NOTEBOOKS, Page
from verify.system import regular_files
from verify.system.complaints import why
from verify.system.words import Words, enumerated

_UNREADABLE = Words(zh="{path}：无法读取（{why}）。", en="{path}: cannot be read ({why}).")
_NO_PAGE = Words(
    zh="{path}：不是页面；页面是 {suffixes}，或 .py 的 notebook。",
    en="{path}: no page; pages are {suffixes}, or notebooks in .py.",
)
SUFFIXES = (".ipynb", ".md", ".rst")


def read(path: Path) -> Page:
    """Read a page. A `.py` file is a notebook in percent format.

    Raises:
        UsageError: the file is missing, or not what its suffix says.
    """
    try:
        text = regular_files.text(path, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_UNREADABLE.filled(path=path, why=why(error))) from error
    return of_text(text, path)


def refuse_others(path: Path) -> None:
    """Accept what is called like a page.

    Raises:
        UsageError: it is not.
    """
    if path.suffix not in (*SUFFIXES, *NOTEBOOKS):
        raise UsageError(_NO_PAGE.filled(path=path, suffixes=enumerated(SUFFIXES)))


def of_text(text: str, path: Path) -> Page:
    """Read a page that is at hand as text; see `read`."""
    refuse_others(path)
    if path.suffix in NOTEBOOKS:
        return Page(path, text, notebook.cells(text, path))
    return Page(path, text)
