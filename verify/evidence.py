"""What a run recorded: steps, trainings, layers, rounds of aggregation, versions."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.execute.failure import Failure

# Who holds the network of a training that is not federated.
THIS_MACHINE = "this machine"


@dataclass(frozen=True)
class Shown:
    """An erratum that showed itself: at which official cell, and how."""

    erratum: str
    cell: int
    sentence: str


@dataclass(frozen=True)
class StepRun:
    """One step as it ran: wall-clock start in seconds since 1970, and what it printed.

    `errata` are those that were met on the way, in order, and repaired.
    """

    id: str
    started: float
    duration_s: float
    output: str
    failure: Failure | None
    errata: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Layer:
    """One layer of a network, in the network's order."""

    name: str
    kind: str
    trainable: bool
    arrays: int
    trainable_arrays: int
    parameters: int


@dataclass(frozen=True)
class Weights:
    """A network's weights: SHA-256 of every array, by layer."""

    digests: tuple[tuple[str, ...], ...]

    def of_weighted_layers(self) -> tuple[tuple[str, ...], ...]:
        """Those of the layers that have weights."""
        return tuple(layer for layer in self.digests if layer)


@dataclass(frozen=True)
class Holder:
    """One network in one process: a party's, or the kernel's own.

    `phases` holds, for each stretch of training on this holder's own data, the largest absolute
    change of any weight by layer. `drift` is the same from the start to the end of the training,
    aggregation included. `magnitudes` are the largest absolute weights at the start, by layer.
    """

    name: str
    layers: tuple[Layer, ...]
    before: Weights
    after: Weights | None
    phases: tuple[tuple[float, ...], ...]
    drift: tuple[float, ...]
    magnitudes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Round:
    """One call of the aggregator: how many parties, the samples each trained on, precision."""

    parties: int
    weights: tuple[float, ...]
    fxp_bits: int


@dataclass(frozen=True)
class TrainingRun:
    """One training as it happened.

    `samples` are the distinct samples that one epoch's value of a series rests on, by series: two
    parties that read the same folder do not make them twice as many.
    """

    step: str
    kind: str
    history: Mapping[str, Sequence[float]]
    holders: tuple[Holder, ...]
    rounds: tuple[Round, ...] = ()
    samples: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """All that one run left behind; `weights_file` are the digests of the pretrained weights."""

    steps: Mapping[str, StepRun]
    trainings: Mapping[str, TrainingRun]
    versions: Mapping[str, str] = field(default_factory=dict)
    weights_file: tuple[tuple[str, ...], ...] | None = None
    peak_memory_bytes: int = 0
    receipt: Mapping[str, Any] = field(default_factory=dict)


def events(file: Path) -> list[dict[str, Any]]:
    """The events of one probe file; a last line cut short by a killed process is left out."""
    whole = file.read_text(encoding="utf-8").rpartition("\n")[0] if file.exists() else ""
    return [json.loads(line) for line in whole.splitlines()]


def versions(folder: Path) -> dict[str, str]:
    """The versions that the kernel found installed."""
    started = [e for e in events(folder / "kernel.jsonl") if e["event"] == "started"]
    return dict(started[-1]["versions"]) if started else {}


def trainings(folder: Path, runs: Collection[StepRun]) -> dict[str, TrainingRun]:
    """The finished trainings, by the first of these runs during which each ended."""
    found = {}
    for event in events(folder / "kernel.jsonl"):
        if event["event"] != "training":
            continue
        step = _step_at(event["time"], runs)
        if step is not None:
            found[step] = _training(step, event, folder)
    return found


def _step_at(moment: float, runs: Collection[StepRun]) -> str | None:
    for run in runs:
        if run.started <= moment <= run.started + run.duration_s:
            return run.id
    return None


def _training(step: str, event: dict[str, Any], folder: Path) -> TrainingRun:
    if event["kind"] == "local":
        holder = Holder(
            name=THIS_MACHINE,
            layers=tuple(Layer(**layer) for layer in event["layers"]),
            before=_weights(event["before"]),
            after=_weights(event["after"]),
            phases=(tuple(event["changes"]),),
            drift=tuple(event["changes"]),
        )
        return TrainingRun(step, "local", event["history"], (holder,))
    files = (folder / f"model-{event['model']}-{party}.jsonl" for party in event["parties"])
    rounds = tuple(
        Round(r["parties"], tuple(r["weights"] or ()), r["fxp_bits"]) for r in event["rounds"]
    )
    holders = tuple(holder for file in files for holder in _party(events(file)))
    return TrainingRun(step, "federated", event["history"], holders, rounds)


def _party(log: list[dict[str, Any]]) -> Iterator[Holder]:
    built = next((event for event in log if event["event"] == "built"), None)
    if built is None:
        return
    sent = [event for event in log if event["event"] == "sent"]
    idle = [event for event in log if event["event"] == "idle"]
    final = idle[-1] if idle else None
    yield Holder(
        name=built["party"],
        layers=tuple(Layer(**layer) for layer in built["layers"]),
        before=_weights(built["digests"]),
        after=_weights(final["digests"]) if final else None,
        phases=tuple(tuple(event["changes"]) for event in sent),
        drift=tuple(final["drift"]) if final else (),
        magnitudes=tuple(built["magnitudes"]),
    )


def _weights(digests: list[list[str]]) -> Weights:
    return Weights(tuple(tuple(layer) for layer in digests))
