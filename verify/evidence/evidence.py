"""What a run recorded: steps, trainings, layers, rounds of aggregation, versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from verify.contract.contract import Contract
from verify.evidence.failure import Failure
from verify.probed import events
from verify.system.words import Text, Words

# Who holds the network of a training that is not federated.
THIS_MACHINE = "this machine"

# As the probes tell them.
Layer = events.LayerEvent
Message = events.MessageEvent
Metric = events.MetricEvent
Crossing = events.CrossingEvent
DataPart = events.DataPart
_MADE_BY_ITSELF = Words(zh="它的批次在训练时才生成，读取就会改变它们", en=events.MADE_BY_ITSELF)


@dataclass(frozen=True)
class Shown:
    """An erratum that showed itself: at which official cell and line of it, and how.

    One that is `proposed` is in no ledger yet: the run came upon it, and upon a repair with which
    the page goes on.
    """

    erratum: str
    cell: int
    sentence: Text
    line: int = 1
    proposed: bool = False


@dataclass(frozen=True)
class StepRun:
    """One step as it ran: when it began, and what it printed.

    Moments are seconds of the machine's steady clock, which nobody sets, as probes record them.

    `again` are the moments at which it went on after cells of another step.
    `errata` are those that were met on the way, in order, and repaired; `skipped` are the cells
    that their author wants no machine to run. `outputs` are what each cell put out, by the cell of
    the edition, as nbformat has it; of a repaired cell without the exception that was repaired.
    `follows` are cells that had failed before and whose work this step's code rests on.
    """

    id: str
    started: float
    duration_s: float
    output: str
    failure: Failure | None
    errata: tuple[Shown, ...] = ()
    skipped: tuple[int, ...] = ()
    outputs: Mapping[int, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    again: tuple[float, ...] = ()
    follows: tuple[int, ...] = ()

    def followed_by(self, other: "StepRun") -> "StepRun":
        """The whole of a step that stands in two places, of which this is what ran first."""
        return replace(
            other,
            started=self.started,
            duration_s=self.duration_s + other.duration_s,
            output=self.output + other.output,
            errata=self.errata + other.errata,
            skipped=self.skipped + other.skipped,
            outputs={**self.outputs, **other.outputs},
            again=(*self.again, other.started),
            failure=self.failure or other.failure,
            follows=tuple(dict.fromkeys(self.follows + other.follows)),
        )


@dataclass(frozen=True)
class Applied:
    """One place where a parameter was changed: what the document says, what was used instead.

    `program` is the one of ours that built what stands in for an address, `holds` are the names of
    the files and folders in it.
    """

    parameter: str
    cell: int
    step: str | None
    documented: str
    used: str
    reason: Text
    program: str = ""
    holds: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.parameter} ({self.step}): {self.documented} → {self.used}"


@dataclass(frozen=True)
class Weights:
    """A network's weights: SHA-256 of every array, by layer."""

    digests: tuple[tuple[str, ...], ...]

    def of_weighted_layers(self) -> tuple[tuple[str, ...], ...]:
        """Those of the layers that have weights."""
        return tuple(layer for layer in self.digests if layer)


@dataclass(frozen=True)
class Turn:
    """One stretch of a party's training, between weights that it took over and those it sent.

    `batches` are checksums of the samples of each batch, `drift` the largest absolute change of
    any weight since the start, by layer.
    """

    batches: tuple[tuple[int, ...], ...]
    drift: tuple[float, ...]

    @property
    def samples(self) -> int:
        """How many samples it trained on."""
        return sum(map(len, self.batches))


@dataclass(frozen=True)
class TakenOver:
    """Weights that a party took over: whether it holds just these, and their checksum."""

    kept: bool
    held: int


@dataclass(frozen=True)
class Holder:
    """One network in one process: a party's, or the kernel's own.

    `phases` holds, for each stretch of training on this holder's own data, the largest absolute
    change of any weight by layer. `drift` is the same from the start to the end of the training,
    aggregation included. `magnitudes` are the largest absolute weights at the start, by layer.
    A party also has `turns`, one for each phase, the weights that it took over, the samples of
    each evaluation, the `sources` that it read its training data from, and what `fault` of a probe
    kept part of this from being recorded. Of a split network it holds a `part`: "base" or "fuse".
    """

    name: str
    layers: tuple[Layer, ...]
    before: Weights
    after: Weights | None
    phases: tuple[tuple[float, ...], ...]
    drift: tuple[float, ...]
    magnitudes: tuple[float, ...] = ()
    turns: tuple[Turn, ...] = ()
    taken_over: tuple[TakenOver, ...] = ()
    evaluations: tuple[tuple[int, ...], ...] = ()
    sources: tuple[str, ...] = ()
    fault: str = ""
    part: str = ""

    @property
    def path(self) -> str:
        """Whose network it is, and which part of one: no two are called alike."""
        return f"{self.name}/{self.part}" if self.part else self.name

    @property
    def title(self) -> str:
        """The same in words."""
        return f"{self.name} ({self.part})" if self.part else self.name


@dataclass(frozen=True)
class Pass:
    """A party went once through data, in a `stage` ("train" or "val"): with its own metrics."""

    stage: str
    batches: int
    samples: int
    labels: bool
    metrics: tuple[Metric, ...] = ()
    data: DataPart | None = None


