"""How a round ended: correct, refused, broken, silently wrong, or the end of the process."""

import numpy as np
import pytest

from verify.aggregators.judging import Outcome, judge
from verify.aggregators.trial import Aggregator, Answer, Case, Died, Odd, Raised, Result

NAN, INF = float("nan"), float("inf")
ROUND = Case(Aggregator.PLAIN, ((np.array([1.0, 2.0]),), (np.array([3.0, 4.0]),)))
NOT_FINITE = Case(Aggregator.PLAIN, ((np.array([NAN, INF, -INF]),), (np.ones(3),)))
UNDEFINED = Case(Aggregator.PLAIN, ((np.ones(2),), (np.ones(1),)))
WEIGHTLESS = Case(Aggregator.PLAIN, ROUND.by_party, weights=[0, 0])
BARE = Case(Aggregator.PLAIN, ROUND.by_party, bare=True)


def result(*values: float, bare: bool = False) -> Result:
    return Result((np.array(values),), bare)


@pytest.mark.parametrize(
    ("case", "answer", "outcome"),
    [
        (ROUND, result(2, 3), Outcome.CORRECT),
        (ROUND, result(2, 3 + 1e-9), Outcome.SILENT),
        (ROUND, result(2, NAN), Outcome.SILENT),
        (ROUND, result(2, INF), Outcome.SILENT),
        (ROUND, result(2), Outcome.SILENT),
        (ROUND, Result((), bare=False), Outcome.SILENT),
        (ROUND, result(2, 3, bare=True), Outcome.SILENT),
        (BARE, result(2, 3, bare=True), Outcome.CORRECT),
        (BARE, result(2, 3), Outcome.SILENT),
        (ROUND, Odd("tuple"), Outcome.SILENT),
        (ROUND, Raised("AssertionError", "no", own=True), Outcome.REFUSED),
        (ROUND, Raised("ValueError", "no", own=False), Outcome.BREAKS),
        (ROUND, Died("ended by SIGKILL"), Outcome.DIED),
        (NOT_FINITE, result(NAN, INF, -INF), Outcome.CORRECT),
        (NOT_FINITE, result(NAN, INF, INF), Outcome.SILENT),
        (NOT_FINITE, result(0, INF, -INF), Outcome.SILENT),
        (NOT_FINITE, result(NAN, 1e300, -INF), Outcome.SILENT),
        (UNDEFINED, result(1, 1), Outcome.SILENT),
        (UNDEFINED, Raised("ValueError", "no", own=False), Outcome.BREAKS),
        (WEIGHTLESS, result(NAN, NAN), Outcome.CORRECT),
        (WEIGHTLESS, result(0, 0), Outcome.SILENT),
    ],
)
def test_outcomes(case: Case, answer: Answer, outcome: Outcome) -> None:
    assert judge(case, answer).outcome is outcome


@pytest.mark.parametrize("shape", [(3, 2), (6,), (2, 3, 1)])
def test_a_layer_of_the_same_size_and_another_shape_is_wrong(shape: tuple[int, ...]) -> None:
    own = np.ones((2, 3))
    case = Case(Aggregator.PLAIN, ((own,), (own,)))
    assert judge(case, Result((own,), bare=False)).outcome is Outcome.CORRECT
    judgement = judge(case, Result((own.reshape(shape),), bare=False))
    assert judgement.outcome is Outcome.SILENT
    assert judgement.detail == f"a layer of shape {shape} instead of (2, 3)"


def test_the_detail_names_both_values_and_the_bound() -> None:
    judgement = judge(ROUND, result(2, 3.5))
    assert judgement.detail.startswith("3.5 instead of 3.0 (bound ")
    assert judgement.ratio > 1
