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
from verify.system import regular_files
from verify.system.complaints import why
from verify.system.words import Text, Words

_NO_TIME = Words(zh="{event}.time：缺少这一项", en="{event}.time: field required")

_RUN_AGAIN = Words(
    zh="，因此这次运行的证据不完整；请重新运行",
    en=", so the evidence of the run is not whole; run it again",
)
_MISSING = Words(zh="{file}：缺失{rest}", en="{file}: is missing{rest}")
_NO_BEGINNING = Words(
    zh="{file}：缺失，或没有开头{rest}", en="{file}: is missing or lacks its beginning{rest}"
)
_OF_LINE = Words(zh="{file}:{number}：{what}", en="{file}:{number}: {what}")
_NOTICED = Words(zh="{file}：{what}{rest}", en="{file}: {what}{rest}")
_TAMPERED = Words(
    zh="页面改动了 {what}，所以这次运行的记录不可信",
    en="the page changed {what}, so what was recorded of the run cannot be trusted",
)
_NO_RECORD = Words(zh="不是我们的记录（{event}）{rest}", en="is no record of ours ({event}){rest}")

_LINE: TypeAdapter[events.Event] = TypeAdapter(
    Annotated[events.Event, Field(discriminator="event")]
)


def recorded(file: Path) -> list[events.Event]:
    """The events of one probe file; a last line cut short by a killed process is left out.

    So is what `damages` names: it is no event.
    """
    return [event for event in _lines(file) if not isinstance(event, str | Words)]


def damages(folders: Iterable[Path], noticed: Iterable[tuple[Path, Text]] = ()) -> list[Text]:
    """What is not whole of the evidence of kernels that started: a sentence for each file.

    Of a run whose evidence is not whole nothing is known: what is missing may be what contradicts.

    Args:
        folders: where it lies.
        noticed: what was noticed of files of it while they were written.
    """
    found: dict[Path, Text] = {}
    for folder in folders:
        kernel = folder / "kernel.jsonl"
        for file in _parties(folder, recorded(kernel)):
            if not file.exists():
                found[file] = _MISSING.filled(file=file, rest=_RUN_AGAIN)
        for file in sorted(folder.glob("*.jsonl")):
            for number, event in enumerate(_lines(file), 1):
                if what := _wrong(event):
                    found.setdefault(file, _OF_LINE.filled(file=file, number=number, what=what))
        if not only(events.Started, recorded(kernel)):
            found.setdefault(kernel, _NO_BEGINNING.filled(file=kernel, rest=_RUN_AGAIN))
    for file, what in noticed:
        found.setdefault(file, _NOTICED.filled(file=file, what=what, rest=_RUN_AGAIN))
    return list(found.values())


def _wrong(event: events.Event | Text) -> Text:
    """Why nothing is known if this is what was recorded."""
    if isinstance(event, events.Tampered):
        return _TAMPERED.filled(what=event.what)
    return _NO_RECORD.filled(event=event, rest=_RUN_AGAIN) if isinstance(event, str | Words) else ""


def _parties(folder: Path, log: Log) -> Iterator[Path]:
    """The files of those who took part in trainings."""
    for event in log:
        if isinstance(event, events.FederatedTraining | events.SplitTraining):
            yield from (folder / f"model-{event.model}-{party}.jsonl" for party in event.parties)


def _lines(file: Path) -> list[events.Event | Text]:
    """The event of each whole line; why it is none, where it is none."""
    try:
        whole, ended, _ = regular_files.content(file).rpartition(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        return [why(error)]
    return [_event(line) for line in whole.split(b"\n")] if ended else []


def _event(line: bytes) -> events.Event | Text:
    try:
        event = _LINE.validate_json(line)
    except ValidationError as error:
        return why(error)
    return _NO_TIME.filled(event=event.event) if math.isnan(event.time) else event


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
