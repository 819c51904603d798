"""Who computes what in a federated training: measured, layer by layer and round by round."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verify.evidence.evidence import Holder, Layer, Round, TrainingRun
from verify.system.words import Text, Words, enumerated, joined

_NORMALISATION = "BatchNorm"  # Keras: BatchNormalization; PyTorch: BatchNorm2d and others
_FLOAT32 = 4
_MEGABYTE = 1_000_000
_SENTENCE = Words(
    zh="{parties} 各训练 {layers} 层中的 {trained} 层，并发送 {weighted} 个有权重的层中的 "
    "{sent} 个：每个参与方每轮上行 {up}，下行 {down}",
    en="{parties} each train {trained} of {layers} layers and send {sent} of the {weighted} with "
    "weights: {up} up and {down} down a party and round",
)
_IDLE = Words(
    zh="其中 {share:.0%} 属于从不训练的层；这些层至多漂移 {drift:.2g}",
    en="{share:.0%} of it for layers that are never trained; these drift by up to {drift:.2g}",
)


@dataclass(frozen=True)
class LayerMap:
    """One layer: whether the parties train it themselves, and send it for aggregation.

    `trainable` is what the network says, `trained` what happened; `bytes` is the size of what a
    party sends of it, or holds of it where it sends nothing; `drift` its largest change from start
    to end. JSON has no NaN and no infinity: such a value is null.
    """

    name: str
    kind: str
    trainable: bool
    trained: bool
    sent: bool
    bytes: int
    drift: float | None


@dataclass(frozen=True)
class Drift:
    """How far layers that are never trained had moved by each turn: by rounding alone.

    Empty where the network has no such layer.
    """

    batch_normalisation: list[float | None]
    others: list[float | None]


@dataclass(frozen=True)
class ComputingMap:
    """The map of one training.

    `sent_bytes` and `received_bytes` are those of one party and round on the wire; `idle_share` is
    the part of what is sent that belongs to layers which are never trained.
    """

    layers: list[LayerMap]
    parties: list[str]
    rounds: int
    sent_bytes: int
    received_bytes: int
    idle_share: float
    drift: Drift

    @property
    def sentence(self) -> Text:
        """The map in one line."""
        trained = [layer for layer in self.layers if layer.trained]
        weighted = [layer for layer in self.layers if layer.bytes]
        idle = largest(d for d in (*self.drift.batch_normalisation, *self.drift.others) if d)
        told = _SENTENCE.filled(
            parties=enumerated(self.parties),
            trained=len(trained),
            layers=len(self.layers),
            sent=sum(layer.sent for layer in weighted),
            weighted=len(weighted),
            up=size(self.sent_bytes),
            down=size(self.received_bytes),
        )
        of_idle = _IDLE.filled(share=self.idle_share, drift=idle) if self.idle_share else None
        return joined((told, of_idle), zh="，", en=", ")


def size(count: int) -> str:
    """A number of bytes in words."""
    return f"{count / 1e6:,.1f} MB" if count >= _MEGABYTE else f"{count / 1e3:,.1f} kB"


def of(run: TrainingRun) -> ComputingMap | None:
    """The map of a federated training whose parties and rounds were seen; else nothing."""
    looked_into = [one for one in run.rounds if one.arrays]
    if not run.holders or not looked_into:
        return None
    usual = looked_into[:2][-1]  # the first round is of the start weights
    layers = _layers(run.holders, usual.arrays)
    sent = sum(layer.bytes for layer in layers if layer.sent)
    idle = sum(layer.bytes for layer in layers if layer.sent and not layer.trained)
    # What stays at home, where a party itself aggregates, is no message: the others' are counted.
    wire = [_wire(usual, holder.name) for holder in run.holders]
    return ComputingMap(
        layers=layers,
        parties=[holder.name for holder in run.holders],
        rounds=len(run.rounds),
        sent_bytes=max(up for up, _ in wire),
        received_bytes=max(down for _, down in wire),
        idle_share=idle / sent if sent else 0.0,
        drift=Drift(
            batch_normalisation=_drift(run.holders, layers, normalisation=True),
            others=_drift(run.holders, layers, normalisation=False),
        ),
    )


def _layers(holders: Sequence[Holder], arrays: Sequence[int]) -> list[LayerMap]:
    network = holders[0].layers
    remaining = iter(arrays)
    sizes = [sum(next(remaining) for _ in range(n)) for n in _numbers_sent(network, len(arrays))]
    return [
        LayerMap(
            name=layer.name,
            kind=layer.kind,
            trainable=layer.trainable,
            trained=any(phase[index] != 0 for holder in holders for phase in holder.phases),
            sent=size > 0,
            bytes=size or layer.parameters * _FLOAT32,
            drift=largest(holder.drift[index] for holder in holders if holder.drift),
        )
        for index, (layer, size) in enumerate(zip(network, sizes, strict=True))
    ]


def _numbers_sent(layers: Sequence[Layer], arrays: int) -> list[int]:
    """How many arrays of each layer are among those sent.

    Parties send all weights, all but those of normalisation (`skip_bn`), or gradients.
    """
    for numbers in (
        [layer.arrays for layer in layers],
        [0 if _normalises(layer) else layer.arrays for layer in layers],
        [layer.trainable_arrays for layer in layers],
    ):
        if sum(numbers) == arrays:
            return numbers
    return [0] * len(layers)


def _wire(one: Round, party: str) -> tuple[int, int]:
    """The bytes that left a party in a round, and those of the aggregate that came."""
    return (
        sum(m.bytes for m in one.messages if m.sender == party and not m.aggregate),
        sum(m.bytes for m in one.messages if m.receiver == party and m.aggregate),
    )


def _drift(
    holders: Sequence[Holder], layers: Sequence[LayerMap], *, normalisation: bool
) -> list[float | None]:
    """The largest drift of any such layer, turn by turn."""
    chosen = [
        index
        for index, layer in enumerate(layers)
        if layer.bytes and not layer.trained and _normalises(layer) == normalisation
    ]
    turns = zip(*(holder.turns for holder in holders), strict=False)
    return [largest(t.drift[i] for t in turn for i in chosen) for turn in turns if chosen]


def _normalises(layer: Layer | LayerMap) -> bool:
    return _NORMALISATION in layer.kind


def largest(changes: Iterable[float]) -> float:
    """The largest change, 0 if there is none; NaN outdoes every number."""
    return max(changes, key=lambda change: (math.isnan(change), change), default=0.0)
