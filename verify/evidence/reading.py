"""Reads what the probes wrote: JSON lines of the kernel and of each party's model."""

import itertools
import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from verify.evidence.model import (
    THIS_MACHINE,
    FailedTraining,
    Holder,
    Layer,
    Message,
    Reveal,
    Round,
    StepRun,
    TakenOver,
    TrainingRun,
    Turn,
    Weights,
)

_OF_ROUND = (
    *("error", "ratio", "array", "alike", "given", "inferred", "reason", "fault"),
    *("shared", "seconds"),
)
_UNKNOWN = ", so the evidence of the run is not whole; run it again"
_OF_FAILED = ("backend", "strategy", "aggregator", "apart", "stage", "raised", "message", "own")


def events(file: Path) -> list[dict[str, Any]]:
    """The events of one probe file; a last line cut short by a killed process is left out.

    So is what `damages` names: it is no event.
    """
    return [event for event in _lines(file) if event is not None]


def damages(folders: Iterable[Path]) -> list[str]:
    """What is not whole of the evidence of kernels that started: a sentence for each file.

    Of a run whose evidence is not whole nothing is known: what is missing may be what contradicts.
    """
    found = []
    for folder in folders:
        kernel = folder / "kernel.jsonl"
        if not any(event["event"] == "started" for event in events(kernel)):
            found.append(f"{kernel}: is missing or lacks its beginning{_UNKNOWN}")
        for file in sorted(folder.glob("*.jsonl")):
            spoilt = [number for number, event in enumerate(_lines(file), 1) if event is None]
            found += [f"{file}:{spoilt[0]}: is no record of ours{_UNKNOWN}"] if spoilt else []
    return found


def _lines(file: Path) -> list[dict[str, Any] | None]:
    """The event of each whole line; None where it is none."""
    try:
        whole, ended, _ = file.read_bytes().rpartition(b"\n")
    except FileNotFoundError:
        return []
    except OSError:
        return [None]
    return [_event(line) for line in whole.split(b"\n")] if ended else []


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:  # no JSON, or no UTF-8
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def versions(folder: Path) -> dict[str, str]:
    """The versions that the kernel found installed."""
    started = [e for e in events(folder / "kernel.jsonl") if e["event"] == "started"]
    return dict(started[-1]["versions"]) if started else {}


def trainings(folders: Iterable[Path], runs: Collection[StepRun]) -> dict[str, list[TrainingRun]]:
    """The finished trainings in order, by the first of these runs during which each ended.

    Args:
        folders: one for each kernel; what a later one did again counts.
        runs: the steps, those that were carried out again first.
    """
    found: dict[str, list[TrainingRun]] = {}
    last: dict[str, Path] = {}
    ends: dict[tuple[Path, object], float] = {}
    for folder, event in _of_kernels(folders, "training"):
        step = _step_at(event["time"], runs)
        model = (folder, event.get("model"))
        if step is not None:
            if last.get(step) != folder:
                last[step], found[step] = folder, []
            found[step].append(_training(step, event, folder, after=ends.get(model, -math.inf)))
        ends[model] = event["time"]
    return found


def failed(folders: Iterable[Path], runs: Collection[StepRun]) -> tuple[FailedTraining, ...]:
    """The federated trainings that ended with an exception, in order."""
    return tuple(
        FailedTraining(step, **{key: event[key] for key in _OF_FAILED})
        for _, event in _of_kernels(folders, "failed")
        if (step := _step_at(event["time"], runs)) is not None
    )


def reveals(folders: Iterable[Path], runs: Collection[StepRun]) -> tuple[Reveal, ...]:
    """What was brought into the open, in order."""
    return tuple(
        Reveal(step, event["page"], event["caller"], event["bytes"])
        for _, event in _of_kernels(folders, "revealed")
        if (step := _step_at(event["time"], runs)) is not None
    )


