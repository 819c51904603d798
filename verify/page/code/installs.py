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
# No requirement has a Chinese character in it; both commas may stand between two.
_CHINESE = "\u3000\u3002-\u9fff\uff00-\uff0b\uff0d-\uffef…“”‘’"
_INSTALL = re.compile(
    rf"(?a:\b)(?:pip3?|uv\s+pip|conda|mamba)\s+install\s+((?:[^\n;&|\\`{_CHINESE}]|\\\n)+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile("[\\s、，]+")
# What the sentence that the command stands in goes on with, or ends with.
_GOES_ON, _ENDS = ",", ".!?:)"


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
    """What follows the command, without values of options.

    It goes up to a comment of the shell's, or up to the end of the sentence that it stands in.
    """
    for arguments in (found for text in texts for found in _INSTALL.findall(text)):
        words = iter(_BETWEEN.split(arguments.replace("\\\n", " ").split(" #")[0]))
        for word in words:
            if word in _VALUED:
                next(words, None)
                continue
            bare = word.rstrip(_GOES_ON + _ENDS)
            yield (bare or word).strip("\"'")
            if bare and word.endswith(tuple(_ENDS)):
                break


def _requirement(word: str) -> Requirement | None:
    with suppress(InvalidRequirement):
        return Requirement(word)
    return None
