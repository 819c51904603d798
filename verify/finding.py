"""What checks say: results of a run, and one finding object for every renderer."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class Verdict(str, Enum):
    """How a step, a check or a document came out; the later member outweighs the earlier."""

    PASS = "pass"  # noqa: S105  # no password
    ERRATUM = "erratum"
    UNCHECKED = "unchecked"
    FAIL = "fail"
    ERROR = "error"


_WEIGHT = {verdict: weight for weight, verdict in enumerate(Verdict)}


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of the whole; nothing at all is `unchecked`."""
    return max(verdicts, key=_WEIGHT.__getitem__, default=Verdict.UNCHECKED)


class Worded(str, Enum):
    """An enum whose members carry the sentence that says what each asserts."""

    sentence: str

    def __new__(cls, value: str, sentence: str) -> "Worded":  # noqa: PYI034  # 3.10 has no Self
        """Keep the sentence beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member


class CheckKind(Worded):
    """The kinds of checks; each carries the sentence that says what it asserts."""

    PINS = "pins", "the contract covers the pinned page"
    STEPS = "steps", "every documented step is there, in the documented order"
    FACTS = "facts", "the edition states the facts that the official page states"
    DRIFT = "drift", "the page's code is the one that was pinned"
    PACKAGES = "packages", "everything that the page imports is brought by the installation page"
    ERRATUM = "erratum", "the known erratum is there, just as the ledger says"
    RUN = "run", "every documented step ran"
    SERIES = "series", "the training produced the documented series in the right length"
    OUTPUTS = "outputs", "the run puts out what the page has stored"
    START = "start", "the training started from the weights that the page names"
    FREEZING = "freezing", "frozen layers stayed, free layers moved"
    AGGREGATION = "aggregation", "each aggregate is the weighted mean of what the parties sent"
    ROUNDS = "rounds", "aggregation came as often, and weighted with the samples, as it should"
    PRIVACY = "privacy", "nobody sees a party's own weights"
    COMBINATION = (
        "combination",
        "a strategy and an aggregator work together, are refused, or break, as the page says",
    )
    REVEALS = "reveals", "the page reveals nothing without need"
    LOSS = "loss", "losses are finite and fall"
    CLAIM = "claim", "what the page says is so"
    ANCHOR = "anchor", "the page still says what the claim is about"
    NUMBERS = "numbers", "every number of the prose is claimed, or waived with a reason"
    REPEAT = "repeat", "running it again with the same seeds shows the same"


class FindingKind(Worded):
    """What can be wrong with a page; each carries the sentence that says what is expected."""

    UNREADABLE = "unreadable", "a page can be read in the format that its name tells"
    NOT_CHECKED = "not-checked", "every rule comes to its end on every page"
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


@dataclass(frozen=True)
class Result:
    """One check's judgement: where, what the page says, what was observed, how far apart it may be.

    `tolerance` names its source; `reason` says why a verdict is `unchecked` or `error`, and what
    to do next. `warns` makes a finding of what contradicts nothing and should be looked at. `at` is
    the place where something broke: the cell of the edition, and the line of its source, from 1.
    `errata` are the entries of the contract's ledger that the judgement rests on. `outputs` are the
    classes of the stored outputs that were compared, one each.
    """

    id: str
    kind: CheckKind
    verdict: Verdict
    says: str = ""
    observed: str = ""
    tolerance: str = ""
    reason: str = ""
    step: str | None = None
    cells: tuple[int, ...] = field(default=())
    warns: bool = False
    at: tuple[int, int] | None = None
    errata: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The whole judgement for a terminal: step, official cell, expected, observed."""
        cells = ", ".join(map(str, self.cells))
        where = ", ".join(
            part
            for part in (
                f"step {self.step}" if self.step else "",
                f"official cell{'s' if len(self.cells) > 1 else ''} {cells}" if cells else "",
            )
            if part
        )
        parts = [
            f"{where}: " if where else "",
            f"the page says {self.says}" if self.says else self.kind.sentence,
            f"; observed {self.observed}" if self.observed else "",
            f"; tolerance {self.tolerance}" if self.tolerance else "",
            f" ({self.reason})" if self.reason else "",
        ]
        return "".join(parts)


class Severity(str, Enum):
    """An `error` makes the gate fail; a `warning` is for an editor to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Finding:
    """What a maintainer has to look at, as every renderer gets it: where, what, what to do.

    `cell` is the 0-based index over all cells of a notebook, None in other pages; `line` is the
    1-based line in the file. `message` is a whole sentence; `suggestion` says what to write or do,
    and is empty where nobody can know. Of a run, `check` is the id of what found it. `ours` says
    that nothing is known to be wrong with the page: something of ours, or of the machine, failed.
    """

    file: Path
    line: int
    cell: int | None
    kind: CheckKind | FindingKind
    severity: Severity
    message: str
    suggestion: str = ""
    check: str = ""
    ours: bool = False
