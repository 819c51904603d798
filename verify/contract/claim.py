"""Claims: what single sentences and stored outputs of a page say, and what decides it."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from verify.page.prose.numerals import plain
from verify.page.prose.sentences import ANCHOR_DIGITS
from verify.system.typed_toml import Strict
from verify.system.words import Words

Scalar = bool | int | float | str


_DECIDED_BY: dict[str, set[str]] = {
    "number": {"printed", "stated", "measured", "network", "aggregation", "total_of"},
    "comparison": {"measured"},
    "shape": {"printed"},
    "type": {"printed"},
    "list": {"printed", "stated"},
    "order": {"order"},
    "version": {"version", "printed"},
    "duration": {"duration"},
    "existence": {"ran", "printed", "stated"},
}


def _pattern(text: str) -> str:
    try:
        groups = re.compile(text).groups
    except re.error as error:
        raise ValueError(f"is no regular expression ({error})") from error
    if not groups:
        raise ValueError("has no group, so that nothing would be read")
    return text


class Printed(Strict):
    """What a step prints: the groups of a pattern, everywhere it is found, in order."""

    step: str
    pattern: Annotated[str, AfterValidator(_pattern)]


class Stated(Strict):
    """What the code of a step says: the value of a constant or setting, or a call's argument.

    `target` is a fact's, with `*` for what may differ; `argument` a name, or a position from 0.
    """

    step: str
    target: str
    argument: str | int = 0


class Measured(Strict):
    """What trainings reached in their last epochs; several of a side differ in their seed alone.

    Without `against`, they are held against the documented value. Where that was itself measured,
    `documented_samples` is on how many samples.
    """

    series: str
    trainings: Annotated[list[str], Field(min_length=1)]
    against: list[str] = []
    window: Annotated[int, Field(ge=1)] = 1
    documented_samples: Annotated[int, Field(ge=1)] | None = None


class Network(Strict):
    """The network of a training, as every party had it."""

    training: str
    layers: Literal["all", "frozen", "free"]


class Aggregation(Strict):
    """The rounds of aggregation of a training: what all have, or one party's bytes in one."""

    training: str
    of_round: Literal["parties", "fxp_bits", "sent_bytes", "received_bytes"]


class Observation(Strict):
    """Which observation decides a claim; one of them.

    `duration` and `ran` name a step, `version` a package, `order` steps; `total_of` is the sum of
    what another claim documents.
    """

    printed: Printed | None = None
    stated: Stated | None = None
    measured: Measured | None = None
    network: Network | None = None
    aggregation: Aggregation | None = None
    duration: str | None = None
    ran: str | None = None
    version: str | None = None
    order: Annotated[list[str], Field(min_length=2)] | None = None
    total_of: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "Observation":
        if len(self.model_fields_set) != 1:
            names = ", ".join(f"`{name}`" for name in type(self).model_fields)
            raise ValueError(f"names one of {names}")
        return self

    @property
    def trainings(self) -> list[str]:
        """The trainings that must have come to their end."""
        if self.measured:
            return [*self.measured.trainings, *self.measured.against]
        one = self.network or self.aggregation
        return [one.training] if one else []

    @property
    def steps(self) -> list[str]:
        """The steps that it names itself."""
        one = self.printed or self.stated
        some = [one.step] if one else [step for step in (self.duration, self.ran) if step]
        return some + (self.order or [])


class Tolerance(Strict):
    """How far apart what is documented and what is observed may be, and what justifies that.

    Of shares such as accuracies: `margin` is the difference that does not count, `false_alarm` how
    often a claim that is true may be called contradicted, `detects` how much worse than claimed
    must be seen in 95 of 100 runs, or the claim stays undecided.
    """

    source: Words
    margin: Annotated[float, Field(ge=0)] = 0.0
    false_alarm: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    detects: Annotated[float, Field(gt=0, le=1)] = 0.15


class Threshold(Strict):
    """What one profile is held to in place of the documented value, and where that comes from."""

    value: float
    origin: Words
    detects: Annotated[float, Field(gt=0, le=1)] | None = None


class Claim(Strict):
    """One checkable thing that the page says in an official cell, in our own words.

    On a page of ours, where there is no such cell, `advice` is the sentence that it puts to the
    test.

    `anchor` is the digest of the sentence (`python -m verify pin --sentences` lists them). Where
    there is none, the cell's code or stored output has to state the documented value itself.
    `profiles` gives thresholds of profiles that have their own, `undecided` why a profile cannot
    decide; a claim without `evidence` says so for each. Where a known erratum says that the page is
    wrong here, `erratum` names it.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9-]+$")]
    cell: int | None = None
    advice: Words | None = None
    kind: Literal[
        "number", "comparison", "shape", "order", "version", "duration", "existence", "type", "list"
    ]
    says: Words
    documented: Scalar | list[Scalar] = True
    relation: Literal["=", ">=", "<=", "better", "alike"] = "="
    evidence: Observation | None = None
    tolerance: Tolerance | None = None
    anchor: Annotated[str, Field(pattern=f"^[0-9a-f]{{{ANCHOR_DIGITS}}}$")] | None = None
    profiles: dict[str, Threshold] = {}
    undecided: dict[str, Words] = {}
    erratum: str | None = None

    @property
    def values(self) -> list[Scalar]:
        """The documented values."""
        return self.documented if isinstance(self.documented, list) else [self.documented]

    @property
    def of_text(self) -> bool:
        """Whether the text of the edition is enough to decide."""
        return self.evidence is None or bool(self.evidence.stated or self.evidence.total_of)

    @property
    def cells(self) -> tuple[int, ...]:
        """The official cell, if there is one."""
        return () if self.cell is None else (self.cell,)

    @property
    def numbers(self) -> set[str]:
        """The documented values as a sentence's numbers are written."""
        return {
            plain(value) if isinstance(value, (int, float)) else value
            for value in self.values
            if not isinstance(value, bool)
        }

    @model_validator(mode="after")
    def _fits(self) -> "Claim":
        if (self.cell is None) == (not self.advice):
            raise ValueError("names either `cell`, or the `advice` that it tests")
        if self.cell is not None and self.anchor is None and self.documented is True:
            raise ValueError("needs an `anchor`, as it documents no value that a cell could state")
        if self.evidence is None:
            return self
        (decides,) = self.evidence.model_fields_set
        if decides not in _DECIDED_BY[self.kind]:
            listed = ", ".join(sorted(_DECIDED_BY[self.kind]))
            raise ValueError(f"a claim of kind {self.kind} is decided by {listed}, not {decides}")
        measured = self.evidence.measured
        if (self.relation != "=" or measured) and self.tolerance is None:
            raise ValueError("needs a `tolerance` with its source: it is not compared exactly")
        against = bool(measured and measured.against)
        if (self.relation in ("better", "alike")) != against:
            raise ValueError('"better" and "alike" go with what is `measured`, `against` a side')
        if against != (self.kind == "comparison"):
            raise ValueError("is a comparison if it measures one side `against` another")
        if measured and not against and self.relation != ">=":
            raise ValueError('what is `measured` is ">=" a value')
        return self


class Waived(Strict):
    """A number of the page's prose that no claim is about, and why."""

    cell: int
    number: str
    reason: Words
