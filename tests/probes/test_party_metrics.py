"""What metrics of Keras, torchmetrics and our own sums are made of, as plain numbers."""

import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from docprobe import metric_states
from docprobe.passes import Passes
from docprobe.recording import Recorder

from tests.fakes import f32
from tests.probes.builders import logged


class MeanMetricWrapper(SimpleNamespace):
    """A mean of Keras."""

    def result(self) -> Any:
        return self.total / self.count


class AUC(SimpleNamespace):
    """An area of Keras: counts by threshold, and a curve with a name."""

    def result(self) -> Any:
        return np.float32(0.75)


class BinaryPrecision(SimpleNamespace):
    """A share of torchmetrics; it warns where nothing was counted."""

    def compute(self) -> Any:
        warnings.warn("nothing was counted", stacklevel=1)
        return f32(0.5)


class MeanMetric(SimpleNamespace):
    """A mean of torchmetrics."""

    def compute(self) -> Any:
        return self.mean_value / self.weight


def test_a_mean_of_keras_has_its_total_and_count() -> None:
    (told,) = metric_states.told(
        [MeanMetricWrapper(name="accuracy", total=np.float32(3), count=np.float32(4))]
    )
    assert (told.name, told.kind, told.values) == ("accuracy", "MeanMetricWrapper", (0.75,))
    assert (told.total, told.count, told.curve) == (3, 4, "")


def test_an_area_has_its_counts_and_its_curve() -> None:
    counts = {
        "true_positives": f32(3, 1),
        "false_positives": f32(2, 0),
        "true_negatives": f32(0, 2),
        "false_negatives": f32(0, 2),
    }
    curve = SimpleNamespace(value="ROC")
    (told,) = metric_states.told([AUC(name="auc_1", curve=curve, thresholds=[0, 1], **counts)])
    assert (told.kind, told.curve, told.total) == ("AUC", "ROC", None)
    assert (told.true_positives, told.false_negatives) == ((3, 1), (0, 2))
    (precision,) = metric_states.told(
        [AUC(name="precision", true_positives=f32(3), false_positives=f32(1))]
    )
    assert (precision.false_positives, precision.true_negatives) == ((1,), ())


@pytest.mark.filterwarnings("error")
def test_a_share_of_torchmetrics_has_its_counts_and_its_average() -> None:
    counts = {"tp": f32(1), "fp": f32(1), "tn": f32(0), "fn": f32(2)}
    (told,) = metric_states.told([BinaryPrecision(**counts)])
    assert (told.name, told.kind) == ("binaryprecision", "BinaryPrecision")
    assert (told.true_positives, told.average) == ((1,), "none")
    (micro,) = metric_states.told([BinaryPrecision(average="micro", **counts)])
    assert micro.average == "micro"
    (sampled,) = metric_states.told([BinaryPrecision(**counts | {"tp": []})])
    assert (sampled.true_positives, sampled.values) == ((), (0.5,))


def test_a_mean_of_torchmetrics_is_one_too() -> None:
    (told,) = metric_states.told([MeanMetric(mean_value=f32(6), weight=f32(4))])
    assert (told.total, told.count, told.values) == (6, 4, (1.5,))


def test_a_sum_of_ours_is_a_mean_with_its_last_value() -> None:
    told = metric_states.mean("loss", 6.0, 4.0, 2.0)
    assert (told.values, told.last) == ((1.5,), 2)
    assert metric_states.mean("loss", 0.0, 0.0, 2.0).values == ()


def test_passes_are_told_by_stage_and_only_once(tmp_path: Any) -> None:
    passes = Passes(Recorder(str(tmp_path), "model-1-alice"))
    passes.drew("train", {"age": f32(1, 2)}, labels=True)
    passes.drew("train", [f32(3)], labels=True)
    passes.drew("eval", (), labels=False)
    passes.measured("train", (metric_states.mean("loss", 6.0, 3.0, 1.0),))
    passes.ended()
    passes.ended()
    train, held = logged(tmp_path / "model-1-alice.jsonl", "pass-ended")
    assert (train["stage"], train["batches"], train["samples"]) == ("train", 2, 3)
    assert (train["labels"], train["metrics"][0].values) == (True, (2,))
    assert (held["stage"], held["samples"], held["labels"], held["metrics"]) == (
        "val",
        0,
        False,
        (),
    )


def test_before_any_training_an_evaluation_is_measured_under_another_name(tmp_path: Any) -> None:
    passes = Passes(Recorder(str(tmp_path), "model-1-alice"))
    passes.drew("eval", f32(3), labels=True)
    passes.measured("train", (metric_states.mean("loss", 6.0, 3.0, 1.0),))
    passes.ended()
    (held,) = logged(tmp_path / "model-1-alice.jsonl", "pass-ended")
    assert (held["stage"], held["metrics"][0].values) == ("val", (2,))
