"""What trainings reach: each kind of metric with its own statistics, and none without."""

import math
from collections.abc import Sequence
from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import case, contract_of, evidence_of, judged, run
from verify.checks import claims
from verify.contract.claim import Claim
from verify.evidence.evidence import TrainingRun
from verify.finding import Basis, Result, Verdict

REACHES = "accurate"
HEAD = contract_of().trainings[0]
BOTH = [HEAD, HEAD.model_copy(update={"id": "other", "step": "show"})]


def claim(series: str = "accuracy", value: float | None = None, **fields: Any) -> Claim:
    """The claim that a training reaches something."""
    own = {name: fields.pop(name) for name in tuple(fields) if name in Claim.model_fields}
    measured = {"series": series, "trainings": ["head"], **fields}
    said = {
        "id": "it",
        "cell": 2,
        "says": words("so it is"),
        "anchor": "0" * 12,
        "documented": value,
    }
    return Claim.model_validate({**said, **own, "evidence": {"measured": measured}})


def of(said: Claim, *runs: TrainingRun, seeds: int = 1, **more: Any) -> Result:
    """The judgement of a claim about these trainings."""
    trainings = [one.model_copy(update={"seeds": seeds}) for one in BOTH]
    document = contract_of(trainings=trainings, claims=[said])
    evidence = evidence_of(*runs)
    return judged(claims.OF_RUN, case(document=document, evidence=evidence, **more), "it")


def trained(series: str, *values: float, step: str = "train", samples: int = 400) -> TrainingRun:
    """A training with that series."""
    return run(step=step, history={series: list(values)}, samples={series: samples})


# Shares of all samples.


def reached(*accuracy: float, samples: int = 400, **more: Any) -> Result:
    """The judgement of the sample's claim, to be at least 0.7, of what an epoch showed."""
    shown = trained("accuracy", *accuracy, samples=samples)
    return judged(claims.OF_RUN, case(evidence=evidence_of(shown), **more), REACHES)


@pytest.mark.parametrize("accuracy", [0.7, 0.66, 0.9, 1.0])
def test_a_metric_that_is_not_surely_below_its_value_passes(accuracy: float) -> None:
    result = reached(0.1, accuracy)
    assert (result.verdict, result.basis) == (Verdict.PASS, Basis.MEASURED)
    assert (
        str(result.observed) == f"accuracy {accuracy:.4f} of head (the last of 2 epochs, n = 400)"
    )
    assert str(result.tolerance) == (
        "at least 0.7; false alarms at most 1%, 15 points less are seen with 100%: "
        "ten seeds; binomial noise"
    )


@pytest.mark.parametrize("last", [0.63, 0.55, 0.0])
def test_a_metric_surely_below_its_value_fails(last: float) -> None:
    assert reached(0.9, last).verdict is Verdict.FAIL


def test_too_few_samples_leave_a_value_undecided_and_the_power_is_said() -> None:
    result = reached(0.7, samples=20)
    assert (result.verdict, result.basis) == (Verdict.UNCHECKED, None)
    assert str(result.reason).startswith(
        "20 samples are too few: 15 points less would be seen with a proba"
    )
    assert str(result.reason).endswith("bility of 13%, and 95% are wanted")
    assert reached(0.2, samples=20).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ({}, Verdict.FAIL),
        ({"loss": [1.0]}, Verdict.FAIL),
        ({"accuracy": []}, Verdict.FAIL),
        ({"accuracy": [0.9, math.nan]}, Verdict.FAIL),
        ({"accuracy": [0.9, 90.0]}, Verdict.UNCHECKED),
    ],
)
def test_a_series_that_vanished_fails_and_one_that_is_no_share_decides_nothing(
    history: dict[str, list[float]], verdict: Verdict
) -> None:
    evidence = evidence_of(run(history=history))
    assert judged(claims.OF_RUN, case(evidence=evidence), REACHES).verdict is verdict


def test_without_the_number_of_samples_nothing_is_decided() -> None:
    result = judged(claims.OF_RUN, case(evidence=evidence_of(run(samples={}))), REACHES)
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "it is not known on how many samples accuracy rests",
    )


@pytest.mark.parametrize("window", [1, 2])
def test_trainings_and_epochs_on_the_same_samples_count_them_once(window: int) -> None:
    """Of trainings on different numbers of samples, the fewest count."""
    said = claim(value=0.5, relation=">=", trainings=["head", "other"], window=window)
    runs = [
        trained("accuracy", 0.7, 0.7, step=step, samples=samples)
        for step, samples in (("train", 400), ("show", 300))
    ]
    assert str(of(said, *runs).observed).endswith("2 trainings, n = 300)")


