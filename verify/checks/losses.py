"""Losses are finite, and the training loss falls from the first epoch to the last."""

import math
from typing import Any

from verify.checks.case import Case, of_training
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.evidence import TrainingRun
from verify.finding import CheckKind, Verdict
from verify.page.outputs.metrics import TRAINING_LOSS
from verify.system.words import Words

_SAYS = Words(zh="训练有进展", en="the training makes progress")
_INFINITE = Words(zh="{series} 不是有限数", en="{series} is not finite")
_ONE_EPOCH = Words(zh="一个 epoch 看不出变化趋势", en="one epoch shows no course")
_LOSS = Words(zh="损失 {values}", en="loss {values}")


def _with_loss(contract: Contract) -> list[str]:
    """Trainings that return a loss; those of PyTorch networks return their metrics alone."""
    return [training.id for training in contract.trainings if training.has_loss]


def _judge(_: Case, __: Training, run: TrainingRun) -> dict[str, Any]:
    losses = {name: values for name, values in run.history.items() if name.endswith("loss")}
    infinite = [name for name, values in losses.items() if not all(map(math.isfinite, values))]
    series = next((list(losses[name]) for name in TRAINING_LOSS if name in losses), [])
    shown = ", ".join(f"{value:.4g}" for value in series)
    fields: dict[str, Any] = {"says": _SAYS}
    if infinite:
        return fields | {"verdict": Verdict.FAIL, "observed": _INFINITE.filled(series=infinite[0])}
    if len(series) < 2:  # noqa: PLR2004
        return fields | {"verdict": Verdict.UNCHECKED, "observed": shown, "reason": _ONE_EPOCH}
    falls = series[-1] < series[0]
    return fields | {
        "verdict": Verdict.PASS if falls else Verdict.FAIL,
        "observed": _LOSS.filled(values=shown),
    }


CHECK = of_training(CheckKind.LOSS, _judge, _with_loss)
