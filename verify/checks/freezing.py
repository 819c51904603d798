"""Frozen layers stay as they are and free layers move.

On a party's own data a frozen layer must not change by a single bit. Aggregation rounds every
weight, frozen ones included, so that over a whole federated training they may drift by what
`rounding_bound` allows.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from verify.checks.case import Case, listed, of_training, verdict
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.division_of_work import largest
from verify.evidence.evidence import Holder, Round, TrainingRun
from verify.finding import CheckKind, Verdict

# Half a unit in the last place of a float32, relative to the value.
_FLOAT32 = 2.0**-24
_FLOAT32_ROUNDINGS = 3
_RANGE = re.compile(r"(\d+)-(\d+)")


def rounding_bound(rounds: tuple[Round, ...], magnitude: float) -> float:
    """How far aggregation alone may move a weight of at most this magnitude.

    Each round encodes x·w with `fxp_bits` fractional bits and truncates, so that the average of n
    parties is off by at most n·2^-fxp_bits / Σw (a round without weights counts 1 a party). The
    product, the division and the way back to float32 each round once more.
    """
    fixed_point = sum(
        r.parties * 2.0**-r.fxp_bits / (sum(r.weights) or r.parties)
        for r in rounds
        if r.fxp_bits is not None
    )
    return fixed_point + len(rounds) * _FLOAT32_ROUNDINGS * _FLOAT32 * magnitude


def frozen_layers(training: Training, holder: Holder) -> set[int]:
    """The indices of a network's layers that the page says are frozen."""
    stated = training.frozen or 0
    if isinstance(stated, int):
        return set(range(min(stated, len(holder.layers))))
    return {i for one in stated for i in _meant(one, holder)}


def _meant(stated: str, holder: Holder) -> Iterator[int]:
    """The layers of a network that one entry names, by range, by name or by pattern."""
    if span := _RANGE.fullmatch(stated):
        yield from range(int(span[1]), min(int(span[2]) + 1, len(holder.layers)))
        return
    for index, layer in enumerate(holder.layers):
        if any(fnmatchcase(name, stated) for name in (layer.name, f"{holder.path}/{layer.name}")):
            yield index


def _stating(contract: Contract) -> list[str]:
    """Trainings of whose layers the page says something."""
    return [t.id for t in contract.trainings if (t.layers, t.frozen) != (None, None)]


def _judge(_: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    said = _said(training)
    if not run.holders:
        return {"verdict": Verdict.UNCHECKED, "says": said, "reason": "no network was seen"}
    problems = [*_strangers(training, run.holders)]
    problems += [p for holder in run.holders for p in _problems(training, run, holder)]
    drift = max((_drift(training, holder) for holder in run.holders), default=0.0)
    allowed = max(_allowed(run, holder, 0) for holder in run.holders)
    right = (
        "so it was"
        if training.frozen is None
        else f"so it was; frozen layers drifted by at most {drift:.2g}"
    )
    return {
        "verdict": verdict(not problems),
        "says": said,
        "observed": listed(problems) or right,
        "tolerance": "0 on one's own data"
        + (
            f"; over {len(run.rounds)} rounds of aggregation {allowed:.2g} and more for large "
            "weights (n·2^-18/Σw a round, see docs of SecureAggregator)"
            if run.rounds
            else ""
        ),
    }


def _said(training: Training) -> str:
    of = "" if training.layers is None else f" of {training.layers}"
    if training.frozen is None:
        return f"the network has {training.layers} layers"
    if isinstance(training.frozen, int):
        return f"the first {training.frozen}{of} layers are frozen and the rest train"
    which = ", ".join(training.frozen) or "none"
    return f"layers {which}{of} are frozen and the rest train"


def _drift(training: Training, holder: Holder) -> float:
    frozen = frozen_layers(training, holder)
    return max((d for i, d in enumerate(holder.drift) if i in frozen), default=0.0)


def _allowed(run: TrainingRun, holder: Holder, layer: int) -> float:
    magnitude = holder.magnitudes[layer] if holder.magnitudes else 0.0
    return rounding_bound(run.rounds, magnitude)


def _strangers(training: Training, holders: Sequence[Holder]) -> Iterator[str]:
    """What the page calls frozen, and no network has."""
    stated: Collection[str] = training.frozen if isinstance(training.frozen, list) else ()
    for one in stated:
        if not any(True for holder in holders for _ in _meant(one, holder)):
            yield f"no network has a layer {one}"


def _problems(training: Training, run: TrainingRun, holder: Holder) -> Iterator[str]:
    if training.layers is not None and len(holder.layers) != training.layers:
        yield f"{holder.title} has {len(holder.layers)} layers"
        return
    if training.frozen is None:
        return
    frozen_ones = frozen_layers(training, holder)
    for index, layer in enumerate(holder.layers):
        frozen = index in frozen_ones
        name = f"layer {index} ({layer.name}) at {holder.title}"
        if layer.trainable == frozen:
            yield f"{name} is {'free' if frozen else 'frozen'}"
        moved = largest(phase[index] for phase in holder.phases)
        if frozen and moved != 0:
            yield f"{name} moved by {moved:.2g} while it trained"
        if not frozen and layer.arrays and moved == 0:
            yield f"{name} did not move"
        drift = holder.drift[index] if holder.drift else 0.0
        allowed = _allowed(run, holder, index)
        if frozen and not drift <= allowed:  # NaN is no small number
            yield f"{name} drifted by {drift:.2g}, more than {allowed:.2g}"


CHECK = of_training(CheckKind.FREEZING, _judge, _stating)
