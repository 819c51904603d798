"""Split learning inside the real SecretFlow: what crosses, who has what, what metrics come to."""

from typing import Any

import pytest

from tests import waiting
from tests.documents.folder import DocumentFolder, Finished, training, with_secretflow

pytestmark = pytest.mark.slow

# 55 samples to train with in batches of 16, and 20 held out: short batches at both ends.
_DATA = """\
import numpy as np
import secretflow as sf
from secretflow.data.ndarray import FedNdarray, PartitionWay
from secretflow_fl.ml.nn import SLModel
sf.init(["alice", "bob"], address="local", log_to_driver=False)
alice, bob = sf.PYU("alice"), sf.PYU("bob")
numbers = np.random.default_rng(3).normal(size=(75, 5)).astype(np.float32)
names = (numbers[:, :1] + numbers[:, 4:] > 0).astype(np.float32)

def vertical(**parts):
    owners = {"alice": alice, "bob": bob}
    held = {owners[name]: owners[name](lambda part=part: part)() for name, part in parts.items()}
    return FedNdarray(held, PartitionWay.VERTICAL)

def rows(some):
    return vertical(alice=numbers[some, :2], bob=numbers[some, 2:]), vertical(alice=names[some])

seen, held = rows(slice(55)), rows(slice(55, 75))
"""
_KERAS = """\
def base(columns):
    def build():
        from tensorflow import keras
        network = keras.Sequential([
            keras.Input(columns), keras.layers.Dense(6, "relu"), keras.layers.Dense(3, "relu"),
        ])
        network.layers[0].trainable = False
        network.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
        return network
    return build

def fuse():
    from tensorflow import keras
    hidden = [keras.Input(3), keras.Input(3)]
    chance = keras.layers.Dense(1, "sigmoid")(keras.layers.concatenate(hidden))
    network = keras.Model(hidden, chance)
    network.compile(
        "sgd", "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="area")]
    )
    return network

model = SLModel({alice: base(2), bob: base(3)}, device_y=alice, model_fuse=fuse)
model.fit(*seen, validation_data=held, epochs=2, batch_size=16)
model.evaluate(*held, batch_size=8)
"""
_TORCH = """\
import torch
from torch import nn, optim
from torchmetrics import Accuracy
from secretflow_fl.ml.nn.core.torch import BaseModule, TorchModel, metric_wrapper, optim_wrapper

class Base(BaseModule):
    def __init__(self, columns):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(columns, 6), nn.ReLU(), nn.Linear(6, 3))
        for parameter in self.body[0].parameters():
            parameter.requires_grad = False

    def forward(self, inputs):
        return self.body(inputs)

    def output_num(self):
        return 1

class Fuse(BaseModule):
    def __init__(self):
        super().__init__()
        self.head = nn.Sequential(nn.Linear(6, 1), nn.Sigmoid())

    def forward(self, hidden):
        return self.head(torch.cat(hidden, dim=1))

def described(part, **choices):
    return TorchModel(
        model_fn=part, loss_fn=nn.BCELoss, optim_fn=optim_wrapper(optim.SGD, lr=0.05),
        metrics=[metric_wrapper(Accuracy, task="binary")], **choices,
    )

model = SLModel(
    {alice: described(Base, columns=2), bob: described(Base, columns=3)}, device_y=alice,
    model_fuse=described(Fuse), backend="torch", random_seed=1,
)
model.fit(*seen, validation_data=held, epochs=2, batch_size=16)
"""
_KERAS_SERIES = [f"{p}_{name}" for p in ("train", "val") for name in ("accuracy", "area", "loss")]
_TORCH_SERIES = [f"{p}_{name}" for p in ("train", "val") for name in ("BinaryAccuracy", "loss")]


def split(step: str, series: list[str], frozen: list[str]) -> str:
    """The contract's table of a split training."""
    table = training(step, parties=["alice", "bob"], metrics=series, frozen=frozen, batch_size=16)
    kept = [line for line in table.splitlines() if not line.startswith(("layers", "start"))]
    text = "\n".join(kept).replace('kind = "federated"', 'kind = "split"')
    return f'{text}\nsplit = {{ labels = "alice", hidden = {{ bob = 3 }} }}\n'


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run of both back ends, in one session of Ray."""
    folder: DocumentFolder = with_secretflow(tmp_path_factory.mktemp("split"))
    folder.write(
        limit_s=waiting.PATIENCE_S,
        more=split("keras", _KERAS_SERIES, ["*/base/dense*"])
        + split("torch", _TORCH_SERIES, ["*/base/body.0"]),
        data=_DATA,
        keras=_KERAS,
        torch=_TORCH,
    )
    return folder.run()


def checks_of(done: Finished, subject: str) -> dict[str, Any]:
    """The checks of one training, by their ids without its name."""
    found = {}
    for check in done.document["checks"]:
        kind, _, of = check["id"].partition(":")
        if of.partition("/")[0] == subject:
            found[f"{kind}:{of.partition('/')[2]}".rstrip(":")] = check
    return found


@pytest.mark.parametrize("subject", ["keras", "torch"])
def test_what_crosses_is_hidden_layers_and_gradients(done: Finished, subject: str) -> None:
    boundary = checks_of(done, subject)["boundary"]
    assert boundary["verdict"] == "pass", boundary["observed"]
    # Four batches and two to validate, twice; three numbers of four bytes for each sample.
    assert "forward 12 messages, bob to alice, 16x3 float32" in boundary["observed"]
    assert f"{(55 + 20) * 2 * 3 * 4:,} bytes" in boundary["observed"]
    assert "backward 8 messages, alice to bob" in boundary["observed"]
    assert f"{55 * 2 * 3 * 4:,} bytes" in boundary["observed"]


def test_metrics_of_keras_are_worked_out_anew(done: Finished) -> None:
    checks = checks_of(done, "keras")
    for series in _KERAS_SERIES:
        assert checks[f"metrics:{series}"]["verdict"] == "pass", checks[f"metrics:{series}"]
    assert checks["metrics:val_loss"]["observed"].startswith("3 values worked out anew")


def test_the_loss_of_pytorch_is_the_last_batchs(done: Finished) -> None:
    checks = checks_of(done, "torch")
    verdicts = {series: checks[f"metrics:{series}"]["verdict"] for series in _TORCH_SERIES}
    assert verdicts == {
        "train_BinaryAccuracy": "pass",
        "train_loss": "erratum",
        "val_BinaryAccuracy": "pass",
        "val_loss": "erratum",
    }


def test_frozen_layers_stay_and_free_ones_move(done: Finished) -> None:
    assert checks_of(done, "torch")["freezing"]["verdict"] == "pass"
    keras = checks_of(done, "keras")["freezing"]
    assert keras["verdict"] == "fail"  # the pattern names the second layer, too, which is free
    assert "is free" in keras["observed"]


def test_a_split_training_is_reported_with_its_series(done: Finished) -> None:
    (keras,) = (one for one in done.document["trainings"] if one["id"] == "keras")
    assert sorted(keras["history"]) == sorted(_KERAS_SERIES)
    assert all(len(values) == 2 for values in keras["history"].values())