def _of_kernels(folders: Iterable[Path], kind: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for folder in folders:
        for event in events(folder / "kernel.jsonl"):
            if event["event"] == kind:
                yield folder, event


def _step_at(moment: float, runs: Collection[StepRun]) -> str | None:
    for run in runs:
        if run.started <= moment <= run.started + run.duration_s:
            return run.id
    return None


def _training(step: str, event: dict[str, Any], folder: Path, after: float) -> TrainingRun:
    """One training, of a model whose training before it, if there was one, ended at `after`."""
    history = event["history"]
    if event["kind"] == "local":
        holder = Holder(
            name=THIS_MACHINE,
            layers=tuple(Layer(**layer) for layer in event["layers"]),
            before=_weights(event["before"]),
            after=_weights(event["after"]),
            phases=(tuple(event["changes"]),),
            drift=tuple(event["changes"]),
        )
        samples = _by_series(history, event.get("samples", {}))
        return TrainingRun(step, "local", history, (holder,), samples=samples)
    files = (folder / f"model-{event['model']}-{party}.jsonl" for party in event["parties"])
    holders = tuple(
        holder for file in files for holder in _party(events(file), after, event["time"])
    )
    return TrainingRun(
        step,
        "federated",
        history,
        holders,
        rounds=tuple(map(_round, event["rounds"])),
        samples=_by_series(history, _distinct(holders, len(next(iter(history.values()), ())))),
        challenge=tuple(map(_round, event["challenge"])),
        aggregator=event["aggregator"],
        strategy=event["strategy"],
        sources=event["sources"],
        backend=event.get("backend", ""),
        apart=event.get("apart", True),
    )


def _by_series(history: Mapping[str, object], counted: Mapping[str, int]) -> dict[str, int]:
    """The samples behind each series: those of the validation, or of the training."""
    parts = {name: "val" if name.startswith("val_") else "train" for name in history}
    return {name: counted[part] for name, part in parts.items() if part in counted}


def _distinct(holders: Collection[Holder], epochs: int) -> dict[str, int]:
    """The distinct samples of all parties in the first epoch, and in the first evaluation."""
    train: set[int] = set()
    val: set[int] = set()
    for holder in holders:
        for turn in holder.turns[: len(holder.turns) // max(epochs, 1)]:
            train.update(*turn.batches)
        val.update(*holder.evaluations[:1])
    return {part: len(seen) for part, seen in (("train", train), ("val", val)) if seen}


def _round(event: dict[str, Any]) -> Round:
    return Round(
        parties=len(event["parties"]),
        weights=tuple(event.get("weights", ())),
        fxp_bits=event["fxp_bits"],
        names=tuple(event["parties"]),
        arrays=tuple(event.get("arrays", ())),
        messages=tuple(map(_message, event.get("messages", ()))),
        **{name: event[name] for name in _OF_ROUND if name in event},
    )


def _message(event: dict[str, Any]) -> Message:
    lists = {name: tuple(event.get(name, ())) for name in ("uniform", "fresh")}
    return Message(**{**event, **lists})


def _party(log: list[dict[str, Any]], after: float, until: float) -> Iterator[Holder]:
    log = [event for event in log if event["time"] <= until]
    built = next((event for event in reversed(log) if event["event"] == "built"), None)
    if built is None:
        return
    begun = max(after, built["time"])
    before = [event["digests"] for event in log if "digests" in event and event["time"] <= begun]
    log = [event for event in log if event["time"] > begun]
    sent = [event for event in log if event["event"] == "sent"]
    idle = [event for event in log if event["event"] == "idle"]
    final = idle[-1] if idle else None
    yield Holder(
        name=built["party"],
        layers=tuple(Layer(**layer) for layer in built["layers"]),
        before=_weights(before[-1]),
        after=_weights(final["digests"]) if final else None,
        phases=tuple(tuple(event["changes"]) for event in sent),
        drift=tuple(final["drift"]) if final else (),
        magnitudes=tuple(built["magnitudes"]),
        turns=tuple(
            Turn(tuple(map(tuple, event["rows"])), tuple(event["drift"])) for event in sent
        ),
        taken_over=tuple(TakenOver(e["kept"], e["held"]) for e in log if e["event"] == "received"),
        evaluations=tuple(
            tuple(itertools.chain(*e["rows"])) for e in log if e["event"] == "evaluated"
        ),
        sources=tuple(
            dict.fromkeys(
                e["source"]
                for e in log
                if e["event"] == "reads" and e["stage"] == "train" and e["source"]
            )
        ),
        fault=next((event["reason"] for event in log if event["event"] == "fault"), ""),
    )


def _weights(digests: list[list[str]]) -> Weights:
    return Weights(tuple(tuple(layer) for layer in digests))
