"""Every page that Sphinx builds is in a table of contents, or nobody finds it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

from verify.finding import Finding, FindingKind, Severity
from verify.page import reader
from verify.rules.checked_site import Site
from verify.rules.links.configuration import rooted
from verify.rules.links.files import Files
from verify.system.words import Words

_UNLISTED_PAGE = Words(
    zh="没有任何目录或链接提到这个页面，读者找不到它。",
    en="No table of contents and no link names this page, so no reader comes to it.",
)
_NAME_IT = Words(
    zh="请在某个 `toctree` 中写上它，或在开头写 `:orphan:`。",
    en="Name it in a `toctree`, or begin it with `:orphan:`.",
)

# What a page's format needs to be built.
_READERS = {
    ".md": ("myst_parser", "myst_nb", "recommonmark", "m2r"),
    ".ipynb": ("nbsphinx", "myst_nb"),
}
_FOR_CONTRIBUTORS = ("readme", "contributing", "changelog", "license", "code_of_conduct")
_UNLISTED = (":orphan:", "orphan: true")


def check(site: Site) -> Iterator[Finding]:
    """Find pages that no table of contents of their documentation names."""
    for part in rooted(site):
        tables = _Tables(Files(part))
        for page in part.pages if tables.is_whole else ():
            path = page.path.resolve()
            if path.is_relative_to(part.root) and not tables.know(path, page.text):
                yield Finding(
                    page.path,
                    1,
                    None,
                    FindingKind.UNLISTED,
                    Severity.WARNING,
                    _UNLISTED_PAGE,
                    _NAME_IT,
                )


@dataclass(frozen=True)
class _Tables:
    files: Files

    @property
    def is_whole(self) -> bool:
        """Whether the documentation is Sphinx's, and its first page is at hand."""
        root = self.files.root
        named = (root / f"{name}{suffix}" for name in self.first for suffix in reader.SUFFIXES)
        return (root / "conf.py").is_file() and any(path.is_file() for path in named)

    @cached_property
    def first(self) -> tuple[str, ...]:
        """The names of the page that all tables start at."""
        settings = self.files.configuration
        told = (*settings.strings("root_doc"), *settings.strings("master_doc"))
        return (*told, "index", "contents")

    @cached_property
    def entries(self) -> tuple[frozenset[str], frozenset[str]]:
        """What tables may name, from the root: names, and patterns. Any line may be an entry."""
        names, patterns = set[str](), set[str]()
        for path, text in self.files.texts:
            folder = path.parent.relative_to(self.files.root)
            for line in text.partition("toctree")[2].split("\n"):
                entry = line.strip().strip('",').removesuffix("\\n").strip()
                if "<" in entry:
                    entry = entry.rpartition("<")[2].partition(">")[0]
                place = entry.lstrip("/") if entry.startswith("/") else folder / entry
                name = _bare(os.path.normpath(place))
                (patterns if "*" in name or "[" in name else names).add(name)
        return frozenset(names), frozenset(patterns)

    def know(self, path: Path, text: str) -> bool:
        """Whether a page is listed, or not to be."""
        inner = path.relative_to(self.files.root)
        name = _bare(inner.as_posix())
        names, patterns = self.entries
        settings = self.files.configuration
        needed = _READERS.get(path.suffix)
        return (
            name in (*self.first, *names)
            or any(fnmatch(name, pattern) for pattern in patterns)
            or any(mark in text for mark in _UNLISTED)
            or (needed is not None and not settings.has_extension(*needed))
            or inner.stem.lower().startswith(_FOR_CONTRIBUTORS)
            or any(part.startswith("_") for part in inner.parts)
            or any(_is_within(inner, one) for one in settings.strings("exclude_patterns"))
            or self.files.is_included(path)
            or self.is_linked(path)
        )

    def is_linked(self, path: Path) -> bool:
        """Whether another page speaks of the file, so that a reader may come to it from there."""
        names = (path.name, f"{path.stem}.html")
        others = (text for other, text in self.files.texts if other != path)
        return any(name in text for text in others for name in names)


def _bare(name: str) -> str:
    for suffix in reader.SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def _is_within(inner: Path, pattern: str) -> bool:
    return any(
        fnmatch(one.as_posix(), pattern.rstrip("/")) or fnmatch(one.as_posix(), f"**/{pattern}")
        for one in (inner, *inner.parents)
    )
