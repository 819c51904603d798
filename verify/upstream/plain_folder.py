"""A folder of pages without git: its version is whatever it holds now."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verify.errors import UsageError
from verify.system import git
from verify.system.cache import Notify
from verify.system.complaints import why
from verify.system.words import Words
from verify.upstream.snapshot import Entry, blob_id

AS_IT_IS = "folder:"
"""Before a folder's path: read as it is on the disk, whether a git repository has it or not."""


@dataclass(frozen=True)
class PlainFolder:
    """A `Tree` of files; only what is below `top`, which `root` holds, is looked at."""

    root: Path
    top: str
    commit: str = ""

    def paths(self) -> list[str]:
        """Every file below the top, hidden folders aside."""
        return sorted(_files(self.root, self.top))

    def entries(self, path: str) -> list[Entry]:
        """The files at or below a path, with what git would call their contents."""
        is_file = path and is_own(self.root / path, self.root)
        files = [path] if is_file else _files(self.root, path)
        return [Entry(file, blob_id(self._read(file))) for file in sorted(files)]

    def contents(self, entries: list[Entry], _: Notify) -> Iterator[bytes]:
        """The bytes of these entries."""
        return (self._read(entry.path) for entry in entries)

    def _read(self, path: str) -> bytes:
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            raise UsageError(
                Words(
                    zh="{file}：无法读取（{error}）。", en="{file}: cannot be read ({error})."
                ).filled(file=self.root / path, error=why(error))
            ) from error


def opened(source: str, path: str) -> PlainFolder | None:
    """Return the source as a plain folder, or None where it is none or a git repository has it.

    Both the folder that holds `path` and the folder `path` itself are understood.
    """
    if source.startswith(AS_IT_IS):
        return PlainFolder(Path(source.removeprefix(AS_IT_IS)), path.partition("/")[0])
    folder = Path(source).expanduser()
    if not folder.is_dir() or _kept_by_git(folder):
        return None
    top = path.partition("/")[0]
    if top and folder.absolute().name == top and not (folder / top).exists():
        return PlainFolder(folder.absolute().parent, top)
    return PlainFolder(folder.absolute(), top)


def _kept_by_git(folder: Path) -> bool:
    if (folder / ".git").exists() or (
        (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    ):
        return True
    if not any((above / ".git").exists() for above in folder.absolute().parents):
        return False
    try:  # pages that were unpacked somewhere below an unrelated repository are not its files
        return bool(git.run(folder, "ls-files", "-z", "--", "."))
    except git.GitError:
        return False


def _files(root: Path, path: str) -> Iterator[str]:
    for folder, folders, names in os.walk(root / path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(folder, name)
            if is_own(file, root):
                yield file.relative_to(root).as_posix()


def is_own(file: Path, root: Path) -> bool:
    """Whether it is a file of this folder: no socket, and no link to nothing or out of it."""
    return file.is_file() and file.resolve().is_relative_to(root.resolve())
