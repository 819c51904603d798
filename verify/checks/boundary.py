"""Of a split training only hidden layers cross to the labels' party, and gradients come back.

Each party has the part of the network that the page gives it, and goes through the same batches;
for every batch of the training each other party sends one message, of all its samples, and gets one
of the same form.
Only one party sees labels. What the numbers themselves tell is another matter, and said.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from verify.checks.case import Case, listed, of_training, verdict
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.evidence import Boundary, Crossing, TrainingRun
from verify.finding import CheckKind, Verdict

_FORWARD, _BACKWARD = "forward", "backward"
_OPEN = (
    "hidden layers and gradients cross in the open unless something is put around them; what they "
    "tell of the data is not judged"
)


def _split_ids(contract: Contract) -> list[str]:
    return [training.id for training in contract.trainings if training.kind == "split"]


def _judge(_: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    said = training.split
    seen = run.boundary
    if said is None or seen is None:
        return {"verdict": Verdict.UNCHECKED, "reason": "nothing that crosses was seen"}
    fields: dict[str, Any] = {
        "says": f"{', '.join(training.parties)} each have a base network; {said.labels} has the "
        "fuse network and the labels; only hidden layers and their gradients cross",
        "tolerance": "none: shapes, bytes and whole numbers of messages",
    }
    if fault := seen.fault or next((h.fault for h in run.holders if h.fault), ""):
        return fields | {"verdict": Verdict.ERROR, "observed": fault}
    problems = [*_parts(training, run), *_labels(said.labels, run)]
    if not problems and seen.aggregates_at != seen.labels:
        reason = f"hidden layers are put together at {seen.aggregates_at}, which is not followed"
        return fields | {"verdict": Verdict.UNCHECKED, "reason": reason}
    problems += _messages(training, run, seen)
    return fields | {
        "verdict": verdict(not problems),
        "observed": listed(problems) or _summary(seen, run),
    }


def _parts(training: Training, run: TrainingRun) -> Iterator[str]:
    """Who has another part of the network than the page says."""
    base = sorted(h.name for h in run.holders if h.part == "base")
    fuse = sorted(h.name for h in run.holders if h.part == "fuse")
    if base != sorted(training.parties):
        yield f"base networks are at {', '.join(base) or 'nobody'}"
    if training.split and fuse != [training.split.labels]:
        yield f"the fuse network is at {', '.join(fuse) or 'nobody'}"


def _labels(party: str, run: TrainingRun) -> Iterator[str]:
    """Who else sees labels, or goes through other data, in the training or evaluated after it."""
    every = {p: list(some) for p, some in run.passes.items()}
    for one in run.evaluations:
        for p, some in one.passes.items():
            every.setdefault(p, []).extend(some)
    who = sorted(p for p, passes in every.items() if any(one.labels for one in passes))
    if who != [party]:
        yield f"labels are seen by {', '.join(who) or 'nobody'}"
    through = {
        p: [(one.stage, one.batches, one.samples) for one in passes]
        for p, passes in every.items()
        if passes
    }
    first = next(iter(through.values()), None)
    for other, passes in through.items():
        if passes != first:
            yield f"{other} goes through other batches than {next(iter(through))}"


def _messages(training: Training, run: TrainingRun, seen: Boundary) -> Iterator[str]:
    others = {party for party in training.parties if party != seen.labels}
    for one in seen.crossings:
        ends = (one.sender, one.receiver) if one.way == _FORWARD else (one.receiver, one.sender)
        if one.way == "other" or ends[0] not in others or ends[1] != seen.labels:
            yield (
                f"{one.sender} sends {one.receiver} {one.count} messages of {one.bytes:,} bytes "
                "that are neither"
            )
    for party in sorted(others):
        yield from _of_party(training, run, seen, party)


def _of_party(training: Training, run: TrainingRun, seen: Boundary, party: str) -> Iterator[str]:
    """What is wrong with the messages of one party without labels."""
    passes = run.passes.get(party, ())
    trained = sum(one.batches for one in passes if one.stage == "train")
    every = sum(one.batches for one in passes)
    sent = [c for c in seen.crossings if c.sender == party and c.way == _FORWARD]
    back = [c for c in seen.crossings if c.receiver == party and c.way == _BACKWARD]
    for what, some, wanted in (("sends", sent, every), ("gets", back, trained)):
        count = sum(one.count for one in some)
        if count != wanted:
            yield f"{party} {what} {count} messages for {wanted} batches"
    strange = {one.shapes for one in back} - {one.shapes for one in sent}
    if strange:
        yield f"{party} gets gradients of {_shapes(min(strange))}, which it never sent"
    types = sorted({"/".join(one.types) for one in (*sent, *back)})
    if len(types) > 1:
        yield f"hidden layers and gradients of {party} are of several types: {', '.join(types)}"
    through = sum(one.samples for one in passes)
    rows = sum(one.count * one.shapes[0][0] for one in sent if one.shapes and one.shapes[0])
    if rows != through and not strange:
        yield f"{party} sends hidden layers of {rows} samples, and went through {through}"
    width = training.split.hidden.get(party) if training.split else None
    wide = {s[-1] for one in sent for s in one.shapes if s}
    if width is not None and wide != {width}:
        yield f"{party} sends {', '.join(map(str, sorted(wide)))} numbers a sample, not {width}"
    if training.batch_size and any(s[0] > training.batch_size for c in sent for s in c.shapes if s):
        yield f"{party} sends batches of more than {training.batch_size} samples"


def _summary(seen: Boundary, run: TrainingRun) -> str:
    ways = "; ".join(filter(None, (_way(seen.crossings, way) for way in (_FORWARD, _BACKWARD))))
    samples = [one.samples for one in run.passes.get(seen.labels, ()) if one.stage == "train"]
    uneven = f"; epochs go through {', '.join(map(str, samples))} samples"
    added = f"; around that: {', '.join(seen.added)}" if seen.added else ""
    return f"{ways}{uneven if len(set(samples)) > 1 else ''}{added}; {_OPEN}"


def _way(crossings: Sequence[Crossing], way: str) -> str:
    some = [one for one in crossings if one.way == way]
    if not some:
        return ""
    ends = ", ".join(dict.fromkeys(f"{one.sender} to {one.receiver}" for one in some))
    forms = ", ".join(dict.fromkeys(f"{_shapes(c.shapes)} {'/'.join(c.types)}" for c in some))
    total = sum(one.count * one.bytes for one in some)
    return f"{way} {sum(one.count for one in some)} messages, {ends}, {forms}, {total:,} bytes"


def _shapes(shapes: Sequence[Sequence[int]]) -> str:
    return " + ".join("x".join(map(str, shape)) or "1" for shape in shapes)


CHECK = of_training(CheckKind.BOUNDARY, _judge, _split_ids)
