"""The probes inside the real SecretFlow with PyTorch: small networks, trained by two parties."""

from pathlib import Path
from typing import Any

import pytest

from tests.documents import Finished, training, with_secretflow
from tests.probe.builders import logged
from verify import environment, fixtures

pytestmark = pytest.mark.slow

_BUILD = """\
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from torchmetrics import Accuracy
from secretflow_fl.ml.nn.core.torch import BaseModule, TorchModel, metric_wrapper, optim_wrapper

class Network(BaseModule):
    def __init__(self, is_free=False):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2))
        self.body.load_state_dict(torch.load(START))
        self.body[3] = nn.Linear(8, 2)
        for parameter in self.body[0].parameters():
            parameter.requires_grad = is_free

    def forward(self, inputs):
        return self.body(inputs)

def described(rate=0.05, **choices):
    return TorchModel(
        model_fn=Network, loss_fn=nn.CrossEntropyLoss, optim_fn=optim_wrapper(optim.SGD, lr=rate),
        metrics=[metric_wrapper(Accuracy, task="multiclass", num_classes=2)], **choices,
    )

def reader(folder, stage="train"):
    count = {"many": 40, "few": 25}[folder]
    inputs = torch.randn(count, 4, generator=torch.Generator().manual_seed(count))
    names = (inputs[:, 0] > 0).long()
    return DataLoader(TensorDataset(inputs, names), batch_size=-(-count // 3), shuffle=True), 3

layers = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2))
torch.save(layers.state_dict(), START)
"""
_START = """\
import secretflow as sf
from secretflow.security.aggregation import PlainAggregator, SecureAggregator
from secretflow_fl.ml.nn import FLModel
sf.init(["alice", "bob", "charlie"], address="local", log_to_driver=False)
alice, bob, charlie = sf.PYU("alice"), sf.PYU("bob"), sf.PYU("charlie")

class Forgetful(PlainAggregator):
    def average(self, data, axis=None, weights=None):
        return super().average(data, axis=axis)

def train(aggregator, strategy="fed_avg_w", **choices):
    model = FLModel(
        device_list=[alice, bob], model=described(**choices), aggregator=aggregator,
        strategy=strategy, backend="torch", random_seed=1,
    )
    places = {alice: "many", bob: "few"}
    model.fit(
        places, None, validation_data=places, epochs=2, aggregate_freq=2,
        dataset_builder={alice: reader, bob: reader},
    )
"""
_SECURE = "train(SecureAggregator(charlie, [alice, bob]))"
_FREE = "train(PlainAggregator(charlie), is_free=True)"
_FORGETFUL = "train(Forgetful(charlie))"
_DIVERGING = 'train(PlainAggregator(charlie), "fed_stc", rate=float("nan"))'
_SERIES = ["multiclassaccuracy", "val_multiclassaccuracy"]
_TRAININGS = ("secure", "free", "forgetful", "diverging")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run of all trainings, in one session of Ray."""
    folder = with_secretflow(tmp_path_factory.mktemp("pytorch"))
    start = folder.root / "start.pth"
    about: dict[str, Any] = {"parties": ["alice", "bob"], "aggregate_freq": 2, "history": _SERIES}
    folder.write(
        limit_s=200,
        more="".join(training(name, secure=name == "secure", **about) for name in _TRAININGS),
        build=f"START = {str(start)!r}\n{_BUILD}",
        start=_START,
        secure=_SECURE,
        free=_FREE,
        forgetful=_FORGETFUL,
        diverging=_DIVERGING,
    )
    return folder.finish(folder.start(), limit_s=580)


def checks_of(done: Finished, subject: str) -> dict[str, Any]:
    """The checks of one training, by their kind."""
    return {
        kind: check
        for check in done.document["checks"]
        for kind, _, of in [check["id"].partition(":")]
        if of == subject
    }


def test_a_training_as_it_should_be_is_seen_whole(done: Finished) -> None:
    checks = checks_of(done, "secure")
    judged = ("series", "freezing", "aggregation", "rounds", "privacy")
    assert {kind: checks[kind]["verdict"] for kind in judged} == dict.fromkeys(judged, "pass")