@dataclass(frozen=True)
class Evaluation:
    """A model that was evaluated by itself: what came out, and each party's own passes."""

    values: Mapping[str, float]
    passes: Mapping[str, tuple[Pass, ...]]


@dataclass(frozen=True)
class Boundary:
    """What crossed between the parties of a split training.

    `labels` is the party with the fuse network; hidden layers are put together at `aggregates_at`.
    `added` is what the page has put around that. `fault` says why messages were not weighed.
    """

    labels: str
    aggregates_at: str
    added: tuple[str, ...]
    crossings: tuple[Crossing, ...]
    fault: str = ""


@dataclass(frozen=True)
class Round:
    """One call of the aggregator: how many parties, the samples each trained on, precision.

    `error` is the largest absolute difference of any element from the weighted mean, `ratio` the
    largest share of its analytic bound, found in array number `array`; both are None where the
    round was not looked into, and `reason` or `fault` says why. `arrays` are the bytes of each
    array that a party sent, `alike` says that all sent the same, `given` is the checksum of the
    outcome, `inferred` how far the first of two parties errs when it computes the other's part.
    `arithmetic` says how the aggregator computes. It took `seconds` until the next one began or the
    training ended, without the time that it took to look into it.
    """

    parties: int
    weights: tuple[float, ...]
    fxp_bits: int | None
    names: tuple[str, ...] = ()
    error: float | None = None
    ratio: float | None = None
    array: int = 0
    arrays: tuple[int, ...] = ()
    alike: bool = False
    given: int | None = None
    inferred: float | None = None
    messages: tuple[Message, ...] = ()
    reason: str = ""
    fault: str = ""
    arithmetic: events.Arithmetic = "own"
    seconds: float | None = None


@dataclass(frozen=True)
class TrainingRun:
    """One training as it happened.

    `samples` are the distinct samples that one epoch's value of a series rests on, by series: two
    parties that read the same folder do not make them twice as many. A federated training has its
    rounds, and as a `challenge` one round over numbers of ours that differ in every way;
    `sources` is where the page tells each party to read, and `apart` says that each party had a
    process of its own.

    `passes` are what each party went through, with its own metrics, in order; `evaluations` came
    after the training. A split one has its `boundary`. `data` are the parts that each party trained
    and validated on, as far as they were seen. `unseen` says what was not recorded.
    """

    step: str
    kind: str
    history: Mapping[str, Sequence[float]]
    holders: tuple[Holder, ...]
    rounds: tuple[Round, ...] = ()
    samples: Mapping[str, int] = field(default_factory=dict)
    challenge: tuple[Round, ...] = ()
    aggregator: str = ""
    strategy: str = ""
    sources: Mapping[str, str | None] = field(default_factory=dict)
    backend: str = ""
    apart: bool = True
    passes: Mapping[str, tuple[Pass, ...]] = field(default_factory=dict)
    evaluations: tuple[Evaluation, ...] = ()
    boundary: Boundary | None = None
    data: Mapping[str, tuple[DataPart, ...]] = field(default_factory=dict)
    unseen: Text = ""


@dataclass(frozen=True)
class FailedTraining:
    """A federated training that ended with an exception: at its `creation`, or in the `training`.

    The exception is `own` if a check of SecretFlow's code raised it.
    """

    step: str
    backend: str
    strategy: str
    aggregator: str
    apart: bool
    stage: str
    raised: str
    message: str
    own: bool

    @property
    def sentence(self) -> str:
        """The exception as Python words it."""
        return f"{self.raised}: {self.message}" if self.message else self.raised


@dataclass(frozen=True)
class Reveal:
    """A call that brought something into the open: in which step, by the page itself or for it."""

    step: str
    by_page: bool
    caller: str
    bytes: int


@dataclass(frozen=True)
class Evidence:
    """All that one run left behind: among it the trainings of each step, in order.

    `weights_files` are the digests of pretrained weights, by the profile's name for the file, and
    by layer in the file's order.
    """

    steps: Mapping[str, StepRun]
    trainings: Mapping[str, Sequence[TrainingRun]]
    failed: tuple[FailedTraining, ...] = ()
    reveals: tuple[Reveal, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    weights_files: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    peak_memory_bytes: int = 0
    receipt: Mapping[str, Any] = field(default_factory=dict)

    def runs_of(self, contract: Contract, training_id: str) -> Sequence[TrainingRun]:
        """What was recorded of a documented training, by seed.

        Nothing if it did not come to its end, or if its step trained so often that nobody can tell
        which of its trainings is which.
        """
        training = contract.training(training_id)
        documented = [t for t in contract.trainings if t.step == training.step]
        runs = self.trainings.get(training.step, ())
        # A step may train otherwise on the way: what is documented goes by its kind.
        if alike := [run for run in runs if run.kind == training.kind]:
            documented = [t for t in documented if t.kind == training.kind]
            runs = alike
        first = sum(t.seeds for t in documented[: documented.index(training)])
        if documented == [training]:
            return runs[-training.seeds :] if len(runs) >= training.seeds else ()
        known = len(runs) == sum(t.seeds for t in documented)
        return runs[first : first + training.seeds] if known else ()


def unseen_because(why: str) -> Text:
    """Why nothing is known of some data, as a probe says it, in both languages where it is ours."""
    return _MADE_BY_ITSELF if why == str(_MADE_BY_ITSELF) else why
