"""Metrics pass thresholds that were calibrated for the profile."""

import operator

from verify.checks.case import Case, Check, step_of_training, verdict
from verify.contract import Contract
from verify.finding import CheckKind, Result, Verdict

_RELATIONS = {">=": operator.ge, "<=": operator.le}


def _subjects(contract: Contract) -> list[str]:
    return [claim.id for claim in contract.claims]


def _step_of(contract: Contract, subject: str) -> str:
    training = next(claim.training for claim in contract.claims if claim.id == subject)
    return step_of_training(contract, training)


def _judge(case: Case, subject: str) -> Result:
    claim = next(claim for claim in case.contract.claims if claim.id == subject)
    step = case.training(claim.training).step
    cells = tuple(case.contract.step(step).cells)
    run = case.run_of(claim.training)
    threshold = case.profile_threshold(claim)
    if run is None or threshold is None or not run.history.get(claim.series):
        reason = "the training did not come to its end in this run"
        if run is not None:
            default = f"profile {case.profile_name} has no threshold for it"
            reason = case.profile.undecided.get(subject, default)
        if run is not None and threshold is not None:
            reason = f"the history has no series {claim.series}"
        verdict_ = Verdict.FAIL if run is not None and threshold is not None else Verdict.UNCHECKED
        return Result(
            CHECK.id(subject),
            CheckKind.THRESHOLD,
            verdict_,
            says=claim.says,
            reason=reason,
            step=step,
            cells=cells,
        )
    values = run.history[claim.series]
    best = max if claim.relation == ">=" else min
    value = values[-1] if claim.at == "last" else best(values)
    return Result(
        CHECK.id(subject),
        CheckKind.THRESHOLD,
        verdict(_RELATIONS[claim.relation](value, threshold.value)),
        says=claim.says,
        observed=f"{claim.series} {value:.4f} ({claim.at} of {len(values)} epochs)",
        tolerance=f"{claim.relation} {threshold.value:g}: {threshold.origin}",
        step=step,
        cells=cells,
    )


CHECK = Check(CheckKind.THRESHOLD, _subjects, _judge, step_of=_step_of)
