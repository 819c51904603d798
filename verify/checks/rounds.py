"""Aggregation comes as often as the page says, weighted with the samples really trained on.

First the start weights are averaged; then, in every epoch, what the parties hold after every
`aggregate_freq` steps and after the last one, however few steps that was.
"""

from collections.abc import Iterator
from typing import Any

from verify.checks.case import Case, federated_ids, listed, of_training, verdict
from verify.checks.observed import NO_ROUND
from verify.contract.training_terms import Training
from verify.evidence import by_probes
from verify.evidence.evidence import Holder, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.system.words import Text, Words, enumerated, joined

_SAYS = Words(
    zh="{epochs} 个 epoch，每 {steps} 个训练步以及最后一步之后求一次平均，各参与方按样本数加权",
    en="{epochs} epochs, an average every {steps} steps and after the last, each party weighted "
    "by its samples",
)
_WHOLE = Words(zh="无：都是整数", en="none: whole numbers")
_NO_PARTY = Words(zh="没有看到任何参与方", en="no party was seen")
_AVERAGED = Words(
    zh="求了 {count} 次平均，第一次为初始权重，此后每次在 {steps} 个训练步之后；"
    "训练样本数：{samples}",
    en="{count} averages, the first of the start weights, then after {steps} steps; samples "
    "trained on: {samples}",
)
_NO_START = Words(zh="没有对初始权重求平均", en="the start weights were not averaged")
_OTHER_TURNS = Words(
    zh="{party} 在 {averages} 次平均之间训练了 {turns} 次",
    en="{party} trained {turns} times between {averages} averages",
)
_WEIGHTED = Words(
    zh="第 {round} 轮以 {weight:g} 个样本为 {party} 加权，而它用了 {samples} 个样本训练",
    en="round {round} weights {party} with {weight:g} samples, which trained on {samples}",
)
_READS = Words(
    zh="{party} 应读取 {source}，实际读取 {seen}",
    en="{party} is told to read {source} and reads {seen}",
)
_STEPS = Words(zh="{party} 每次训练 {steps} 个训练步", en="{party} trained {steps} steps at a time")
_BATCHES = Words(
    zh="{party} 训练所用批次的大小为 {sizes}", en="{party} trained on batches of {sizes}"
)
_TIMES = Words(zh="{once}（重复 {times} 次）", en="{once}, {times} times")


def _judge(case: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    epochs = case.epochs(training)
    fields: dict[str, Any] = {
        "says": _SAYS.filled(epochs=epochs, steps=training.aggregate_freq),
        "tolerance": _WHOLE,
    }
    if fault := next((holder.fault for holder in run.holders if holder.fault), ""):
        return fields | {"verdict": Verdict.ERROR, "observed": by_probes.told(fault)}
    if not run.holders or not run.rounds:
        missing = NO_ROUND if run.holders else _NO_PARTY
        return fields | {"verdict": Verdict.UNCHECKED, "reason": missing}
    problems = list(_problems(training, run, epochs))
    steps = [len(turn.batches) for turn in run.holders[0].turns]
    samples = enumerated(f"{h.name} {sum(t.samples for t in h.turns)}" for h in run.holders)
    return fields | {
        "verdict": verdict(not problems),
        "observed": listed(problems)
        or _AVERAGED.filled(count=len(run.rounds), steps=_counted(steps), samples=samples),
    }


def _problems(training: Training, run: TrainingRun, epochs: int) -> Iterator[Words]:
    if run.rounds[0].weights:
        yield _NO_START
    trained = run.rounds[1:]
    for holder in run.holders:
        yield from _turns(training, holder, epochs)
        if len(holder.turns) != len(trained):
            turns = len(holder.turns)
            yield _OTHER_TURNS.filled(party=holder.name, turns=turns, averages=len(trained))
            continue
        for number, (one, turn) in enumerate(zip(trained, holder.turns, strict=True), 1):
            weights = dict(zip(one.names, one.weights, strict=False))
            given = weights.get(holder.name)
            if one.error is not None and given != turn.samples:
                yield _WEIGHTED.filled(
                    round=number, party=holder.name, weight=given or 0, samples=turn.samples
                )
    for party, source in run.sources.items():
        seen = next((h.sources for h in run.holders if h.name == party), ())
        if source is not None and any(one != source for one in seen):
            yield _READS.filled(party=party, source=source, seen=enumerated(seen))


def _turns(training: Training, holder: Holder, epochs: int) -> Iterator[Words]:
    steps = [len(turn.batches) for turn in holder.turns]
    an_epoch, left = divmod(sum(steps), epochs)
    frequency = training.aggregate_freq
    whole, short = divmod(an_epoch, frequency)
    expected = ([frequency] * whole + [short] * bool(short)) * epochs
    if left or not steps or steps != expected:
        yield _STEPS.filled(party=holder.name, steps=_counted(steps))
    sizes = [len(batch) for turn in holder.turns for batch in turn.batches]
    full = training.batch_size
    # The data end at most once an epoch; the batch before may be short, wherever in its epoch.
    if full is not None and (
        max(sizes, default=0) > full or sum(size < full for size in sizes) > epochs
    ):
        yield _BATCHES.filled(party=holder.name, sizes=_counted(sizes))


def _counted(numbers: list[int]) -> Text:
    """A list of numbers, its repetitions once: `2, 1, 2, 1` is `2 and 1, 2 times`."""
    for length in range(1, len(numbers) + 1):
        if numbers == numbers[:length] * (len(numbers) // length):
            times = len(numbers) // length
            once = joined(map(str, numbers[:length]), zh="、", en=" and ")
            return _TIMES.filled(once=once, times=times) if times > 1 else once
    return "0"


CHECK = of_training(CheckKind.ROUNDS, _judge, federated_ids)
