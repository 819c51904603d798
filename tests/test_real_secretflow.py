"""The probes inside the real SecretFlow: a small network, trained alone and by two parties."""

from pathlib import Path

import pytest

from tests.documents import PROJECT, DocumentFolder

pytestmark = pytest.mark.slow

_BUILD = """\
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

def build():
    network = Sequential([Dense(8, activation="relu", input_shape=(4,)), Dense(2, "softmax")])
    network.layers[0].trainable = {first_layer_free}
    network.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return network

def samples():
    numbers = np.random.default_rng(3).normal(size=(80, 4)).astype("float32")
    return numbers, (numbers[:, 0] > 0).astype("int64")
"""
_ALONE = "inputs, names = samples()\nbuild().fit(inputs, names, epochs=2, verbose=0)"
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
_LOCAL = """
[[trainings]]
id = "alone"
step = "alone"
kind = "local"
epochs = 2
history = ["accuracy", "loss"]
start = "random"
layers = 2
frozen = 1
"""
_FEDERATED = """
[[trainings]]
id = "together"
step = "together"
kind = "federated"
epochs = 2
history = ["accuracy", "loss", "val_accuracy", "val_loss"]
start = "random"
layers = 2
frozen = 1
parties = ["alice", "bob"]
aggregate_freq = 2
"""


@pytest.fixture
def real(tmp_path: Path) -> DocumentFolder:
    return DocumentFolder(
        tmp_path,
        environments=PROJECT / "fixtures" / "environments",
        environment="secretflow-1.11.0b1",
        documented='["secretflow"]',
    )


def test_trainings_alone_and_together_are_seen_and_judged(real: DocumentFolder) -> None:
    real.write(
        limit_s=200,
        more=_LOCAL + _FEDERATED,
        build=_BUILD.format(first_layer_free=False),
        alone=_ALONE,
        start=_START,
        together=_TOGETHER,
    )
    done = real.run()
    checks = {check["id"]: check for check in done.document["checks"]}
    assert done.code == 0, done.out
    for subject in ("alone", "together"):
        assert checks[f"series:{subject}"]["verdict"] == "pass"
        assert checks[f"freezing:{subject}"]["verdict"] == "pass"
        assert checks[f"loss:{subject}"]["verdict"] == "pass"
    assert "over 5 rounds of aggregation" in checks["freezing:together"]["tolerance"]
    assert checks["start:together"]["verdict"] == "unchecked"
    (together,) = (t for t in done.document["trainings"] if t["id"] == "together")
    assert {name: len(values) for name, values in together["history"].items()} == {
        "accuracy": 2,
        "loss": 2,
        "val_accuracy": 2,
        "val_loss": 2,
    }


def test_a_layer_that_is_free_against_the_page_is_named(real: DocumentFolder) -> None:
    real.write(limit_s=200, more=_LOCAL, build=_BUILD.format(first_layer_free=True), alone=_ALONE)
    done = real.run()
    assert done.code == 1
    (freezing,) = (c for c in done.document["checks"] if c["kind"] == "freezing")
    assert freezing["observed"].startswith(
        "layer 0 (dense) at this machine is free; layer 0 (dense) at this machine moved by "
    )
    assert freezing["step"] == "alone"
    assert freezing["cells"] == [1]


def test_a_killed_party_is_not_the_pages_fault(real: DocumentFolder) -> None:
    real.write(
        limit_s=200,
        build=_BUILD.format(first_layer_free=False),
        start=_START,
        together=_KILLED,
    )
    done = real.run()
    assert done.code == 3, done.out
    assert done.verdicts()["together"] == "error"
    assert "a party's process ended without a crash report, so something killed it" in done.out
