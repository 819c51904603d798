"""What the events that probes record are made of."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

# How an aggregator computes: see `rounding`.
Arithmetic = Literal["plain", "sparse", "secure", "spu", "own"]

Digests = list[list[str]]


class Declared:
    """What a line may hold is all that its class declares, in just these types."""

    # For the tool's reader, pydantic, of which nothing is known here.
    __pydantic_config__: ClassVar[Any] = {"extra": "forbid", "strict": True}


@dataclass(frozen=True)
class LayerEvent(Declared):
    """One layer of a network, in the network's order."""

    name: str
    kind: str
    trainable: bool
    arrays: int
    trainable_arrays: int
    parameters: int


# Why nothing is known of a part: of what fetches itself, which is no fault.
MADE_BY_ITSELF = "its batches are made while it trains, and cannot be read without changing them"


@dataclass(frozen=True, kw_only=True)
class DataPart(Declared):
    """A part of the data that something was trained or validated on.

    `classes` has how many samples are of which class, and is empty where labels are no classes or
    were not seen; `low` and `high` are the range of the inputs, `rows` a checksum of each sample.
    `unseen` says why nothing is known of it.
    """

    stage: Literal["train", "val"]
    samples: int
    classes: dict[str, int]
    low: float | None = None
    high: float | None = None
    rows: list[int]
    unseen: str = ""


@dataclass(frozen=True)
class MessageEvent(Declared):
    """An object that went from one device to another during a round.

    `aggregate` says that it is the round's outcome. If it has the shape of the parties' weights, a
    sample of `elements` was looked at: whether these are a party's own numbers (`plain`), their
    largest correlation with those, and for masked numbers the chi-square of each of their eight
    bytes (`uniform`), and of the difference to the same sender's message a round before (`fresh`).
    """

    sender: str
    receiver: str
    aggregate: bool
    arrays: int
    bytes: int
    elements: int = 0
    plain: bool = False
    correlation: float = 0.0
    uniform: tuple[float, ...] = ()
    fresh: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Examined(Declared):
    """What an auditor found in a round.

    `error` is the largest absolute difference of any element from the weighted mean, `ratio` the
    largest share of its analytic bound, found in array number `array`; both are None where the
    round was not looked into, and `reason` or `fault` says why. `arrays` are the bytes of each
    array that a party sent, `alike` says that all sent the same, `given` is the checksum of the
    outcome, `inferred` how far the first of two parties errs when it computes the other's part.
    """

    weights: tuple[float, ...] = ()
    error: float | None = None
    ratio: float | None = None
    array: int = 0
    arrays: tuple[int, ...] = ()
    alike: bool = False
    given: int | None = None
    inferred: float | None = None
    messages: tuple[MessageEvent, ...] = ()
    reason: str = ""
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class RoundEvent(Examined):
    """One call of the aggregator: whose arrays, and how it computes.

    It took `seconds` until the next one began or the training ended, without the time that it took
    to look into it; None if it did not come to its end.
    """

    parties: tuple[str, ...]
    arithmetic: Arithmetic
    fxp_bits: int | None
    seconds: float | None


@dataclass(frozen=True, kw_only=True)
class MetricEvent(Declared):
    """What a metric of one party is made of, and which `values` the party makes of that.

    A mean is a `total` over a `count`. Others count what was right and wrong, by threshold or by
    class, and `curve` or `average` says what becomes of that. Those that keep something else have
    only their values. `kind` is the name of its class. Where each batch tells a value of its own,
    `last` is that of the last one.
    """

    name: str
    kind: str
    values: tuple[float, ...]
    total: float | None = None
    count: float | None = None
    true_positives: tuple[float, ...] = ()
    false_positives: tuple[float, ...] = ()
    true_negatives: tuple[float, ...] = ()
    false_negatives: tuple[float, ...] = ()
    curve: str = ""
    average: str = ""
    last: float | None = None


@dataclass(frozen=True, kw_only=True)
class CrossingEvent(Declared):
    """Messages of one form from one party to another during a split training: `count` of them.

    Hidden layers go forward to whoever has the labels, gradients backward. Each message has arrays
    of these shapes and types, and so many bytes.
    """

    sender: str
    receiver: str
    way: Literal["forward", "backward", "other"]
    shapes: tuple[tuple[int, ...], ...]
    types: tuple[str, ...]
    bytes: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Tried(Declared):
    """What a federated training is made of; `apart` says that each party has its own process."""

    backend: str
    strategy: str
    aggregator: str
    apart: bool


@dataclass(frozen=True, kw_only=True)
class RaisedEvent(Declared):
    """An exception as it was raised; it is `own` if a check of SecretFlow's code raised it."""

    raised: str
    message: str
    own: bool
