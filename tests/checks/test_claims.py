"""Each claim is judged by what decides it, beside near-identical ones that fail."""

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import (
    ROUND,
    case,
    contract_of,
    edited,
    evidence_of,
    federated,
    holder,
    judged,
    party,
    run,
)
from verify.checks import Check, Needs, claims
from verify.contract.claim import Claim
from verify.contract.contract import Contract
from verify.evidence.evidence import Evidence, StepRun
from verify.execute.failures import of_timeout
from verify.finding import Result, Verdict

ANCHOR = "0123456789ab"
EXISTS = True


def claim(documented: Any = EXISTS, /, *, kind: str = "number", **fields: Any) -> Claim:
    """A claim of which only what matters is said; its evidence is what names no other field."""
    own = {name: fields.pop(name) for name in tuple(fields) if name in Claim.model_fields}
    evidence = {"evidence": fields} if fields else {}
    said = {"id": "it", "cell": 2, "says": words("so it is"), "anchor": ANCHOR, "kind": kind}
    return Claim.model_validate({**said, "documented": documented, **evidence, **own})


def document_of(*some: Claim) -> Contract:
    return contract_of(claims=list(some))


def of(one: Claim, evidence: Evidence | None = None, *others: Claim, **more: Any) -> Result:
    """The judgement of a claim."""
    check: Check = claims.OF_TEXT if one.of_text else claims.OF_RUN
    document = document_of(one, *others)
    return judged(check, case(document=document, evidence=evidence, **more), one.id)


def steps_of(*ids: str, output: str = "", failing: str = "") -> Evidence:
    """Steps that ran in this order, a second each."""
    return Evidence(
        steps={
            id_: StepRun(id_, float(i), 1.0, output, of_timeout(1) if id_ == failing else None)
            for i, id_ in enumerate(ids)
        },
        trainings={},
        versions={"barn": "2.1.0"},
    )


PRINTED: dict[str, Any] = {"printed": {"step": "load", "pattern": r"(\d+) cows in (\d+) sheds"}}
COWS = steps_of("load", output="There are 12 cows in 3 sheds.\n")
SOURCE: dict[str, Any] = {"source": words("x")}
SEEN = evidence_of(run(holder(), rounds=(ROUND, ROUND)))
TOGETHER = evidence_of(federated(party("alice"), party("bob")))


@pytest.mark.parametrize(
    ("one", "evidence"),
    [
        (claim([12, 3], **PRINTED), COWS),
        (claim("12", printed={"step": "load", "pattern": r"(\d+) cows"}), COWS),
        (claim(11.5, tolerance=SOURCE | {"margin": 0.5},
               printed={"step": "load", "pattern": r"(\d+) cows"}), COWS),
        (claim(12, relation=">=", tolerance=SOURCE,
               printed={"step": "load", "pattern": r"(\d+) cows"}), COWS),
        (claim(3, network={"training": "head", "layers": "all"}), SEEN),
        (claim(2, network={"training": "head", "layers": "frozen"}), SEEN),
        (claim(1, network={"training": "head", "layers": "free"}), SEEN),
        (claim(2, aggregation={"training": "head", "of_round": "parties"}), SEEN),
        (claim(18, aggregation={"training": "head", "of_round": "fxp_bits"}), SEEN),
        (claim(64, aggregation={"training": "head", "of_round": "sent_bytes"}), TOGETHER),
        (claim(32, aggregation={"training": "head", "of_round": "received_bytes"}), TOGETHER),
        (claim(1.5, kind="duration", relation="<=", tolerance=SOURCE, duration="load"),
         COWS),
        (claim(kind="existence", ran="load"), COWS),
        (claim("2.1.0", kind="version", version="barn"), COWS),
        (claim(["load", "show"], kind="order", order=["load", "show"]), steps_of("load", "show")),
        (claim(180, stated={"step": "load", "target": "numpy.load", "argument": "size"}), None),
        (claim("flowers", stated={"step": "load", "target": "*.load"}), None),
        (claim(50, stated={"step": "train", "target": "epochs"}), None),
    ],
)  # fmt: skip
def test_what_is_so_passes(one: Claim, evidence: Evidence | None) -> None:
    result = of(one, evidence)
    assert (result.verdict, result.says, result.cells) == (Verdict.PASS, "so it is", (2,))


