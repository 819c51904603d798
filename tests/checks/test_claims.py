"""Each claim is judged by what decides it, beside near-identical ones that fail."""

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
from verify.evidence.failure import Failure
from verify.execute.failures import of_timeout
from verify.finding import Basis, Result, Verdict

ANCHOR = "0123456789ab"


def claim(documented: Any = None, /, **fields: Any) -> Claim:
    """A claim of which only what matters is said; its evidence is what names no other field."""
    own = {name: fields.pop(name) for name in tuple(fields) if name in Claim.model_fields}
    evidence = {"evidence": fields} if fields else {}
    said = {"id": "it", "cell": 2, "says": words("so it is"), "anchor": ANCHOR}
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
        (claim(1.5, relation="<=", tolerance=SOURCE, duration="load"),
         COWS),
        (claim(ran="load"), COWS),
        (claim("2.1.0", version="barn"), COWS),
        (claim(["load", "show"], order=["load", "show"]), steps_of("load", "show")),
        (claim(180, stated={"step": "load", "target": "numpy.load", "argument": "size"}), None),
        (claim("flowers", stated={"step": "load", "target": "*.load"}), None),
        (claim(50, stated={"step": "train", "target": "epochs"}), None),
    ],
)  # fmt: skip
def test_what_is_so_passes(one: Claim, evidence: Evidence | None) -> None:
    result = of(one, evidence)
    assert (result.verdict, str(result.says), result.cells) == (Verdict.PASS, "so it is", (2,))


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
        (claim(0.5, relation="<=", tolerance=SOURCE, duration="load"),
         COWS, "1"),
        (claim(ran="load"), steps_of("load", failing="load"), "False"),
        (claim("2.1", version="barn"), COWS, "2.1.0"),
        (claim(["load", "show"], order=["load", "show"]), steps_of("show", "load"),
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
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, observed)


# A step that memory was lacking for.
LACKING = Evidence(
    steps={"load": StepRun("load", 0, 1, "", Failure(Verdict.ERROR, "memory ran out"))},
    trainings={},
)


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
        (claim("1.0", version="shed"), COWS, "the run did not record a version of"),
        (claim(ran="show"), COWS, "the run did not get there"),
        (claim(ran="load"), LACKING, "the step could not be judged in this run"),
        (claim(["load", "show"], order=["load", "show"]), COWS, "the step did not"),
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


@pytest.mark.parametrize("documented", ["2.1", "2.1.1", "2.1.0b1", "2", "12.1.0"])
def test_versions_are_compared_in_all_their_components(documented: str) -> None:
    said = claim(documented, version="barn")
    assert of(said, COWS).verdict is Verdict.FAIL


def test_a_step_that_went_on_after_another_is_there_twice() -> None:
    one = claim(order=["load", "show"])
    runs = steps_of("load", "show")
    assert of(one, runs).verdict is Verdict.PASS
    again = replace(runs.steps["load"], again=(5.0,))
    result = of(one, replace(runs, steps={**runs.steps, "load": again}))
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, "load, show, load")


def test_a_claim_says_how_it_was_decided() -> None:
    found = {
        Basis.READ: of(claim(50, stated={"step": "train", "target": "epochs"})),
        Basis.ADDED: of(claim(12, total_of="parts"), None, claim([5, 7], id="parts")),
        Basis.SHOWN: of(claim([12, 3], **PRINTED), COWS),
        None: of(claim([12, 3], undecided=words("nobody counts"), **PRINTED), COWS),
    }
    assert {basis: result.basis for basis, result in found.items()} == {b: b for b in found}
    assert str(found[Basis.READ].sentence).endswith("; read in the code")


def test_what_reading_cannot_know_equals_nothing_and_hides_no_contradiction() -> None:
    one = claim(180, stated={"step": "load", "target": "numpy.load", "argument": "size"})
    twice = "{}\ndef load(n):\n    return np.load('flowers', size=n)"
    line = 'data = np.load("flowers", size=180)'

    def judged_with(size: int) -> Result:
        text = edited((line, twice.format(line.replace("180", str(size)))))
        return judged(claims.OF_TEXT, case(text, document=document_of(one)), "it")

    assert judged_with(181).verdict is Verdict.FAIL
    result = judged_with(180)
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "reading the code does not tell all that it states",
    )


def test_a_total_is_that_of_its_parts() -> None:
    parts = claim([5, 7], id="parts")
    assert of(claim(12, total_of="parts"), None, parts).verdict is Verdict.PASS
    result = of(claim(13, total_of="parts"), None, parts)
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, "12")


def test_a_known_erratum_has_to_show() -> None:
    known: dict[str, Any] = {
        "erratum": "slip",
        "printed": {"step": "load", "pattern": r"(\d+) cows"},
    }
    assert of(claim(13, **known), COWS).verdict is Verdict.ERRATUM
    result = of(claim(12, **known), COWS)
    assert (result.verdict, str(result.reason)) == (Verdict.FAIL, "the erratum slip is stale")


def test_claims_about_the_text_need_no_run() -> None:
    assert claims.OF_TEXT.needs is Needs.TEXT
    one = claim(50, stated={"step": "train", "target": "epochs"})
    text = edited(("epochs = 50", "epochs = 5"))
    result = judged(claims.OF_TEXT, case(text, document=document_of(one)), "it")
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, "5")


@pytest.mark.parametrize(
    ("one", "step"),
    [
        (claim([1], **PRINTED), "load"),
        (claim("1", version="barn"), "load"),
        (claim(1, network={"training": "head", "layers": "all"}), "train"),
        (claim(["show", "load"], order=["show", "load"]), "show"),
    ],
)
def test_a_claim_is_judged_once_its_last_step_has_run(one: Claim, step: str) -> None:
    assert claims.OF_RUN.step_of
    assert claims.OF_RUN.step_of(document_of(one), "it") == step
