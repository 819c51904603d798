"""Text that a page, a program or a stranger wrote, made harmless for GitHub's Markdown.

In such a text nobody may be mentioned, no issue closed, no picture loaded and no page laid out.
GitHub looks for mentions and references after it has rendered the Markdown, so that escaping does
not stop it: a zero-width space does (https://github.github.com/gfm/ for the rest).
"""

import re

from verify.system import terminal_text

_APART = "\u200b"
_MARKUP = re.compile(r"([\\`*_\[\]|~$])")
# @name, #12, GH-12, ://, www. and :emoji:
_ACTS = re.compile(r"(@|#|\bGH-|:(?=//)|\bwww(?=\.)|:(?=[\w+-]+:))", re.IGNORECASE)
# Folders of people and of their machines, which differ from reader to reader.
_OF_MACHINE = re.compile(
    r"(?<![\w./:-])/(?:root|home/[^/\s'\"]+|Users/[^/\s'\"]+|tmp|var/tmp|var/folders)"
    r"(?P<rest>(?:/[^/\s'\"<>|:;,()\[\]]+)*)"
)
_OF_LIBRARY = re.compile(r".*/(?=(?:site-packages|python\d[\d.]*)/)")
# What tells nothing but which process it was, and where in its memory: Python and Ray write so.
_OF_PROCESS = re.compile(r",? ?\b(?:pid=\d+|ip=\d+(?:\.\d+){3}|actor_id=[0-9a-f]+)")
_IN_MEMORY = re.compile(r"(?<=\bat )0x[0-9a-fA-F]{6,}")
_LINE_BEGINS = re.compile(r"^(\s*\d*)([-+=>.)])")


def plain(text: str) -> str:
    """The text without what commands a terminal, turns the direction of writing, or is a machine's.

    Folders of people, processes and places in memory are nobody's business, and no two runs have
    the same.
    """
    shown = terminal_text.harmless(text)
    shown = _OF_MACHINE.sub(_named, _OF_PROCESS.sub("", shown))
    return _IN_MEMORY.sub("0x…", shown)


def _named(path: re.Match[str]) -> str:
    """A path from its library on, or else its last part."""
    if not (rest := path["rest"]):
        return path[0]
    of_library = _OF_LIBRARY.sub("", rest)
    return f"…/{of_library if of_library != rest else rest.rpartition('/')[2]}"


def inline(text: str) -> str:
    """The text as a part of a line of Markdown, or of a cell of a table."""
    one_line = " ".join(plain(text).split())
    escaped = _MARKUP.sub(r"\\\1", one_line.replace("&", "&amp;").replace("<", "&lt;"))
    return _ACTS.sub(rf"\1{_APART}", _LINE_BEGINS.sub(r"\1\\\2", escaped))