@pytest.mark.parametrize(
    ("one", "evidence", "observed"),
    [
        (claim([12, 4], **PRINTED), COWS, "12, 3"),
        (claim([3, 12], **PRINTED), COWS, "12, 3"),
        (claim(12, **PRINTED), COWS, "12, 3"),
        (claim([12, 3], **PRINTED), steps_of("load", output="12 cows"), "nothing of the kind"),
        (claim(11.4, tolerance=SOURCE | {"margin": 0.5},
               printed={"step": "load", "pattern": r"(\d+) cows"}), COWS, "12"),
        (claim(13, relation=">=", tolerance=SOURCE,
               printed={"step": "load", "pattern": r"(\d+) cows"}), COWS, "12"),
        (claim(13, printed={"step": "load", "pattern": r"in (\w+ sheds)"}), COWS, "3 sheds"),
        (claim(4, network={"training": "head", "layers": "all"}), SEEN, "3"),
        (claim(3, network={"training": "head", "layers": "all"}),
         evidence_of(run(holder(), holder(layers=()))), "0, 3"),
        (claim(3, aggregation={"training": "head", "of_round": "parties"}), SEEN, "2"),
        (claim(2, aggregation={"training": "head", "of_round": "parties"}),
         evidence_of(run(rounds=(ROUND, replace(ROUND, parties=3)))), "2, 3"),
        (claim(65, aggregation={"training": "head", "of_round": "sent_bytes"}), TOGETHER, "64"),
        (claim(0.5, kind="duration", relation="<=", tolerance=SOURCE, duration="load"),
         COWS, "1"),
        (claim(kind="existence", ran="load"), steps_of("load", failing="load"), "False"),
        (claim("2.1", kind="version", version="barn"), COWS, "2.1.0"),
        (claim(["load", "show"], kind="order", order=["load", "show"]), steps_of("show", "load"),
         "show, load"),
        (claim(181, stated={"step": "load", "target": "numpy.load", "argument": "size"}), None,
         "180"),
        (claim(180, stated={"step": "load", "target": "numpy.load", "argument": "width"}), None,
         "nothing of the kind"),
        (claim(180, stated={"step": "train", "target": "numpy.load", "argument": "size"}), None,
         "nothing of the kind"),
    ],
)  # fmt: skip
def test_what_is_not_so_fails_with_what_was_observed(
    one: Claim, evidence: Evidence | None, observed: str
) -> None:
    result = of(one, evidence)
    assert (result.verdict, result.observed) == (Verdict.FAIL, observed)


@pytest.mark.parametrize(
    ("one", "evidence", "reason"),
    [
        (claim([1], **PRINTED), steps_of("train"), "the step did not come to its end in this run"),
        (claim([1], **PRINTED), steps_of("load", failing="load"), "the step did not come to its"),
        (claim(1, network={"training": "head", "layers": "all"}), evidence_of(),
         "the training did not come to its end"),
        (claim(1, aggregation={"training": "head", "of_round": "parties"}), evidence_of(run()),
         "no round was seen"),
        (claim(1, aggregation={"training": "head", "of_round": "sent_bytes"}), evidence_of(run()),
         "no round was seen"),
        (claim("1.0", kind="version", version="shed"), COWS, "the run did not record a version of"),
        (claim(kind="existence", ran="show"), COWS, "the run did not get there"),
        (claim(["load", "show"], kind="order", order=["load", "show"]), COWS, "the step did not"),
        (claim(1), None, "nothing that a run shows could decide it"),
        (claim([12, 3], undecided={"short": words("it has other cows")}, **PRINTED), COWS,
         "it has other cows"),
    ],
)  # fmt: skip
def test_what_the_run_does_not_show_is_unchecked_and_says_why(
    one: Claim, evidence: Evidence | None, reason: str
) -> None:
    result = of(one, evidence)
    assert result.verdict is Verdict.UNCHECKED
    assert str(result.reason).startswith(reason)


