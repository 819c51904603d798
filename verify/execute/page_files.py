"""Files that lie beside a page in its repository: those that its code names are there when it runs.

They are copies in the folder of the run, and gone with it.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from verify.errors import ResourceError
from verify.page.code import facts, parsing
from verify.page.page import Page
from verify.system.cache import Notify
from verify.system.words import Words
from verify.upstream import pages
from verify.upstream.pages import OfficialPage

_MOST_BYTES = 64 * 2**20
# Lines for a shell, and IPython's commands that read files.
_COMMAND = re.compile(r"^[^\S\n]*(?:!|%(?:run|load)\b)(.*)$", re.MULTILINE)
_WORD = re.compile(r"[^\s'\"=;|&<>()]+")


def found(page: OfficialPage, source: str, notify: Notify) -> dict[str, bytes]:
    """The files beside a page that its code names, by their paths seen from the page.

    Args:
        page: the page.
        source: where it is.
        notify: hears what takes time.

    Raises:
        ResourceError: they are more than such files should be.
    """
    wanted = set(named(page.parsed))
    if not wanted:
        return {}
    folder = PurePosixPath(page.path).parent
    tree = pages.tree_of(source, page.ref, page.path, notify)
    entries = {
        entry: beside
        for entry in tree.entries("" if str(folder) == "." else str(folder))
        if entry.path != page.path and not entry.is_link
        if _is_meant(beside := PurePosixPath(entry.path).relative_to(folder), wanted)
    }
    files: dict[str, bytes] = {}
    for entry, content in zip(entries, tree.contents(list(entries), notify), strict=True):
        files[entries[entry].as_posix()] = content
        if sum(map(len, files.values())) > _MOST_BYTES:
            raise ResourceError(
                Words(
                    zh="{path}：它用到的旁边的文件超过 {most_bytes} MiB，太大，无法每次运行都复"
                    "制。",
                    en="{path}: names files beside it of more than {most_bytes} MiB, which is no "
                    "small thing to copy for each run.",
                ).filled(path=page.path, most_bytes=_MOST_BYTES // 2**20)
            )
    return files


def put(files: Mapping[str, bytes], to: Path) -> None:
    """Write the files into the folder in which the page runs."""
    for path, content in files.items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_bytes(content)


def modules(files: Iterable[str]) -> set[str]:
    """The names by which Python imports such files: no package is needed for those."""
    return {PurePosixPath(path).parts[0].removesuffix(".py") for path in files}


def named(page: Page) -> Iterator[str]:
    """What the code of a page may mean by a file or folder beside it: texts, words, modules."""
    for cell in page.cells:
        if not cell.runs:
            continue
        tree = parsing.tree_of(cell.python)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _beside(node.value)
        whole = cell.source.lstrip().startswith("%%")  # for a shell, or another language
        for line in [cell.source] if whole else _COMMAND.findall(cell.source):
            for word in _WORD.findall(line):
                yield from _beside(word)
    for module in facts.imported_modules(page):
        yield module
        yield f"{module}.py"


def _beside(text: str) -> Iterator[str]:
    """A text as a path from the page's folder, if it is one that stays there."""
    if not text.strip() or "\n" in text or "\0" in text:
        return
    path = PurePosixPath(text.strip())
    if not path.is_absolute() and path.parts and ".." not in path.parts:
        yield path.as_posix()


def _is_meant(beside: PurePosixPath, wanted: set[str]) -> bool:
    return any(part.as_posix() in wanted for part in (beside, *beside.parents))
