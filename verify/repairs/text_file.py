"""A text file with other contents of some of its cells; every other line stays as it is."""

import difflib
import re
from collections.abc import Mapping, Sequence

from verify.page.code.parsing import tree_of
from verify.page.page import Block

# What a console has before a line that begins a statement, and before one that goes on.
_PROMPT = re.compile(r">>> ?$")
_GOES_ON = "... "


def rewritten(text: str, cells: Sequence[Block], sources: Mapping[int, str]) -> str:
    """The text of a file with new sources of some cells.

    Lines that do not change stay byte for byte. Others are laid out as those around them:
    indentation, prompts of a console, line ends.

    Args:
        text: the file's text, its line ends as they are.
        cells: its cells as they are.
        sources: new sources, by the cell's index.
    """
    rows = text.split("\n")
    for index in sorted(sources, reverse=True):  # from below, so that no line moves before its turn
        cell = cells[index]
        begins = cell.line - 1
        old = cell.source.split("\n")
        rows[begins : begins + len(old)] = _laid_out(
            rows[begins : begins + len(old)], old, sources[index].split("\n")
        )
    return "\n".join(rows)


def _laid_out(rows: Sequence[str], old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Lines of a file once their contents are others."""
    found: list[str] = []
    tree = tree_of("\n".join(new))
    begins_one = {node.lineno - 1 for node in tree.body} if tree else set(range(len(new)))
    for kind, was, until, begins, ends in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            found += rows[was:until]
            continue
        for at, line in enumerate(new[begins:ends], was):
            like = min(at, until - 1 if until > was else was, len(old) - 1)
            before, after = _around(rows[like], old[like])
            if at - was + begins not in begins_one:
                before = _PROMPT.sub(_GOES_ON, before)
            found.append(f"{before}{line}{after}" if line or before.strip() else after)
    return found


def _around(row: str, content: str) -> tuple[str, str]:
    """What a file has before and after the content of a line."""
    ending = "\r" if row.endswith("\r") else ""
    bare = row.removesuffix("\r")
    place = len(bare) - len(content) if content and bare.endswith(content) else None
    if place is None:
        place = len(bare) - len(bare.lstrip())
    return bare[:place], ending
