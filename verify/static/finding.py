"""One defect of a page, as every renderer gets it."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from verify.finding import Worded


class Severity(str, Enum):
    """An `error` makes the gate fail; a `warning` is for an editor to weigh."""

    ERROR = "error"
    WARNING = "warning"


class FindingKind(Worded):
    """What can be wrong with a page; each carries the sentence that says what is expected."""

    UNREADABLE = "unreadable", "a page can be read in the format that its name tells"
    SYNTAX = "syntax", "sample code is valid Python"
    UNDEFINED_NAME = "undefined-name", "every name is defined before it is used"
    MISSING_MODULE = "missing-module", "every imported module exists in the documented environment"
    MISSING_ATTRIBUTE = (
        "missing-attribute",
        "every attribute exists in the documented environment",
    )
    BAD_CALL = "bad-call", "the arguments of every call fit the signature"
    UNDOCUMENTED_PACKAGE = (
        "undocumented-package",
        "everything that a page imports is brought by the documented installation",
    )
    NO_EFFECT = "argument-without-effect", "every argument has an effect where it is given"
    ARITHMETIC = "arithmetic", "the numbers of a page agree with each other"
    NUMBER = "number-contradicted", "the numbers of the text agree with code and stored outputs"
    VERSION = "version-contradicted", "the versions that a page names are those of its release"
    COMPARISON = (
        "comparison-contradicted",
        "conclusions agree with the stored outputs that they rest on",
    )
    IMPOSSIBLE_OUTPUT = (
        "impossible-output",
        "stored outputs can come from this source and version",
    )
    OUTPUT_ORDER = "output-order", "stored outputs come from one run from top to bottom"
    DEGENERATE_METRIC = "degenerate-metric", "a metric tells something"
    BROKEN_LINK = "broken-link", "every link of the documentation leads somewhere"
    BROKEN_ANCHOR = "broken-anchor", "every anchor is the anchor of a heading or a label"
    BROKEN_IMAGE = "broken-image", "every picture exists"
    EMPTY_LINK = "empty-link", "every link has a target"
    OTHER_VERSION = "other-version", "links stay with the page's own version"
    EXTERNAL_LINK = "external-link", "every external link answers"
    SPELLING = "spelling", "words are spelt right"
    DOUBLED_WORD = "doubled-word", "no word stands twice in a row"
    PUNCTUATION = "punctuation", "Chinese and Latin text are spaced and punctuated by convention"
    TRANSLATION = (
        "translation",
        "the Chinese and the English text have the same numbers, code and links",
    )


@dataclass(frozen=True, order=True)
class Finding:
    """One defect: where it is, what it is, what to do.

    `cell` is the 0-based index over all cells of a notebook, None in other pages; `line` is the
    1-based line in the file. `message` is a whole sentence; `suggestion` says what to write or do,
    and is empty where nobody can know.
    """

    file: Path
    line: int
    cell: int | None
    kind: FindingKind
    severity: Severity
    message: str
    suggestion: str = ""