def test_what_nobody_could_decide_says_why_and_shows_what_it_saw() -> None:
    result = reached(0.1, profile_name="full")
    assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, "nobody has calibrated it")
    assert str(result.observed).startswith("accuracy 0.1000")


def test_a_documented_value_that_was_itself_measured_has_its_own_noise() -> None:
    shown = trained("accuracy", 0.69)
    assert of(claim(value=0.75), shown).verdict is Verdict.FAIL
    assert of(claim(value=0.75, documented_samples=400), shown).verdict is Verdict.PASS


def test_a_share_may_be_claimed_to_stay_below_a_value() -> None:
    """What the metric would have be more may be less on purpose, as with a forgotten class."""
    said = claim(value=0.3, relation="<=")
    assert of(said, trained("accuracy", 0.25)).verdict is Verdict.PASS
    assert of(said, trained("accuracy", 0.45)).verdict is Verdict.FAIL


def compared(relation: str, one: float, other: float, samples: int = 1500, **more: Any) -> Result:
    """The judgement of a comparison of two trainings."""
    tolerance = {"margin": 0.05} if relation == "alike" else {}
    said = claim(relation=relation, tolerance=tolerance, against=["other"], **more)
    return of(
        said,
        trained("accuracy", 0.0, one, samples=samples),
        trained("accuracy", 0.0, other, step="show", samples=samples),
    )


@pytest.mark.parametrize(
    ("relation", "one", "other", "samples", "verdict"),
    [
        ("better", 0.8, 0.7, 1500, Verdict.PASS),
        ("better", 0.7, 0.8, 1500, Verdict.FAIL),
        ("better", 0.8, 0.7, 50, Verdict.UNCHECKED),
        ("better", 0.7, 0.7, 1500, Verdict.UNCHECKED),
        ("alike", 0.7, 0.71, 9000, Verdict.PASS),
        ("alike", 0.7, 0.71, 50, Verdict.UNCHECKED),
        ("alike", 0.7, 0.85, 1500, Verdict.FAIL),
        ("alike", 0.85, 0.7, 1500, Verdict.FAIL),
    ],
)
def test_comparisons_have_three_outcomes(
    relation: str, one: float, other: float, samples: int, verdict: Verdict
) -> None:
    result = compared(relation, one, other, samples)
    assert result.verdict is verdict
    assert ("to tell" in str(result.reason)) == (verdict is Verdict.UNCHECKED)
    assert f"against accuracy {other:.4f} of other" in str(result.observed)


# Losses: less is better, and only epochs or seeds tell their noise.

FALLING = (2.0, 1.2, 0.9)


def ended(last: float, *, noise: float = 0.01) -> tuple[float, ...]:
    """A course that falls to a level and varies there."""
    return (*FALLING, *(last + noise * step for step in (1, -1, 1, -1, 0)))


@pytest.mark.parametrize("relation", ["<=", "falls to", "falls below", None])
@pytest.mark.parametrize(
    ("last", "verdict"), [(0.90, Verdict.FAIL), (0.10, Verdict.PASS)], ids=["0.90", "0.10"]
)
def test_a_documented_loss_is_contradicted_by_a_larger_one_only(
    relation: str | None, last: float, verdict: Verdict
) -> None:
    said = claim("loss", 0.30, **({"relation": relation} if relation else {}))
    result = of(said, trained("loss", *ended(last)))
    assert result.verdict is verdict
    words = "below 0.3;" if relation == "falls below" else "at most 0.3, 0.15 beyond that do not"
    assert str(result.tolerance).startswith(words)
    assert str(result.observed).startswith(f"loss {last:.4f} of head (the last 5 of 8 epochs")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((0.10,), "one epoch of one training does not tell how much loss varies"),
        ((2.0, 0.10), "it varies too much: 0.3 more would be seen with a probability of 0%, and"),
    ],
)
def test_a_loss_whose_noise_nothing_tells_is_never_passed(
    values: tuple[float, ...], reason: str
) -> None:
    result = of(claim("loss", 0.30), trained("loss", *values))
    assert result.verdict is Verdict.UNCHECKED
    assert str(result.reason).startswith(reason)


def test_a_loss_that_is_low_and_did_not_fall_is_no_fall() -> None:
    low = trained("loss", 0.20, 0.19, 0.20, 0.21, 0.20, 0.21)
    assert of(claim("loss", 0.30, relation="<="), low).verdict is Verdict.PASS
    result = of(claim("loss", 0.30, relation="falls to"), low)
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).endswith(", and began at 0.2000")


