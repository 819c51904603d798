"""Wrong aggregators die under the properties; equal data in equal numbers would let them live."""

import numpy as np
import pytest

from tests.aggregators import wrong
from tests.aggregators.wrong import WRONG, Average
from verify.aggregators.judging import TrialOutcome, judge
from verify.aggregators.properties import PROPERTIES, attempt
from verify.aggregators.trial import Aggregator, Trial

AVERAGES = PROPERTIES[0]
SAME = (np.array([0.5, 3.25]), np.array([[2.0]]))
EQUAL = Trial(Aggregator.SECURE, (SAME, SAME), weights=[40, 40])


@pytest.mark.parametrize("average", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("aggregator", Aggregator, ids=lambda one: one.key)
def test_a_wrong_aggregator_dies_in_ten_rounds(average: Average, aggregator: Aggregator) -> None:
    run = wrong.stand_in(average)
    trial = attempt(run, AVERAGES.draw(aggregator, False), 10, shrink=False)
    assert trial.worst is not None
    assert trial.worst.outcome is TrialOutcome.SILENT


@pytest.mark.parametrize("aggregator", Aggregator, ids=lambda one: one.key)
def test_the_right_one_lives(aggregator: Aggregator) -> None:
    run = wrong.stand_in(wrong.right)
    trial = attempt(run, AVERAGES.draw(aggregator, False), 25, shrink=False)
    assert (trial.worst, trial.cases) == (None, 25)


@pytest.mark.parametrize("average", WRONG.values(), ids=WRONG)
def test_equal_data_in_equal_numbers_show_none_of_them(average: Average) -> None:
    assert judge(EQUAL, wrong.stand_in(average)(EQUAL)).outcome is TrialOutcome.CORRECT


def test_a_contradiction_is_told_with_the_round_that_shows_it() -> None:
    drawn = AVERAGES.draw(Aggregator.PLAIN, False)
    trial = attempt(wrong.stand_in(wrong.sign_lost), drawn, 30)
    assert trial.worst is not None
    assert "instead of -" in str(trial.worst.detail)
    assert trial.example.startswith("PlainAggregator.average, float")
