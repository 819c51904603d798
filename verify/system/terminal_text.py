"""Text that was written for a terminal."""

import re

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def plain(text: str) -> str:
    """The text without a terminal's colours."""
    return _ANSI.sub("", text)
