"""Claims: what single sentences and stored outputs of a page say, and what decides it."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from verify.page.prose.numerals import plain
from verify.page.prose.sentences import ANCHOR_DIGITS
from verify.system.typed_toml import Strict
from verify.system.words import Words, enumerated

Scalar = bool | int | float | str


# `falls to` and `rises to` are "<=" and ">=" where the course of the training is a part of what is
# said; `falls below` and `rises above` are said only of what surely lies beyond.
MeasuredRelation = Literal[
    ">=", "<=", "falls to", "falls below", "rises to", "rises above", "better", "alike"
]
EVERY = "*"  # profile
# What the page's code or output says by itself, or what goes without saying.
_STATED_BY_PAGE = {"measured", "stated", "ran", "order"}


def _pattern(text: str) -> str:
    try:
        groups = re.compile(text).groups
    except re.error as error:
        raise ValueError(
            Words(zh="不是正则表达式（{error}）", en="is no regular expression ({error})").filled(
                error=error
            )
        ) from error
    if not groups:
        raise ValueError(
            Words(zh="里面没有分组，什么也读不到", en="has no group, so that nothing would be read")
        )
    return text


def _for_each(given: object) -> object:
    """Words that are said of no profile in particular are said of every one."""
    return {EVERY: given} if isinstance(given, Words) or _is_said_once(given) else given


def _is_said_once(given: object) -> bool:
    return isinstance(given, dict) and given.keys() == Words.model_fields.keys()


class Printed(Strict):
    """What a step prints: the groups of a pattern, everywhere it is found, in order.

    `fixed` says that it is the same whatever data, weights and number of epochs a profile takes.
    """

    step: str
    pattern: Annotated[str, AfterValidator(_pattern)]
    fixed: bool = False


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
    once, `documented_once` says so, and `documented_samples` on how many samples at least. Of these
    so many are `positives`, which areas under curves and Kolmogorov and Smirnov's distance rest on.
    Without `window`, the last epoch counts, or the last five where only they tell the noise.
    """

    series: str
    trainings: Annotated[list[str], Field(min_length=1)]
    against: list[str] = []
    window: Annotated[int, Field(ge=1)] | None = None
    documented_once: bool = False
    documented_samples: Annotated[int, Field(ge=1)] | None = None
    positives: Annotated[int, Field(ge=1)] | None = None


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
            names = (f"`{name}`" for name in type(self).model_fields)
            raise ValueError(
                Words(zh="应写这些中的一个：{names}", en="names one of {names}").filled(
                    names=enumerated(names)
                )
            )
        return self

    @property
    def kind(self) -> str:
        """Which of them it is."""
        (kind,) = self.model_fields_set
        return kind

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

    Of metrics, the noise that is known of them is the standard `source`; `margin` is the difference
    that does not count, `false_alarm` how often a claim that is true may be called contradicted,
    `detects` how much worse than claimed must be seen in 95 of 100 runs, or the claim stays
    undecided: 0.15 of what lies between 0 and 1, and as much again of an error.
    """

    source: Words | None = None
    margin: Annotated[float, Field(ge=0)] | None = None
    false_alarm: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    detects: Annotated[float, Field(gt=0)] | None = None


class Claim(Strict):
    """One checkable thing that the page says in an official cell, in our own words.

    On a page of ours, where there is no such cell, `advice` is the sentence that it puts to the
    test.

    `anchor` is the digest of the sentence (`python -m verify pin --sentences` lists them); it tells
    the cell, too, unless several have that sentence. Where there is none, the cell's code or stored
    output has to state the documented value itself. What the page's code or stored output says need
    not be `documented`. `undecided` says why a profile cannot decide, or none can; a claim without
    `evidence` says so for each. Where a known erratum says that the page is wrong here, `erratum`
    names it.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9_-]+$")]
    cell: int | None = None
    advice: Words | None = None
    says: Words
    documented: Scalar | list[Scalar] | None = None
    relation: Literal["="] | MeasuredRelation = "="
    evidence: Observation | None = None
    tolerance: Tolerance = Tolerance()
    anchor: Annotated[str, Field(pattern=f"^[0-9a-f]{{{ANCHOR_DIGITS}}}$")] | None = None
    undecided: Annotated[dict[str, Words], BeforeValidator(_for_each)] = {}
    erratum: str | None = None

    @property
    def values(self) -> list[Scalar]:
        """The documented values; none where the page was to say them, and does not."""
        if self.documented is None:
            seen = self.evidence
            return [*seen.order] if seen and seen.order else [True] if seen and seen.ran else []
        return self.documented if isinstance(self.documented, list) else [self.documented]

    def undecided_in(self, profile: str) -> Words | None:
        """Why a profile cannot decide it, if the contract says so."""
        return self.undecided.get(profile) or self.undecided.get(EVERY)

    @property
    def of_text(self) -> bool:
        """Whether the text of the edition is enough to decide."""
        return self.evidence is None or bool(self.evidence.stated or self.evidence.total_of)

    @property
    def is_comparison(self) -> bool:
        """Whether trainings are held against each other."""
        return bool(self.evidence and self.evidence.measured and self.evidence.measured.against)

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
        if (self.cell is None and self.anchor is None) == (not self.advice):
            raise ValueError(
                Words(
                    zh="应写 `cell`、`anchor`，或它所检验的 `advice`，只能写一个",
                    en="names either `cell` or `anchor`, or the `advice` that it tests",
                )
            )
        decides = self.evidence.kind if self.evidence else ""
        said = self.documented is not None or decides in ("measured", "stated")
        if not self.advice and self.anchor is None and not said:
            raise ValueError(
                Words(
                    zh="需要 `anchor`，因为没有单元格能写明的 `documented` 值",
                    en="needs an `anchor`, as it has no `documented` value that a cell could state",
                )
            )
        if decides and self.documented is None and decides not in _STATED_BY_PAGE:
            raise ValueError(
                Words(
                    zh="需要 `documented`：页面的代码和输出没有写明",
                    en="needs `documented`: the page's code and output do not say it",
                )
            )
        self._fits_together(decides)
        return self

    def _fits_together(self, decides: str) -> None:
        """Refuse a relation that its evidence does not bear."""
        if self.is_comparison != (self.relation in ("better", "alike")):
            raise ValueError(
                Words(
                    zh='"better" 和 "alike" 只用于 `measured`，并要有用来比较的 `against`',
                    en='"better" and "alike" go with what is `measured`, `against` a side',
                )
            )
        if self.relation.startswith(("falls", "rises")) and decides != "measured":
            raise ValueError(
                Words(
                    zh='"falls" 和 "rises" 只用于 `measured`',
                    en='what "falls" or "rises" is `measured`',
                )
            )
        if self.relation == "=" and "relation" in self.model_fields_set and decides == "measured":
            raise ValueError(
                Words(
                    zh='`measured` 不能用 "=" 与一个值比较',
                    en='what is `measured` is never "=" a value',
                )
            )


class Waived(Strict):
    """A number of the page's prose that no claim is about, and why."""

    cell: int
    number: str
    reason: Words
