"""How a round ended: correct, refused, broken, silently wrong, or the end of the process."""

import numpy as np
import pytest

from verify.aggregators.judging import TrialOutcome, judge
from verify.aggregators.trial import (
    Aggregator,
    Answer,
    Died,
    OddResult,
    Trial,
    TrialRaised,
    TrialResult,
)

NAN, INF = float("nan"), float("inf")
ROUND = Trial(Aggregator.PLAIN, ((np.array([1.0, 2.0]),), (np.array([3.0, 4.0]),)))
NOT_FINITE = Trial(Aggregator.PLAIN, ((np.array([NAN, INF, -INF]),), (np.ones(3),)))
UNDEFINED = Trial(Aggregator.PLAIN, ((np.ones(2),), (np.ones(1),)))
WEIGHTLESS = Trial(Aggregator.PLAIN, ROUND.by_party, weights=[0, 0])
BARE = Trial(Aggregator.PLAIN, ROUND.by_party, bare=True)


def result(*values: float, bare: bool = False) -> TrialResult:
    return TrialResult((np.array(values),), bare)


@pytest.mark.parametrize(
    ("case", "answer", "outcome"),
    [
        (ROUND, result(2, 3), TrialOutcome.CORRECT),
        (ROUND, result(2, 3 + 1e-9), TrialOutcome.SILENT),
        (ROUND, result(2, NAN), TrialOutcome.SILENT),
        (ROUND, result(2, INF), TrialOutcome.SILENT),
        (ROUND, result(2), TrialOutcome.SILENT),
        (ROUND, TrialResult((), bare=False), TrialOutcome.SILENT),
        (ROUND, result(2, 3, bare=True), TrialOutcome.SILENT),
        (BARE, result(2, 3, bare=True), TrialOutcome.CORRECT),
        (BARE, result(2, 3), TrialOutcome.SILENT),
        (ROUND, OddResult("tuple"), TrialOutcome.SILENT),
        (ROUND, TrialRaised("AssertionError", "no", own=True), TrialOutcome.REFUSED),
        (ROUND, TrialRaised("ValueError", "no", own=False), TrialOutcome.BREAKS),
        (ROUND, Died("ended by SIGKILL"), TrialOutcome.DIED),
        (NOT_FINITE, result(NAN, INF, -INF), TrialOutcome.CORRECT),
        (NOT_FINITE, result(NAN, INF, INF), TrialOutcome.SILENT),
        (NOT_FINITE, result(0, INF, -INF), TrialOutcome.SILENT),
        (NOT_FINITE, result(NAN, 1e300, -INF), TrialOutcome.SILENT),
        (UNDEFINED, result(1, 1), TrialOutcome.SILENT),
        (UNDEFINED, TrialRaised("ValueError", "no", own=False), TrialOutcome.BREAKS),
        (WEIGHTLESS, result(NAN, NAN), TrialOutcome.CORRECT),
        (WEIGHTLESS, result(0, 0), TrialOutcome.SILENT),
    ],
)
def test_outcomes(case: Trial, answer: Answer, outcome: TrialOutcome) -> None:
    assert judge(case, answer).outcome is outcome


@pytest.mark.parametrize("shape", [(3, 2), (6,), (2, 3, 1)])
def test_a_layer_of_the_same_size_and_another_shape_is_wrong(shape: tuple[int, ...]) -> None:
    own = np.ones((2, 3))
    case = Trial(Aggregator.PLAIN, ((own,), (own,)))
    assert judge(case, TrialResult((own,), bare=False)).outcome is TrialOutcome.CORRECT
    judgement = judge(case, TrialResult((own.reshape(shape),), bare=False))
    assert judgement.outcome is TrialOutcome.SILENT
    assert str(judgement.detail) == f"a layer of shape {shape} instead of (2, 3)"


def test_the_detail_names_both_values_and_the_bound() -> None:
    judgement = judge(ROUND, result(2, 3.5))
    assert str(judgement.detail).startswith("3.5 instead of 3.0 (bound ")
    assert judgement.ratio > 1
