"""Who is to blame for a difference between two runs decides the verdict."""

import pytest

from tests.checks.builders import case, contract_of, judged, training
from verify.checks import repeat
from verify.contract.training_terms import Training
from verify.evidence.repetition.likeness import Difference, Likeness
from verify.evidence.repetition.step_comparison import StepComparison
from verify.finding import Result, Verdict

ROUNDED = Difference("loss is", "1", "1.1", likeness=Likeness.WITHIN_BAND, band="±0.2 (float32)")
ASTRAY = Difference("loss is", "1", "7", likeness=Likeness.DIVERGENT, band="±0.2 (float32)")
PROMISED = training(reproducible=True)


def result(comparison: StepComparison, declared: Training | None = None) -> Result:
    document = contract_of(trainings=[declared or training()])
    repeated = {comparison.step: comparison}
    return judged(repeat.CHECK, case(document=document, repeated=repeated), comparison.step)


@pytest.mark.parametrize(
    ("comparison", "verdict", "reason", "warns"),
    [
        (StepComparison("load", ()), "pass", "", False),
        (
            StepComparison("load", (ROUNDED,)),
            "fail",
            "nothing has been trained by then, so no training explains it; seed every draw",
            False,
        ),
        (StepComparison("train", (), trained=True), "pass", "", False),
        (StepComparison("train", (ROUNDED,), trained=True, origin="train"), "pass", "", False),
        (
            StepComparison("train", (ASTRAY,), trained=True, origin="train"),
            "unchecked",
            "the page does not promise that this training repeats itself bit for bit",
            True,
        ),
        (
            StepComparison("show", (ASTRAY,), trained=True, origin="show"),  # which nobody declared
            "unchecked",
            "the page does not promise that this training repeats itself bit for bit",
            True,
        ),
        (StepComparison("show", (ROUNDED,), trained=True), "pass", "", False),
        (
            StepComparison("show", (ASTRAY,), trained=True),
            "fail",
            "each training by then came to the same weights in each run, so none explains it",
            False,
        ),
        (
            StepComparison("show", (ASTRAY,), trained=True, origin="train"),
            "unchecked",
            "it follows step train, which differs itself",
            False,
        ),
        (
            StepComparison("show", (), missing=(2, 3)),
            "unchecked",
            "the step did not run in run 2, 3",
            False,
        ),
    ],
)
def test_the_verdict(comparison: StepComparison, verdict: str, reason: str, *, warns: bool) -> None:
    found = result(comparison)
    assert (found.verdict.value, str(found.reason), found.warns) == (verdict, reason, warns)


@pytest.mark.parametrize("difference", [ROUNDED, ASTRAY])
def test_a_training_that_is_promised_to_repeat_itself_must(difference: Difference) -> None:
    comparison = StepComparison("train", (difference,), trained=True, origin="train")
    assert result(comparison, PROMISED).verdict is Verdict.FAIL
    assert result(StepComparison("train", (), trained=True), PROMISED).verdict is Verdict.PASS


def test_a_step_that_may_vary_is_left_undecided_for_its_reason() -> None:
    declared = contract_of().steps
    noisy = [step.model_copy(update={"varies": "noise is the point"}) for step in declared]
    far = StepComparison("load", (ASTRAY,), trained=True, origin="load")
    repeated = {"load": far}
    found = judged(repeat.CHECK, case(document=contract_of(steps=noisy), repeated=repeated), "load")
    assert (found.verdict, str(found.reason)) == (Verdict.UNCHECKED, "noise is the point")
    assert not found.warns


def test_the_sentence_names_step_difference_and_band() -> None:
    assert str(result(StepComparison("load", (ROUNDED, ASTRAY))).sentence) == (
        "step load, official cell 1: running it again with the same seeds shows the same; "
        "observed divergent: loss is 1 vs 7; tolerance ±0.2 (float32) (nothing has been trained "
        "by then, so no training explains it; seed every draw)"
    )
