"""Comparisons of shares raise false alarms at most as often as they say, and see what they must.

Trainings are simulated: each sample of an epoch is right or wrong as it was in the epoch before,
or, with the chance of a redraw, drawn again. So every epoch shows the true share on average, and
neighbouring epochs are alike.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from verify.checks.statistics import POWER, Decision, Relation, Side, SideComparison

RUNS = 600
ALARM = 0.01
# As many alarms as a true rate of 1 % gives in one of ten thousand tests.
MOST_ALARMS = int(stats.binom.ppf(1 - 1e-4, RUNS, ALARM))
# The fewest catches that a true rate of 95 % gives, likewise.
FEWEST_CATCHES = int(stats.binom.ppf(1e-4, RUNS, POWER))

Sides = list[Side]


@dataclass(frozen=True)
class Design:
    """How often something is trained and measured.

    `alike` is the chance that a sample comes out as in the epoch before, `between` the standard
    deviation of the true share from seed to seed.
    """

    samples: int
    epochs: int = 1
    seeds: int = 1
    alike: float = 0.0
    between: float = 0.0


def trained(random: np.random.Generator, share: float, design: Design) -> Sides:
    """What runs show whose true share is this, over all seeds."""
    spread = design.between * random.standard_normal((RUNS, design.seeds))
    true = np.clip(share + spread, 0, 1)
    right = random.binomial(design.samples, true)
    shown = [right]
    for _ in range(1, design.epochs):
        kept = random.binomial(right, design.alike)
        redrawn = design.samples - kept
        redrawn -= random.binomial(design.samples - right, design.alike)
        right = kept + random.binomial(redrawn, true)
        shown.append(right)
    shares = np.stack(shown, axis=-1) / design.samples
    return [Side(tuple(map(tuple, run.tolist())), design.samples) for run in shares]


def compared(
    relation: Relation, one: Sides, other: Sides, margin: float = 0.0
) -> list[SideComparison]:
    return [SideComparison(relation, a, b, margin) for a, b in zip(one, other, strict=True)]


def alarms(some: list[SideComparison]) -> int:
    return sum(comparison.contradicted for comparison in some)


each_design = pytest.mark.parametrize(
    "design",
    [
        Design(18),
        Design(18, epochs=5, alike=0.95),
        Design(72, epochs=5),
        Design(72, seeds=5, between=0.05),
        Design(72, epochs=5, seeds=5, alike=0.8),
        Design(1000),
        Design(1000, epochs=5),
        Design(1000, epochs=5, alike=0.95),
        Design(1000, seeds=5, between=0.05),
        Design(1000, epochs=5, seeds=5, alike=0.8, between=0.05),
    ],
    ids=repr,
)


@each_design
@pytest.mark.parametrize("share", [0.2, 0.6])
def test_a_share_that_is_as_claimed_raises_no_more_alarms_than_stated(
    design: Design, share: float
) -> None:
    runs = trained(np.random.default_rng(1), share, design)
    claimed = [Side.given(share)] * RUNS
    assert alarms(compared(Relation.AT_LEAST, runs, claimed)) <= MOST_ALARMS


@each_design
@pytest.mark.parametrize(
    ("relation", "margin", "ahead"),
    [(Relation.BETTER, 0.0, 0.0), (Relation.BETTER, 0.1, 0.1), (Relation.ALIKE, 0.05, -0.05)],
)
def test_sides_that_compare_as_claimed_raise_no_more_alarms_than_stated(
    design: Design, relation: Relation, margin: float, ahead: float
) -> None:
    random = np.random.default_rng(2)
    one, other = trained(random, 0.5 + ahead, design), trained(random, 0.5, design)
    assert alarms(compared(relation, one, other, margin)) <= MOST_ALARMS


@each_design
def test_a_side_that_is_no_better_is_called_better_no_more_often_than_stated(
    design: Design,
) -> None:
    random = np.random.default_rng(3)
    one, other = trained(random, 0.5, design), trained(random, 0.5, design)
    judged = compared(Relation.BETTER, one, other)
    assert sum(each.outcome is Decision.HOLDS for each in judged) <= MOST_ALARMS


@pytest.mark.parametrize(
    ("relation", "samples", "margin", "share", "other"),
    [  # so many samples let the claim say that it sees 15 points less
        (Relation.AT_LEAST, 180, 0.0, 0.35, None),
        (Relation.AT_LEAST, 180, 0.0, 0.75, None),
        (Relation.BETTER, 360, 0.0, 0.35, 0.5),
        (Relation.BETTER, 360, 0.1, 0.45, 0.5),
        (Relation.ALIKE, 1000, 0.05, 0.35, 0.5),
    ],
)
@pytest.mark.parametrize(("epochs", "seeds"), [(1, 1), (5, 1), (1, 5)])
def test_15_points_less_than_claimed_are_caught(
    relation: Relation, samples: int, margin: float, share: float, other: float | None, *,
    epochs: int, seeds: int,
) -> None:  # fmt: skip
    random = np.random.default_rng(4)
    single = epochs == seeds == 1
    design = Design(samples if single else 2 * samples, epochs, seeds)  # to measure what varies
    one = trained(random, share, design)
    claimed = [Side.given(share + 0.15)] * RUNS
    judged = compared(relation, one, trained(random, other, design) if other else claimed, margin)
    assert alarms(judged) >= FEWEST_CATCHES
    if single:
        assert min(each.power for each in judged[:20]) > POWER - 0.02  # it depends on the other


@pytest.mark.parametrize("samples", [18, 72, 120, 180, 400])
@pytest.mark.parametrize("epochs", [1, 5])
def test_15_points_less_are_never_silently_green(samples: int, epochs: int) -> None:
    """A claim that could not have seen them is undecided, whatever it showed."""
    runs = trained(np.random.default_rng(5), 0.35, Design(samples, epochs))
    judged = compared(Relation.AT_LEAST, runs, [Side.given(0.5)] * RUNS)
    green = sum(each.outcome is Decision.HOLDS for each in judged)
    assert green <= RUNS - FEWEST_CATCHES
    for each in judged[:20]:
        assert each.contradicted or (each.outcome is Decision.HOLDS) == (each.power >= POWER)


def measured(*windows: tuple[float, ...], samples: int = 100) -> Side:
    return Side(windows, samples)


HOLDS, CONTRADICTED, UNDECIDED = Decision
AT_LEAST, BETTER, ALIKE = Relation


@pytest.mark.parametrize(
    ("relation", "one", "other", "margin", "outcome"),
    [
        (AT_LEAST, measured((0.7,), samples=500), Side.given(0.7), 0.0, HOLDS),
        (AT_LEAST, measured((0.7,), samples=20), Side.given(0.7), 0.0, UNDECIDED),
        (AT_LEAST, measured((0.1,), samples=20), Side.given(0.7), 0.0, CONTRADICTED),
        (AT_LEAST, measured((0.6,), samples=500), Side.given(0.7), 0.0, CONTRADICTED),
        (AT_LEAST, measured((0.6,), samples=500), Side.given(0.7), 0.1, HOLDS),
        (AT_LEAST, measured((1.0,), samples=500), Side.given(0.9), 0.0, HOLDS),
        (AT_LEAST, measured((0.0,), samples=500), Side.given(0.9), 0.0, CONTRADICTED),
        (BETTER, measured((0.8,)), measured((0.5,)), 0.0, HOLDS),
        (BETTER, measured((0.5,)), measured((0.5,)), 0.0, UNDECIDED),
        (BETTER, measured((0.5,)), measured((0.8,)), 0.0, CONTRADICTED),
        (BETTER, measured((0.5,)), measured((0.5,)), 0.3, CONTRADICTED),
        (ALIKE, measured((0.5,), samples=9000), measured((0.5,), samples=9000), 0.05, HOLDS),
        (ALIKE, measured((0.5,)), measured((0.5,)), 0.05, UNDECIDED),
        (ALIKE, measured((0.9,)), measured((0.5,)), 0.05, CONTRADICTED),
        (ALIKE, measured((0.1,)), measured((0.5,)), 0.05, CONTRADICTED),
    ],
)
def test_a_comparison_has_three_outcomes(
    relation: Relation, one: Side, other: Side, margin: float, outcome: Decision
) -> None:
    assert SideComparison(relation, one, other, margin).outcome is outcome


def test_the_limits_of_a_single_epoch_are_those_of_clopper_and_pearson() -> None:
    exact = stats.binomtest(28, 40).proportion_ci(0.98, method="exact")
    assert measured((0.7,), samples=40).limits(0.01) == pytest.approx((exact.low, exact.high))


def test_a_given_value_has_no_width() -> None:
    assert Side.given(0.25).limits(0.01) == (0.25, 0.25)


@pytest.mark.parametrize(
    "side",
    [
        measured((0.6, 0.7, 0.8)),  # epochs that differ
        measured((0.6,), (0.8,)),  # seeds that differ
        measured((0.65, 0.75), (0.75, 0.65), (0.7, 0.72)),
    ],
)
def test_what_varies_besides_the_samples_widens_the_limits(side: Side) -> None:
    low, high = measured((side.mean,)).limits(0.01)
    wider_low, wider_high = side.limits(0.01)
    assert wider_low < low < high < wider_high
    assert side.information(0.01) < 100


@pytest.mark.parametrize("side", [measured((0.7,) * 5), measured((0.7,), (0.7,), (0.7,))])
def test_epochs_and_seeds_on_the_same_samples_make_them_no_more(side: Side) -> None:
    assert side.information(0.01) == 100


def test_a_value_that_is_missing_is_no_agreement() -> None:
    judged = SideComparison(Relation.AT_LEAST, measured((math.nan,)), Side.given(0.5))
    assert judged.outcome is not Decision.HOLDS


def alarm_rate(relation: Relation, samples: int, margin: float, ahead: float) -> float:
    """How often what is so much ahead of a given value is contradicted, over all outcomes."""
    share, other = 0.5 + ahead, Side.given(0.5)
    return sum(
        float(stats.binom.pmf(hits, samples, share))
        for hits in range(samples + 1)
        if SideComparison(relation, measured((hits / samples,), samples=samples), other, margin)
        .contradicted
    )  # fmt: skip


@pytest.mark.parametrize("relation", Relation)
def test_false_alarms_on_both_sides_together_are_as_rare_as_stated(relation: Relation) -> None:
    """What is alike may be off on either side, so that each has but half of the rate."""
    rate = alarm_rate(relation, samples=1000, margin=0.0, ahead=0.0)
    assert 0.006 < rate <= ALARM


@pytest.mark.parametrize("side", [measured((0.4,)), measured((0.3, 0.4, 0.5)), measured((0.6,))])
def test_each_side_of_what_is_alike_has_half_of_the_false_alarms(side: Side) -> None:
    other = measured((0.5,))
    both = SideComparison(ALIKE, side, other, 0.05, false_alarm=0.02, detects=0.15)
    single = SideComparison(AT_LEAST, side, other, 0.05, false_alarm=0.01, detects=0.10)
    assert both.limits == single.limits
    assert both.power == single.power


@pytest.mark.parametrize("difference", [-0.04, 0.04])
def test_equivalence_takes_both_of_its_one_sided_tests(difference: float) -> None:
    one, other = measured((0.5 + difference,), samples=9000), measured((0.5,), samples=9000)
    assert SideComparison(ALIKE, one, other, 0.05).outcome is UNDECIDED
    assert SideComparison(ALIKE, one, other, 0.09).outcome is HOLDS


@pytest.mark.parametrize(
    ("relation", "ahead"), [(AT_LEAST, -0.1), (BETTER, 0.1), (ALIKE, -0.1), (ALIKE, 0.1)]
)
def test_only_a_difference_beyond_the_margin_contradicts(relation: Relation, ahead: float) -> None:
    """At the margin itself there are no more false alarms than stated, and without it many."""
    assert alarm_rate(relation, samples=1000, margin=0.1, ahead=ahead) <= ALARM
    beyond = ahead + (0.1 if ahead > 0 and relation is ALIKE else -0.1)
    assert alarm_rate(relation, samples=1000, margin=0.1, ahead=beyond) > POWER
