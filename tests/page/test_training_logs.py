"""What stored outputs tell of trainings."""

from pathlib import Path
from typing import Any

import pytest

from tests.rules.pages import code, logged, notebook, printed, shown
from verify.page.outputs import training_logs
from verify.page.outputs.training_logs import LoggedTraining

KERAS = "9/9 [====] - 1s 8ms/step"
KERAS_3 = "\x1b[1m9/9\x1b[0m \x1b[32m━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m1s\x1b[0m 8ms/step"


def told(tmp_path: Path, *outputs: dict[str, Any]) -> tuple[LoggedTraining, ...]:
    (cell,) = notebook(tmp_path, code("f()", *outputs)).python_cells
    return training_logs.trainings(cell)


@pytest.mark.parametrize(
    ("text", "series", "counts"),
    [
        (
            f"Epoch 1/2\n3/9 [=>] - loss: 7\r{KERAS} - loss: 5.2\nEpoch 2/2\n{KERAS} - loss: 4e-1",
            {"loss": (5.2, 0.4)},
            (2, 9),
        ),
        (
            f"Epoch 1/1\n{KERAS_3} - accuracy: 0.51 - loss: 0.9\n",
            {"accuracy": (0.51,), "loss": (0.9,)},
            (1, 9),
        ),
        (
            "Epoch 1/1\n9/9 - 1s - loss: 0.9 - mae: 0.2 - 1s/epoch - 8ms/step\n",
            {"loss": (0.9,), "mae": (0.2,)},
            (1, 9),
        ),
        (
            "Epoch [1/2], loss: 0.5, Val Acc: 61.5%\nEpoch [2/2], loss: 0.4, Val Acc: 70%\n",
            {"loss": (0.5, 0.4), "val_acc": (0.615, 0.7)},
            (2, None),
        ),
        (
            f"Epoch 1/1\n{KERAS} - loss: 0.5\nTest score: 0.6\nTest accuracy: 0.7\n",
            {"loss": (0.5,), "test_accuracy": (0.7,)},
            (1, 9),
        ),
        (
            "INFO:root:epoch 0: loss = 0.22\nINFO:root:epoch 1: loss = 0.11\n",
            {"loss": (0.22, 0.11)},
            (None, None),
        ),
        (
            "[0]\ttrain-auc:0.81\tval-auc:0.80\n[1]\ttrain-auc:0.85\tval-auc:0.82\n",
            {"train_auc": (0.81, 0.85), "val_auc": (0.8, 0.82)},
            (None, None),
        ),
        (
            "(W pid=1) [0]\tval-auc:0.8\n(W pid=2) [0]\tval-auc:0.7\n(W pid=1) [1]\tval-auc:0.9\n",
            {"val_auc": (0.8, 0.9)},
            (None, None),
        ),
        (
            "{'loss': [array(1.7, dtype=float32), 1.5], 'val_acc': [tensor(0.25), tensor(0.5)]}",
            {"loss": (1.7, 1.5), "val_acc": (0.25, 0.5)},
            (None, None),
        ),
    ],
)
def test_a_log_is_read_as_series(
    tmp_path: Path,
    text: str,
    series: dict[str, tuple[float, ...]],
    counts: tuple[int | None, int | None],
) -> None:
    (training,) = told(tmp_path, printed(text))
    assert training.series == series
    assert (training.total, training.steps) == counts


def test_a_bar_of_secretflow_may_be_split_between_streams(tmp_path: Path) -> None:
    bars = [
        logged("Train Processing: :   0%|  | 0/12 [00:00<?, ?it/s]"),
        printed("Epoch 1/2\n"),
        logged("Train Processing: : 99%|## | 11/12 [00:08<00:00,  8.3it/s, {'loss': 0.9}]\n"),
        printed("Epoch 2/2\n"),
        logged("Train Processing: : 99%|## | 11/12 [00:08<00:00,  8.3it/s, {'loss': 0.5}]\n"),
    ]
    (training,) = told(tmp_path, *bars)
    assert training.series == {"loss": (0.9, 0.5)}
    assert (training.epochs, training.total, training.steps) == ((1, 2), 2, 12)


def test_a_party_may_write_into_a_bar(tmp_path: Path) -> None:
    line = "100%|##| 9/9 [00:01<00:00, 9it/s, epoch: 1/1 -  loss:0.5 ](_run pid=7) x:64] failed\n"
    (training,) = told(tmp_path, logged(line))
    assert training.series == {"loss": (0.5,)}


def test_what_a_party_raised_unseen_has_no_metrics(tmp_path: Path) -> None:
    raised = (
        "ERROR -- Unhandled error (suppress with 'RAY_IGNORE_UNHANDLED_ERRORS=1'): ray::f() (pid=7)"
        "\nTypeError: 'Regularizer/L2Loss:0' is out of scope\n"
    )
    bar = logged(f"{raised}\r9/9 [00:01<00:00, 9it/s, {{'loss': 0.5}}]\n")
    (training,) = told(tmp_path, printed("Epoch 1/2\n"), bar)
    assert training.series == {"loss": (0.5,)}


def test_an_earlier_epoch_begins_another_training(tmp_path: Path) -> None:
    one = "Epoch 1/2, loss: 0.5\nEpoch 2/2, loss: 0.4\n"
    assert [training.series["loss"] for training in told(tmp_path, printed(one + one))] == [
        (0.5, 0.4),
        (0.5, 0.4),
    ]


@pytest.mark.parametrize(
    "text",
    ["Epochs: many\n", "epoch 0 time 6.1s\nepoch 1 time 5.0s\n", "a: 3\nb: 4\n", "9/9 [====]\n"],
)
def test_other_output_is_no_training(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, printed(text)) == ()
    assert told(tmp_path, shown("{'max_depth': [1, 2]}")) == ()
