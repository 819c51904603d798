"""Losses are finite, and the training loss falls from the first epoch to the last."""

import math
from typing import Any

from verify.checks.case import Case, of_training
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.evidence import TrainingRun
from verify.finding import CheckKind, Verdict
from verify.page.outputs.metrics import TRAINING_LOSS


def _with_loss(contract: Contract) -> list[str]:
    """Trainings that return a loss; those of PyTorch networks return their metrics alone."""
    return [training.id for training in contract.trainings if training.has_loss]


def _judge(_: Case, __: Training, run: TrainingRun) -> dict[str, Any]:
    losses = {name: values for name, values in run.history.items() if name.endswith("loss")}
    infinite = [name for name, values in losses.items() if not all(map(math.isfinite, values))]
    series = next((list(losses[name]) for name in TRAINING_LOSS if name in losses), [])
    shown = ", ".join(f"{value:.4g}" for value in series)
    fields: dict[str, Any] = {"says": "the training makes progress"}
    if infinite:
        return fields | {"verdict": Verdict.FAIL, "observed": f"{infinite[0]} is not finite"}
    if len(series) < 2:  # noqa: PLR2004
        reason = "one epoch shows no course"
        return fields | {"verdict": Verdict.UNCHECKED, "observed": shown, "reason": reason}
    falls = series[-1] < series[0]
    return fields | {
        "verdict": Verdict.PASS if falls else Verdict.FAIL,
        "observed": f"loss {shown}",
    }


CHECK = of_training(CheckKind.LOSS, _judge, _with_loss)
