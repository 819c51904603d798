"""A party trains as it always did, and what happened to its model is recorded."""

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docprobe import layers, strategy
from docprobe.audit import checksum

from tests.fakes import (
    Dense,
    FedAvgW,
    Model,
    Module,
    TorchFedAvgW,
    TorchUpdates,
    f32,
    small_model,
    small_network,
)
from tests.probes.builders import Array, logged
from tests.split_fakes import MeanMetric


class Party:
    """A watched strategy of one party, with its log."""

    def __init__(
        self, folder: Path, builder: Callable[[], Any] | None = small_model, kind: Any = FedAvgW
    ) -> None:
        self.log = folder / "model-7-alice.jsonl"
        self.own: Any = strategy.watched(kind, str(folder), 7, "alice")(builder)

    def reads(self, *batches: Any, stage: str = "train") -> None:
        self.own.build_dataset_from_builder(lambda *_: (batches, 1), "place", stage=stage)

    def logged(self, *kinds: str) -> list[dict[str, Any]]:
        return logged(self.log, *kinds)


@pytest.fixture
def party(tmp_path: Path) -> Party:
    return Party(tmp_path)


ONE, TWO = f32(0.5, 0.5), f32(0.25)


def test_a_party_computes_what_it_always_did(party: Party) -> None:
    plain = FedAvgW(small_model)
    for each in (party.own, plain):
        each.build_dataset_from_builder(lambda *_: ((ONE, TWO), 2), "place")
    start = [weight + 1 for weight in small_model().get_weights()]
    ours, theirs = party.own.train_step(start, 0, 2), plain.train_step(start, 0, 2)
    assert ours[1] == theirs[1] == 3
    assert all(map(np.array_equal, ours[0], theirs[0]))
    assert type(party.own).__name__ == "FedAvgW"
    assert type(party.own).train_step.__annotations__ == FedAvgW.train_step.__annotations__


def test_a_party_records_what_it_built(party: Party) -> None:
    (built,) = party.logged()
    assert (built["event"], built["party"], built["model"]) == ("built", "alice", 7)
    assert [layer.name for layer in built["layers"]] == ["input", "frozen", "free"]
    assert built["magnitudes"] == [0.0, 2.0, 0.5]
    assert built["digests"] == layers.digests(small_model().get_weights(), [0, 1, 2])


def test_a_turn_is_what_changed_between_taking_over_and_sending(party: Party) -> None:
    party.reads(ONE)
    averaged = [weight + np.float32(0.25) for weight in small_model().get_weights()]
    party.own.train_step(None, 0, 1)
    party.own.train_step(averaged, 1, 2)
    assert [event["changes"] for event in party.logged("sent")] == [[0, 0, 0.5], [0, 0, 1]]
    assert [event["drift"] for event in party.logged("sent")] == [[0, 0, 0.5], [0, 0.25, 1.25]]
    (received,) = party.logged("received")
    assert received == {"event": "received", "kept": True, "held": checksum(averaged)}


def test_a_party_that_keeps_other_weights_than_it_is_given_is_told(tmp_path: Path) -> None:
    class Deaf(Model):
        def set_weights(self, weights: Any) -> None:
            super().set_weights([*weights[:-1], self.get_weights()[-1]])

    party = Party(tmp_path, lambda: Deaf(*small_model().layers))
    party.own.apply_weights(small_model().get_weights())
    party.own.apply_weights([weight + 1 for weight in small_model().get_weights()])
    assert [event["kept"] for event in party.logged("received")] == [True, False]


def test_weights_of_another_type_are_kept_as_the_models_own(party: Party) -> None:
    given = [weight.astype(np.float64) / 3 for weight in small_model().get_weights()]
    party.own.apply_weights(given)
    (received,) = party.logged("received")
    assert received["kept"]
    assert received["held"] == checksum([weight.astype(np.float32) for weight in given])


def test_weights_that_are_no_numbers_are_kept_like_others(party: Party) -> None:
    party.own.apply_weights([weight * np.float32("nan") for weight in small_model().get_weights()])
    assert [event["kept"] for event in party.logged("received")] == [True]


def test_the_samples_of_each_batch_are_told_apart(party: Party) -> None:
    party.reads(f32(1, 2), f32(2))
    party.own.train_step(None, 0, 2)
    (sent,) = party.logged("sent")
    (first, second), (third,) = sent["rows"]
    assert first != second == third


@pytest.mark.parametrize(
    ("inputs", "samples"),
    [
        (np.zeros((3, 2, 2)), 3),
        ({"left": np.zeros((4, 2)), "right": np.zeros(4)}, 4),
        ((np.zeros((5, 1)), np.zeros(5)), 5),
        ([{"deep": np.zeros(2)}], 2),
        (np.array(["text", "texts"], dtype=object), 2),
        (np.array(["text", "texts", ""]), 3),
        (np.array([True, False]), 2),
        (np.zeros((6, 4))[::2, ::2], 3),
    ],
)
def test_samples_of_any_kind_are_counted(party: Party, inputs: Any, samples: int) -> None:
    counting = party.own._docprobe
    with counting.busy():
        counting.drew((inputs, None, None), "train")
    counting.trained()
    (sent,) = party.logged("sent")
    assert [len(batch) for batch in sent["rows"]] == [samples]


