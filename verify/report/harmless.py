"""Text that a page, a program or a stranger wrote, made harmless for GitHub's Markdown.

In such a text nobody may be mentioned, no issue closed, no picture loaded and no page laid out.
GitHub looks for mentions and references after it has rendered the Markdown, so that escaping does
not stop it: a zero-width space does (https://github.github.com/gfm/ for the rest).
"""

import re

from verify.system import terminal_text

_APART = "\u200b"
# What turns the direction of writing, and other controls.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    r"\ud800-\udfff]"
)
_MARKUP = re.compile(r"([\\`*_\[\]|~$])")
# @name, #12, GH-12, ://, www. and :emoji:
_ACTS = re.compile(r"(@|#|\bGH-|:(?=//)|\bwww(?=\.)|:(?=[\w+-]+:))", re.IGNORECASE)
_LINE_BEGINS = re.compile(r"^(\s*\d*)([-+=>.)])")


def plain(text: str) -> str:
    """The text without what commands a terminal or turns the direction of writing."""
    return _CONTROLS.sub("", terminal_text.plain(text.replace("\r\n", "\n")))


def inline(text: str) -> str:
    """The text as a part of a line of Markdown, or of a cell of a table."""
    one_line = " ".join(plain(text).split())
    escaped = _MARKUP.sub(r"\\\1", one_line.replace("&", "&amp;").replace("<", "&lt;"))
    return _ACTS.sub(rf"\1{_APART}", _LINE_BEGINS.sub(r"\1\\\2", escaped))
