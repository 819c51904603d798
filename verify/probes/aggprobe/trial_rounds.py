"""Parties, their aggregators, and one round of aggregation after the other."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

# SecretFlow before everything else: TensorFlow before it ends the process.
import secretflow as sf
from docprobe import raised
from probeshared import trials
from probeshared.events import RaisedEvent
from probeshared.trials import Answer, Packed, Request, packed, unpacked
from secretflow.security import aggregation
from secretflow.utils import testing
from secretflow_fl.security.aggregation import sparse_plain_aggregator
from secretflow_fl.utils.compressor import sparse_encode

PARTIES = ("p0", "p1", "p2", "p3", "p4")
_SERVER = "server"
_SPU_NODES = 2


class TrialRounds:
    """A running SecretFlow with five parties and one that aggregates.

    Args:
        apart: whether each party has a process of its own.
    """

    def __init__(self, *, apart: bool) -> None:
        parties = [*PARTIES, _SERVER]
        if apart:
            sf.init(parties, address="local", log_to_driver=False)
        else:
            sf.init(parties, debug_mode=True)
        self._parties = [sf.PYU(party) for party in PARTIES]
        self._server = sf.PYU(_SERVER)
        self._made: dict[object, Any] = {}

    def answer(self, request: Request) -> Answer:
        """What came out of a round, or the exception that it ended with."""
        key = self._key(request)
        try:
            aggregator = self._aggregator(key)
            if request.refusal_first:
                self._spoil(aggregator, request)
            if request.killed is not None:
                self._kill(aggregator, request.killed)
            told: Answer = _told(self._round(aggregator, request))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
            told = raised.told(error)
        if request.aggregator == "secure" and (isinstance(told, RaisedEvent) or request.discard):
            self._made.pop(key, None)  # its masks may be out of step from here on
        return told

    def _round(self, aggregator: Any, request: Request) -> Any:
        holders = [self._parties[holder] for holder in request.holders]
        data = [
            holder(_content)(layers, request.bare, request.coding)
            for holder, layers in zip(holders, request.layers, strict=True)
        ]
        axis = request.axis
        if request.operation == "sum":
            return sf.reveal(aggregator.sum(data, axis=axis))
        weights = request.weights
        if request.held_weights and isinstance(weights, list):
            weights = [
                holder(_same)(weight) for holder, weight in zip(holders, weights, strict=True)
            ]
        return sf.reveal(aggregator.average(data, axis=axis, weights=weights))

    def _spoil(self, aggregator: Any, request: Request) -> None:
        """A round that the last party's data end, if the aggregator looks at data at all."""
        infinite = [packed(unpacked(layer) * float("inf")) for layer in request.layers[-1]]
        layers = [*request.layers[:-1], infinite]
        with suppress(Exception):
            self._round(aggregator, replace(request, layers=layers))

    def _kill(self, aggregator: Any, party: int) -> None:
        import ray

        ray.kill(aggregator._maskers[self._parties[party]].data)  # noqa: SLF001  # no other way

    def _key(self, request: Request) -> tuple[object, ...]:
        kind = request.aggregator
        if kind != "secure":
            return (kind,)
        return (kind, frozenset(request.participants), request.fxp_bits)

    def _aggregator(self, key: tuple[object, ...]) -> Any:
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def _make(self, kind: object, participants: Any = (), fxp_bits: Any = None) -> Any:
        if kind == "secure":
            devices = [self._parties[party] for party in sorted(participants)]
            return aggregation.SecureAggregator(self._server, devices, fxp_bits)
        if kind == "plain":
            return aggregation.PlainAggregator(self._server)
        if kind == "sparse":
            return sparse_plain_aggregator.SparsePlainAggregator(self._server)
        nodes = testing.cluster_def(list(PARTIES[:_SPU_NODES]))
        return aggregation.SPUAggregator(sf.SPU(nodes))


def _same(value: Any) -> Any:
    return value


def _content(layers: list[Packed], bare: bool, coding: str) -> Any:  # noqa: FBT001  # sent to a party
    """What a party brings: its layers, as it would encode them; runs at the party."""
    arrays = [unpacked(layer) for layer in layers]
    if coding != "dense":
        arrays = sparse_encode(arrays, coding)
    return arrays[0] if bare else arrays


def _told(result: Any) -> Answer:
    layers = result if isinstance(result, list) else [result]
    try:
        return trials.TrialReturned(layers=list(map(packed, layers)), bare=layers is not result)
    except (TypeError, ValueError) as error:
        return trials.OddTrial(what=f"{type(result).__name__} ({error})")
