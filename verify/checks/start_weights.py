"""Each training starts from the weights that the page names."""

from typing import Any

from verify.checks.case import Case, of_training
from verify.contract import Training
from verify.evidence import Holder, TrainingRun
from verify.finding import CheckKind, Verdict

Digests = tuple[tuple[str, ...], ...]


def _judge(case: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    if not run.holders:
        return {"verdict": Verdict.UNCHECKED, "reason": "no party's model was seen"}
    if len({holder.before for holder in run.holders}) > 1:
        return {
            "verdict": Verdict.FAIL,
            "says": "all parties start alike, with the same seed and the same weights",
            "observed": "the parties built different weights",
        }
    start = run.holders[0].before.of_weighted_layers()
    if training.start not in ("pretrained", "random"):
        return _continues(case, training, start)
    file = case.evidence.weights_file if case.evidence else None
    if file is None:
        return {"verdict": Verdict.UNCHECKED, "reason": "the digests of the weights are not known"}
    same = sum(ours == theirs for ours, theirs in zip(start, file, strict=False))
    wanted = len(file) if training.start == "pretrained" else 0
    who = ", ".join(holder.name for holder in run.holders)
    return {
        "verdict": Verdict.PASS if same == wanted else Verdict.FAIL,
        "says": f"it starts from {training.start} weights, so that {wanted} of the {len(file)} "
        "layers with weights equal the pretrained file",
        "observed": f"{same} equal it ({who})",
        "tolerance": "none: SHA-256 of every array",
    }


def _continues(case: Case, training: Training, start: Digests) -> dict[str, Any]:
    earlier = case.run_of(training.start)
    end = _end(earlier.holders[0]) if earlier and earlier.holders else None
    if end is None:
        return {"verdict": Verdict.UNCHECKED, "reason": f"{training.start} did not come to its end"}
    return {
        "verdict": Verdict.PASS if end == start else Verdict.FAIL,
        "says": f"it continues from the weights that {training.start} ended with",
        "observed": "the same weights" if end == start else "other weights",
        "tolerance": "none: SHA-256 of every array",
    }


def _end(holder: Holder) -> Digests | None:
    return holder.after.of_weighted_layers() if holder.after else None


CHECK = of_training(CheckKind.START, _judge)
