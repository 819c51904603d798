"""What a page includes, whose headings and labels are then its own, and what includes a page."""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from verify.system import regular_files

_INCLUDE = re.compile(
    r"^[ \t>*+-]*(?:\"\s*)?(?:\.\. +include::|[`:~]{3,} *\{include\})[ \t]+([^\s\"\\][^\n\"\\]*)",
    re.MULTILINE,
)


def named(text: str, folder: Path, root: Path) -> Iterator[Path]:
    """The files that a text in a folder includes; `/x` starts at the documentation's root."""
    for found in _INCLUDE.finditer(text):
        name = found[1].strip()
        base = root if name.startswith("/") else folder
        yield Path(os.path.normpath(base / name.lstrip("/")))


def within(text: str, folder: Path, root: Path, limit: Path) -> dict[Path, str | None]:
    """All files that a text includes, also by way of others; None for what cannot be read.

    Args:
        text: the including text.
        folder: where it stands.
        root: the documentation's root.
        limit: the folder outside of which nothing is read.
    """
    found: dict[Path, str | None] = {}
    ahead = [*named(text, folder, root)]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found[path] = inner = _text(path, limit)
            ahead += named(inner or "", path.parent, root)
    return found


def _text(path: Path, limit: Path) -> str | None:
    try:
        if not regular_files.real(path).is_relative_to(limit):
            return None
        return regular_files.text(path, encoding="utf-8-sig", errors="replace")
    except OSError:  # there is none, or its name is none
        return None


def includers(texts: Iterable[tuple[Path, str]], root: Path) -> dict[Path, list[Path]]:
    """Which pages include a file, for all files that one does."""
    found = defaultdict(list)
    for path, text in texts:
        for inner in named(text, path.parent, root):
            found[inner].append(path)
    return dict(found)
