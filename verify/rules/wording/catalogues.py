"""The catalogues of translations that belong to pages, as gettext reads them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import polib

from verify.errors import UsageError
from verify.page import reader
from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.system import regular_files

_FOLDERS = ("locales", "locale")
_MESSAGES = "LC_MESSAGES"
_COMMENT = re.compile(r"^#(?=[^\s.,:|~])", re.MULTILINE)


class UnreadableCatalogueError(Exception):
    """A catalogue that gettext refuses: where, and why."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def of_site(site: Site) -> Iterator[tuple[Path, Page | None]]:
    """The catalogues of all pages, and those that were named, each with the page it translates."""
    for page in site.pages:
        for catalogue in _of_page(page.path):
            yield catalogue, page
    checked = {page.path.resolve() for page in site.pages}
    for catalogue in site.catalogues:
        path = _page_of(catalogue)
        if path is None or path.resolve() not in checked:
            yield catalogue, _read(path) if path else None


def _read(path: Path) -> Page | None:
    """A page that was not asked for; it may be none that can be read."""
    with suppress(UsageError):
        return reader.read(path)
    return None


def _of_page(page: Path) -> Iterator[Path]:
    page = page.resolve()
    for root in page.parents:
        for folder in _FOLDERS:
            for messages in sorted((root / folder).glob(f"*/{_MESSAGES}")):
                catalogue = messages / page.relative_to(root).with_suffix(".po")
                if regular_files.is_there(catalogue):
                    yield catalogue


def _page_of(catalogue: Path) -> Path | None:
    catalogue = catalogue.resolve()
    messages = next((folder for folder in catalogue.parents if folder.name == _MESSAGES), None)
    if messages is None:
        return None
    page = messages.parents[2] / catalogue.relative_to(messages)
    candidates = (page.with_suffix(suffix) for suffix in reader.SUFFIXES)
    return next((path for path in candidates if regular_files.is_there(path)), None)


def entries(path: Path) -> tuple[polib.POEntry, ...]:
    """The entries of a catalogue that are in use.

    Raises:
        UnreadableCatalogueError: gettext could not read it.
    """
    try:
        return _entries(regular_files.text(path, encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        problem = re.search(r"\(?line (\d+)\)?:? ?(.*)", str(error))
        line, what = (int(problem[1]), problem[2]) if problem else (1, "")
        what = what or str(error).partition(" (line ")[0]
        raise UnreadableCatalogueError(line, what) from error


def readable(path: Path) -> tuple[polib.POEntry, ...]:
    """The same; none of what gettext could not read, which the rule of translations tells."""
    try:
        return entries(path)
    except UnreadableCatalogueError:
        return ()


@lru_cache(maxsize=16)
def _entries(text: str) -> tuple[polib.POEntry, ...]:
    # To gettext a comment may begin without a space, to polib it may not.
    found = polib.pofile(_COMMENT.sub("# ", text) + "\n")
    return tuple(entry for entry in found if not entry.obsolete)
