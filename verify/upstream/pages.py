"""The official documentation: pages of any git source at a tag, or of a plain folder."""

import io
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from verify.errors import UsageError
from verify.page import reader, text_cells
from verify.page.page import Page
from verify.system import git, regular_files
from verify.system.cache import Notify
from verify.system.words import Words
from verify.upstream import plain_folder, repository
from verify.upstream.snapshot import Entry, Tree, near

DEFAULT_SOURCE = "https://github.com/secretflow/secretflow"

PATHS_NAME = "paths.txt"
"""Beside the pages of a synced copy: every file of the repository at that commit, a path a line.

It tells whether the target of a link exists although it lies outside of what was synced. The copy
of a folder without git has none, for nobody knows what else its repository held.
"""

REFS_NAME = "refs.txt"
"""Beside the pages of a synced copy: the tags, branches and commits that it was asked for by."""


class NoPageError(UsageError):
    """The source is there and has the version, but no such file in it."""


@dataclass(frozen=True)
class OfficialPage:
    """One official page at a version, with what identifies it; no commit where there is no git."""

    ref: str
    commit: str
    path: str
    blob: str
    text: str

    @cached_property
    def parsed(self) -> Page:
        """The page as it is read, a text with its Python as cells.

        Raises:
            UsageError: it is not what its suffix says.
        """
        return text_cells.with_cells(reader.of_text(self.text, Path(self.path)))


def read_page(source: str, ref: str, path: str, notify: Notify = lambda _: None) -> OfficialPage:
    """Read one file of the documentation at a version.

    Args:
        source: a git URL, a clone or a bare repository, or a plain folder.
        ref: a tag, branch or commit; of a plain folder, what its version is called.
        path: the file's path from the root of the repository.
        notify: hears what takes time.

    Raises:
        UsageError: the source has no such version or file.
        ResourceError: the host cannot be reached, wants a login, or git is missing.
    """
    tree = tree_of(source, ref, path, notify)
    entry, content = read_file(tree, source, ref, path, notify)
    # Line ends as a text file of ours would have them.
    text = io.StringIO(content.decode(errors="replace"), newline=None).read()
    return OfficialPage(ref, tree.commit, path, entry.blob, text)


def read_file(tree: Tree, source: str, ref: str, path: str, notify: Notify) -> tuple[Entry, bytes]:
    """Read one file of a version byte by byte; for the arguments see `read_page`.

    Raises:
        NoPageError: there is no such file in it.
    """
    found = {entry.path: entry for entry in tree.entries(path)}.get(path)
    if found is None:
        hint = near(path, tree.paths())
        raise NoPageError(
            Words(
                zh="{source}：{ref} 里没有文件 {path}{hint}。",
                en="{source}: no file {path} at {ref}{hint}.",
            ).filled(source=git.shown(source), path=path, ref=ref, hint=hint)
        )
    (content,) = tree.contents([found], notify)
    return found, content


def tree_of(source: str, ref: str, path: str, notify: Notify) -> Tree:
    """Return the files of a source at a version; `path` is what will be read of them."""
    return plain_folder.opened(source, path) or repository.at(source, ref, notify)


def refs_of(folder: Path) -> list[str]:
    """Return by which names the synced copy was asked for that a folder is, or lies in."""
    for candidate in (folder, *folder.parents):
        with suppress(OSError):  # it is none
            return regular_files.text(candidate / REFS_NAME, errors="replace").splitlines()
    return []
