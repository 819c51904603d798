"""The formats that commands offer; apart from their renderers, so that --help starts at once."""

from enum import Enum


class Format(str, Enum):
    """The formats of `verify check`."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class ReportFormat(str, Enum):
    """The formats of `verify report` on standard output."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class Language(str, Enum):
    """The languages of a reply; upstream's own comes first."""

    BOTH = "both"
    CHINESE = "zh"
    ENGLISH = "en"


class DriftFormat(str, Enum):
    """The formats of `verify pin --check`."""

    TEXT = "text"
    JSON = "json"


class ChangesFormat(str, Enum):
    """The formats of `verify compare`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Outputs(str, Enum):
    """What `verify patch` does with the outputs that a page has stored."""

    KEEP = "keep"
    CLEAR = "clear"
    RENEW = "renew"