@pytest.mark.parametrize("inputs", [{}, 5])
def test_samples_that_cannot_be_counted_are_our_fault_and_harm_nobody(
    party: Party, inputs: Any
) -> None:
    with party.own._docprobe.busy():
        party.own._docprobe.drew((inputs, None, None), "train")
    (fault,) = party.logged("fault")
    assert fault["reason"].startswith(("StopIteration: ", "TypeError: "))


def test_what_a_party_evaluates_or_predicts_it_does_not_train_on(party: Party) -> None:
    party.reads(f32(9, 9, 9), stage="eval")
    party.reads(ONE)
    party.own.evaluate(2)
    party.own.predict(1)
    party.own.train_step(None, 0, 1)
    (evaluated,), (sent,) = party.logged("evaluated"), party.logged("sent")
    assert [len(batch) for batch in evaluated["rows"]] == [3, 3]
    assert [len(batch) for batch in sent["rows"]] == [2]


class Measuring(FedAvgW):
    """Measures what it goes through, and hands its metrics out."""

    model: Any

    def train_step(self, weights: Any, step: int, steps: int) -> tuple[Any, int]:
        done = super().train_step(weights, step, steps)
        self.model.metrics[0].add(0.5, done[1])
        self.wrap_local_metrics()
        return done

    def evaluate(self, steps: int) -> None:
        super().evaluate(steps)
        self.model.metrics = [MeanMetric("loss")]
        self.model.metrics[0].add(0.25, 3 * steps)
        self.wrap_local_metrics(stage="val")

    def wrap_local_metrics(self, stage: str = "train") -> str:
        return stage

    def get_local_metrics(self) -> list[str]:
        return ["all"]


@pytest.fixture
def measuring(tmp_path: Path) -> Party:
    """A party with metrics, which has two samples to train with and three held out."""
    party = Party(tmp_path, kind=Measuring)
    party.own.model.metrics = [MeanMetric("loss")]
    party.reads(ONE)
    party.reads(f32(9, 9, 9), stage="eval")
    return party


def test_own_metrics_and_samples_are_told_once_an_epoch(measuring: Party) -> None:
    for _ in range(2):
        measuring.own.train_step(None, 0, 2)
        measuring.own.evaluate(1)
        assert measuring.own.get_local_metrics() == ["all"]
        measuring.own.get_local_metrics()  # the bar of progress asks, too
    told = measuring.logged("pass-ended")
    seen = [(one["stage"], one["batches"], one["samples"]) for one in told]
    assert seen == [("train", 2, 4), ("val", 1, 3)] * 2
    counts = [(one["metrics"][0].total, one["metrics"][0].count) for one in told]
    assert counts[:2] == [(2, 4), (0.75, 3)]
    # As in SecretFlow: the next epoch goes on where the validation ended.
    assert counts[2] == (0.75 + 2, 3 + 4)


def test_what_a_party_evaluates_by_itself_is_told_when_asked(measuring: Party) -> None:
    measuring.own.evaluate(2)
    measuring.own.predict(1)
    measuring.own.docprobe_passed()
    (told,) = measuring.logged("pass-ended")
    assert (told["stage"], told["samples"], told["metrics"][0].values) == ("val", 6, (0.25,))


def test_a_party_without_metrics_tells_its_samples(party: Party) -> None:
    party.reads(ONE)
    party.own.train_step(None, 0, 1)
    party.own.docprobe_passed()
    (told,) = party.logged("pass-ended")
    assert (told["samples"], told["metrics"]) == (2, ())


def test_where_a_party_reads_is_recorded_by_stage(party: Party) -> None:
    party.reads(ONE)
    party.reads(ONE, stage="eval")
    party.own.build_dataset_from_builder(lambda *_: ((), 1), {"a": "frame"})
    assert [(event["stage"], event["source"]) for event in party.logged("reads")] == [
        ("train", "place"),
        ("eval", "place"),
        ("train", None),
    ]


def test_what_an_idle_party_holds_is_recorded_when_it_has_changed(party: Party) -> None:
    party.own.get_weights()
    assert party.logged("idle") == []
    party.reads(ONE)
    party.own.train_step(None, 0, 1)
    for _ in range(2):
        party.own.get_weights()
    (idle,) = party.logged("idle")
    assert idle["drift"] == [0, 0, 0.5]
    assert idle["digests"] == layers.digests(party.own.model.get_weights(), [0, 1, 2])


