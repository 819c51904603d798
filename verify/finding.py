"""What a check says: one finding object for every renderer."""

from dataclasses import dataclass, field
from enum import Enum


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
    OUTPUTS = "outputs", "what no profile changes is printed as the page has it stored"
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


@dataclass(frozen=True)
class Result:
    """One check's judgement: where, what the page says, what was observed, how far apart it may be.

    `tolerance` names its source; `reason` says why a verdict is `unchecked` or `error`, and what
    to do next. `warns` makes a finding of what contradicts nothing and should be looked at.
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
