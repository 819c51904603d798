"""Metrics that tell nothing."""

from pathlib import Path
from typing import Any

import pytest

from tests.rules import pages
from tests.rules.pages import code, notebook, printed
from tests.rules.training_pages import KERAS, PARTIES, bar, fit, keras_log
from verify.finding import Finding, FindingKind, Severity
from verify.rules.outputs import degenerate

MICRO = """
    from secretflow_fl.ml.nn import FLModel
    from secretflow_fl.ml.nn.core.torch import TorchModel, metric_wrapper
    from torchmetrics import Accuracy, Recall
    made = TorchModel(model_fn=net, metrics=[
        metric_wrapper(Accuracy, task='multiclass', num_classes=4, average='micro'),
        metric_wrapper(Recall, task='multiclass', num_classes=4, average='micro'),
    ])
    """


def log(**metrics: list[float]) -> dict[str, Any]:
    """What a loop prints of these series."""
    epochs = len(next(iter(metrics.values())))
    return printed(
        "".join(
            f"Epoch {i + 1}/{epochs}, "
            + ", ".join(f"{k}: {v[i]}" for k, v in metrics.items())
            + "\n"
            for i in range(epochs)
        )
    )


def found(tmp_path: Path, *cells: Any) -> list[Finding]:
    return sorted(degenerate.check(pages.site(tmp_path, notebook(tmp_path, *cells))))


FALLS = [0.9, 0.7, 0.6, 0.5, 0.45, 0.43]


@pytest.mark.parametrize(
    ("output", "why"),
    [
        (log(loss=FALLS, val_acc=[0.0] * 6), "`val_acc` is 0 in all 6 epochs"),
        (log(acc=[0.3, 0.5, 0.6], val_acc=[1.0] * 3), "`val_acc` is 1 in all 3 epochs"),
        (log(loss=FALLS, auc=[0.5] * 6, val_auc=[0.5] * 6),
         "`auc` and `val_auc` are 0.5 in all 6 epochs"),
        (log(acc=[0.3, 0.5, 0.6], f1=[0.3, 0.5, 0.6]), "`acc` and `f1` are equal in all 3 epochs"),
        (log(acc=[0.3, 0.5, 0.6], val_acc=[0.3, 0.5, 0.6]), "both are the same data"),
        (log(loss=[0.3, float("nan"), float("nan")]), "`loss` is nan in 2 of 3 epochs"),
        (log(loss=[0.3, float("inf")]), "`loss` is inf in 1 of 2 epochs"),
        (log(acc=[0.8, 0.9, 1.2]), "`acc` reaches 1.2"),
    ],
)  # fmt: skip
def test_a_metric_tells_nothing(tmp_path: Path, output: dict[str, Any], why: str) -> None:
    (finding,) = found(tmp_path, code("train()", output))
    assert (finding.kind, finding.severity) == (FindingKind.DEGENERATE_METRIC, Severity.WARNING)
    assert why in str(finding.message)
    assert finding.suggestion


@pytest.mark.parametrize(
    "output",
    [
        keras_log(8, 0.8),
        log(loss=FALLS, val_acc=[0.9, 0.98, 1.0, 1.0, 1.0, 1.0]),
        log(loss=FALLS, accuracy=[60.5, 62, 65, 66, 70, 71]),  # in per cent
        log(acc=[0.5, 0.5], val_acc=[0.5, 0.5]),  # too few
        log(loss=FALLS, mse=FALLS),  # the loss asked for as a metric
        log(val_acc=[0.62] * 4),  # short, and nobody knows whether anything moves
    ],
)
def test_a_metric_tells_something(tmp_path: Path, output: dict[str, Any]) -> None:
    assert found(tmp_path, code("train()", output)) == []


def test_micro_averages_are_known_from_the_code_after_one_epoch(tmp_path: Path) -> None:
    trained = fit("fl", "FLModel(model=made)", bar(1, acc=0.4, recall=0.4), epochs=1)
    (finding,) = found(tmp_path, code(MICRO), trained)
    assert "averaged over all samples (micro)" in str(finding.message)
    assert str(finding.suggestion) == "Give average='macro', or leave one of the two out."
    macro = code(MICRO.replace("micro", "macro"))
    assert found(tmp_path, macro, trained) == []


def test_the_same_in_several_trainings_is_one_finding(tmp_path: Path) -> None:
    runs = [fit(name, "net()", bar(6, loss=0.4, val_acc=0.0)) for name in ("one", "two")]
    (finding,) = found(tmp_path, code(PARTIES), *runs)
    assert "(also in cell 2)" in str(finding.message)


def test_keras_prints_nothing_degenerate(tmp_path: Path) -> None:
    assert found(tmp_path, code(KERAS), fit("m", "make('sgd')", keras_log(8, 0.8))) == []
