"""Each training produced the documented series, one value an epoch."""

from typing import Any

from verify.checks.case import Case, of_training, verdict
from verify.contract import Training
from verify.evidence import TrainingRun
from verify.finding import CheckKind


def _judge(case: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    epochs = case.profile.epochs(training)
    expected = dict.fromkeys(sorted(training.history), epochs)
    observed = {name: len(values) for name, values in sorted(run.history.items())}
    return {
        "verdict": verdict(expected == observed and run.kind == training.kind),
        "says": f"a {training.kind} training with series {_listed(expected)}",
        "observed": f"a {run.kind} one with {_listed(observed)}",
    }


def _listed(lengths: dict[str, int]) -> str:
    return ", ".join(f"{name} of {length}" for name, length in lengths.items())


CHECK = of_training(CheckKind.SERIES, _judge)
