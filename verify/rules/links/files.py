"""Which files a documentation has, to the letter, also where only a part of it is at hand."""

import difflib
import fnmatch
import mimetypes
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path

from verify.errors import ResourceError, UsageError
from verify.page import reader
from verify.page.page import Page
from verify.rules.checked_site import LEFT_OUT, Site
from verify.rules.links import heading_anchors, inclusions
from verify.rules.links.configuration import Configuration
from verify.rules.links.heading_anchors import HeadingAnchors
from verify.system import git, regular_files
from verify.system.git import GitError
from verify.upstream.pages import PATHS_NAME

_IS_IGNORED = ("check-ignore", "-v", "--no-index", "--stdin", "-z")
# What sphinx-apidoc and Sphinx themselves write during a build.
_GENERATED = re.compile(r"modules|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
OF_THE_BUILD = {"genindex", "modindex", "py-modindex", "search"}
_FOLDERS_OF_THE_BUILD = {
    "build",
    "_build",
    "_downloads",
    "_images",
    "_modules",
    "_sources",
    "_static",
}
_LISTED = re.compile(r"^[^\S\n]*:toctree:[ \t]*([\w./-]+)", re.MULTILINE)
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
    _wholes: dict[Path, tuple[Page, ...]] = field(default_factory=dict, repr=False)
    _ignored: dict[str, bool] = field(default_factory=dict, repr=False)

    @property
    def root(self) -> Path:
        """The documentation's root."""
        return self.site.root

    @cached_property
    def configuration(self) -> Configuration:
        """What is told of the build."""
        return Configuration(self.root)

    @cached_property
    def repository(self) -> Path:
        """The repository's folder, or its copy's; the root itself if it belongs to none."""
        folders = (self.root, *self.root.parents)
        copies = [folder for folder in folders if (folder / PATHS_NAME).is_file()]
        # A clone further up may be another project's, in whose folder the documentation lies.
        clones = [folder for folder in folders[:2] if (folder / ".git").exists()]
        return next(iter(copies + clones), self.root)

    @cached_property
    def sources(self) -> Path:
        """The folder with the code that the pages document, however far above it lies."""
        above = (one for one in self.root.parents if (one / ".git").exists())
        clone = next(above, None) if self.repository == self.root else None
        with suppress(git.GitError, ResourceError):
            if clone and git.run(clone, "ls-files", "--", str(self.root)):
                return clone
        return self.repository

    @cached_property
    def limit(self) -> Path:
        """The folder outside of which nothing is read."""
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
        with suppress(OSError):  # none is
            listed = regular_files.text(self.repository / PATHS_NAME, errors="replace")
            paths = [Path(line) for line in listed.splitlines() if line.strip()]
            return frozenset(str(one) for path in paths for one in (path, *path.parents))
        return frozenset()

    def presence(self, path: Path) -> Presence:
        """Say whether a normal, absolute path is that of a file or folder, capitals included."""
        if self._on_disk(path):
            return Presence.PRESENT
        if not _can_be(path):
            return Presence.MISSING
        if path.is_relative_to(self.root):
            return self._of_the_build(path)
        if not path.is_relative_to(self.repository):
            return Presence.UNKNOWN
        if self._known:
            listed = str(path.relative_to(self.repository)) in self._known
            return Presence.PRESENT if listed else Presence.MISSING
        return Presence.MISSING

    def _of_the_build(self, path: Path) -> Presence:
        """What is known of a file that is not among the sources."""
        inner = path.relative_to(self.root)
        served = self.configuration.folders_served
        if any(regular_files.is_there(folder / inner) for folder in served):
            return Presence.PRESENT
        outward = reversed((inner, *inner.parents[:-1]))
        lacking = next((one for one in outward if self._lacks(one)), inner)
        is_built = (
            path.stem in OF_THE_BUILD
            or inner.parts[0] in _FOLDERS_OF_THE_BUILD
            or self._is_generated(path, inner)
            or (self.configuration.has_gallery and path.with_suffix(".py").is_file())
            or self.configuration.mentions(_bare(inner.as_posix()))
            or (lacking != inner and self.configuration.mentions(lacking.as_posix()))
            or (lacking != inner and self.configuration.writes_pages)
            or (lacking != inner and self._is_ignored(self.root / lacking, folder=True))
            or self._is_ignored(self.root / inner, folder=False)
        )
        return Presence.UNKNOWN if is_built else Presence.MISSING

    def _is_ignored(self, path: Path, *, folder: bool) -> bool:
        """Whether the repository keeps it out by its very name: a program writes it."""
        named = f"{path}/" if folder else str(path)
        if named not in self._ignored:
            asked = named.encode(errors="surrogatepass")  # whatever the locale can say
            try:
                told = git.run(self.repository, *_IS_IGNORED, given=asked)
            except (GitError, ResourceError):
                told = b""
            _, _, pattern, *_ = told.split(b"\0") if told else (b"", b"", b"")
            # A pattern such as `*.png` alone tells nothing of a single file.
            is_named = folder or b"*" not in pattern or b"/" in pattern
            self._ignored[named] = bool(pattern) and is_named
        return self._ignored[named]

    def _lacks(self, inner: Path) -> bool:
        return not self._on_disk(self.root / inner) or inner.name not in self._listing(
            (self.root / inner).parent
        )

    def is_package(self, name: str) -> bool:
        """Whether a document has the name of a package here, for which sphinx-apidoc writes one."""
        places = (self.repository / name, self.repository / "src" / name)
        return any((place / "__init__.py").is_file() for place in places)

    def lacks_folder_of(self, path: Path) -> bool:
        """Whether the very folder of the root that a path leads into is not there."""
        inside = path.is_relative_to(self.root) and path.parent != self.root
        return inside and self._lacks(Path(path.relative_to(self.root).parts[0]))

    def _is_generated(self, path: Path, inner: Path) -> bool:
        if any(inner.is_relative_to(folder) for folder in self._folders_of_summaries):
            return True
        name = _bare(path.name)
        other = mimetypes.guess_type(name)[0] is not None
        return not other and not path.parent.is_dir() and bool(_GENERATED.fullmatch(name))

    @cached_property
    def _folders_of_summaries(self) -> frozenset[Path]:
        """Where autosummary writes its pages."""
        found = set()
        for path, text in self.texts:
            folders = _LISTED.findall(text) if "autosummary" in text else ()
            found |= {Path(os.path.normpath(path.parent / folder)) for folder in folders}
        within = (folder for folder in found if folder.is_relative_to(self.root))
        return frozenset(folder.relative_to(self.root) for folder in within)

    @cached_property
    def texts(self) -> tuple[tuple[Path, str], ...]:
        """All pages under the root, as they are written."""
        found = []
        for path in self.documents:
            with suppress(OSError):  # a pipe, say, or larger than any page
                found.append((path, regular_files.text(path, errors="replace")))
        return tuple(found)

    @cached_property
    def _includers(self) -> dict[Path, list[Path]]:
        return inclusions.includers(self.texts, self.root)

    def includers(self, page: Page) -> Iterator[Page]:
        """The pages that include a page, whose links then start at them."""
        for path in self._includers.get(page.path.resolve(), ()):
            if other := self.page(path):
                yield other

    def is_included(self, path: Path) -> bool:
        """Whether a page includes a file."""
        return path in self._includers

    def included(self, page: Page) -> dict[Path, str | None]:
        """What a page includes; None for what cannot be read."""
        folder = page.path.resolve().parent
        return inclusions.within(page.text, folder, self.root, self.limit)

    def whole(self, page: Page) -> tuple[Page, ...]:
        """A page with the files that it includes, as pages of their own format or of the page's."""
        if page.path not in self._wholes:
            found = [page]
            for path, text in self.included(page).items():
                if text is not None:
                    is_page = path.suffix in reader.SUFFIXES
                    name = path.name if is_page else path.name + page.path.suffix
                    with suppress(UsageError):  # told of that page, where it is asked for
                        found.append(reader.of_text(text, path.with_name(name)))
            self._wholes[page.path] = tuple(found)
        return self._wholes[page.path]

    def _on_disk(self, path: Path) -> bool:
        # Some file systems find a name in any capitals; the one that serves the pages does not.
        if not regular_files.is_there(path):
            return False
        inside = path.is_relative_to(self.root) and path != self.root
        return not inside or (
            path.name in self._listing(path.parent) and self._on_disk(path.parent)
        )

    def _listing(self, folder: Path) -> frozenset[str]:
        if folder not in self._listings:
            try:
                self._listings[folder] = frozenset(os.listdir(folder))  # noqa: PTH208
            except OSError:  # nobody may see what is in it
                self._listings[folder] = frozenset()
        return self._listings[folder]

    def named_like(self, path: Path) -> list[str]:
        """The names in a folder that a pattern's last part fits."""
        if not regular_files.is_there(path.parent):
            return []
        return fnmatch.filter(sorted(self._listing(path.parent)), path.name)

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
        suffixes = (*reader.SUFFIXES, *self.configuration.suffixes)
        return tuple(path for path in self._every if path.name.endswith(suffixes))

    def page(self, path: Path) -> Page | None:
        """Read a page of the site, or one beside those that are checked; None if it is none.

        Nothing is read that lies outside of the repository, wherever a link leads.
        """
        if path in self.site.page_at:
            return self.site.page_at[path]
        if path not in self._pages and not regular_files.real(path).is_relative_to(self.limit):
            self._pages[path] = None
        if path not in self._pages:
            try:
                self._pages[path] = reader.read(path)
            except UsageError:
                self._pages[path] = None
        return self._pages[path]

    def anchors(self, page: Page) -> HeadingAnchors:
        """Return the anchors of a page, and of what it includes."""
        if page.path not in self._anchors:
            self._anchors[page.path] = heading_anchors.of_pages(self.whole(page))
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
        # What is there by name and leads nowhere stands for nothing.
        found = [one for name in near for one in named[name] if regular_files.is_there(one)]
        best = [one for one in found if one.parent == path.parent] or found
        return (best[0], same) if len(best) == 1 else None


def _key(path: Path, *, document: bool) -> str:
    name = path.name.lower()
    return _bare(name) if document else name


def _can_be(path: Path) -> bool:
    """Whether it is a path at all: what a page writes may be too long for one, or hold a NUL."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return True


def _bare(name: str) -> str:
    """A page's name without the suffix of its format."""
    for suffix in (*reader.SUFFIXES, ".html"):
        name = name.removesuffix(suffix)
    return name
