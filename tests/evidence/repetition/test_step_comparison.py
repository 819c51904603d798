"""Runs compared step by step: what a training may explain, and what it may not."""

import pytest
from nbformat import NotebookNode

from tests.checks import builders
from tests.evidence.repetition.cells import cell, figure, printed, step
from verify.evidence.evidence import TrainingRun, Weights
from verify.evidence.failure import Failure
from verify.evidence.repetition.likeness import Difference, Likeness
from verify.evidence.repetition.step_comparison import (
    RepeatedRun,
    StepComparison,
    compare,
    first_difference,
)
from verify.finding import Verdict

STEPS = ("load", "train", "show")
EQUAL, BAND, FAR = Likeness
SAME = builders.run()
ROUNDED = builders.run(builders.holder(after=Weights(((), ("p",), ("t",)))))
ASTRAY = builders.run(history={"loss": [2.0, 1.5], "accuracy": [0.5, 0.75]})
UNSEEN = None
BROKEN = Failure(Verdict.FAIL, "the code raised ValueError: no")


def run_of(training: TrainingRun | None = SAME, **cells: NotebookNode) -> RepeatedRun:
    """A run of the three steps, with what their cells showed."""
    return RepeatedRun(
        steps={name: step(name) for name in STEPS},
        trainings={"train": [training]} if training else {},
        cells={name: [cells.get(name, cell(printed("7 rows")))] for name in STEPS},
    )


def compared(*runs: RepeatedRun) -> dict[str, StepComparison]:
    return {one.step: one for one in compare(STEPS, {"train"}, runs)}


def likenesses(*runs: RepeatedRun) -> list[Likeness | None]:
    return [one.likeness for one in compared(*runs).values()]


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        (run_of(), run_of(), [EQUAL, EQUAL, EQUAL]),
        (run_of(), run_of(load=cell(printed("8 rows"))), [FAR, EQUAL, EQUAL]),
        (run_of(), run_of(ROUNDED), [EQUAL, BAND, EQUAL]),
        (run_of(), run_of(ASTRAY), [EQUAL, FAR, EQUAL]),
        (run_of(), run_of(UNSEEN), [EQUAL, FAR, EQUAL]),
        # A figure of what was trained is as far apart as that is, any other one is far.
        (run_of(show=cell(figure())), run_of(show=cell(figure(pixel=9))), [EQUAL, EQUAL, FAR]),
        (
            run_of(show=cell(figure())),
            run_of(ROUNDED, show=cell(figure(pixel=9))),
            [EQUAL, BAND, BAND],
        ),
        (
            run_of(show=cell(figure())),
            run_of(ASTRAY, show=cell(figure(pixel=9))),
            [EQUAL, FAR, FAR],
        ),
        (
            run_of(load=cell(figure())),
            run_of(ROUNDED, load=cell(figure(pixel=9))),
            [FAR, BAND, EQUAL],
        ),
        # So are the numbers that the training itself prints; later ones stand for themselves.
        (run_of(), run_of(ROUNDED, train=cell(printed("8 rows"))), [EQUAL, BAND, EQUAL]),
        (run_of(), run_of(ROUNDED, train=cell(printed("8 roses"))), [EQUAL, FAR, EQUAL]),
        (run_of(), run_of(ROUNDED, show=cell(printed("8 rows"))), [EQUAL, BAND, FAR]),
        (run_of(), run_of(train=cell(printed("8 rows"))), [EQUAL, FAR, EQUAL]),
    ],
)
def test_each_step_is_classed(
    first: RepeatedRun, other: RepeatedRun, expected: list[Likeness]
) -> None:
    assert likenesses(first, other) == expected


@pytest.mark.parametrize(
    ("training", "origin"), [(SAME, None), (ROUNDED, "train"), (ASTRAY, "train"), (UNSEEN, "train")]
)
def test_only_a_training_that_came_to_other_weights_explains_a_difference(
    training: TrainingRun | None, origin: str | None
) -> None:
    steps = compared(run_of(), run_of(training))
    assert (steps["load"].trained, steps["load"].origin) == (False, None)
    assert (steps["train"].trained, steps["train"].origin) == (True, origin)
    assert (steps["show"].trained, steps["show"].origin) == (True, origin)


def test_a_training_that_nobody_saw_may_explain_what_follows() -> None:
    steps = compared(run_of(UNSEEN), run_of(UNSEEN, show=cell(printed("8 rows"))))
    assert steps["train"].likeness is EQUAL
    assert (steps["show"].likeness, steps["show"].origin) == (FAR, "train")


def test_a_training_that_only_was_seen_counts_too() -> None:
    (*_, show) = compare(STEPS, (), [run_of(), run_of(ASTRAY)])
    assert show.trained
    assert show.origin == "train"


def test_a_step_that_broke_once_only_is_a_difference() -> None:
    other = run_of()
    broken = RepeatedRun(
        {**other.steps, "load": step("load", BROKEN)}, other.trainings, other.cells
    )
    load = compared(run_of(), broken)["load"]
    assert load.likeness is FAR
    assert [str(d.sentence) for d in load.differences] == [
        "it ended well vs the code raised ValueError: no"
    ]
    assert compared(broken, broken)["load"].likeness is EQUAL


def test_a_step_that_a_run_did_not_reach_is_not_compared() -> None:
    cut = RepeatedRun({"load": step("load")}, {}, {"load": [cell(printed("7 rows"))]})
    steps = compared(run_of(), run_of(), cut)
    assert (steps["load"].likeness, steps["load"].missing) == (EQUAL, ())
    assert (steps["show"].likeness, steps["show"].missing) == (None, (3,))


def test_of_several_runs_any_may_differ() -> None:
    assert likenesses(run_of(), run_of(), run_of(ROUNDED), run_of(ASTRAY)) == [EQUAL, FAR, EQUAL]


def test_the_first_step_that_differs_is_named_with_its_gravest_difference() -> None:
    first = first_difference(list(compared(run_of(), run_of(ASTRAY)).values()))
    assert first is not None
    assert first.step == "train"
    assert str(first.sentence) == "loss of epoch 2 is 1 vs 1.5"
    assert first_difference(list(compared(run_of(), run_of()).values())) is None


def test_of_many_differences_three_are_told() -> None:
    load = StepComparison("load", tuple(Difference(f"row {n}", "1", "2") for n in range(4)))
    assert str(load.sentence) == "row 0 1 vs 2; row 1 1 vs 2; row 2 1 vs 2"
