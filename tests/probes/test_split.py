"""A split training is recorded by the driver and by its parties, as it happened."""

import time
from importlib import import_module
from pathlib import Path
from typing import Any

import docprobe
import pytest

from tests import SAMPLES, fakes, split_fakes
from tests.fakes import Device, DeviceObject, f32
from tests.probes.builders import logged, write_module
from tests.split_fakes import Fuse, SplitNN, base, fuse
from verify.evidence import reading
from verify.evidence.evidence import StepRun, TrainingRun

ALICE, BOB = map(Device, ("alice", "bob"))
BASES = {ALICE: base, BOB: base}
DEVICE = """\
from secretflow.device.device.base import DeviceObject as PYUObject
from secretflow.device.driver import reveal

def wait(objects):
    return None
"""
TRAIN = (f32(1, 2, 3, 4, 5), f32(0, 1, 0, 1, 0))
HELD = (f32(2, 4, 9), f32(1, 1, 0))


@pytest.fixture(params=["secretflow_fl.ml.nn.sl.sl_model", "secretflow.ml.nn.sl.sl_model"])
def split(
    request: pytest.FixtureRequest,
    modules: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """The class of split models, watched, with its evidence in `tmp_path`."""
    monkeypatch.setattr(fakes.DeviceObject, "to", fakes.DeviceObject.to)  # restored afterwards
    write_module(modules, "secretflow.device.device.base", "from tests.fakes import DeviceObject\n")
    write_module(modules, "secretflow.device.driver", "from tests.fakes import reveal\n")
    write_module(modules, "secretflow.device.__init__", DEVICE)
    write_module(modules, request.param, (SAMPLES / "sl_model.py.txt").read_text())
    docprobe.start(str(tmp_path))
    return import_module(request.param).SLModel


def trained(folder: Path) -> TrainingRun:
    """What a step recorded in which the last training ended."""
    steps = [StepRun("train", 0, time.time() + 60, "", None)]
    return reading.trainings([folder], steps)["train"][-1]


def test_a_training_is_recorded_as_it_happened(tmp_path: Path, split: Any) -> None:
    model = split(BASES, ALICE, fuse)
    plain = split_fakes.SLModel.fit(model, TRAIN, epochs=2, validation_data=HELD)
    again = split(BASES, ALICE, fuse).fit(TRAIN, epochs=2, validation_data=HELD)
    assert again == plain == {"train_loss": [3, 3], "val_loss": [5, 5]}
    run = trained(tmp_path)
    assert (run.kind, run.strategy, run.backend) == ("split", "split_nn", "tensorflow")
    assert run.history == {"train_loss": [3.0, 3.0], "val_loss": [5.0, 5.0]}
    assert run.samples == {"train_loss": 5, "val_loss": 3}
    assert [h.path for h in run.holders] == ["alice/base", "alice/fuse", "bob/base"]


def test_what_each_part_became_is_recorded(tmp_path: Path, split: Any) -> None:
    split(BASES, ALICE, fuse).fit(TRAIN, epochs=2)
    by_path = {holder.path: holder for holder in trained(tmp_path).holders}
    assert by_path["alice/base"].drift == (0.0, 6.0)
    assert by_path["alice/fuse"].drift == (6.0,)
    for holder in by_path.values():
        assert holder.after is not None
        assert holder.before != holder.after
        assert holder.phases == (holder.drift,)
    assert [layer.trainable for layer in by_path["bob/base"].layers] == [False, True]


def test_what_crosses_is_weighed_by_form(tmp_path: Path, split: Any) -> None:
    split(BASES, ALICE, fuse).fit(TRAIN, epochs=2, validation_data=HELD)
    boundary = trained(tmp_path).boundary
    assert boundary is not None
    assert (boundary.labels, boundary.aggregates_at, boundary.fault) == ("alice", "alice", "")
    seen = [
        (one.sender, one.receiver, one.way, one.shapes, one.types, one.bytes, one.count)
        for one in boundary.crossings
    ]
    float32 = ("float32",)
    assert seen == [
        ("bob", "alice", "forward", ((2, 4),), float32, 32, 6),
        ("alice", "bob", "backward", ((2, 4),), float32, 32, 4),
        ("bob", "alice", "forward", ((1, 4),), float32, 16, 4),
        ("alice", "bob", "backward", ((1, 4),), float32, 16, 2),
    ]


def test_what_else_is_sent_during_a_training_shows(
    tmp_path: Path, split: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(worker: SplitNN) -> Any:
        DeviceObject(BOB, f32(7, 7, 7)).to(ALICE)
        return worker.logs

    monkeypatch.setattr(SplitNN, "get_logs", leaking)
    split(BASES, ALICE, fuse).fit(TRAIN)
    boundary = trained(tmp_path).boundary
    assert boundary is not None
    (other,) = (one for one in boundary.crossings if one.way == "other")
    assert (other.sender, other.receiver, other.bytes) == ("bob", "alice", 12)


def test_each_pass_is_recorded_with_who_had_labels(tmp_path: Path, split: Any) -> None:
    split(BASES, ALICE, fuse).fit(TRAIN, epochs=2, validation_data=HELD)
    passes = trained(tmp_path).passes
    seen = {
        party: [(one.stage, one.batches, one.samples, one.labels) for one in some]
        for party, some in passes.items()
    }
    for party, labels in (("alice", True), ("bob", False)):
        assert seen[party] == [("train", 3, 5, labels), ("val", 2, 3, labels)] * 2
    (loss,) = passes["alice"][0].metrics
    assert (loss.name, loss.total, loss.count, loss.values) == ("loss", 15, 5, (3,))
    assert all(one.metrics == () for one in passes["bob"])


def test_a_party_with_labels_alone_has_no_base_network(tmp_path: Path, split: Any) -> None:
    split({BOB: base}, ALICE, fuse).fit(TRAIN)
    run = trained(tmp_path)
    assert [holder.path for holder in run.holders] == ["bob/base", "alice/fuse"]
    assert run.passes["alice"][0].labels
    assert run.boundary is not None
    assert {one.sender for one in run.boundary.crossings} == {"alice", "bob"}


def test_evaluations_and_predictions_are_told_apart(tmp_path: Path, split: Any) -> None:
    model = split(BASES, ALICE, fuse)
    model.fit(TRAIN)
    assert len(model.predict(HELD)) == 2
    assert model.evaluate(HELD) == {"loss": 5}
    (one,) = trained(tmp_path).evaluations
    assert one.values == {"loss": 5}
    ((only,), (others,)) = one.passes["alice"], one.passes["bob"]
    assert (only.stage, only.samples, only.metrics[0].count) == ("val", 3, 3)
    assert (others.samples, others.labels) == (3, False)
    (predicted,) = logged(tmp_path / "kernel.jsonl", "prediction")
    assert (predicted["at"], predicted["batches"]) == (["alice"], 2)


def test_trainings_of_one_model_are_told_apart(tmp_path: Path, split: Any) -> None:
    model = split(BASES, ALICE, fuse)
    model.fit(TRAIN)
    first = trained(tmp_path)
    model.fit(TRAIN, epochs=2)
    second = trained(tmp_path)
    assert [len(run.passes["bob"]) for run in (first, second)] == [1, 2]
    for before, after in zip(first.holders, second.holders, strict=True):
        assert after.before == before.after != after.after


def test_a_loaded_network_is_the_one_that_is_compared_with(tmp_path: Path, split: Any) -> None:
    model = split(BASES, ALICE, fuse)
    model._workers[BOB].load_base_model(fakes.Model(fakes.Layer("only", f32(9))))
    model.fit(TRAIN)
    (bob,) = (holder for holder in trained(tmp_path).holders if holder.path == "bob/base")
    assert [layer.name for layer in bob.layers] == ["only"]
    assert bob.drift == (3.0,)


def test_losses_of_single_batches_are_added_up(
    tmp_path: Path, split: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fuse, "state_dict", lambda _: {}, raising=False)
    monkeypatch.setattr(
        "docprobe.layers._is_torch", lambda _: False
    )  # its weights are as those of Keras
    model = split(BASES, ALICE, fuse, backend="torch")
    assert model.fit(TRAIN, epochs=2)["train_loss"] == [5, 5]
    model.evaluate(HELD)
    run = trained(tmp_path)
    for one in run.passes["alice"]:
        first = one.metrics[0]
        assert (first.name, first.total, first.count, first.last) == ("loss", 15, 5, 5)
    (evaluation,) = run.evaluations
    assert evaluation.values == {"loss": 9}
    assert evaluation.passes["alice"][0].metrics[0].values == (5,)


def test_what_is_put_around_the_exchange_is_noted(tmp_path: Path, split: Any) -> None:
    class Blur:
        label_dp, embedding_dp = None, f32(1)

    model = split(BASES, ALICE, fuse, {BOB: Blur()}, compressor=f32(0))
    model.fit(TRAIN)
    boundary = trained(tmp_path).boundary
    assert boundary is not None
    assert boundary.added == ("embedding_dp at bob: ndarray", "compressor: ndarray")


def test_a_training_that_breaks_breaks_as_ever_and_is_none(
    tmp_path: Path, split: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("no gradient today")

    model = split(BASES, ALICE, fuse)
    monkeypatch.setattr(SplitNN, "base_backward", broken)
    with pytest.raises(RuntimeError, match="no gradient today"):
        model.fit(TRAIN)
    assert logged(tmp_path / "kernel.jsonl", "split-training") == []
    layer = model.agglayer
    assert {"forward", "backward"}.isdisjoint(vars(layer))


def test_a_fault_of_ours_harms_nobody(
    tmp_path: Path, split: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("docprobe.split._added")
    monkeypatch.delattr("docprobe.metric_states.told")
    assert split(BASES, ALICE, fuse).fit(TRAIN) == {"train_loss": [3]}
    (fault,) = logged(tmp_path / "kernel.jsonl", "fault")
    assert fault["reason"].startswith("NameError: ")
    (party,) = tmp_path.glob("model-*-alice.jsonl")
    assert logged(party, "fault")[0]["reason"].startswith("AttributeError: ")


def test_the_library_is_as_before_after_a_model_is_made(split: Any) -> None:
    module = import_module(split.__module__)
    dispatch, known = module.dispatch_strategy, dict(module._strategy_dispatcher._ops)
    split(BASES, ALICE, fuse).fit(TRAIN)
    assert module.dispatch_strategy is dispatch
    assert module._strategy_dispatcher._ops == known
