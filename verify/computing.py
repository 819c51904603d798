"""Who computes what in a federated training: measured, layer by layer and round by round."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.evidence import Holder, Layer, Round, TrainingRun

_NORMALISATION = "BatchNormalization"
_FLOAT32 = 4


@dataclass(frozen=True)
class LayerMap:
    """One layer: whether the parties train it themselves, and send it for aggregation.

    `trainable` is what the network says, `trained` what happened; `bytes` is its size as the
    parties hold it, `drift` its largest change from start to end.
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

    JSON has no NaN and no infinity: such a value is null.
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
    def sentence(self) -> str:
        """The map in one line."""
        trained = [layer for layer in self.layers if layer.trained]
        weighted = [layer for layer in self.layers if layer.bytes]
        drifts = (*self.drift.batch_normalisation, *self.drift.others)
        idle = max((drift for drift in drifts if drift is not None), default=0.0)
        return (
            f"{', '.join(self.parties)} each train {len(trained)} of {len(self.layers)} layers and "
            f"send {sum(layer.sent for layer in weighted)} of the {len(weighted)} with weights: "
            f"{self.sent_bytes / 1e6:,.1f} MB up and {self.received_bytes / 1e6:,.1f} MB down a "
            f"party and round, {self.idle_share:.0%} of it for layers that are never trained; "
            f"these drift by up to {idle:.2g}"
        )


def of(run: TrainingRun) -> ComputingMap | None:
    """The map of a federated training whose parties and rounds were seen; else nothing."""
    looked_into = next((one for one in run.rounds if one.arrays), None)
    if not run.holders or looked_into is None:
        return None
    layers = list(_layers(run.holders, looked_into.arrays))
    sent = sum(layer.bytes for layer in layers if layer.sent)
    idle = sum(layer.bytes for layer in layers if layer.sent and not layer.trained)
    party = run.holders[0].name
    return ComputingMap(
        layers=layers,
        parties=[holder.name for holder in run.holders],
        rounds=len(run.rounds),
        sent_bytes=_bytes(looked_into, sender=party),
        received_bytes=_bytes(looked_into, receiver=party),
        idle_share=idle / sent if sent else 0.0,
        drift=Drift(
            batch_normalisation=_drift(run.holders, layers, normalisation=True),
            others=_drift(run.holders, layers, normalisation=False),
        ),
    )


def _layers(holders: Sequence[Holder], arrays: Sequence[int]) -> Iterator[LayerMap]:
    for index, (layer, size) in enumerate(_sizes(holders[0].layers, arrays)):
        yield LayerMap(
            name=layer.name,
            kind=layer.kind,
            trainable=layer.trainable,
            trained=any(phase[index] != 0 for holder in holders for phase in holder.phases),
            sent=size is not None and size > 0,
            bytes=size if size is not None else layer.parameters * _FLOAT32,
            drift=max((h.drift[index] for h in holders if h.drift), default=0.0),
        )


def _sizes(layers: Sequence[Layer], arrays: Sequence[int]) -> Iterator[tuple[Layer, int | None]]:
    """Each layer with the bytes of its arrays among those sent; None if it is not among them.

    What is sent is in the network's order, whole layers may be left out (`skip_bn`).
    """
    position, missing = 0, sum(layer.arrays for layer in layers) - len(arrays)
    for layer in layers:
        own = arrays[position : position + layer.arrays]
        if missing > 0 and sum(own) != layer.parameters * _FLOAT32:
            missing -= layer.arrays
            yield layer, None
        else:
            position += layer.arrays
            yield layer, sum(own)


def _bytes(one: Round, *, sender: str = "", receiver: str = "") -> int:
    return sum(
        message.bytes
        for message in one.messages
        if message.sender == sender or (message.receiver == receiver and message.aggregate)
    )


def _drift(
    holders: Sequence[Holder], layers: Sequence[LayerMap], *, normalisation: bool
) -> list[float | None]:
    """The largest drift of any such layer, turn by turn."""
    chosen = [
        index
        for index, layer in enumerate(layers)
        if layer.bytes and not layer.trained and (layer.kind == _NORMALISATION) == normalisation
    ]
    turns = zip(*(holder.turns for holder in holders), strict=False)
    return [max((t.drift[i] for t in turn for i in chosen), default=0.0) for turn in turns]
