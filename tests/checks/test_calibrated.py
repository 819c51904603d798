"""What a profile is known to show is a check of its own, whatever becomes of the page's claim."""

from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import case, contract_of, evidence_of, judged, run, shortened
from verify.checks import calibrated, claims
from verify.contract.calibration import Calibrated
from verify.finding import Basis, Result, Verdict


def shown(*accuracy: float, samples: int = 400, **more: Any) -> Result:
    """The judgement of the sample's yardstick: two epochs reach 0.6."""
    history = {"accuracy": list(accuracy)}
    evidence = evidence_of(run(history=history, samples={"accuracy": samples}))
    return judged(calibrated.CHECK, case(evidence=evidence, **more), "learns")


def test_what_reaches_its_yardstick_passes_in_words_of_its_own() -> None:
    result = shown(0.1, 0.62)
    assert (result.verdict, result.basis) == (Verdict.PASS, Basis.MEASURED)
    assert str(result.tolerance).startswith("at least 0.6; false alarms at most 1%, 20 points less")
    assert ": ten seeds; binomial noise of the samples" in str(result.tolerance)
    assert "the profile is to show two epochs teach it something" in str(result.sentence)
    assert "the page says" not in str(result.sentence)


def test_what_falls_short_of_it_fails() -> None:
    assert shown(0.1, 0.5).verdict is Verdict.FAIL


def test_too_few_samples_leave_it_undecided() -> None:
    assert shown(0.1, 0.62, samples=20).verdict is Verdict.UNCHECKED


def test_it_is_decided_where_the_pages_claim_is_not() -> None:
    cut = (shortened("train"),)
    assert shown(0.1, 0.9, applied=cut).verdict is Verdict.PASS
    evidence = evidence_of(run(history={"accuracy": [0.1, 0.9]}))
    result = judged(claims.OF_RUN, case(evidence=evidence, applied=cut), "accurate")
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "2 epochs instead of 50",
    )


def test_each_profile_has_its_own() -> None:
    document = contract_of()
    assert calibrated.CHECK.subjects_in(document, "short") == ["learns"]
    assert calibrated.CHECK.subjects_in(document, "full") == []
    assert shown(0.1, 0.9, profile_name="full").verdict is Verdict.UNCHECKED


def test_a_run_that_does_not_get_there_decides_nothing() -> None:
    result = judged(calibrated.CHECK, case(evidence=evidence_of()), "learns")
    assert result.verdict is Verdict.UNCHECKED
    assert str(result.reason) == "the training did not come to its end in this run"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "names either a `value`, or the trainings that it is held `against`"),
        ({"value": 0.5, "against": ["other"]}, "names either a `value`, or"),
        ({"value": 0.5, "relation": "better"}, '"better" and "alike" go with `against`'),
        ({"against": ["other"]}, '"better" and "alike" go with `against`'),
    ],
)
def test_a_yardstick_that_measures_nothing_is_refused(fields: dict[str, Any], said: str) -> None:
    known = {
        "id": "it",
        "says": words("so"),
        "trainings": ["head"],
        "series": "loss",
        "origin": words("seeds"),
    }
    with pytest.raises(ValueError, match=said):
        Calibrated.model_validate(known | fields)
