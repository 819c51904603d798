"""Rounds of aggregation are handed on whole, and nothing that goes wrong there harms the page."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docprobe import audit
from docprobe.messages import Messages, SentMessage, Share
from docprobe.round_watch import RoundWatch

from tests import fakes
from tests.fakes import Device, DeviceObject, PlainAggregator, SecureAggregator, f32
from tests.probes.builders import write_module

PARTIES = tuple(map(Device, ("alice", "bob")))
CAROL = Device("carol")


@pytest.fixture
def messages(modules: Path, monkeypatch: pytest.MonkeyPatch) -> Messages:
    """What hears every object that goes from one device to another."""
    monkeypatch.setattr(fakes.DeviceObject, "to", fakes.DeviceObject.to)  # restored afterwards
    write_module(modules, "secretflow.device.device.base", "from tests.fakes import DeviceObject\n")
    heard = Messages()
    heard.watch()
    import_module("secretflow.device.device.base")
    return heard


def averaged(messages: Messages, *rounds: Any, every: int = 1, by: Any = None) -> list[Any]:
    """What is recorded of rounds, each given as weights for two parties."""
    aggregator = by or PlainAggregator(CAROL)
    watching = RoundWatch(messages, every)
    with watching.watched(aggregator):
        for weights in rounds:
            data = [DeviceObject(party, [f32(len(party), 1)]) for party in PARTIES]
            aggregator.average(data, axis=0, weights=weights)
    return watching.records()


@pytest.mark.parametrize(
    ("every", "seen"), [(1, range(10)), (2, (0, 1, 2, 4, 6, 8)), (4, (0, 1, 4, 8)), (100, (0, 1))]
)
def test_of_many_rounds_some_are_looked_into(messages: Messages, every: int, seen: Any) -> None:
    records = averaged(messages, *[[1, 3]] * 10, every=every)
    assert [n for n, record in enumerate(records) if record.ratio is not None] == list(seen)
    left = [record.reason for record in records if record.ratio is None]
    assert set(left) <= {"it is not in the sample of rounds that were looked into"}


@pytest.mark.parametrize(
    ("weights", "recorded"),
    [
        (None, []),
        ([2, 3], [2, 3]),
        ((2, 3), [2, 3]),
        (np.array([2, 3]), [2, 3]),
        ([np.int64(2), np.float32(3)], [2, 3]),
        ([DeviceObject(PARTIES[0], 2), DeviceObject(PARTIES[1], 3)], [2, 3]),
    ],
)
def test_weights_of_any_kind_are_read(messages: Messages, weights: Any, recorded: Any) -> None:
    class Patient(PlainAggregator):
        def average(self, data: Any, axis: Any = None, weights: Any = None) -> Any:
            return super().average(data, axis, None if weights is None else list(weights))

    (record,) = averaged(messages, weights, by=Patient(CAROL))
    assert list(record.weights) == recorded
    assert record.ratio <= 1


def test_an_aggregate_that_devices_share_is_not_read(messages: Messages) -> None:
    class Sharing(PlainAggregator):
        def average(self, *_: Any, **__: Any) -> Any:
            return object()

    (record,) = averaged(messages, None, by=Sharing(CAROL))
    assert record.reason == "the aggregate is shared among several devices"


class Ring:
    """Devices that compute on shares, as an SPU says of itself."""

    class conf:  # noqa: N801  # the library's name
        fxp_fraction_bits = 0
        field = 3


class Shares:
    """An object that devices share: whoever gets it makes a whole of it."""

    device = Ring()

    def __init__(self, whole: Any) -> None:
        self.whole = whole

    def to(self, device: Any) -> DeviceObject:
        return DeviceObject(CAROL, self.whole).to(device)


def test_an_aggregate_that_devices_share_is_what_a_party_makes_of_it(messages: Messages) -> None:
    class Sharing(PlainAggregator):
        def average(self, *args: Any, **kwargs: Any) -> Any:
            return Shares(super().average(*args, **kwargs).data)

    aggregator, watching = Sharing(CAROL), RoundWatch(messages)
    with watching.watched(aggregator):
        data = [DeviceObject(party, [f32(len(party), 1)]) for party in PARTIES]
        shared = aggregator.average(data, axis=0, weights=[1, 3])
        received = shared.to(PARTIES[0])
        heard = SentMessage("ring", "alice", shared, received, (Share("bob", 0, b"16"),))
        assert messages.heard is not None
        messages.heard.append(heard)
    (record,) = watching.records()
    assert (record.ratio or 0) <= 1
    assert (record.fxp_bits, record.arithmetic) == (26, "spu")
    assert [(m.sender, m.receiver) for m in record.messages if m.aggregate] == [("bob", "alice")]


@pytest.mark.parametrize(
    ("module", "name", "how"),
    [
        ("secretflow.security.aggregation.plain_aggregator", "PlainAggregator", "plain"),
        ("secretflow_fl.security.aggregation.sparse_plain", "SparsePlainAggregator", "sparse"),
        ("secretflow.security.aggregation.other", "OtherAggregator", "own"),
        ("__main__", "PlainAggregator", "own"),
    ],
)
def test_a_mean_by_code_of_the_library_is_held_to_what_that_computes(
    messages: Messages, module: str, name: str, how: str
) -> None:
    class Named(PlainAggregator):
        def average(self, *args: Any, **kwargs: Any) -> Any:
            return super().average(*args, **kwargs)

    Named.average.__module__, Named.average.__qualname__ = module, f"{name}.average"
    (record,) = averaged(messages, [1, 3], by=Named(CAROL))
    assert (record.arithmetic, record.fxp_bits) == (how, None)
    (record,) = averaged(messages, [1, 3], by=SecureAggregator(CAROL))
    assert (record.arithmetic, record.fxp_bits) == ("secure", 18)


def test_each_round_says_how_long_it_took(messages: Messages) -> None:
    records = averaged(messages, None, None)
    assert all(0 <= record.seconds < 1 for record in records)


def test_a_fault_of_ours_is_recorded_and_the_page_goes_on(
    messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def examine(*_: Any) -> Any:
        raise MemoryError("no room\nat all")

    monkeypatch.setattr(audit, "examine", examine)
    assert [record.fault for record in averaged(messages, None, None)] == [
        "MemoryError: no room"
    ] * 2


def test_a_fault_in_another_process_is_told_as_it_was_raised_there(
    messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TaskError(Exception):
        cause = MemoryError("no room")

    def examine(*_: Any) -> Any:
        raise TaskError("ray::examine() (pid=1)\nMemoryError: no room")

    monkeypatch.setattr(audit, "examine", examine)
    (record,) = averaged(messages, None)
    assert record.fault == "MemoryError: no room"


def test_masks_are_compared_with_those_of_the_round_before(messages: Messages) -> None:
    class Lazy(SecureAggregator):
        def average(self, *args: Any, **kwargs: Any) -> Any:
            self._generator = np.random.default_rng(1)
            return super().average(*args, **kwargs)

    fresh, lazy = (
        averaged(messages, [1, 1], [1, 1], by=kind(CAROL)) for kind in (SecureAggregator, Lazy)
    )
    for first, _ in (fresh, lazy):
        assert not any(message.fresh for message in first.messages)
    assert fresh[1].messages[0].fresh != lazy[1].messages[0].fresh


def test_without_an_aggregator_nothing_is_watched(messages: Messages) -> None:
    rounds = RoundWatch(messages)
    with rounds.watched(None):
        pass
    assert rounds.records() == []


def test_outside_of_rounds_nobody_listens(messages: Messages) -> None:
    averaged(messages, None)
    assert messages.heard is None
    assert DeviceObject(CAROL, 1).to(PARTIES[0]).data == 1
