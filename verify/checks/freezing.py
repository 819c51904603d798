"""Frozen layers stay as they are and free layers move.

On a party's own data a frozen layer must not change by a single bit. Aggregation rounds every
weight, frozen ones included, so that over a whole federated training they may drift by what
`rounding_bound` allows.
"""

from collections.abc import Iterator
from typing import Any

from verify.checks.case import Case, listed, of_training, verdict
from verify.contract.training_terms import Training
from verify.evidence.division_of_work import largest
from verify.evidence.evidence import Holder, Round, TrainingRun
from verify.finding import CheckKind, Verdict

# Half a unit in the last place of a float32, relative to the value.
_FLOAT32 = 2.0**-24
_FLOAT32_ROUNDINGS = 3


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


def _judge(_: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    said = f"the first {training.frozen} of {training.layers} layers are frozen and the rest train"
    if not run.holders:
        return {"verdict": Verdict.UNCHECKED, "says": said, "reason": "no network was seen"}
    problems = [p for holder in run.holders for p in _problems(training, run, holder)]
    drift = max((max(h.drift[: training.frozen], default=0.0) for h in run.holders), default=0.0)
    allowed = max(_allowed(run, holder, 0) for holder in run.holders)
    return {
        "verdict": verdict(not problems),
        "says": said,
        "observed": listed(problems) or f"so it was; frozen layers drifted by at most {drift:.2g}",
        "tolerance": "0 on one's own data"
        + (
            f"; over {len(run.rounds)} rounds of aggregation {allowed:.2g} and more for large "
            "weights (n·2^-18/Σw a round, see docs of SecureAggregator)"
            if run.rounds
            else ""
        ),
    }


def _allowed(run: TrainingRun, holder: Holder, layer: int) -> float:
    magnitude = holder.magnitudes[layer] if holder.magnitudes else 0.0
    return rounding_bound(run.rounds, magnitude)


def _problems(training: Training, run: TrainingRun, holder: Holder) -> Iterator[str]:
    if len(holder.layers) != training.layers:
        yield f"{holder.name} has {len(holder.layers)} layers"
        return
    for index, layer in enumerate(holder.layers):
        frozen = index < training.frozen
        name = f"layer {index} ({layer.name}) at {holder.name}"
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


CHECK = of_training(CheckKind.FREEZING, _judge)
