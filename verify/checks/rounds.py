"""Aggregation comes as often as the page says, weighted with the samples really trained on.

First the start weights are averaged; then, in every epoch, what the parties hold after every
`aggregate_freq` steps and after the last one, however few steps that was.
"""

from collections.abc import Iterator
from typing import Any

from verify.checks.case import Case, federated_ids, listed, of_training, verdict
from verify.contract.training_terms import Training
from verify.evidence.evidence import Holder, TrainingRun
from verify.finding import CheckKind, Verdict


def _judge(case: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    epochs = case.epochs(training)
    fields: dict[str, Any] = {
        "says": f"{epochs} epochs, an average every {training.aggregate_freq} steps and after the "
        "last, each party weighted by its samples",
        "tolerance": "none: whole numbers",
    }
    if fault := next((holder.fault for holder in run.holders if holder.fault), ""):
        return fields | {"verdict": Verdict.ERROR, "observed": fault}
    if not run.holders or not run.rounds:
        missing = "round" if run.holders else "party"
        return fields | {"verdict": Verdict.UNCHECKED, "reason": f"no {missing} was seen"}
    problems = list(_problems(training, run, epochs))
    steps = [len(turn.batches) for turn in run.holders[0].turns]
    samples = ", ".join(f"{h.name} {sum(t.samples for t in h.turns)}" for h in run.holders)
    return fields | {
        "verdict": verdict(not problems),
        "observed": listed(problems)
        or f"{len(run.rounds)} averages, the first of the start weights, then after "
        f"{_counted(steps)} steps; samples trained on: {samples}",
    }


def _problems(training: Training, run: TrainingRun, epochs: int) -> Iterator[str]:
    if run.rounds[0].weights:
        yield "the start weights were not averaged"
    trained = run.rounds[1:]
    for holder in run.holders:
        yield from _turns(training, holder, epochs)
        if len(holder.turns) != len(trained):
            yield f"{holder.name} trained {len(holder.turns)} times between {len(trained)} averages"
            continue
        for number, (one, turn) in enumerate(zip(trained, holder.turns, strict=True), 1):
            weights = dict(zip(one.names, one.weights, strict=False))
            given = weights.get(holder.name)
            if one.error is not None and given != turn.samples:
                yield (
                    f"round {number} weights {holder.name} with {given or 0:g} samples, "
                    f"which trained on {turn.samples}"
                )
    for party, source in run.sources.items():
        seen = next((h.sources for h in run.holders if h.name == party), ())
        if source is not None and any(one != source for one in seen):
            yield f"{party} is told to read {source} and reads {', '.join(seen)}"


def _turns(training: Training, holder: Holder, epochs: int) -> Iterator[str]:
    steps = [len(turn.batches) for turn in holder.turns]
    an_epoch, left = divmod(sum(steps), epochs)
    frequency = training.aggregate_freq
    whole, short = divmod(an_epoch, frequency)
    expected = ([frequency] * whole + [short] * bool(short)) * epochs
    if left or not steps or steps != expected:
        yield f"{holder.name} trained {_counted(steps)} steps at a time"
    sizes = [len(batch) for turn in holder.turns for batch in turn.batches]
    full = training.batch_size
    # The data end at most once an epoch; the batch before may be short, wherever in its epoch.
    if full is not None and (
        max(sizes, default=0) > full or sum(size < full for size in sizes) > epochs
    ):
        yield f"{holder.name} trained on batches of {_counted(sizes)}"


def _counted(numbers: list[int]) -> str:
    """A list of numbers, its repetitions once: `2, 1, 2, 1` is `2 and 1, 2 times`."""
    for length in range(1, len(numbers) + 1):
        if numbers == numbers[:length] * (len(numbers) // length):
            times = len(numbers) // length
            once = " and ".join(map(str, numbers[:length]))
            return f"{once}, {times} times" if times > 1 else once
    return "no"


CHECK = of_training(CheckKind.ROUNDS, _judge, federated_ids)
