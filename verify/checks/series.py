"""Each training produced the documented series, one finite value an epoch."""

import math
from typing import Any

from verify.checks.case import Case, of_training, verdict
from verify.contract.training_terms import Training
from verify.evidence.evidence import THIS_MACHINE, TrainingRun
from verify.finding import CheckKind


def _judge(case: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    epochs = case.epochs(training)
    expected = dict.fromkeys(sorted(training.history), epochs)
    observed = {
        name: sum(map(math.isfinite, values)) for name, values in sorted(run.history.items())
    }
    parties = sorted(training.parties) or [THIS_MACHINE]
    seen = sorted(holder.name for holder in run.holders)
    return {
        "verdict": verdict((expected, parties) == (observed, seen)),
        "says": f"training at {', '.join(parties)} with series {_listed(expected)}",
        "observed": f"training at {', '.join(seen) or 'nobody'} with {_listed(observed)}",
    }


def _listed(lengths: dict[str, int]) -> str:
    return ", ".join(f"{name} of {length}" for name, length in lengths.items())


CHECK = of_training(CheckKind.SERIES, _judge)
