"""What a page tells its reader to install besides, in its code or in its prose."""

import re
from collections.abc import Iterable

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

SOMETHING = "?"
"""Stands for distributions that a page installs without naming them, such as those of a file."""

_INSTALL = re.compile(
    r"\b(?:pip3?|uv\s+pip|conda|mamba)\s+install\s+((?:[^\n;&|\\`]|\\\n)+)", re.IGNORECASE
)


def told(texts: Iterable[str]) -> list[str]:
    """The distributions that these texts say are to be installed, by their canonical names."""
    lines = [arguments for text in texts for arguments in _INSTALL.findall(text)]
    words = [word for line in lines for word in line.replace("\\\n", " ").split()]
    return [name for word in words if (name := _distribution(word.strip("\"'")))]


def _distribution(word: str) -> str:
    if word.startswith("-"):
        return SOMETHING if word in ("-r", "--requirement", "-e", "--editable") else ""
    try:
        return canonicalize_name(Requirement(word).name)
    except InvalidRequirement:
        return SOMETHING if "/" in word or word == "." else ""
