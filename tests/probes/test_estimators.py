"""SecretFlow's own estimators train as ever, and what they were told and report is recorded."""

import time
from importlib import import_module
from pathlib import Path
from typing import Any

import docprobe
import pytest

from tests.probes.builders import logged, write_module
from verify.evidence import reading
from verify.evidence.evidence import StepRun, TrainingRun

CALLBACKS = """\
class CallbackContainer:
    def __init__(self):
        self.history = {}
"""
TREES = """\
from secretflow.ml.boost.core.callback import CallbackContainer

class SGBFactory:
    def train(self, params, dtrain, label=None):
        return self.fit(dtrain, params)

    def fit(self, dtrain, params=None):
        told = CallbackContainer()
        if params.get("monitored"):
            told.history = {"train": {"auc": [0.5, 0.75]}, "val": {"auc": [0.25, (0.5, 0.1)]}}
        return "a model"
"""
LINEAR = """\
class SSRegression:
    def fit(self, x, y, epochs, learning_rate=0.1, penalty="None"):
        if x == "bad":
            raise ValueError("no columns")
"""


@pytest.fixture
def library(modules: Path, tmp_path: Path) -> Any:
    """Imports modules of SecretFlow's, watched, with the evidence in `tmp_path`."""
    write_module(modules, "secretflow.ml.boost.core.callback", CALLBACKS)
    write_module(modules, "secretflow.ml.boost.sgb_v.factory.factory", TREES)
    write_module(modules, "secretflow.ml.linear.ss_sgd.model", LINEAR)
    docprobe.start(str(tmp_path))
    return import_module


def trained(folder: Path) -> list[TrainingRun]:
    steps = [StepRun("train", 0, time.time() + 60, "", None)]
    return reading.trainings([folder], steps).get("train", [])


def test_trees_tell_once_what_they_were_told(tmp_path: Path, library: Any) -> None:
    trees = library("secretflow.ml.boost.sgb_v.factory.factory").SGBFactory()
    told = {"num_boost_round": 3, "objective": "logistic", "seeds": [1, 2]}
    assert trees.train(told, "data") == "a model"
    (event,) = logged(tmp_path / "kernel.jsonl", "estimator-training")
    assert (event["estimator"], event["method"], event["rounds"]) == ("SGBFactory", "train", 3)
    assert event["parameters"] == {
        "num_boost_round": "3",
        "objective": "logistic",
        "dtrain": "data",
    }
    (run,) = trained(tmp_path)
    assert (run.kind, run.history) == ("estimator", {})
    assert str(run.unseen) == "what this estimator reports while it trains is not seen"


def test_metrics_that_are_monitored_are_recorded(tmp_path: Path, library: Any) -> None:
    trees = library("secretflow.ml.boost.sgb_v.factory.factory").SGBFactory()
    trees.train({"n_estimators": 2, "monitored": True}, "data")
    trees.train({"n_estimators": 2, "monitored": False}, "data")
    first, second = trained(tmp_path)
    assert first.history == {"train_auc": [0.5, 0.75], "val_auc": [0.25, 0.3]}
    assert (first.unseen, second.history) == ("", {})


def test_linear_models_are_recorded_with_their_defaults(tmp_path: Path, library: Any) -> None:
    library("secretflow.ml.linear.ss_sgd.model").SSRegression().fit([1], [0], 4)
    (event,) = logged(tmp_path / "kernel.jsonl", "estimator-training")
    assert event["rounds"] == 4
    assert event["parameters"] == {"epochs": "4", "learning_rate": "0.1", "penalty": "None"}


def test_a_training_that_breaks_is_none_and_the_next_one_is(tmp_path: Path, library: Any) -> None:
    model = library("secretflow.ml.linear.ss_sgd.model").SSRegression()
    with pytest.raises(ValueError, match="no columns"):
        model.fit("bad", [0], 4)
    assert trained(tmp_path) == []
    model.fit("good", [0], 4)
    assert len(trained(tmp_path)) == 1


def test_a_fault_of_ours_harms_nobody(
    tmp_path: Path, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("docprobe.estimators._rounds")
    library("secretflow.ml.linear.ss_sgd.model").SSRegression().fit([1], [0], 4)
    (fault,) = logged(tmp_path / "kernel.jsonl", "fault")
    assert fault["reason"].startswith("NameError: ")