def test_the_weights_that_a_party_sent_do_not_change_under_it(party: Party) -> None:
    party.reads(ONE)
    sent: list[Array] = party.own.train_step(None, 0, 1)[0]
    party.own.train_step(None, 0, 1)
    assert np.array_equal(sent[1], [1.0])


def test_a_party_that_begins_without_a_model_is_watched_once_it_loads_one(tmp_path: Path) -> None:
    party = Party(tmp_path, None)
    assert party.logged() == []
    party.own.load_model(small_model())
    party.own.apply_weights(small_model().get_weights())
    assert [event["event"] for event in party.logged()] == ["built", "received"]


# PyTorch.


def test_the_live_weights_of_pytorch_are_not_kept(tmp_path: Path) -> None:
    party = Party(tmp_path, small_network, TorchFedAvgW)
    party.reads(ONE)
    party.own.train_step(None, 0, 2)
    party.own.train_step([w + 1 for w in small_network().get_weights()], 2, 1)
    assert [event["changes"] for event in party.logged("sent")] == [[0, 0, 1.0], [0, 0, 0.5]]
    assert [event["drift"] for event in party.logged("sent")] == [[0, 0, 1.0], [1, 1, 1.5]]
    assert [event["kept"] for event in party.logged("received")] == [True]


def test_who_sends_updates_trained_although_it_goes_back(tmp_path: Path) -> None:
    party = Party(tmp_path, small_network, TorchUpdates)
    party.reads(ONE)
    party.own.train_step(None, 0, 1)
    party.own.apply_weights(small_network().get_weights())
    assert [event["event"] for event in party.logged()] == ["built", "reads", "sent", "received"]
    (sent,) = party.logged("sent")
    assert (sent["changes"], sent["drift"]) == ([0, 0, 0.5], [0, 0, 0])


def test_who_takes_over_a_part_of_the_weights_keeps_that_part(tmp_path: Path) -> None:
    class Partial(TorchFedAvgW):
        def get_weights(self, *, return_numpy: bool = True) -> Any:
            return super().get_weights(return_numpy=return_numpy)[2:]

        def set_weights(self, weights: Any) -> None:
            super().set_weights([*self.model.get_weights()[:2], *weights])

    given = [weight + 1 for weight in small_network().get_weights()[2:]]
    party = Party(tmp_path, small_network, Partial)
    party.own.apply_weights(given)
    (received,) = party.logged("received")
    assert received == {"event": "received", "kept": True, "held": checksum(given)}


@pytest.mark.parametrize("kept", [1, 2])
def test_who_keeps_another_number_of_arrays_than_it_is_given_is_told(
    tmp_path: Path, kept: int
) -> None:
    """What it holds equals what it was given, as far as there is any."""

    class Partial(TorchFedAvgW):
        def get_weights(self, *, return_numpy: bool = True) -> Any:
            return super().get_weights(return_numpy=return_numpy)[:kept]

        def set_weights(self, weights: Any) -> None:
            super().set_weights([*weights[:kept], *self.model.get_weights()[kept:]])

    party = Party(tmp_path, small_network, Partial)
    party.own.apply_weights([weight + 1 for weight in small_network().get_weights()[:3]])
    (received,) = party.logged("received")
    assert received["kept"] is False
    assert party.logged("fault") == []


@pytest.mark.parametrize(("shape", "kept"), [((2, 3), True), ((3, 2), False), ((6,), False)])
def test_weights_of_the_same_size_and_another_shape_are_not_kept(
    tmp_path: Path, shape: tuple[int, ...], kept: bool
) -> None:
    class Reshaping(Model):
        def set_weights(self, weights: Any) -> None:
            super().set_weights([weight.reshape(shape) for weight in weights])

    party = Party(tmp_path, lambda: Reshaping(Dense("one", np.zeros((2, 3), np.float32))))
    party.own.apply_weights([np.arange(6, dtype=np.float32).reshape(2, 3)])
    (received, *_) = party.logged("received", "fault")
    assert received.get("kept", False) is kept


def test_a_network_that_cannot_be_read_is_our_fault_and_harms_nobody(tmp_path: Path) -> None:
    class Odd(Module):
        def get_submodule(self, path: str) -> Any:
            raise AttributeError(f"no module {path}\nat all")

    party = Party(tmp_path, lambda: Odd(head=small_network()), TorchFedAvgW)
    party.reads(ONE)
    party.own.apply_weights(small_network().get_weights())
    assert party.own.train_step(None, 0, 1)[1] == 2
    assert party.logged("fault")[0]["reason"].startswith("AttributeError: no module head.body")


def test_a_copy_of_a_network_is_no_longer_watched(tmp_path: Path) -> None:
    party = Party(tmp_path, small_network, TorchFedAvgW)
    pickled = pickle.loads(pickle.dumps(copy.deepcopy(party.own.model)))  # noqa: S301
    pickled.update_weights([w + 1 for w in small_network().get_weights()])
    assert party.logged("received") == []
    assert party.own.model.get_weights()[1] == 4
