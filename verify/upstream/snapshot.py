"""The files of a source at a version, wherever they are kept."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from pathlib import PurePosixPath
from typing import Protocol

from verify.system.cache import Notify
from verify.system.words import Text, Words, enumerated

_NEAR = Words(zh="；相近的有 {names}", en="; near ones are {names}")
_NEAR_ONE = Words(zh="；相近的有 {names}", en="; a near one is {names}")


@dataclass(frozen=True)
class Entry:
    """A file: its path from the root, its blob as git computes it, whether it is a symlink."""

    path: str
    blob: str
    is_link: bool = False


class Tree(Protocol):
    """The files of one version: a commit of a repository, or a plain folder."""

    @property
    def commit(self) -> str:
        """The commit; empty where there is no git."""

    def paths(self) -> list[str]:
        """Every file; of a folder without git those that are near what is wanted."""

    def entries(self, path: str) -> list[Entry]:
        """The files at or below a path, sorted; "" is the root."""

    def contents(self, entries: list[Entry], notify: Notify) -> Iterator[bytes]:
        """The bytes of these entries, in their order; `notify` hears what takes time."""


def blob_id(content: bytes) -> str:
    """Return the name that git gives to this content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def lies_below(path: str, top: str) -> bool:
    """Whether a path is the top itself or below it; "" is the root."""
    return not top or path == top or path.startswith(f"{top}/")


def near(name: str, names: Iterable[str]) -> Text:
    """Return "; near ones are …" for a name that is not there, or nothing if none is near.

    A file that was moved keeps its name, which says more than a path spelt alike.
    """
    known = list(names)
    moved = [each for each in known if PurePosixPath(each).name == PurePosixPath(name).name]
    is_path = "/" in name  # paths that share no more than their folders are not near
    found = (moved if is_path else []) or difflib.get_close_matches(
        name, known, cutoff=0.8 if is_path else 0.6
    )
    if not found:
        return ""
    return (_NEAR if len(found) > 1 else _NEAR_ONE).filled(names=enumerated(found[:3]))
