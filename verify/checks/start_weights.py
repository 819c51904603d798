"""Each training starts from the weights that the page names."""

from collections.abc import Mapping
from typing import Any

from verify.checks.case import Case, listed, of_training, verdict
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.evidence import Holder, TrainingRun
from verify.finding import CheckKind, Verdict

Digests = tuple[tuple[str, ...], ...]


def _with_start(contract: Contract) -> list[str]:
    """Trainings of which the page says what they start from."""
    return [training.id for training in contract.trainings if training.start]


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
    if training.start and training.start not in ("pretrained", "random"):
        return _continues(case, training.start, start)
    row = case.contract.weights_of(training, case.profile_name)
    file = case.evidence.weights_files.get(row.called) if case.evidence and row else None
    if file is None and len(run.holders) > 1 and not _pretrained(case):
        return {
            "verdict": Verdict.PASS,
            "says": "all parties start alike, from weights of no file",
            "observed": f"{', '.join(holder.name for holder in run.holders)} start alike",
            "tolerance": "none: SHA-256 of every array",
        }
    if file is None:
        return {"verdict": Verdict.UNCHECKED, "reason": "the digests of the weights are not known"}
    replaced = set(training.replaces)
    wanted = file.keys() - replaced if training.start == "pretrained" else set()
    # What the network does without may come before all that it has.
    same = _equal(file, (*((),) * len(replaced), *start))
    who = ", ".join(holder.name for holder in run.holders)
    exceptions = f", {listed(training.replaces)} being replaced" if replaced else ""
    wrong = [
        *(f"the file has no layer {name}" for name in sorted(replaced - file.keys())),
        *(f"{name} equals it" for name in sorted(same & replaced)),
    ]
    return {
        "verdict": verdict(same == wanted and not wrong),
        "says": f"it starts from {training.start} weights, so that {len(wanted)} of the "
        f"{len(file)} layers with weights equal the pretrained file{exceptions}",
        "observed": listed([f"{len(same)} equal it ({who})", *wrong]),
        "tolerance": "none: SHA-256 of every array",
    }


def _pretrained(case: Case) -> bool:
    """Whether anything on the page starts from pretrained weights."""
    return any(training.start == "pretrained" for training in case.contract.trainings)


def _equal(file: Mapping[str, tuple[str, ...]], network: Digests) -> set[str]:
    """The layers of the file that the network has, in the file's order.

    The network may have other layers before and after them, and other names.
    """
    shifts = range(max(len(network) - len(file), 0) + 1)
    found = (
        {
            name
            for (name, theirs), ours in zip(file.items(), network[shift:], strict=False)
            if ours == theirs
        }
        for shift in shifts
    )
    return max(found, key=len)


def _continues(case: Case, before: str, start: Digests) -> dict[str, Any]:
    earlier = case.run_of(before)
    end = _end(earlier.holders[0]) if earlier and earlier.holders else None
    if end is None:
        return {"verdict": Verdict.UNCHECKED, "reason": f"{before} did not come to its end"}
    return {
        "verdict": Verdict.PASS if end == start else Verdict.FAIL,
        "says": f"it continues from the weights that {before} ended with",
        "observed": "the same weights" if end == start else "other weights",
        "tolerance": "none: SHA-256 of every array",
    }


def _end(holder: Holder) -> Digests | None:
    return holder.after.of_weighted_layers() if holder.after else None


CHECK = of_training(CheckKind.START, _judge, _with_start)
