"""A cell of the survey's table, for tests to change."""

from verify.aggregators.judging import TrialOutcome
from verify.aggregators.survey import Cell
from verify.aggregators.trial import Aggregator

CELL = Cell(
    aggregator=Aggregator.PLAIN,
    name="sums",
    sentence="sums",
    outcome=TrialOutcome.CORRECT,
    detail="",
    rounds=10,
    ratio=0.5,
    contradicts=False,
    defect=None,
)
