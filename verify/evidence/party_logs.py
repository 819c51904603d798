"""Reads what parties wrote: their networks, their turns of training, their passes through data."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from verify.evidence.evidence import Holder, Pass, TakenOver, Turn, Weights
from verify.probed import events

E = TypeVar("E", bound=events.Recorded)
Log = Sequence[events.Event]


def only(kind: type[E], log: Iterable[events.Event]) -> list[E]:
    """The events of one kind."""
    return [event for event in log if isinstance(event, kind)]


def weights(digests: events.Digests) -> Weights:
    """A network's weights, by their digests."""
    return Weights(tuple(tuple(layer) for layer in digests))


def passes(log: Log, after: float, until: float) -> tuple[Pass, ...]:
    """What a party went through in a stretch of time, in order."""
    return tuple(
        Pass(event.stage, event.batches, event.samples, event.labels, event.metrics, event.data)
        for event in only(events.PassEnded, log)
        if after < event.time <= until
    )


def of_federated(log: Log, after: float, until: float) -> Iterator[Holder]:
    """The network of a party of a federated training that ended at `until`.

    The model's training before it, if there was one, ended at `after`.
    """
    log = [event for event in log if event.time <= until]
    built = next(reversed(only(events.Built, log)), None)
    if built is None:
        return
    begun = max(after, built.time)
    held = (e for e in log if isinstance(e, events.Built | events.Idle) and e.time <= begun)
    before = [event.digests for event in held]
    log = [event for event in log if event.time > begun]
    sent = only(events.Sent, log)
    final = next(reversed(only(events.Idle, log)), None)
    read = (e.source for e in only(events.Reads, log) if e.stage == "train" and e.source)
    yield Holder(
        name=built.party,
        layers=tuple(built.layers),
        before=weights(before[-1]),
        after=weights(final.digests) if final else None,
        phases=tuple(tuple(event.changes) for event in sent),
        drift=tuple(final.drift) if final else (),
        magnitudes=tuple(built.magnitudes),
        turns=tuple(Turn(tuple(map(tuple, event.rows)), tuple(event.drift)) for event in sent),
        taken_over=tuple(TakenOver(e.kept, e.held) for e in only(events.Received, log)),
        evaluations=tuple(
            tuple(itertools.chain(*event.rows)) for event in only(events.Evaluated, log)
        ),
        sources=tuple(dict.fromkeys(read)),
        fault=_fault(log),
    )


def of_split(log: Log, begun: float, until: float) -> Iterator[Holder]:
    """The parts of a split network that a party held during a training."""
    log = [event for event in log if event.time <= until]
    built = {event.part: event for event in only(events.Built, log)}
    for part, event in built.items():
        held = [idle for idle in only(events.Idle, log) if idle.part == part and idle.time > begun]
        drift = tuple(held[-1].drift) if len(held) > 1 else ()
        yield Holder(
            name=event.party,
            layers=tuple(event.layers),
            before=weights(held[0].digests if held else event.digests),
            after=weights(held[-1].digests) if len(held) > 1 else None,
            phases=(drift,) if drift else (),
            drift=drift,
            magnitudes=tuple(event.magnitudes),
            fault=_fault(log),
            part=part,
        )


def _fault(log: Log) -> str:
    return next((event.reason for event in only(events.Fault, log)), "")


def by_series(history: Mapping[str, object], counted: Mapping[str, int]) -> dict[str, int]:
    """The samples behind each series: those of the validation, or of the training."""
    parts = {name: "val" if name.startswith("val_") else "train" for name in history}
    return {name: counted[part] for name, part in parts.items() if part in counted}


def data_of(
    gone_through: Iterable[Pass], holder: Holder | None, epochs: int
) -> tuple[events.DataPart, ...]:
    """What a party trained and validated on: its first pass of each, with each sample of these."""
    first = {one.stage: one.data for one in reversed([*gone_through]) if one.data}
    turns = holder.turns[: len(holder.turns) // max(epochs, 1)] if holder else ()
    rows = {"train": [row for turn in turns for batch in turn.batches for row in batch]}
    rows["val"] = [row for some in (holder.evaluations[:1] if holder else ()) for row in some]
    return tuple(replace(data, rows=rows[stage]) for stage, data in first.items())


def distinct(holders: Collection[Holder], epochs: int) -> dict[str, int]:
    """The distinct samples of all parties in the first epoch, and in the first evaluation."""
    train: set[int] = set()
    val: set[int] = set()
    for holder in holders:
        for turn in holder.turns[: len(holder.turns) // max(epochs, 1)]:
            train.update(*turn.batches)
        val.update(*holder.evaluations[:1])
    return {part: len(seen) for part, seen in (("train", train), ("val", val)) if seen}
