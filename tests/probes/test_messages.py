"""What leaves a device is heard, and what a page reveals is told from what the library does."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docprobe.messages import Messages, watch_reveals
from docprobe.recording import Recorder

from tests import fakes
from tests.fakes import Device, DeviceObject
from tests.probes.builders import logged, write_module

ALICE, BOB = Device("alice"), Device("bob")


def test_only_what_goes_to_another_device_is_a_message(
    modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakes.DeviceObject, "to", fakes.DeviceObject.to)  # restored afterwards
    write_module(modules, "secretflow.device.device.base", "from tests.fakes import DeviceObject\n")
    messages = Messages()
    messages.watch()
    import_module("secretflow.device.device.base")
    one = DeviceObject(ALICE, 5)
    assert one.to(BOB).data == 5
    assert messages.heard is None
    messages.heard = []
    assert one.to(ALICE) is one
    received = one.to(BOB)
    (message,) = messages.heard
    assert (message.sender, message.receiver) == ("alice", "bob")
    assert message.sent is one
    assert message.received is received


SPU = """\
class SPU:
    actors = {"alice": None, "bob": None}

    def infeed_shares(self, io_info, shares_chunk):
        return ["name"]

    def outfeed_shares(self, shares_name):
        return "info", ["a0", "a1", "b0", "b1"]
"""


def test_shares_are_heard_by_node_and_number(
    modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_module(modules, "secretflow.device.device.base", "from tests.fakes import DeviceObject\n")
    write_module(modules, "secretflow.device.device.spu", SPU)
    spu = import_module("secretflow.device.device.spu").SPU()
    kept = fakes.DeviceObject.to

    def to_shares(self: DeviceObject, device: Device) -> Any:
        spu.infeed_shares("info", ["x0", "x1", "y0", "y1"])
        return kept(self, device)

    monkeypatch.setattr(fakes.DeviceObject, "to", to_shares)
    messages = Messages()
    messages.watch()
    messages.heard = []
    import_module("secretflow.device.device.base")
    DeviceObject(ALICE, 5).to(Device("spu"))
    (message,) = messages.heard
    told = [(share.node, share.index, share.content) for share in message.shares]
    assert told == [("alice", 0, "x0"), ("alice", 1, "x1"), ("bob", 0, "y0"), ("bob", 1, "y1")]
    assert spu.outfeed_shares(["name"]) == ("info", ["a0", "a1", "b0", "b1"])
    assert [share.content for share in messages.shares] == ["a0", "a1", "b0", "b1"]


@pytest.fixture
def reveal(modules: Path, tmp_path: Path) -> Any:
    """The library's own function, watched, with its evidence in `tmp_path`."""
    write_module(modules, "secretflow.device.driver", "from tests.fakes import reveal\n")
    watch_reveals(Recorder(str(tmp_path), "kernel"))
    return import_module("secretflow.device.driver").reveal


SMALL, LARGE = np.zeros(2, np.float32), np.zeros(300, np.float32)


@pytest.mark.parametrize(
    ("caller", "data", "recorded"),
    [
        ("__main__", SMALL, [(True, 8)]),
        ("__main__", LARGE, [(True, 1200)]),
        ("library.inner", SMALL, []),
        ("library.inner", LARGE, [(False, 1200)]),
        ("library.inner", {"a": [LARGE, (LARGE,)]}, [(False, 2400)]),
        ("library.inner", [SMALL, SMALL], []),
    ],
)
def test_the_page_is_told_from_the_library(
    tmp_path: Path, reveal: Any, caller: str, data: Any, recorded: Any
) -> None:
    scope = {"__name__": caller, "reveal": reveal, "held": DeviceObject(ALICE, data)}
    exec("seen = reveal(held)", scope)  # noqa: S102  # only so has it another caller
    assert scope["seen"] is data
    events = logged(tmp_path / "kernel.jsonl")
    assert [(event["page"], event["bytes"]) for event in events] == recorded
    assert all(event["caller"] == caller for event in events)


def test_a_function_whose_result_is_revealed_reveals_nothing_yet(
    tmp_path: Path, reveal: Any
) -> None:
    scope = {"__name__": "__main__", "reveal": reveal, "work": lambda: DeviceObject(ALICE, 7)}
    exec("later = reveal(work)", scope)  # noqa: S102
    assert logged(tmp_path / "kernel.jsonl") == []
    assert callable(scope["later"])
    assert scope["later"]() == 7
