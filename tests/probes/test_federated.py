"""A federated training is recorded by the driver and by its parties, as it happened."""

import time
from importlib import import_module
from pathlib import Path
from typing import Any

import docprobe
import numpy as np
import pytest
from probeshared import trials

from tests import SAMPLES, fakes
from tests.fakes import Device, PlainAggregator, SecureAggregator, f32, small_model
from tests.probes.builders import logged, write_module
from verify.evidence import reading
from verify.evidence.evidence import StepRun, TrainingRun

ALICE, BOB, CAROL = map(Device, ("alice", "bob", "carol"))
PLACES = {ALICE: "here", BOB: "there"}
DEVICE = """\
from secretflow.device.device.base import DeviceObject as PYUObject
from secretflow.device.driver import reveal

def wait(objects):
    return None
"""


@pytest.fixture(params=["secretflow_fl.ml.nn.fl.fl_model", "secretflow.ml.nn.fl.fl_model"])
def federated(
    request: pytest.FixtureRequest,
    modules: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """The class of federated models, watched, with its evidence in `tmp_path`."""
    monkeypatch.setattr(fakes.DeviceObject, "to", fakes.DeviceObject.to)  # restored afterwards
    write_module(modules, "secretflow.device.device.base", "from tests.fakes import DeviceObject\n")
    write_module(modules, "secretflow.device.driver", "from tests.fakes import reveal\n")
    write_module(modules, "secretflow.device.__init__", DEVICE)
    write_module(modules, request.param, (SAMPLES / "fl_model.py.txt").read_text())
    docprobe.start(str(tmp_path))
    return import_module(request.param).FLModel


def reader(_: object, stage: str) -> Any:
    """Five samples in three batches to train, two to evaluate."""
    return ((f32(1, 2), f32(3, 4), f32(5)), 3) if stage == "train" else ((f32(6, 7),), 1)


def trained(folder: Path) -> TrainingRun:
    """What a step recorded in which the last training ended."""
    steps = [StepRun("train", 0, time.time() + 60, "", None)]
    return reading.trainings([folder], steps)["train"][-1]


def fit(model: Any, **more: Any) -> Any:
    given = {"epochs": 2, "aggregate_freq": 2, "validation_data": PLACES} | more
    return model.fit(PLACES, dataset_builder=reader, **given)


def test_a_training_is_recorded_as_it_happened(tmp_path: Path, federated: Any) -> None:
    model = federated([ALICE, BOB], small_model, SecureAggregator(CAROL))
    assert fit(model) == {"global_history": {"loss": [1, 1]}}
    run = trained(tmp_path)
    assert (run.kind, run.strategy, run.aggregator) == (
        "federated",
        "fed_avg_w",
        "SecureAggregator",
    )
    assert (run.history, run.samples) == ({"loss": [1.0, 1.0]}, {"loss": 5})
    assert run.sources == {"alice": "here", "bob": "there"}
    assert [one.weights for one in run.rounds] == [(), (4, 4), (1, 1), (4, 4), (1, 1)]
    assert {one.names for one in run.rounds} == {("alice", "bob")}
    for holder in run.holders:
        assert [turn.samples for turn in holder.turns] == [4, 1, 4, 1]
        assert [taken.kept for taken in holder.taken_over] == [True] * 5
        assert [taken.held for taken in holder.taken_over] == [one.given for one in run.rounds]
        assert holder.sources == (PLACES[Device(holder.name)],)
        assert [len(samples) for samples in holder.evaluations] == [2, 2]
        assert holder.phases[0] == (0, 0, 1.5 + 3.5)


def test_every_round_is_compared_with_the_mean(tmp_path: Path, federated: Any) -> None:
    fit(federated([ALICE, BOB], small_model, SecureAggregator(CAROL)))
    run = trained(tmp_path)
    for one in (*run.rounds, *run.challenge):
        assert one.ratio is not None
        assert one.ratio <= 1
        assert one.fxp_bits == 18
    (trial,) = run.challenge
    assert (trial.weights, trial.alike) == ((5, 3), False)
    assert run.rounds[0].arrays == (8, 4, 8)


@pytest.mark.parametrize("aggregator", [SecureAggregator, PlainAggregator])
def test_messages_are_heard_by_sender_and_receiver(
    tmp_path: Path, federated: Any, aggregator: Any
) -> None:
    fit(federated([ALICE, BOB], small_model, aggregator(CAROL)))
    run = trained(tmp_path)
    routes = [(m.sender, m.receiver, m.aggregate) for m in run.rounds[0].messages]
    up = [("alice", "carol", False), ("bob", "carol", False)]
    assert routes == [*up, ("carol", "alice", True), ("carol", "bob", True)]
    plain = {m.plain for one in run.rounds for m in one.messages if m.elements}
    assert plain == {aggregator is PlainAggregator}


def test_a_party_that_aggregates_sends_itself_nothing(tmp_path: Path, federated: Any) -> None:
    fit(federated([ALICE, BOB], small_model, SecureAggregator(ALICE)))
    routes = {(m.sender, m.receiver) for one in trained(tmp_path).rounds for m in one.messages}
    assert routes == {("bob", "alice"), ("alice", "bob")}


class Unweighted(PlainAggregator):
    """Forgets the weights."""

    def average(self, data: Any, axis: Any = None, weights: Any = None) -> Any:
        return super().average(data, axis, [1 for _ in weights or data])


class Clipping(PlainAggregator):
    """Lets no number above a thousand through, as no network of the tests has one."""

    def average(self, data: Any, axis: Any = None, weights: Any = None) -> Any:
        mean = super().average(data, axis, weights)
        mean.data = [np.clip(array, -1e3, 1e3).astype(array.dtype) for array in mean.data]
        return mean


class Flushing(PlainAggregator):
    """Takes what is below a ten-thousandth for nothing."""

    def average(self, data: Any, axis: Any = None, weights: Any = None) -> Any:
        mean = super().average(data, axis, weights)
        mean.data = [np.where(np.abs(array) < 1e-4, 0, array) for array in mean.data]
        return mean


class Otherwise(PlainAggregator):
    """Names what it is given in another way."""

    def average(self, values: Any, axis: Any = None, weights: Any = None) -> Any:
        return super().average(values, axis, weights)


class Choosy(PlainAggregator):
    """Takes nothing but the page's own network."""

    def average(self, data: Any, axis: Any = None, weights: Any = None) -> Any:
        if len(data[0].data) != 3:
            raise ValueError("not my network")
        return super().average(data, axis, weights)


def test_a_wrong_mean_that_looks_right_fails_at_numbers_of_ours(
    tmp_path: Path, federated: Any
) -> None:
    for wrong in (Unweighted, Clipping, Flushing):
        fit(federated([ALICE, BOB], small_model, wrong(CAROL)))
        run = trained(tmp_path)
        assert all(one.ratio is not None and one.ratio <= 1 for one in run.rounds)
        assert all(one.ratio is not None and one.ratio > 1 for one in run.challenge)


@pytest.mark.parametrize("parties", [2, 5])
def test_numbers_of_ours_go_over_the_whole_range_with_both_signs(parties: int) -> None:
    first, *others = (
        np.concatenate([array.reshape(-1) for array in arrays])
        for arrays in trials.numbers(parties)
    )
    assert np.abs(first).min() == pytest.approx(trials.SMALLEST)
    assert np.abs(first).max() == pytest.approx(trials.LARGEST)
    for sign in (1, -1):
        powers = np.floor(np.log10(np.abs(first[np.sign(first) == sign])) + 1e-6).astype(int)
        assert {*range(-6, 5)} <= {*powers.tolist()}
    for other in others:
        assert ((np.abs(other / first) > 0.49) & (np.abs(other / first) < 1.01)).all()


def test_an_aggregator_of_the_pages_own_may_name_its_arguments_otherwise(
    tmp_path: Path, federated: Any
) -> None:
    fit(federated([ALICE, BOB], small_model, Otherwise(CAROL)))
    run = trained(tmp_path)
    assert all(one.ratio is not None for one in (*run.rounds, *run.challenge))


def test_an_aggregator_that_takes_no_numbers_of_ours_says_so(
    tmp_path: Path, federated: Any
) -> None:
    fit(federated([ALICE, BOB], small_model, Choosy(CAROL)))
    (challenge,) = trained(tmp_path).challenge
    assert challenge.ratio is None
    assert challenge.reason.endswith("does not average numbers of ours: not my network")


def test_models_of_one_run_and_trainings_of_one_model_are_told_apart(
    tmp_path: Path, federated: Any
) -> None:
    first, second = (
        federated([ALICE, BOB], small_model, SecureAggregator(CAROL)) for _ in range(2)
    )
    fit(first)
    fit(second, epochs=1)
    assert [len(h.turns) for h in trained(tmp_path).holders] == [2, 2]
    before = trained(tmp_path).holders[0].after
    fit(second, epochs=1)
    again = trained(tmp_path)
    assert [len(h.turns) for h in again.holders] == [2, 2]
    assert [len(h.taken_over) for h in again.holders] == [len(again.rounds)] * 2
    assert again.holders[0].before == before != again.holders[0].after
    assert (
        len({event["model"] for event in logged(tmp_path / "kernel.jsonl", "federated-training")})
        == 2
    )


def test_an_evaluation_is_recorded_and_its_metrics_stay_as_they_are(
    tmp_path: Path, federated: Any
) -> None:
    model = federated([ALICE, BOB], small_model, SecureAggregator(CAROL))
    fit(model)
    (loss,), _ = model.evaluate(PLACES, reader)
    assert loss.kept == 0
    (one,) = trained(tmp_path).evaluations
    assert one.values == {"loss": 0.5}
    assert [(p.stage, p.samples) for p in one.passes["bob"]] == [("val", 2)]


@pytest.mark.parametrize("backend", ["tensorflow", "torch"])
def test_parties_are_watched_whatever_their_back_end(
    tmp_path: Path, federated: Any, backend: str
) -> None:
    fit(federated([ALICE, BOB], small_model, SecureAggregator(CAROL), backend=backend))
    assert [holder.name for holder in trained(tmp_path).holders] == ["alice", "bob"]


def test_a_fault_of_ours_after_a_training_harms_nobody(
    tmp_path: Path, federated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("docprobe.federated.challenge")
    model = federated([ALICE, BOB], small_model, SecureAggregator(CAROL))
    assert fit(model) == {"global_history": {"loss": [1, 1]}}
    (fault,) = logged(tmp_path / "kernel.jsonl", "fault")
    assert fault["reason"].startswith("NameError: ")


def test_the_library_is_as_before_after_a_training(federated: Any) -> None:
    average, module = PlainAggregator.average, import_module(federated.__module__)
    dispatch, known = module.dispatch_strategy, dict(module._strategy_dispatcher._ops)
    fit(federated([ALICE, BOB], small_model, PlainAggregator(CAROL)))
    assert PlainAggregator.average is average
    assert module.dispatch_strategy is dispatch
    assert module._strategy_dispatcher._ops == known


def test_a_training_that_breaks_breaks_as_ever(tmp_path: Path, federated: Any) -> None:
    class Broken(PlainAggregator):
        def average(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("no average today")

    average = Broken.average
    with pytest.raises(RuntimeError, match="no average today"):
        fit(federated([ALICE, BOB], small_model, Broken(CAROL)))
    assert Broken.average is average
    assert logged(tmp_path / "kernel.jsonl", "federated-training") == []
    (failed,) = reading.failed([tmp_path], [StepRun("train", 0, time.time() + 60, "", None)])
    assert (failed.step, failed.stage, failed.own) == ("train", "training", False)
    assert (failed.backend, failed.strategy, failed.aggregator) == (
        "tensorflow",
        "fed_avg_w",
        "Broken",
    )
    assert failed.sentence == "RuntimeError: no average today"


def test_a_model_that_cannot_be_made_is_recorded(tmp_path: Path, federated: Any) -> None:
    with pytest.raises(KeyError, match="fed_avg_w_unknown"):
        federated([ALICE, BOB], small_model, PlainAggregator(CAROL), backend="unknown")
    (failed,) = reading.failed([tmp_path], [StepRun("train", 0, time.time() + 60, "", None)])
    assert (failed.stage, failed.backend, failed.aggregator) == (
        "creation",
        "unknown",
        "PlainAggregator",
    )
