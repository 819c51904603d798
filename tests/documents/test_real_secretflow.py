"""The probes inside the real SecretFlow: a small network, trained alone and by two parties."""

from pathlib import Path

import pytest

from tests import waiting
from tests.documents.folder import Finished, training, with_secretflow

pytestmark = pytest.mark.slow

_BUILD = """\
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

def build():
    network = Sequential([Dense(8, activation="relu", input_shape=(4,)), Dense(2, "softmax")])
    network.layers[0].trainable = False
    network.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return network

def samples():
    numbers = np.random.default_rng(3).normal(size=(80, 4)).astype("float32")
    return numbers, (numbers[:, 0] > 0).astype("int64")
"""
_ALONE = "inputs, names = samples()\nbuild().fit(inputs, names, epochs=2, verbose=0)"
_ALONE_FREE = """\
inputs, names = samples()
network = build()
network.layers[0].trainable = True
network.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
network.fit(inputs, names, epochs=2, verbose=0)
"""
_START = """\
import secretflow as sf
from secretflow.security.aggregation import SecureAggregator
from secretflow_fl.ml.nn import FLModel
sf.init(["alice", "bob", "charlie"], address="local", log_to_driver=False)
alice, bob, charlie = sf.PYU("alice"), sf.PYU("bob"), sf.PYU("charlie")
"""
_TOGETHER = """\
def reader(folder, stage="train"):
    return tf.data.Dataset.from_tensor_slices(samples()).batch(32), 3

model = FLModel(
    device_list=[alice, bob], model=build, strategy="fed_avg_w", backend="tensorflow",
    aggregator=SecureAggregator(charlie, [alice, bob]), random_seed=1,
)
places = {alice: "here", bob: "there"}
model.fit(
    places, None, validation_data=places, epochs=2, aggregate_freq=2,
    dataset_builder={alice: reader, bob: reader},
)
"""
_OPEN = """\
from secretflow.security import aggregation

class Forgetful(aggregation.PlainAggregator):
    def average(self, data, axis=None, weights=None):
        return super().average(data, axis=axis)

def reader(folder, stage="train"):
    return tf.data.Dataset.from_tensor_slices(samples()).batch(32), 3

model = FLModel(
    device_list=[alice, bob], model=build, strategy="fed_avg_w", backend="tensorflow",
    aggregator=Forgetful(charlie), random_seed=1,
)
places = {alice: "here", bob: "there"}
model.fit(
    places, None, validation_data=places, epochs=1, aggregate_freq=2,
    dataset_builder={alice: reader, bob: reader},
)
held = sf.reveal(model._workers[alice].get_weights())
"""
_KILLED = """\
def reader(folder, stage="train"):
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)

model = FLModel(
    device_list=[alice, bob], model=build, strategy="fed_avg_w", backend="tensorflow",
    aggregator=SecureAggregator(charlie, [alice, bob]), random_seed=1,
)
places = {alice: "here", bob: "there"}
model.fit(places, None, epochs=1, dataset_builder={alice: reader, bob: reader})
"""
# A party's process carries out what the page gives it, and there the probes' recorder is.
_FORGES = """\
def forge(folder):
    import gc
    from probeshared import events
    for one in gc.get_objects():
        if type(one).__name__ == "Recorder":
            one.write(events.Received(kept=True, held=1))
    return folder

def reader(folder, stage="train"):
    return tf.data.Dataset.from_tensor_slices(samples()).batch(32), len(forge("abc"))
"""
LOCAL = training("alone")
FEDERATED = training("together", parties=["alice", "bob"], aggregate_freq=2)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Trainings as their page says, run twice."""
    real = with_secretflow(tmp_path_factory.mktemp("twice"))
    real.write(
        limit_s=waiting.PATIENCE_S,
        more=LOCAL + FEDERATED,
        build=_BUILD,
        alone=_ALONE,
        start=_START,
        together=_TOGETHER,
    )
    return real.run("--repeat", "2")


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Trainings of which neither is as its page says.

    Both parties train on the same samples, so that nothing of it shows in what they hold.
    """
    real = with_secretflow(tmp_path_factory.mktemp("wrong"))
    real.write(
        limit_s=waiting.PATIENCE_S,
        more=LOCAL + FEDERATED.replace("epochs = 2", "epochs = 1"),
        build=_BUILD,
        alone=_ALONE_FREE,
        start=_START,
        together=_OPEN,
    )
    return real.run()


