"""What a page tells its reader to install besides, in its code or in its prose."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

SOMETHING = "?"
"""Stands for distributions that a page installs without naming them, such as those of a file."""

_NOT_BY_NAME = ("-r", "--requirement", "-e", "--editable", ".")
# Options of pip and conda with a value that is no file of requirements.
_VALUED = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-c", "-n", "--name")
_INSTALL = re.compile(
    r"\b(?:pip3?|uv\s+pip|conda|mamba)\s+install\s+((?:[^\n;&|\\`]|\\\n)+)", re.IGNORECASE
)


def told(texts: Iterable[str]) -> list[str]:
    """The distributions that these texts say are to be installed, by their canonical names."""
    words = ((word, _requirement(word)) for word in _words(texts))
    return [
        canonicalize_name(wanted.name) if wanted else SOMETHING
        for word, wanted in words
        if wanted or "/" in word or word in _NOT_BY_NAME
    ]


def requirements(texts: Iterable[str]) -> list[str]:
    """What these texts say is to be installed by its name, each once, as `packaging` words it."""
    wanted = map(_requirement, _words(texts))
    return list(dict.fromkeys(str(each) for each in wanted if each))


def _words(texts: Iterable[str]) -> Iterator[str]:
    """What follows the command, up to a comment of the shell's, without values of options."""
    for arguments in (found for text in texts for found in _INSTALL.findall(text)):
        words = iter(arguments.replace("\\\n", " ").split(" #")[0].split())
        for word in words:
            if word in _VALUED:
                next(words, None)
            else:
                yield word.strip("\"'")


def _requirement(word: str) -> Requirement | None:
    with suppress(InvalidRequirement):
        return Requirement(word)
    return None
