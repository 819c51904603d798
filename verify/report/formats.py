"""The formats that commands offer; apart from their renderers, so that --help starts at once."""

from enum import Enum

from verify.system.words import Language


class Format(str, Enum):
    """The formats of `verify check`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    SARIF = "sarif"


class ReportFormat(str, Enum):
    """The formats of `verify report` on standard output."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class ReplyLanguage(str, Enum):
    """The languages of a reply; upstream's own comes first."""

    BOTH = "both"
    CHINESE = Language.CHINESE.value
    ENGLISH = Language.ENGLISH.value

    @property
    def languages(self) -> tuple[Language, ...]:
        """Each of them."""
        return tuple(Language) if self is ReplyLanguage.BOTH else (Language(self.value),)


class DriftFormat(str, Enum):
    """The formats of `verify pin --check`."""

    TEXT = "text"
    JSON = "json"


class ChangesFormat(str, Enum):
    """The formats of `verify compare` and `verify breaks`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Outputs(str, Enum):
    """What `verify patch` does with the outputs that a page has stored."""

    KEEP = "keep"
    CLEAR = "clear"
    RENEW = "renew"
