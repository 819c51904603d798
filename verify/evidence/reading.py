"""Reads what the probes wrote: JSON lines of the kernel and of each party's model."""

import math
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from verify.evidence.evidence import FailedTraining, Reveal, StepRun, TrainingRun
from verify.evidence.party_logs import Log, only
from verify.evidence.recorded_trainings import KernelLog
from verify.probed import events
from verify.system import of_a_page

_LINE: TypeAdapter[events.Event] = TypeAdapter(
    Annotated[events.Event, Field(discriminator="event")]
)
_UNKNOWN = ", so the evidence of the run is not whole; run it again"


def recorded(file: Path) -> list[events.Event]:
    """The events of one probe file; a last line cut short by a killed process is left out.

    So is what `damages` names: it is no event.
    """
    return [event for event in _lines(file) if not isinstance(event, str)]


def damages(folders: Iterable[Path], noticed: Iterable[tuple[Path, str]] = ()) -> list[str]:
    """What is not whole of the evidence of kernels that started: a sentence for each file.

    Of a run whose evidence is not whole nothing is known: what is missing may be what contradicts.

    Args:
        folders: where it lies.
        noticed: what was noticed of files of it while they were written.
    """
    found: dict[Path, str] = {}
    for folder in folders:
        kernel = folder / "kernel.jsonl"
        for file in _parties(folder, recorded(kernel)):
            if not file.exists():
                found[file] = f"{file}: is missing{_UNKNOWN}"
        for file in sorted(folder.glob("*.jsonl")):
            for number, event in enumerate(_lines(file), 1):
                if what := _wrong(event):
                    found.setdefault(file, f"{file}:{number}: {what}")
        if not only(events.Started, recorded(kernel)):
            found.setdefault(kernel, f"{kernel}: is missing or lacks its beginning{_UNKNOWN}")
    for file, what in noticed:
        found.setdefault(file, f"{file}: {what}{_UNKNOWN}")
    return list(found.values())


def _wrong(event: events.Event | str) -> str:
    """Why nothing is known if this is what was recorded."""
    if isinstance(event, events.Tampered):
        return f"the page changed {event.what}, so what was recorded of the run cannot be trusted"
    return f"is no record of ours ({event}){_UNKNOWN}" if isinstance(event, str) else ""


def _parties(folder: Path, log: Log) -> Iterator[Path]:
    """The files of those who took part in trainings."""
    for event in log:
        if isinstance(event, events.FederatedTraining | events.SplitTraining):
            yield from (folder / f"model-{event.model}-{party}.jsonl" for party in event.parties)


def _lines(file: Path) -> list[events.Event | str]:
    """The event of each whole line; why it is none, where it is none."""
    try:
        whole, ended, _ = of_a_page.content(file).rpartition(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        return [error.strerror or str(error)]
    return [_event(line) for line in whole.split(b"\n")] if ended else []


def _event(line: bytes) -> events.Event | str:
    try:
        event = _LINE.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {first['msg']}" if place else first["msg"]
    return f"{event.event}.time: Field required" if math.isnan(event.time) else event


def versions(folder: Path) -> dict[str, str]:
    """The versions that the kernel found installed."""
    started = only(events.Started, recorded(folder / "kernel.jsonl"))
    return dict(started[-1].versions) if started else {}


def trainings(folders: Iterable[Path], runs: Collection[StepRun]) -> dict[str, list[TrainingRun]]:
    """The finished trainings in order, by the first of these runs during which each ended.

    Args:
        folders: one for each kernel; what a later one did again counts.
        runs: the steps, those that were carried out again first.
    """
    found: dict[str, list[TrainingRun]] = {}
    last: dict[str, Path] = {}
    for folder in folders:
        log = KernelLog(folder, recorded(folder / "kernel.jsonl"), recorded)
        for event in log.trainings():
            step = _step_at(event.time, runs)
            if step is not None:
                if last.get(step) != folder:
                    last[step], found[step] = folder, []
                found[step].append(log.run(step, event))
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


def _step_at(moment: float, runs: Collection[StepRun]) -> str | None:
    for run in runs:
        if run.started <= moment <= run.started + run.duration_s:
            return run.id
    return None
