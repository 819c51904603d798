"""The languages that words for people are in; apart from them, so that --help starts at once."""

import os
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
