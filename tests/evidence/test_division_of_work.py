"""Who computes what: the map of a training, from what its parties and messages showed."""

import json
import math
from dataclasses import asdict, replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.checks.builders import averaged, federated, holder, party
from verify.evidence import division_of_work
from verify.evidence.division_of_work import ComputingMap, LayerMap
from verify.evidence.evidence import Layer, Message, TrainingRun, Turn


def of(run: TrainingRun) -> ComputingMap:
    found = division_of_work.of(run)
    assert found
    return found


def test_a_map_tells_what_is_trained_sent_and_drifts() -> None:
    found = of(federated(party("alice"), party("bob", drift=(0.0, 2.0**-18, 0.75))))
    assert found.layers == [
        LayerMap("input", "InputLayer", False, False, False, 0, 0.0),
        LayerMap("base", "Dense", False, False, True, 8, 2.0**-18),
        LayerMap("head", "Dense", True, True, True, 8, 0.75),
    ]
    assert (found.parties, found.rounds) == (["alice", "bob"], 5)
    assert (found.sent_bytes, found.received_bytes, found.idle_share) == (64, 32, 0.5)
    assert found.drift.batch_normalisation == []
    assert found.drift.others == [2.0**-18] * 4
    assert str(found.sentence) == (
        "alice, bob each train 1 of 3 layers and send 2 of the 2 with weights: 0.1 kB up and "
        "0.0 kB down a party and round, 50% of it for layers that are never trained; "
        "these drift by up to 3.8e-06"
    )


NETWORK = (
    Layer("a", "Conv2D", False, 1, 0, 10),
    Layer("b", "BatchNormalization", False, 4, 0, 8),
    Layer("c", "BatchNormalization", True, 4, 2, 8),
    Layer("d", "Dense", True, 2, 2, 6),
)
ALL = (40, 8, 8, 8, 8, 8, 8, 8, 8, 20, 4)


@pytest.mark.parametrize(
    ("arrays", "sent", "sizes", "idle"),
    [
        (ALL, "abcd", [40, 32, 32, 24], 72 / 128),
        ((40, 20, 4), "ad", [40, 32, 32, 24], 40 / 64),
        ((8, 8, 20, 4), "cd", [40, 32, 16, 24], 0),
        ((1,) * 5, "", [40, 32, 32, 24], 0),
        ((80, *(16,) * 8, 40, 8), "abcd", [80, 64, 64, 48], 144 / 256),
    ],
)
def test_layers_may_be_left_out_of_what_is_sent(
    arrays: tuple[int, ...], sent: str, sizes: list[int], idle: float
) -> None:
    parties = [
        party(
            name,
            layers=NETWORK,
            phases=((0.0, 0.0, 0.5, 0.5),),
            drift=(1.0, 2.0, 3.0, 4.0),
            turns=(Turn(((1,),), (0.25, 0.5, 3.0, 4.0)), Turn(((1,),), (0.5, 0.75, 3.0, 4.0))),
        )
        for name in ("alice", "bob")
    ]
    found = of(federated(*parties, rounds=(averaged(arrays=arrays),)))
    assert "".join(layer.name for layer in found.layers if layer.sent) == sent
    assert [layer.bytes for layer in found.layers] == sizes
    assert found.idle_share == idle
    assert found.drift.batch_normalisation == [0.5, 0.75]
    assert found.drift.others == [0.25, 0.5]


def routes(*messages: tuple[str, str, bool, int]) -> tuple[Message, ...]:
    return tuple(Message(s, r, aggregate, 2, size) for s, r, aggregate, size in messages)


@pytest.mark.parametrize(
    ("messages", "up", "down"),
    [
        (
            routes(
                ("alice", "carol", False, 64),
                ("alice", "carol", False, 8),
                ("bob", "carol", False, 64),
                ("bob", "carol", False, 8),
                ("carol", "alice", True, 32),
                ("carol", "bob", True, 32),
            ),
            72,
            32,
        ),
        # A party itself aggregates.
        (routes(("bob", "alice", False, 64), ("alice", "bob", True, 32)), 64, 32),
        (routes(("alice", "bob", False, 64), ("bob", "alice", True, 32)), 64, 32),
        ((), 0, 0),
    ],
)
def test_bytes_are_those_of_one_party_and_round_on_the_wire(
    messages: tuple[Message, ...], up: int, down: int
) -> None:
    rounds = (
        averaged(messages=routes(("alice", "carol", False, 1))),
        averaged(1, messages=messages),
    )
    found = of(federated(rounds=rounds))
    assert (found.sent_bytes, found.received_bytes) == (up, down)


def test_one_round_that_was_looked_into_is_enough() -> None:
    blind: dict[str, Any] = {"arrays": (), "error": None, "ratio": None, "messages": ()}
    assert of(federated(rounds=(averaged(), averaged(1, **blind)))).sent_bytes == 64
    assert division_of_work.of(federated(rounds=(averaged(**blind),))) is None


@pytest.mark.parametrize("run", [federated(rounds=()), replace(federated(), holders=())])
def test_without_rounds_or_parties_there_is_no_map(run: TrainingRun) -> None:
    assert division_of_work.of(run) is None


@pytest.mark.parametrize("nan_first", [True, False])
def test_a_drift_that_is_no_number_is_kept_and_null_in_a_report(nan_first: bool) -> None:
    drifts = [(0.0, math.nan, 0.5), (0.0, 0.25, 0.5)]
    both = [
        party(name, drift=drift, turns=(Turn(((1,),), drift),))
        for name, drift in zip(("alice", "bob"), drifts if nan_first else drifts[::-1], strict=True)
    ]
    found = of(federated(*both, rounds=(averaged(),)))
    assert str(found.sentence).endswith("drift by up to nan")
    told = json.loads(TypeAdapter(ComputingMap).dump_json(found))
    assert told["layers"][1]["drift"] is None
    assert told["drift"]["others"] == [None]
    assert told.keys() == asdict(found).keys()


def test_a_party_whose_end_was_not_seen_has_no_drift() -> None:
    found = of(federated(holder(), holder(name="bob", drift=())))
    assert [layer.drift for layer in found.layers] == [0.0, 0.0, 0.5]
    assert found.drift.others == []
