"""The languages that words for people are in; apart from them, so that --help starts at once."""

import os
from contextvars import ContextVar
from enum import Enum


class Language(str, Enum):
    """A language that words for people are in."""

    CHINESE = "zh"
    ENGLISH = "en"

    @classmethod
    def of_environment(cls) -> "Language":
        """What a terminal speaks: of the variables that POSIX has for it the first one set."""
        told = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        return cls.CHINESE if next(filter(None, told), "").startswith("zh") else cls.ENGLISH


# What `--language` says; without it the terminal's own language is spoken.
CHOSEN: ContextVar[Language | None] = ContextVar("CHOSEN", default=None)


def spoken() -> Language:
    """The language in which a command speaks to whoever started it."""
    return CHOSEN.get() or Language.of_environment()
