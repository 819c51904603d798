"""What the probes record, as lines of JSON: one class for each sort of event.

The probes construct them, and the tool reads them back as the same classes. The tool adds the
`time` at which a line came to it, in seconds of the machine's steady clock, which nobody sets.
"""

import math
from dataclasses import dataclass
from typing import Literal

from .event_parts import (
    MADE_BY_ITSELF,
    Arithmetic,
    CrossingEvent,
    DataPart,
    Declared,
    Digests,
    Examined,
    LayerEvent,
    MessageEvent,
    MetricEvent,
    RaisedEvent,
    RoundEvent,
    Tried,
)

__all__ = [
    "MADE_BY_ITSELF",
    "Arithmetic",
    "Built",
    "CrossingEvent",
    "DataPart",
    "Declared",
    "Digests",
    "EstimatorTraining",
    "Evaluated",
    "Event",
    "Examined",
    "Failed",
    "Fault",
    "FederatedTraining",
    "Idle",
    "Intact",
    "LayerEvent",
    "LocalTraining",
    "MessageEvent",
    "MetricEvent",
    "ModelEvaluated",
    "OptimizerSteps",
    "PassEnded",
    "Prediction",
    "RaisedEvent",
    "Reads",
    "Received",
    "Recorded",
    "Revealed",
    "RoundEvent",
    "Sent",
    "SplitTraining",
    "Started",
    "Tampered",
    "TrainingStarted",
    "Tried",
]


@dataclass(frozen=True, kw_only=True)
class Recorded(Declared):
    """Something that happened at a `time`, which is no number until the tool has it."""

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
    """A training began; one of several parties has a numbered model."""

    event: Literal["training-started"] = "training-started"
    kind: Literal["local", "federated", "split"]
    model: int | None = None


@dataclass(frozen=True, kw_only=True)
class LocalTraining(Recorded):
    """A training on one machine ended: digests before and after it, by layer, and its changes.

    `samples` are those behind the last epoch's metrics, of the training and of the validation;
    `data` is what it was given.
    """

    event: Literal["local-training"] = "local-training"
    samples: dict[str, int]
    history: dict[str, list[float]]
    layers: list[LayerEvent]
    before: Digests
    after: Digests
    changes: list[float]
    data: tuple[DataPart, ...] = ()


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
class SplitTraining(Recorded):
    """A split training ended: who has the fuse network, and what crossed between the parties.

    `parties` are those with a base network. Hidden layers are put together at `aggregates_at`;
    `added` is what the page has put around that: compression, noise, ways to put together. `fault`
    says why messages were not weighed.
    """

    event: Literal["split-training"] = "split-training"
    model: int
    backend: str
    strategy: str
    apart: bool
    parties: list[str]
    labels: str
    aggregates_at: str
    added: list[str]
    history: dict[str, list[float]]
    crossings: list[CrossingEvent]
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelEvaluated(Recorded):
    """A model of several parties was evaluated by itself, with this outcome."""

    event: Literal["evaluation"] = "evaluation"
    model: int
    values: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Prediction(Recorded):
    """A model of several parties predicted: in how many batches, at whom."""

    event: Literal["prediction"] = "prediction"
    model: int
    at: list[str]
    batches: int


@dataclass(frozen=True, kw_only=True)
class EstimatorTraining(Recorded):
    """One of SecretFlow's own estimators was trained: trees, or a linear model.

    `parameters` are those of its method that are numbers or words, `rounds` how many trees or
    epochs it was told to make, `history` what it reports while it trains, if anything.
    """

    event: Literal["estimator-training"] = "estimator-training"
    estimator: str
    method: str
    parameters: dict[str, str]
    rounds: int | None
    history: dict[str, list[float]]


@dataclass(frozen=True, kw_only=True)
class OptimizerSteps(Recorded):
    """A cell's own loop trained networks of PyTorch: so many steps of one optimizer.

    The network that holds what the optimizer changes is looked for among the page's variables;
    `unseen` says why there is none. `data` is what that network was given after its first step.
    """

    event: Literal["optimizer-steps"] = "optimizer-steps"
    optimizer: str
    steps: int
    layers: list[LayerEvent]
    before: Digests
    after: Digests
    changes: list[float]
    unseen: str = ""
    data: tuple[DataPart, ...] = ()


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


@dataclass(frozen=True, kw_only=True)
class Intact(Recorded):
    """The probes were asked, and are what they were when the page began."""

    event: Literal["intact"] = "intact"
    asked: str


@dataclass(frozen=True, kw_only=True)
class Tampered(Recorded):
    """Something of the probes is not any more what it was when the page began."""

    event: Literal["tampered"] = "tampered"
    what: str


# A party's events.


@dataclass(frozen=True, kw_only=True)
class Built(Recorded):
    """A party has a model: its layers, and of each the digests and largest absolute weight.

    Of a split training it is a `part` of the whole: "base" or "fuse".
    """

    event: Literal["built"] = "built"
    party: str
    model: int
    part: str = ""
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
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class PassEnded(Recorded):
    """A party went once through data, to train or to validate: what it saw, and its own metrics.

    `labels` says that it had those, too. What each sample was, `Sent` and `Evaluated` have.
    """

    event: Literal["pass-ended"] = "pass-ended"
    stage: Literal["train", "val"]
    batches: int
    samples: int
    labels: bool
    metrics: tuple[MetricEvent, ...]
    data: DataPart | None = None


Event = (
    Started
    | TrainingStarted
    | LocalTraining
    | FederatedTraining
    | SplitTraining
    | ModelEvaluated
    | Prediction
    | EstimatorTraining
    | OptimizerSteps
    | Failed
    | Revealed
    | Fault
    | Intact
    | Tampered
    | Built
    | Received
    | Reads
    | Sent
    | Evaluated
    | Idle
    | PassEnded
)
