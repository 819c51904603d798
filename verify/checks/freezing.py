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
from verify.checks.observed import NO_NETWORK
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.division_of_work import largest
from verify.evidence.evidence import Holder, Round, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.system.words import Words, enumerated

_HAS_LAYERS = Words(zh="网络有 {count} 层", en="the network has {count} layers")
_FIRST = Words(
    zh="前 {count} 层冻结，其余各层参与训练",
    en="the first {count} layers are frozen and the rest train",
)
_FIRST_OF = Words(
    zh="{of} 层中的前 {count} 层冻结，其余各层参与训练",
    en="the first {count} of {of} layers are frozen and the rest train",
)
_NAMED = Words(
    zh="层 {layers} 冻结，其余各层参与训练", en="layers {layers} are frozen and the rest train"
)
_NAMED_OF = Words(
    zh="{of} 层中 {layers} 冻结，其余各层参与训练",
    en="layers {layers} of {of} are frozen and the rest train",
)
_NONE = Words(zh="无", en="none")
_RIGHT = Words(zh="确实如此", en="so it was")
_DRIFTED = Words(
    zh="确实如此；冻结层的漂移至多为 {drift:.2g}",
    en="so it was; frozen layers drifted by at most {drift:.2g}",
)
_TOLERANCE = Words(zh="在自己的数据上为 0", en="0 on one's own data")
_TOLERANCE_OF_ROUNDS = Words(
    zh="在自己的数据上为 0；经过 {rounds} 轮聚合为 {allowed:.2g}，权重大时更大"
    "（每轮 n·2^-18/Σw，见 SecureAggregator 的文档）",
    en="0 on one's own data; over {rounds} rounds of aggregation {allowed:.2g} and more for large "
    "weights (n·2^-18/Σw a round, see docs of SecureAggregator)",
)
_NO_LAYER = Words(zh="没有网络含有层 {layer}", en="no network has a layer {layer}")
_OTHER_COUNT = Words(zh="{network} 有 {count} 层", en="{network} has {count} layers")
_LAYER = Words(zh="{network} 的第 {index} 层（{name}）", en="layer {index} ({name}) at {network}")
_IS_FREE = Words(zh="{layer}没有冻结", en="{layer} is free")
_IS_FROZEN = Words(zh="{layer}被冻结", en="{layer} is frozen")
_MOVED = Words(zh="{layer}在训练中变化了 {by:.2g}", en="{layer} moved by {by:.2g} while it trained")
_STAYED = Words(zh="{layer}没有变化", en="{layer} did not move")
_DRIFTED_FAR = Words(
    zh="{layer}漂移了 {by:.2g}，超过 {allowed:.2g}",
    en="{layer} drifted by {by:.2g}, more than {allowed:.2g}",
)
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
        return {"verdict": Verdict.UNCHECKED, "says": said, "reason": NO_NETWORK}
    problems = [*_strangers(training, run.holders)]
    problems += [p for holder in run.holders for p in _problems(training, run, holder)]
    drift = max((_drift(training, holder) for holder in run.holders), default=0.0)
    allowed = max(_allowed(run, holder, 0) for holder in run.holders)
    right = _RIGHT if training.frozen is None else _DRIFTED.filled(drift=drift)
    alone = _TOLERANCE_OF_ROUNDS if run.rounds else _TOLERANCE
    return {
        "verdict": verdict(not problems),
        "says": said,
        "observed": listed(problems) or right,
        "tolerance": alone.filled(rounds=len(run.rounds), allowed=allowed),
    }


def _said(training: Training) -> Words:
    frozen, of = training.frozen, training.layers
    if frozen is None:
        return _HAS_LAYERS.filled(count=of)
    if isinstance(frozen, int):
        first = _FIRST if of is None else _FIRST_OF
        return first.filled(count=frozen, of=of)
    named = _NAMED if of is None else _NAMED_OF
    return named.filled(layers=enumerated(frozen) or _NONE, of=of)


def _drift(training: Training, holder: Holder) -> float:
    frozen = frozen_layers(training, holder)
    return max((d for i, d in enumerate(holder.drift) if i in frozen), default=0.0)


def _allowed(run: TrainingRun, holder: Holder, layer: int) -> float:
    magnitude = holder.magnitudes[layer] if holder.magnitudes else 0.0
    return rounding_bound(run.rounds, magnitude)


def _strangers(training: Training, holders: Sequence[Holder]) -> Iterator[Words]:
    """What the page calls frozen, and no network has."""
    stated: Collection[str] = training.frozen if isinstance(training.frozen, list) else ()
    for one in stated:
        if not any(True for holder in holders for _ in _meant(one, holder)):
            yield _NO_LAYER.filled(layer=one)


def _problems(training: Training, run: TrainingRun, holder: Holder) -> Iterator[Words]:
    if training.layers is not None and len(holder.layers) != training.layers:
        yield _OTHER_COUNT.filled(network=holder.title, count=len(holder.layers))
        return
    if training.frozen is None:
        return
    frozen_ones = frozen_layers(training, holder)
    for index, layer in enumerate(holder.layers):
        frozen = index in frozen_ones
        name = _LAYER.filled(index=index, name=layer.name, network=holder.title)
        if layer.trainable == frozen:
            yield (_IS_FREE if frozen else _IS_FROZEN).filled(layer=name)
        moved = largest(phase[index] for phase in holder.phases)
        if frozen and moved != 0:
            yield _MOVED.filled(layer=name, by=moved)
        if not frozen and layer.arrays and moved == 0:
            yield _STAYED.filled(layer=name)
        drift = holder.drift[index] if holder.drift else 0.0
        allowed = _allowed(run, holder, index)
        if frozen and not drift <= allowed:  # NaN is no small number
            yield _DRIFTED_FAR.filled(layer=name, by=drift, allowed=allowed)


CHECK = of_training(CheckKind.FREEZING, _judge, _stating)