def test_a_profile_is_held_to_its_own_value() -> None:
    own: dict[str, Any] = {"profiles": {"short": {"value": 12, "origin": words("counted")}}}
    one = claim(900, printed={"step": "load", "pattern": r"(\d+) cows"}, **own)
    assert of(one, COWS).verdict is Verdict.PASS
    assert of(one, COWS, profile_name="full").verdict is Verdict.FAIL


@pytest.mark.parametrize("documented", ["2.1", "2.1.1", "2.1.0b1", "2", "12.1.0"])
def test_versions_are_compared_in_all_their_components(documented: str) -> None:
    said = claim(documented, kind="version", version="barn")
    assert of(said, COWS).verdict is Verdict.FAIL


def test_a_total_is_that_of_its_parts() -> None:
    parts = claim([5, 7], id="parts", kind="list")
    assert of(claim(12, total_of="parts"), None, parts).verdict is Verdict.PASS
    result = of(claim(13, total_of="parts"), None, parts)
    assert (result.verdict, result.observed) == (Verdict.FAIL, "12")


def test_a_known_erratum_has_to_show() -> None:
    known: dict[str, Any] = {
        "erratum": "slip",
        "printed": {"step": "load", "pattern": r"(\d+) cows"},
    }
    assert of(claim(13, **known), COWS).verdict is Verdict.ERRATUM
    result = of(claim(12, **known), COWS)
    assert (result.verdict, result.reason) == (Verdict.FAIL, "the erratum slip is stale")


def test_claims_about_the_text_need_no_run() -> None:
    assert claims.OF_TEXT.needs is Needs.TEXT
    one = claim(50, stated={"step": "train", "target": "epochs"})
    text = edited(("epochs = 50", "epochs = 5"))
    result = judged(claims.OF_TEXT, case(text, document=document_of(one)), "it")
    assert (result.verdict, result.observed) == (Verdict.FAIL, "5")


@pytest.mark.parametrize(
    ("one", "step"),
    [
        (claim([1], **PRINTED), "load"),
        (claim("1", kind="version", version="barn"), "load"),
        (claim(1, network={"training": "head", "layers": "all"}), "train"),
        (claim(["show", "load"], kind="order", order=["show", "load"]), "show"),
    ],
)
def test_a_claim_is_judged_once_its_last_step_has_run(one: Claim, step: str) -> None:
    assert claims.OF_RUN.step_of
    assert claims.OF_RUN.step_of(document_of(one), "it") == step


# What trainings reach.

REACHES = "accurate"


def reached(*accuracy: float, samples: int = 400, **more: Any) -> Result:
    """The judgement of the sample's claim, to be at least 0.7, of what an epoch showed."""
    shown = run(history={"accuracy": list(accuracy)}, samples={"accuracy": samples})
    return judged(claims.OF_RUN, case(evidence=evidence_of(shown), **more), REACHES)


@pytest.mark.parametrize("accuracy", [0.7, 0.66, 0.9, 1.0])
def test_a_metric_that_is_not_surely_below_its_threshold_passes(accuracy: float) -> None:
    result = reached(0.1, accuracy)
    assert result.verdict is Verdict.PASS
    assert result.observed == f"accuracy {accuracy:.4f} of head (the last of 2 epochs, n = 400)"
    assert result.tolerance == (
        "at least 0.7; false alarms at most 1%, 15 points less are seen with 100%: "
        "ten seeds; binomial noise"
    )


@pytest.mark.parametrize("last", [0.63, 0.55, 0.0])
def test_a_metric_surely_below_its_threshold_fails(last: float) -> None:
    assert reached(0.9, last).verdict is Verdict.FAIL


