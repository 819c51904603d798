"""What is checked together: pages, their documentation's root, the environment they document."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from verify.environment.environment import Environment
from verify.errors import UsageError
from verify.finding import Finding, FindingKind, Severity
from verify.page import reader
from verify.page.page import Page
from verify.rules import changed
from verify.system.terminal_text import last_line
from verify.system.words import Tell, Words, enumerated

_MARKS_OF_A_ROOT = ("conf.py", ".git")
_CATALOGUE = ".po"
# What a program is tested with is for no reader, but for those who look into the folder itself.
_OF_TESTS = {"tests", "testdata", "fixtures"}
_TESTS_LEFT_OUT = Words(
    zh="{folder}：名为 {names} 的文件夹中有 {count} 个页面未检查；要检查，请直接指定该文件夹。",
    en="{folder}: {count} pages in folders named {names} are left out; "
    "name such a folder to check it.",
)
_PAGE = Words(zh="页面{says}", en="The page {says}")
_UNREADABLE = Words(zh="页面无法读取（`{why}`）。", en="The page cannot be read ({why}).")
_BRING_BACK = Words(
    zh="请恢复最后一个能打开的版本，或改正文件中所说之处。",
    en="Bring back the last version that opens, or correct in the file what is said here.",
)
LEFT_OUT = ("_build", "_templates", "node_modules", "__pycache__")


@dataclass(frozen=True)
class Site:
    """The pages to check. `root` is the folder that `/absolute` targets start at.

    `catalogues` are files of translations that were named; those of the pages are found anyway.
    `environment` is None if there is none to confirm against. `online` allows external links to
    be asked for.
    """

    root: Path
    pages: tuple[Page, ...]
    unreadable: tuple[Finding, ...] = ()
    catalogues: tuple[Path, ...] = ()
    environment: Environment | None = None
    online: bool = False
    notify: Tell = lambda _: None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are checked, pages first."""
        return (*(page.path for page in self.pages), *self.catalogues)

    def relative(self, path: Path) -> str:
        """A path as the project's own settings name it: from the root, with slashes."""
        whole = path.resolve()
        inside = whole.is_relative_to(self.root)
        return (whole.relative_to(self.root) if inside else path).as_posix()

    def singly(self) -> "Iterator[Site]":
        """The same site with each page, and each catalogue, alone."""
        for page in self.pages:
            yield replace(self, pages=(page,), unreadable=(), catalogues=())
        for catalogue in self.catalogues:
            yield replace(self, pages=(), unreadable=(), catalogues=(catalogue,))

    @cached_property
    def page_at(self) -> dict[Path, Page]:
        """The pages by their resolved paths."""
        return {page.path.resolve(): page for page in self.pages}


def open_site(
    paths: list[Path],
    *,
    root: Path | None = None,
    since: str = "",
    environment: Environment | None = None,
    online: bool = False,
    notify: Tell = lambda _: None,
) -> Site:
    """Read all pages at the given paths.

    Args:
        paths: pages, folders of pages, or catalogues of translations (`.po`).
        root: the documentation's root; by default the nearest folder above the first path that
            has a Sphinx configuration, else a git repository's, else the path's own.
        since: a commit; what has not changed since is left out.
        environment: what the pages document.
        online: whether external links are asked for.
        notify: hears what takes time.

    Raises:
        UsageError: a path does not exist, is no page, or holds none; or the root is not theirs.
    """
    pages: list[Page] = []
    unreadable: list[Finding] = []
    catalogues: list[Path] = []
    top = (root or root_of(paths)).resolve()
    for one in _chosen(paths, since, notify):
        if root:
            _see_that_it_is_below(top, one)
        if one.suffix == _CATALOGUE:
            catalogues.append(one)
        elif isinstance(found := _read(one), Page):
            pages.append(found)
        else:
            unreadable.append(found)
    return Site(
        root=top,
        pages=tuple(pages),
        unreadable=tuple(unreadable),
        catalogues=tuple(catalogues),
        environment=environment,
        online=online,
        notify=notify,
    )


