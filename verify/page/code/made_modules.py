"""Modules that a page makes itself: it writes, fetches or generates their files."""

import re
from collections.abc import Iterator

from verify.page.page import Page

# A file of Python, or one that a compiler makes modules of.
_FILE = re.compile(r"\b([A-Za-z_]\w*)\.(py|proto)\b")
_CLONED = re.compile(r"\bgit\s+clone\b.*?([\w.-]+?)(?:\.git)?(?:\s+(\S+))?\s*$", re.MULTILINE)
_ELSEWHERE = re.compile(
    r"\bsys\.path\b|\bPYTHONPATH\b|\bos\.chdir\b|\bgit\s+clone\b|\bunzip\b|\btar\s+-?x"
    r"|^[^\S\n]*%?cd\s+\S",
    re.MULTILINE,
)


def of(page: Page) -> set[str]:
    """Their names."""
    return {name for text in _texts(page) for name in _named(text)}


def elsewhere(page: Page) -> bool:
    """Whether modules may come from a folder that the page brings, or adds to Python's path."""
    return any(_ELSEWHERE.search(code.source) for code in page.codes)


def _texts(page: Page) -> Iterator[str]:
    yield from (code.source for code in page.codes)
    yield from (piece.text for piece in page.prose)


def _named(text: str) -> Iterator[str]:
    for name, kind in _FILE.findall(text):
        yield from (name,) if kind == "py" else (f"{name}_pb2", f"{name}_pb2_grpc")
    for repository, folder in _CLONED.findall(text):
        yield from (repository.replace("-", "_"), folder.rpartition("/")[2])