def test_trainings_alone_and_together_are_seen_and_judged(twice: Finished) -> None:
    done = twice
    checks = {check["id"]: check for check in done.document["checks"]}
    assert done.code == 0, done.out
    for subject in ("alone", "together"):
        assert checks[f"series:{subject}"]["verdict"] == "pass"
        assert checks[f"freezing:{subject}"]["verdict"] == "pass"
        assert checks[f"loss:{subject}"]["verdict"] == "pass"
    assert "over 5 rounds of aggregation" in checks["freezing:together"]["tolerance"]
    assert checks["start:together"]["verdict"] == "pass"
    assert checks["start:together"]["observed"] == "alice, bob start alike"
    for kind in ("aggregation", "rounds", "privacy"):
        assert checks[f"{kind}:together"]["verdict"] == "pass", checks[f"{kind}:together"]
    assert checks["aggregation:together"]["observed"].startswith("5 of 5 rounds looked into")
    assert checks["rounds:together"]["observed"] == (
        "5 averages, the first of the start weights, then after 2 and 1, 2 times steps; "
        "samples trained on: alice 160, bob 160"
    )
    assert checks["privacy:together"]["observed"].startswith("10 messages to charlie, none to be")
    assert checks["reveals"]["verdict"] == "pass"
    (together,) = (t for t in done.document["trainings"] if t["id"] == "together")
    computing = together["computing"]
    told = [(layer["name"], layer["trained"], layer["sent"]) for layer in computing["layers"]]
    assert told == [("dense", False, True), ("dense_1", True, True)]
    # 40 and 18 weights: 4 bytes each in a network, 8 as a masked number; and two numbers besides.
    assert [layer["bytes"] for layer in computing["layers"]] == [160, 72]
    assert computing["received_bytes"] == 58 * 8
    assert computing["sent_bytes"] == 58 * 8 + 2 * 8
    assert computing["idle_share"] == pytest.approx(160 / 232)
    assert 0 < computing["layers"][0]["drift"] < 5 * 2.0**-18
    assert computing["drift"]["batch_normalisation"] == []
    assert len(computing["drift"]["others"]) == 4
    assert {name: len(values) for name, values in together["history"].items()} == {
        "accuracy": 2,
        "loss": 2,
        "val_accuracy": 2,
        "val_loss": 2,
    }


def test_a_seeded_federated_training_repeats_itself_and_an_unseeded_one_is_named(
    twice: Finished,
) -> None:
    document = twice.document
    checks = {c["step"]: c for c in document["checks"] if c["kind"] == "repeat"}
    assert {step: check["verdict"] for step, check in checks.items()} == {
        "build": "pass",
        "alone": "unchecked",
        "start": "pass",
        "together": "pass",
    }
    assert checks["alone"]["observed"].startswith(
        "divergent: layers of this machine with the same weights before the training are 2 vs 0; "
    )
    assert checks["alone"]["warns"]
    repeated = {step["id"]: step for step in document["repeat"]["steps"]}
    assert repeated["together"]["likeness"] == "bit-equal"


def test_a_page_that_aggregates_in_the_open_and_forgets_the_weights_is_contradicted(
    wrong: Finished,
) -> None:
    assert wrong.code == 1, wrong.out
    checks = {check["id"]: check for check in wrong.document["checks"]}
    failed = {id_ for id_, check in checks.items() if check["verdict"] == "fail"}
    assert failed == {"freezing:alone", "aggregation:together", "privacy:together", "reveals"}
    assert checks["aggregation:together"]["observed"].startswith(
        "a trial with numbers of ours is off by "
    )
    assert checks["privacy:together"]["observed"] == (
        "what alice sent to charlie are its own weights; "
        "what bob sent to charlie are its own weights"
    )
    assert checks["reveals"]["observed"] == "step together reveals 232 bytes"


def test_a_layer_that_is_free_against_the_page_is_named(wrong: Finished) -> None:
    (freezing,) = (c for c in wrong.document["checks"] if c["id"] == "freezing:alone")
    assert freezing["observed"].startswith(
        "layer 0 (dense) at this machine is free; layer 0 (dense) at this machine moved by "
    )
    assert freezing["step"] == "alone"
    assert freezing["cells"] == [1]


def test_a_killed_party_is_not_the_pages_fault(tmp_path: Path) -> None:
    real = with_secretflow(tmp_path)
    real.write(limit_s=waiting.PATIENCE_S, build=_BUILD, start=_START, together=_KILLED)
    done = real.run()
    assert done.code == 3, done.out
    assert done.verdicts()["together"] == "error"
    assert "a party's process ended without a crash report, so something killed it" in done.out


def test_a_page_that_forges_in_a_partys_process_is_not_believed(tmp_path: Path) -> None:
    real = with_secretflow(tmp_path)
    together = _FORGES + _TOGETHER.partition("\n\n")[2]
    assert together.count("def reader") == 1
    real.write(
        limit_s=waiting.PATIENCE_S, more=FEDERATED, build=_BUILD, start=_START, together=together
    )
    done = real.run()
    assert (done.code, done.document["verdict"]) == (3, "error"), done.out
    assert "alice.jsonl:" in done.out
    assert "the page changed what records" in done.out