def _chosen(paths: Iterable[Path], since: str, notify: Tell) -> Iterator[Path]:
    """The pages and catalogues that the paths name or hold, each once."""
    seen = set()
    for path in paths:
        try:
            there = path.exists()
        except (OSError, ValueError):  # a name that is too long
            there = False
        if not there:
            raise UsageError(
                Words(
                    zh="{path}：没有这个文件或文件夹。", en="{path}: no such file or folder."
                ).filled(path=path)
            )
        if path.is_dir():
            found = _without_tests(path, list(_pages_in(path)), notify)
        else:
            found = [path]
            if path.suffix != _CATALOGUE:
                reader.refuse_others(path)
        if not found:
            raise UsageError(
                Words(
                    zh="{path}：里面没有页面（{suffixes}），所以什么也没有检查。",
                    en="{path}: holds no page ({suffixes}), so nothing is checked.",
                ).filled(path=path, suffixes=enumerated(reader.SUFFIXES))
            )
        for one in changed.since(since, path, found) if since else found:
            if one not in seen:
                seen.add(one)
                yield one


def _without_tests(folder: Path, pages: list[Path], notify: Tell) -> list[Path]:
    """The pages that are not test data, unless the folder has no others."""
    for_readers = [
        page
        for page in pages
        if page.stem == "README" or not {*page.relative_to(folder).parts} & _OF_TESTS
    ]
    if not for_readers or len(for_readers) == len(pages):
        return pages
    names, count = enumerated(sorted(_OF_TESTS)), len(pages) - len(for_readers)
    notify(_TESTS_LEFT_OUT.filled(folder=folder, names=names, count=count))
    return for_readers


def _see_that_it_is_below(root: Path, page: Path) -> None:
    """Accept a page below the root, and a draft of one that is."""
    if not page.resolve().is_relative_to(root) and not any(root.rglob(page.name)):
        raise UsageError(
            Words(
                zh="{page}：不在根目录 {root} 之内，那里也没有同名的页面。",
                en="{page}: neither lies in the root {root}, nor does a page of its name.",
            ).filled(page=page, root=root)
        )


def _read(path: Path) -> Page | Finding:
    try:
        page = reader.read(path)
        _ = page.prose  # where it cannot be read, that is to be told once
        return page  # noqa: TRY300
    except UsageError as error:
        message = _page_says(path, error.args[0])
    except Exception as error:  # noqa: BLE001  # readers raise what they like on what is no page
        message = _UNREADABLE.filled(why=f"{type(error).__name__}: {last_line(str(error))}")
    return Finding(path, 1, None, FindingKind.UNREADABLE, Severity.ERROR, message, _BRING_BACK)


def _page_says(path: Path, said: Words) -> Words:
    """What is said of a page, without its name."""
    zh, en = said.zh.removeprefix(f"{path}："), said.en.removeprefix(f"{path}: ")
    return _PAGE.filled(says=Words.model_construct(zh=zh, en=en))


def _pages_in(folder: Path) -> Iterator[Path]:
    """The pages of a folder; a link that leads out of it would have others read as its pages.

    A folder that nobody may look into is among them, to be told as a page that cannot be read.
    """
    top = folder.resolve()
    found: list[Path] = []
    closed: list[Path] = []
    for place, folders, names in os.walk(
        folder, onerror=lambda error: closed.append(Path(error.filename))
    ):
        folders[:] = filter(_is_shown, folders)
        found += (Path(place, name) for name in names if _is_shown(name))
    pages = [path for path in found if path.suffix in reader.SUFFIXES and _is_in(top, path)]
    yield from sorted((*pages, *closed))


def _is_shown(name: str) -> bool:
    return not name.startswith(".") and name not in LEFT_OUT


def _is_in(folder: Path, path: Path) -> bool:
    """Whether a path is a file of the folder; also where nobody may see what it is."""
    try:
        return path.is_file() and path.resolve().is_relative_to(folder)
    except PermissionError:
        return True


def _folder(path: Path) -> Path:
    with suppress(OSError):  # a name that is too long
        return path if path.is_dir() else path.parent
    return Path()


def root_of(paths: list[Path]) -> Path:
    """The nearest folder above the first path that looks like a documentation's root.

    One that holds all paths is a better one.
    """
    folders = [_folder(path).resolve() for path in paths]
    above = [
        candidate
        for mark in _MARKS_OF_A_ROOT
        for candidate in (folders[0], *folders[0].parents)
        if (candidate / mark).exists()
    ]
    of_all = [one for one in above if all(folder.is_relative_to(one) for folder in folders)]
    return next(iter([*of_all, *above]), folders[0])
