"""The probes inside the real SecretFlow with PyTorch: small networks, trained by two parties."""

from typing import Any

import pytest

from tests import waiting
from tests.documents.folder import DocumentFolder, Finished, training, with_secretflow
from tests.probes.builders import logged
from verify.environment import environment
from verify.execute import fixtures

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

def train(aggregator, **choices):
    model = FLModel(
        device_list=[alice, bob], model=described(**choices), aggregator=aggregator,
        strategy="fed_avg_w", backend="torch", random_seed=1,
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
_DIVERGING = 'train(PlainAggregator(charlie), rate=float("nan"))'
_SERIES = ["multiclassaccuracy", "val_multiclassaccuracy"]
_FILE = "start.pth"
_TRAININGS = ("secure", "free", "forgetful", "diverging")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DocumentFolder:
    return with_secretflow(tmp_path_factory.mktemp("pytorch"))


@pytest.fixture(scope="module")
def done(folder: DocumentFolder) -> Finished:
    """One run of all trainings, in one session of Ray."""
    about: dict[str, Any] = {"parties": ["alice", "bob"], "aggregate_freq": 2, "metrics": _SERIES}
    folder.write(
        limit_s=waiting.PATIENCE_S,
        more="".join(training(name, secure=name == "secure", **about) for name in _TRAININGS),
        build=f"START = {str(folder.root / _FILE)!r}\n{_BUILD}",
        start=_START,
        secure=_SECURE,
        free=_FREE,
        forgetful=_FORGETFUL,
        diverging=_DIVERGING,
    )
    # Out of a sandbox the page could leave us no file of weights.
    return folder.run("--no-sandbox")


def checks_of(done: Finished, subject: str) -> dict[str, Any]:
    """The checks of one training, by their kind."""
    named = ((check["id"].partition(":"), check) for check in done.document["checks"])
    return {kind: check for (kind, _, of), check in named if of == subject}


def failed(done: Finished, subject: str) -> dict[str, str]:
    """What was observed where a check of one training fails."""
    checks = checks_of(done, subject).items()
    return {kind: check["observed"] for kind, check in checks if check["verdict"] == "fail"}


def test_a_training_as_the_page_says_is_seen_whole(done: Finished) -> None:
    checks = checks_of(done, "secure")
    judged = ("series", "freezing", "aggregation", "rounds", "privacy")
    assert {kind: checks[kind]["verdict"] for kind in judged} == dict.fromkeys(judged, "pass")
    assert checks["aggregation"]["observed"].startswith("5 of 5 rounds looked into")
    assert checks["rounds"]["observed"] == (
        "5 averages, the first of the start weights, then after 2 and 1, 2 times steps; "
        "samples trained on: alice 80, bob 50"
    )
    (secure,) = (t for t in done.document["trainings"] if t["id"] == "secure")
    told = [(layer["name"], layer["trained"]) for layer in secure["computing"]["layers"]]
    assert told == [("body.0", False), ("body.3", True)]
    # 40 and 18 weights: 4 bytes each in a network, 8 as a masked number; and two numbers besides.
    assert secure["computing"]["received_bytes"] == 58 * 8
    assert secure["computing"]["sent_bytes"] == 58 * 8 + 2 * 8


def test_a_layer_that_is_free_against_the_page_is_named(done: Finished) -> None:
    (observed,) = failed(done, "free").values()
    assert observed.startswith("layer 0 (body.0) at alice is free; layer 0 (body.0) at alice moved")


def test_an_aggregator_that_forgets_the_samples_is_caught(done: Finished) -> None:
    (observed,) = failed(done, "forgetful").values()
    assert observed.startswith("round 1 is off by ")


def test_metrics_of_unequal_parties_are_a_plain_mean_as_the_ledger_says(done: Finished) -> None:
    for series in _SERIES:
        check = checks_of(done, f"secure/{series}")["metrics"]
        assert check["verdict"] == "erratum", check
        assert "the parties' own values are averaged without them" in check["observed"]


def test_weights_that_are_no_numbers_are_averaged_and_taken_over(done: Finished) -> None:
    checks = checks_of(done, "diverging")
    judged = ("freezing", "aggregation", "rounds")
    assert {kind: checks[kind]["verdict"] for kind in judged} == dict.fromkeys(judged, "pass")
    (diverging,) = (t for t in done.document["trainings"] if t["id"] == "diverging")
    assert [layer["drift"] for layer in diverging["computing"]["layers"]][1] is None


def test_the_weights_that_both_parties_start_from_are_the_files(
    folder: DocumentFolder, done: Finished
) -> None:
    assert done.code == 1
    documented = environment.locate(environment.DEFAULT)
    file = fixtures.weights_digests(documented, folder.root / _FILE)
    assert list(file) == ["0", "3"]
    logs = list(folder.out.rglob("model-0-*.jsonl"))
    assert len(logs) == 2
    for log in logs:
        (built,) = logged(log, "built")
        first, last = map(tuple, built["digests"])
        assert first == file["0"]
        assert not set(last) & set(file["3"])
