"""Where the target of a link is, as the build resolves it, and how else it would be written."""

import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verify.page import reader
from verify.page.page import LinkKind, Page
from verify.rules.links.configuration import Builder
from verify.rules.links.files import Files, Presence

_OF_BUILDS = {"build", "_build", "dist", "out", "target"}
_PAGES = (*reader.SUFFIXES, ".html")


@dataclass(frozen=True)
class Target:
    """The path of a link on a page, without its anchor, unquoted."""

    files: Files
    page: Page
    name: str
    kind: LinkKind

    def find(self) -> Path | None:
        """Return the file or folder that the target stands for; None if there is none."""
        present = (one for one in self._candidates if self._presence(one) is Presence.PRESENT)
        return next(present, None)

    @property
    def is_missing(self) -> bool:
        """Whether the target is nowhere for certain."""
        if self.name.endswith("/") and self._candidates[0].parent == self.files.root:
            return False  # a folder of the root that is not there is most often one of a build
        if self.name.endswith("/") and Path(self.name).name in _OF_BUILDS:
            return False
        return all(self._presence(one) is Presence.MISSING for one in self._candidates)

    def _presence(self, path: Path) -> Presence:
        return self.files.presence(path)

    @property
    def _candidates(self) -> list[Path]:
        bases = [self.files.home_of(self.page)]
        if self.name.startswith("/"):
            bases = [self.files.root, self.files.repository]
        paths = [Path(os.path.normpath(base / self.name.lstrip("/"))) for base in bases]
        if self.kind is LinkKind.DOCUMENT and bases[0].is_relative_to(self.files.root):
            # Sphinx knows of nothing above its root, and stays there.
            inner = os.path.normpath("/" / bases[0].relative_to(self.files.root) / self.name)
            paths[0] = self.files.root / inner.lstrip("/")
        return [candidate for path in paths for candidate in self._variants(path)]

    def _variants(self, path: Path) -> Iterator[Path]:
        # An extension may know documents by a suffix that nothing else has.
        is_of_extension = path.suffix and mimetypes.guess_type(path.name)[0] is None
        if self.kind is not LinkKind.DOCUMENT or is_of_extension:
            yield path
        if self.kind is LinkKind.IMAGE and path.name.endswith(".*"):
            # Sphinx takes the format that fits the output.
            yield from (path.parent / one for one in self.files.named_like(path))
        if self.kind in (LinkKind.LINK, LinkKind.DOCUMENT):
            every = (*reader.SUFFIXES, *self.files.configuration.suffixes)
            # Sphinx takes any known suffix off the name of a document before it looks for one.
            is_file = self.kind is LinkKind.LINK and path.suffix in reader.SUFFIXES
            suffixes = [path.suffix] if is_file else every
            name = path.name.removesuffix(path.suffix) if path.suffix in _PAGES else path.name
            yield from (path.with_name(name + suffix) for suffix in suffixes)

    @property
    def may_be_built(self) -> bool:
        """Whether the target is a page whose whole folder is not there, or that may be copied."""
        if self.may_be_copied:
            return True
        is_page = self.kind is LinkKind.DOCUMENT or self.name.endswith(".html")
        is_built = self.files.configuration.builder is not Builder.NONE
        return is_page and is_built and self.files.lacks_folder_of(self._candidates[0])

    @property
    def may_be_copied(self) -> bool:
        """Whether the target is a page that the build may copy from elsewhere.

        Many a server finds `page.html` for `page`.
        """
        suffix = Path(self.name).suffix
        is_page = self.kind is LinkKind.DOCUMENT or suffix in ("", ".html")
        return is_page and self.files.configuration.copies_files

    @property
    def shown(self) -> str:
        """The path that was looked for, from the documentation's root."""
        path = self._candidates[0]
        bare = self.kind is LinkKind.DOCUMENT and path.suffix in _PAGES
        return self.files.shown(path.with_suffix("") if bare else path)

    @property
    def _is_page(self) -> bool:
        suffix = Path(self.name).suffix
        return self.kind is LinkKind.DOCUMENT or (
            self.kind is LinkKind.LINK and (not suffix or suffix in _PAGES)
        )

    def alike(self) -> tuple[Path, bool] | None:
        """Find what was most likely meant, and whether it has the very name that was written."""
        if self.name.endswith("/"):
            return None
        path = Path(str(self._candidates[0]).replace("\\", "/"))
        return self.files.alike(path, document=self._is_page)

    def differs_in_capitals(self, other: Path) -> bool:
        """Say whether only capitals tell a file from what was looked for."""
        return str(other).lower() in {str(one).lower() for one in self._candidates}

    def written(self, other: Path, anchor: str) -> str:
        """Return how the page would write a link to another file, in the manner of this one."""
        relative = Path(os.path.relpath(other, self.files.home_of(self.page))).as_posix()
        if self.name.startswith("/"):
            relative = f"/{other.relative_to(self.files.root).as_posix()}"
        elif self.name.startswith("./") and not relative.startswith("."):
            relative = f"./{relative}"
        if self.kind is LinkKind.DOCUMENT and not self.name.endswith(reader.SUFFIXES):
            relative = relative.removesuffix(other.suffix)
        return f"{relative}#{anchor}" if anchor else relative
