"""Which files a documentation has, to the letter, also where only a part of it is at hand."""

import difflib
import mimetypes
import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path

from verify.errors import UsageError
from verify.page import reader
from verify.page.page import Page
from verify.rules.checked_site import LEFT_OUT, Site
from verify.rules.links import heading_anchors
from verify.rules.links.heading_anchors import HeadingAnchors
from verify.upstream.pages import PATHS_NAME

# What sphinx-apidoc and Sphinx themselves write during a build.
_GENERATED = re.compile(r"modules|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
OF_THE_BUILD = {"genindex", "modindex", "py-modindex", "search"}
_ALIKE = 0.8


class Presence(Enum):
    """What is known of a file; UNKNOWN where it may be in a part that is not at hand."""

    PRESENT = "present"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Files:
    """The files of a site and of the repository around it."""

    site: Site
    _homes: dict[Path, Path] = field(default_factory=dict, repr=False)
    _listings: dict[Path, frozenset[str]] = field(default_factory=dict, repr=False)
    _pages: dict[Path, Page | None] = field(default_factory=dict, repr=False)
    _anchors: dict[Path, HeadingAnchors] = field(default_factory=dict, repr=False)

    @property
    def root(self) -> Path:
        """The documentation's root."""
        return self.site.root

    @cached_property
    def repository(self) -> Path:
        """The repository's folder, or its copy's; the root itself if it belongs to none."""
        folders = (self.root, *self.root.parents)
        copies = [folder for folder in folders if (folder / PATHS_NAME).is_file()]
        # A clone further up may be another project's, in whose folder the documentation lies.
        clones = [folder for folder in folders[:2] if (folder / ".git").exists()]
        return next(iter(copies + clones), self.root)

    @cached_property
    def _top(self) -> Path:
        return self.repository.resolve()

    def home_of(self, page: Page) -> Path:
        """The folder that a page's links start at.

        A page outside the root, such as a draft, stands for the one of its name under the root.
        """
        path = page.path.resolve()
        if path not in self._homes:
            inside = path.is_relative_to(self.root)
            namesakes = [] if inside else [o for o in self.root.rglob(path.name) if o.is_file()]
            self._homes[path] = (namesakes[0] if len(namesakes) == 1 else path).parent
        return self._homes[path]

    @cached_property
    def _known(self) -> frozenset[str]:
        """All paths of the repository and their folders, where a list is at hand."""
        listed = self.repository / PATHS_NAME
        if not listed.is_file():
            return frozenset()
        lines = listed.read_text(encoding="utf-8", errors="replace").splitlines()
        paths = [Path(line) for line in lines if line.strip()]
        return frozenset(str(one) for path in paths for one in (path, *path.parents))

    def presence(self, path: Path) -> Presence:
        """Say whether a normal, absolute path is that of a file or folder, capitals included."""
        if self._on_disk(path):
            return Presence.PRESENT
        if path.is_relative_to(self.root):
            built = path.stem in OF_THE_BUILD or self._is_generated(path)
            return Presence.UNKNOWN if built else Presence.MISSING
        if not path.is_relative_to(self.repository):
            return Presence.UNKNOWN
        if self._known:
            listed = str(path.relative_to(self.repository)) in self._known
            return Presence.PRESENT if listed else Presence.MISSING
        return Presence.MISSING

    def _is_generated(self, path: Path) -> bool:
        name = path.name
        for suffix in (*reader.SUFFIXES, ".html"):
            name = name.removesuffix(suffix)
        other = mimetypes.guess_type(name)[0] is not None
        return not other and not path.parent.is_dir() and bool(_GENERATED.fullmatch(name))

    def _on_disk(self, path: Path) -> bool:
        # Some file systems find a name in any capitals; the one that serves the pages does not.
        if not path.exists():
            return False
        inside = path.is_relative_to(self.root) and path != self.root
        return not inside or (
            path.name in self._listing(path.parent) and self._on_disk(path.parent)
        )

    def _listing(self, folder: Path) -> frozenset[str]:
        if folder not in self._listings:
            self._listings[folder] = frozenset(path.name for path in folder.iterdir())
        return self._listings[folder]

    def shown(self, path: Path) -> str:
        """Return a path as a reader of the documentation knows it: from its root."""
        inside = path.is_relative_to(self.root)
        return (path.relative_to(self.root) if inside else path).as_posix()

    @cached_property
    def _every(self) -> tuple[Path, ...]:
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [n for n in folders if not n.startswith(".") and n not in LEFT_OUT]
            found += [Path(folder) / name for name in names]
        return tuple(sorted(found))

    @cached_property
    def documents(self) -> tuple[Path, ...]:
        """All pages under the root."""
        return tuple(path for path in self._every if path.suffix in reader.SUFFIXES)

    def page(self, path: Path) -> Page | None:
        """Read a page of the site, or one beside those that are checked; None if it is none.

        Nothing is read that lies outside of the repository, wherever a link leads.
        """
        if path in self.site.page_at:
            return self.site.page_at[path]
        if path not in self._pages and not path.resolve().is_relative_to(self._top):
            self._pages[path] = None
        if path not in self._pages:
            try:
                self._pages[path] = reader.read(path)
            except UsageError:
                self._pages[path] = None
        return self._pages[path]

    def anchors(self, page: Page) -> HeadingAnchors:
        """Return the anchors of a page."""
        if page.path not in self._anchors:
            self._anchors[page.path] = heading_anchors.of_page(page)
        return self._anchors[page.path]

    def alike(self, path: Path, *, document: bool) -> tuple[Path, bool] | None:
        """Find the file that a path most likely stands for.

        Args:
            path: the path that leads nowhere.
            document: whether a page is wanted, of whatever format.

        Returns:
            The file, and whether it has the very name that was looked for, capitals and the
            format aside; None if there is none, or more than one.
        """
        named = defaultdict(list)
        for one in self.documents if document else self._every:
            named[_key(one, document=document)].append(one)
        wanted = _key(path, document=document)
        same = wanted in named
        near = [wanted] if same else difflib.get_close_matches(wanted, list(named), 1, _ALIKE)
        found = [one for name in near for one in named[name]]
        best = [one for one in found if one.parent == path.parent] or found
        return (best[0], same) if len(best) == 1 else None


def _key(path: Path, *, document: bool) -> str:
    name = path.name.lower()
    for suffix in (*reader.SUFFIXES, ".html") if document else ():
        name = name.removesuffix(suffix)
    return name
