"""Reads what the probes wrote: JSON lines of the kernel and of each party's model."""

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from verify.evidence.evidence import (
    THIS_MACHINE,
    FailedTraining,
    Holder,
    Reveal,
    Round,
    StepRun,
    TakenOver,
    TrainingRun,
    Turn,
    Weights,
)
from verify.probed import events

_LINE: TypeAdapter[events.Event] = TypeAdapter(
    Annotated[events.Event, Field(discriminator="event")]
)
Training = events.LocalTraining | events.FederatedTraining
E = TypeVar("E", bound=events.Recorded)
_UNKNOWN = ", so the evidence of the run is not whole; run it again"


def recorded(file: Path) -> list[events.Event]:
    """The events of one probe file; a last line cut short by a killed process is left out.

    So is what `damages` names: it is no event.
    """
    return [event for event in _lines(file) if not isinstance(event, str)]


def damages(folders: Iterable[Path]) -> list[str]:
    """What is not whole of the evidence of kernels that started: a sentence for each file.

    Of a run whose evidence is not whole nothing is known: what is missing may be what contradicts.
    """
    found = []
    for folder in folders:
        kernel = folder / "kernel.jsonl"
        if not _only(events.Started, recorded(kernel)):
            found.append(f"{kernel}: is missing or lacks its beginning{_UNKNOWN}")
        for file in sorted(folder.glob("*.jsonl")):
            for number, why in enumerate(_lines(file), 1):
                if isinstance(why, str):
                    found.append(f"{file}:{number}: is no record of ours ({why}){_UNKNOWN}")
                    break
    return found


