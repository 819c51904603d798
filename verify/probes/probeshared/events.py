"""What the probes record, as lines of JSON: one class for each sort of event.

The probes construct them, and the tool reads them back as the same classes. The recorder adds the
`time` at which it wrote a line, in seconds since 1970.
"""

import math
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


@dataclass(frozen=True, kw_only=True)
class Recorded(Declared):
    """Something that happened at a `time`, which is no number until it has been written."""

    time: float = math.nan


# The kernel's events.


@dataclass(frozen=True, kw_only=True)
class Started(Recorded):
    """The probes began to watch, with these versions installed."""

    event: Literal["started"] = "started"
    seed: int | None
    versions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class TrainingStarted(Recorded):
    """A training began; a federated one has a numbered model."""

    event: Literal["training-started"] = "training-started"
    kind: Literal["local", "federated"]
    model: int | None = None


@dataclass(frozen=True, kw_only=True)
class LocalTraining(Recorded):
    """A training on one machine ended: digests before and after it, by layer, and its changes.

    `samples` are those behind the last epoch's metrics, of the training and of the validation.
    """

    event: Literal["local-training"] = "local-training"
    samples: dict[str, int]
    history: dict[str, list[float]]
    layers: list[LayerEvent]
    before: Digests
    after: Digests
    changes: list[float]


@dataclass(frozen=True, kw_only=True)
class FederatedTraining(Tried, Recorded):
    """A federated training ended; `sources` are where each party was told to read."""

    event: Literal["federated-training"] = "federated-training"
    model: int
    parties: list[str]
    sources: dict[str, str | None]
    history: dict[str, list[float]]
    rounds: list[RoundEvent]
    challenge: list[RoundEvent]


@dataclass(frozen=True, kw_only=True)
class Failed(Tried, RaisedEvent, Recorded):
    """A federated training ended with an exception."""

    event: Literal["failed"] = "failed"
    stage: Literal["creation", "training"]


@dataclass(frozen=True, kw_only=True)
class Revealed(Recorded):
    """Something was brought into the open, by the `page` itself or for it."""

    event: Literal["revealed"] = "revealed"
    page: bool
    caller: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Fault(Recorded):
    """A fault of the probes' own."""

    event: Literal["fault"] = "fault"
    reason: str


# A party's events.


@dataclass(frozen=True, kw_only=True)
class Built(Recorded):
    """A party has a model: its layers, and of each the digests and largest absolute weight."""

    event: Literal["built"] = "built"
    party: str
    model: int
    layers: list[LayerEvent]
    digests: Digests
    magnitudes: list[float]


@dataclass(frozen=True, kw_only=True)
class Received(Recorded):
    """A party took weights over: whether it holds just these, and their checksum."""

    event: Literal["received"] = "received"
    kept: bool
    held: int


@dataclass(frozen=True, kw_only=True)
class Reads(Recorded):
    """A party reads its data from somewhere, if that is a file or a folder."""

    event: Literal["reads"] = "reads"
    stage: str
    source: str | None


@dataclass(frozen=True, kw_only=True)
class Sent(Recorded):
    """A turn of training ended: on which samples, what it changed, and what the whole training."""

    event: Literal["sent"] = "sent"
    rows: list[list[int]]
    changes: list[float]
    drift: list[float]


@dataclass(frozen=True, kw_only=True)
class Evaluated(Recorded):
    """An evaluation ended: on which samples."""

    event: Literal["evaluated"] = "evaluated"
    rows: list[list[int]]


@dataclass(frozen=True, kw_only=True)
class Idle(Recorded):
    """What a party holds while it does not train."""

    event: Literal["idle"] = "idle"
    digests: Digests
    drift: list[float]


Event = (
    Started
    | TrainingStarted
    | LocalTraining
    | FederatedTraining
    | Failed
    | Revealed
    | Fault
    | Built
    | Received
    | Reads
    | Sent
    | Evaluated
    | Idle
)
