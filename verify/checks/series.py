"""Each training produced the documented series, one finite value an epoch."""

import math
from typing import Any

from verify.checks.case import Case, of_training, verdict, who
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.evidence import THIS_MACHINE, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.system.words import Text, Words, enumerated

_SAYS = Words(
    zh="由 {parties} 训练，给出序列 {series}", en="training at {parties} with series {series}"
)
_SEEN = Words(zh="由 {parties} 训练，给出 {series}", en="training at {parties} with {series}")
_LENGTH = Words(zh="{name}（长度 {length}）", en="{name} of {length}")
_NONE = Words(zh="无", en="none")


def _judge(case: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    if run.unseen and not run.history:
        return {"verdict": Verdict.UNCHECKED, "reason": run.unseen}
    epochs = case.epochs(training)
    expected = dict.fromkeys(sorted(training.metrics), epochs)
    observed = {
        name: sum(map(math.isfinite, values)) for name, values in sorted(run.history.items())
    }
    labels = {training.split.labels} if training.split else set()
    parties = sorted({*training.parties, *labels}) or [THIS_MACHINE]
    # Of a split network a party may hold several parts.
    parts = {holder.name for holder in run.holders if holder.part}
    seen = sorted([*parts, *(holder.name for holder in run.holders if not holder.part)])
    return {
        "verdict": verdict((expected, parties) == (observed, seen)),
        "says": _SAYS.filled(parties=enumerated(parties), series=_listed(expected)),
        "observed": _SEEN.filled(parties=who(seen), series=_listed(observed)),
    }


def _listed(lengths: dict[str, int]) -> Text:
    said = (_LENGTH.filled(name=name, length=length) for name, length in lengths.items())
    return enumerated(said) or _NONE


def _with_series(contract: Contract) -> list[str]:
    """All trainings, but those of which nobody has said what they report."""
    written = not contract.derived
    return [one.id for one in contract.trainings if written or one.metrics]


CHECK = of_training(CheckKind.SERIES, _judge, _with_series)