def test_too_few_samples_leave_a_threshold_undecided_and_the_power_is_said() -> None:
    result = reached(0.7, samples=20)
    assert result.verdict is Verdict.UNCHECKED
    assert str(result.reason).startswith(
        "n = 20 is too few: 15 points less would be seen with a proba"
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
    evidence = evidence_of(run(samples={}))
    result = judged(claims.OF_RUN, case(evidence=evidence), REACHES)
    assert (result.verdict, result.reason) == (
        Verdict.UNCHECKED,
        "it is not known on how many samples accuracy rests",
    )


@pytest.mark.parametrize("window", [1, 2])
def test_trainings_and_epochs_on_the_same_samples_count_them_once(window: int) -> None:
    """Of trainings on different numbers of samples, the fewest count."""
    measured = {"series": "accuracy", "trainings": ["head", "other"], "window": window}
    said = claim(0.5, relation=">=", tolerance=SOURCE, measured=measured)
    runs = [
        run(step=step, history={"accuracy": [0.7, 0.7]}, samples={"accuracy": samples})
        for step, samples in (("train", 400), ("show", 300))
    ]
    document = contract_of(trainings=BOTH, claims=[said])
    result = judged(claims.OF_RUN, case(document=document, evidence=evidence_of(*runs)), "it")
    assert result.observed.endswith("2 trainings, n = 300)")


def test_a_profile_that_cannot_decide_says_why_and_shows_what_it_saw() -> None:
    result = reached(0.1, profile_name="full")
    assert (result.verdict, result.reason) == (Verdict.UNCHECKED, "nobody has calibrated it")
    assert result.observed.startswith("accuracy 0.1000")


def test_a_documented_value_that_was_itself_measured_has_its_own_noise() -> None:
    measured = {"series": "accuracy", "trainings": ["head"]}
    exact = claim(0.75, relation=">=", tolerance=SOURCE, measured=measured)
    noisy = claim(
        0.75, relation=">=", tolerance=SOURCE,
        measured={**measured, "documented_samples": 400},
    )  # fmt: skip
    evidence = evidence_of(run(history={"accuracy": [0.69]}))
    assert of(exact, evidence).verdict is Verdict.FAIL
    assert of(noisy, evidence).verdict is Verdict.PASS


HEAD = contract_of().trainings[0]
BOTH = [HEAD, HEAD.model_copy(update={"id": "other", "step": "show"})]


def compared(relation: str, one: float, other: float, samples: int = 1500, **more: Any) -> Result:
    """The judgement of a comparison of two trainings."""
    tolerance = {"source": words("noise"), "margin": 0.05 if relation == "alike" else 0.0}
    measured = {"series": "accuracy", "trainings": ["head"], "against": ["other"]}
    said = claim(
        kind="comparison", relation=relation, tolerance=tolerance, measured=measured, **more
    )
    runs = [
        run(step=step, history={"accuracy": [0.0, value]}, samples={"accuracy": samples})
        for step, value in (("train", one), ("show", other))
    ]
    document = contract_of(trainings=BOTH, claims=[said])
    return judged(claims.OF_RUN, case(document=document, evidence=evidence_of(*runs)), "it")


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
    assert ("leaves it open" in result.reason) == (verdict is Verdict.UNCHECKED)
    assert f"against accuracy {other:.4f} of other" in result.observed


def test_a_profile_may_want_to_see_another_loss_than_the_claim() -> None:
    """40 samples do not show a loss of 15 points, but one of 60."""
    measured = {"series": "accuracy", "trainings": ["head"]}
    shown = evidence_of(run(history={"accuracy": [0.7]}, samples={"accuracy": 40}))

    def verdict(**fields: Any) -> Verdict:
        own = {"short": {"value": 0.7, "origin": words("ten seeds"), **fields}}
        said = claim(0.7, relation=">=", tolerance=SOURCE, measured=measured, profiles=own)
        return of(said, shown).verdict

    assert verdict() is Verdict.UNCHECKED
    assert verdict(detects=0.6) is Verdict.PASS


def test_a_profile_may_expect_an_advantage_of_its_own() -> None:
    own: dict[str, Any] = {"profiles": {"short": {"value": 0.3, "origin": words("five seeds")}}}
    assert compared("better", 0.8, 0.7, **own).verdict is Verdict.FAIL
    assert compared("better", 0.9, 0.5, **own).verdict is Verdict.PASS