def test_a_loss_a_little_above_a_single_one_of_the_page_decides_nothing_against_it() -> None:
    """Another start may end a little higher: what lies far beyond is seen all the same."""
    said = claim("loss", 0.30, documented_once=True)
    assert of(said, trained("loss", *ended(0.36))).verdict is Verdict.PASS
    assert of(said, trained("loss", *ended(0.60))).verdict is Verdict.FAIL


def test_a_loss_is_better_than_another_if_it_is_lower_with_several_seeds() -> None:
    def runs(step: str, level: float) -> list[TrainingRun]:
        seeds = (-0.02, -0.01, 0.0, 0.01, 0.02)
        return [trained("loss", 2.0, level + s, step=step) for s in seeds]

    said = claim("loss", relation="better", against=["other"])
    low, high = runs("train", 0.3), runs("show", 0.9)
    assert of(said, *low, *high, seeds=5).verdict is Verdict.PASS
    assert "the difference is -0.600, between -0.6" in str(of(said, *low, *high, seeds=5).observed)
    low, high = runs("show", 0.3), runs("train", 0.9)
    assert of(said, *low, *high, seeds=5).verdict is Verdict.FAIL
    result = of(said, low[0], high[0])
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "only several trainings with different seeds tell how much loss varies",
    )


# Ranks.


def ranked(series: str, value: float, **more: Any) -> Result:
    """The judgement of the claim that a rank metric is at least 0.9, on 400 samples."""
    said = claim(series, 0.9, **more)
    return of(said, trained(series, 0.5, value))


@pytest.mark.parametrize("series", ["auc_1", "val_ks"])
def test_ranks_are_judged_by_the_samples_of_either_class(series: str) -> None:
    known = {"positives": 200, "tolerance": {"detects": 0.6}}
    assert ranked(series, 0.9, **known).verdict is Verdict.PASS
    assert ranked(series, 0.5, **known).verdict is Verdict.FAIL
    unknown = ranked(series, 0.9)
    assert (unknown.verdict, str(unknown.reason)) == (
        Verdict.UNCHECKED,
        "it is not known how many of the 400 samples are positive",
    )


def test_the_positives_of_the_page_are_not_those_of_other_data() -> None:
    other = {"positives": 200, "documented_samples": 500}
    assert str(ranked("auc", 0.9, **other).reason).startswith("it is not known how many of the 400")


def test_few_positives_leave_an_area_undecided() -> None:
    few = {"positives": 5}
    assert ranked("auc", 0.9, positives=200).verdict is Verdict.PASS
    assert ranked("auc", 0.9, **few).verdict is Verdict.UNCHECKED


# Precision and the like.


def seeds_of(series: str, *values: float) -> Sequence[TrainingRun]:
    return [trained(series, 0.1, value) for value in values]


def test_a_precision_is_no_binomial_share_and_needs_several_seeds() -> None:
    said = claim("precision", 0.6)
    result = of(said, trained("precision", *(0.8, 0.81, 0.8, 0.81, 0.8)))
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "only several trainings with different seeds tell how much precision varies",
    )
    values = (0.79, 0.8, 0.81, 0.8, 0.79)
    assert of(said, *seeds_of("precision", *values), seeds=5).verdict is Verdict.PASS
    low = (0.39, 0.4, 0.41, 0.4, 0.39)
    assert of(said, *seeds_of("precision", *low), seeds=5).verdict is Verdict.FAIL


def test_a_precision_that_is_the_accuracy_in_each_epoch_is_a_share_of_all_samples() -> None:
    both = {"accuracy": [0.5, 0.8], "precision": [0.5, 0.8]}
    samples = {"accuracy": 400, "precision": 400}
    assert of(claim("precision", 0.8), run(history=both, samples=samples)).verdict is Verdict.PASS
    apart = both | {"accuracy": [0.5, 0.79]}
    result = of(claim("precision", 0.8), run(history=apart, samples=samples))
    assert str(result.reason).startswith("only several trainings")


# Regressions.


@pytest.mark.parametrize(
    ("series", "value", "good", "bad"),
    [("mse", 0.30, 0.10, 0.90), ("val_mae", 3.0, 1.0, 9.0), ("r2_score", 0.90, 0.95, 0.4)],
)
def test_regressions_are_judged_by_what_their_last_epochs_vary(
    series: str, value: float, good: float, bad: float
) -> None:
    def verdict(last: float) -> Verdict:
        return of(claim(series, value), trained(series, *ended(last, noise=0.001))).verdict

    assert (verdict(good), verdict(bad)) == (Verdict.PASS, Verdict.FAIL)


def test_a_name_that_tells_nothing_decides_nothing() -> None:
    result = of(claim("epsilon", 0.5), trained("epsilon", *ended(0.5)))
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "the name epsilon does not tell what is measured, nor its noise",
    )