def _lines(file: Path) -> list[events.Event | str]:
    """The event of each whole line; why it is none, where it is none."""
    try:
        whole, ended, _ = file.read_bytes().rpartition(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        return [error.strerror or str(error)]
    return [_event(line) for line in whole.split(b"\n")] if ended else []


def _event(line: bytes) -> events.Event | str:
    try:
        event = _LINE.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {first['msg']}" if place else first["msg"]
    return f"{event.event}.time: Field required" if math.isnan(event.time) else event


def versions(folder: Path) -> dict[str, str]:
    """The versions that the kernel found installed."""
    started = _only(events.Started, recorded(folder / "kernel.jsonl"))
    return dict(started[-1].versions) if started else {}


def trainings(folders: Iterable[Path], runs: Collection[StepRun]) -> dict[str, list[TrainingRun]]:
    """The finished trainings in order, by the first of these runs during which each ended.

    Args:
        folders: one for each kernel; what a later one did again counts.
        runs: the steps, those that were carried out again first.
    """
    found: dict[str, list[TrainingRun]] = {}
    last: dict[str, Path] = {}
    ends: dict[tuple[Path, object], float] = {}
    for folder, event in _of_kernels(folders):
        if not isinstance(event, events.LocalTraining | events.FederatedTraining):
            continue
        step = _step_at(event.time, runs)
        # Only a federated training has a model that is trained again.
        model = (folder, event.model if isinstance(event, events.FederatedTraining) else None)
        if step is not None:
            if last.get(step) != folder:
                last[step], found[step] = folder, []
            found[step].append(_training(step, event, folder, after=ends.get(model, -math.inf)))
        ends[model] = event.time
    return found


def failed(folders: Iterable[Path], runs: Collection[StepRun]) -> tuple[FailedTraining, ...]:
    """The federated trainings that ended with an exception, in order."""
    return tuple(
        FailedTraining(
            step=step,
            backend=event.backend,
            strategy=event.strategy,
            aggregator=event.aggregator,
            apart=event.apart,
            stage=event.stage,
            raised=event.raised,
            message=event.message,
            own=event.own,
        )
        for _, event in _of_kernels(folders)
        if isinstance(event, events.Failed) and (step := _step_at(event.time, runs)) is not None
    )


def reveals(folders: Iterable[Path], runs: Collection[StepRun]) -> tuple[Reveal, ...]:
    """What was brought into the open, in order."""
    return tuple(
        Reveal(step, event.page, event.caller, event.bytes)
        for _, event in _of_kernels(folders)
        if isinstance(event, events.Revealed) and (step := _step_at(event.time, runs)) is not None
    )


def _of_kernels(folders: Iterable[Path]) -> Iterator[tuple[Path, events.Event]]:
    for folder in folders:
        for event in recorded(folder / "kernel.jsonl"):
            yield folder, event


def _only(kind: type[E], log: Iterable[events.Event]) -> list[E]:
    return [event for event in log if isinstance(event, kind)]


def _step_at(moment: float, runs: Collection[StepRun]) -> str | None:
    for run in runs:
        if run.started <= moment <= run.started + run.duration_s:
            return run.id
    return None


def _training(step: str, event: Training, folder: Path, after: float) -> TrainingRun:
    """One training, of a model whose training before it, if there was one, ended at `after`."""
    history = event.history
    if isinstance(event, events.LocalTraining):
        holder = Holder(
            name=THIS_MACHINE,
            layers=tuple(event.layers),
            before=_weights(event.before),
            after=_weights(event.after),
            phases=(tuple(event.changes),),
            drift=tuple(event.changes),
        )
        samples = _by_series(history, event.samples)
        return TrainingRun(step, "local", history, (holder,), samples=samples)
    files = (folder / f"model-{event.model}-{party}.jsonl" for party in event.parties)
    holders = tuple(
        holder for file in files for holder in _party(recorded(file), after, event.time)
    )
    return TrainingRun(
        step,
        "federated",
        history,
        holders,
        rounds=tuple(map(_round, event.rounds)),
        samples=_by_series(history, _distinct(holders, len(next(iter(history.values()), ())))),
        challenge=tuple(map(_round, event.challenge)),
        aggregator=event.aggregator,
        strategy=event.strategy,
        sources=event.sources,
        backend=event.backend,
        apart=event.apart,
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


def _round(event: events.RoundEvent) -> Round:
    return Round(
        parties=len(event.parties),
        weights=event.weights,
        fxp_bits=event.fxp_bits,
        names=event.parties,
        error=event.error,
        ratio=event.ratio,
        array=event.array,
        arrays=event.arrays,
        alike=event.alike,
        given=event.given,
        inferred=event.inferred,
        messages=event.messages,
        reason=event.reason,
        fault=event.fault,
        arithmetic=event.arithmetic,
        seconds=event.seconds,
    )


def _party(log: list[events.Event], after: float, until: float) -> Iterator[Holder]:
    log = [event for event in log if event.time <= until]
    built = next(reversed(_only(events.Built, log)), None)
    if built is None:
        return
    begun = max(after, built.time)
    held = (e for e in log if isinstance(e, events.Built | events.Idle) and e.time <= begun)
    before = [event.digests for event in held]
    log = [event for event in log if event.time > begun]
    sent = _only(events.Sent, log)
    final = next(reversed(_only(events.Idle, log)), None)
    read = (e.source for e in _only(events.Reads, log) if e.stage == "train" and e.source)
    yield Holder(
        name=built.party,
        layers=tuple(built.layers),
        before=_weights(before[-1]),
        after=_weights(final.digests) if final else None,
        phases=tuple(tuple(event.changes) for event in sent),
        drift=tuple(final.drift) if final else (),
        magnitudes=tuple(built.magnitudes),
        turns=tuple(Turn(tuple(map(tuple, event.rows)), tuple(event.drift)) for event in sent),
        taken_over=tuple(TakenOver(e.kept, e.held) for e in _only(events.Received, log)),
        evaluations=tuple(
            tuple(itertools.chain(*event.rows)) for event in _only(events.Evaluated, log)
        ),
        sources=tuple(dict.fromkeys(read)),
        fault=next((event.reason for event in _only(events.Fault, log)), ""),
    )


def _weights(digests: events.Digests) -> Weights:
    return Weights(tuple(tuple(layer) for layer in digests))
