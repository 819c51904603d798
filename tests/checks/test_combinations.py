"""What the contract says of each pair is held against what became of it."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from tests.bilingual import words
from tests.checks.builders import (
    case,
    combination,
    contract_of,
    evidence_of,
    holder,
    judged,
    message,
    run,
)
from verify.checks import combinations
from verify.contract.training_terms import Combination, Flaw, Pair
from verify.evidence import combination_outcomes as observed
from verify.evidence.evidence import Evidence, FailedTraining, Round, TrainingRun, Weights
from verify.finding import Result, Verdict
from verify.report import combination_table as table

PAIR = "torch-fed_avg_w-PlainAggregator"
TRIAL = Round(parties=2, weights=(5, 3), fxp_bits=None, error=0.0, ratio=0.5)
OPEN = message(plain=True, correlation=1.0, uniform=(), fresh=())
GIVEN = message("carol", "alice", aggregate=True, bytes=48)
START = Round(2, (), None, ratio=0.1, arrays=(8, 4), messages=(OPEN, GIVEN), seconds=9.0)
USUAL = replace(START, weights=(4, 4), seconds=0.25)
LAST = replace(USUAL, seconds=7.0)


def trained(*rounds: Round, **changed: Any) -> TrainingRun:
    """A pair that works: the parties' own numbers are seen, and all end alike."""
    fields: dict[str, Any] = {
        "kind": "federated",
        "strategy": "fed_avg_w",
        "aggregator": "PlainAggregator",
        "backend": "torch",
        "rounds": rounds or (START, USUAL, LAST),
        "challenge": (TRIAL,),
    }
    both = changed.pop("holders", (holder(), holder(name="bob")))
    return run(*both, **fields | changed)


DEEPER = "in step train they break with an error from deeper down: ValueError: "


def failed(message: str, *, own: bool = False, **changed: Any) -> FailedTraining:
    """A pair that raises something."""
    fields: dict[str, Any] = {
        "step": "train",
        "backend": "torch",
        "strategy": "fed_avg_w",
        "aggregator": "PlainAggregator",
        "apart": False,
        "stage": "training",
        "raised": "ValueError",
    }
    return FailedTraining(**fields | {"message": message, "own": own} | changed)


ENVIRONMENT = "secretflow-1.11.0b1"


def judge(said: Combination, seen: Evidence, subject: str = PAIR) -> Result:
    needs = contract_of().environment.model_copy(update={"name": ENVIRONMENT})
    document = contract_of(combinations=[said], environment=needs)
    return judged(combinations.CHECK, case(document=document, evidence=seen), subject)


WORKS = combination()
REFUSED = combination(
    outcome="refused", symptom="ValueError: takes no * arrays", within=None, plaintext=None
)
BREAKS = combination(
    outcome="breaks",
    symptom="ValueError: not enough*",
    within=None,
    plaintext=None,
    defect="scaffold-is-fed-avg",
)
DIFFERENT = (holder(), holder(name="bob", after=Weights(((), ("p",), ("t",)))))
OUTSIDE = {"within": False, "defect": "scaffold-is-fed-avg"}
APART = {"flaws": ["parties-differ"], "defect": "torch-updates-counted-twice"}
KNOWN = {"defect": "known"}
UNKNOWN = {"within": None, "undecidable": words("the aggregate is a dictionary")}


@pytest.mark.parametrize(
    ("said", "seen", "verdict"),
    [
        (WORKS, evidence_of(trained()), Verdict.PASS),
        (
            combination(plaintext=False),
            evidence_of(trained(replace(START, messages=(GIVEN,)))),
            Verdict.PASS,
        ),
        (combination(**UNKNOWN), evidence_of(trained(replace(START, ratio=None))), Verdict.PASS),
        (combination(**OUTSIDE), evidence_of(trained(replace(START, ratio=2.0))), Verdict.ERRATUM),
        (combination(**APART), evidence_of(trained(holders=DIFFERENT)), Verdict.ERRATUM),
        (REFUSED, evidence_of(failed=(failed("takes no sparse arrays", own=True),)), Verdict.PASS),
        (BREAKS, evidence_of(failed=(failed("not enough values"),)), Verdict.ERRATUM),
    ],
)
def test_what_is_as_the_contract_says_agrees(
    said: Combination, seen: Evidence, verdict: Verdict
) -> None:
    assert judge(said, seen).verdict is verdict


@pytest.mark.parametrize(
    ("said", "seen", "observed"),
    [
        (
            WORKS,
            evidence_of(failed=(failed("not enough values"),)),
            f"{DEEPER}not enough values",
        ),
        (
            WORKS,
            evidence_of(trained(START, replace(USUAL, ratio=3.0))),
            "in step train the aggregates are off by at most 3 of the bound",
        ),
        (
            WORKS,
            evidence_of(trained(START, replace(USUAL, ratio=float("nan")))),
            "in step train the aggregates are off by at most nan of the bound",
        ),
        (
            WORKS,
            evidence_of(trained(challenge=(replace(TRIAL, ratio=9.0),))),
            "in step train the aggregates are off by at most 9 of the bound",
        ),
        (
            WORKS,
            evidence_of(trained(challenge=(replace(TRIAL, ratio=None, reason="it is odd"),))),
            "in step train nobody can tell whether the aggregates are right (it is odd)",
        ),
        (
            combination(plaintext=False),
            evidence_of(trained()),
            "in step train carol saw a party's own numbers",
        ),
        (
            WORKS,
            evidence_of(trained(replace(START, messages=(GIVEN,)))),
            "in step train nobody saw a party's own numbers",
        ),
        (
            WORKS,
            evidence_of(trained(holders=DIFFERENT)),
            "in step train the parties end with different networks",
        ),
        (
            WORKS,
            evidence_of(trained(START, replace(USUAL, arrays=(8, 4, 8, 4)))),
            "in step train a party sends more arrays than its network has",
        ),
        (combination(**APART), evidence_of(trained()), "in step train nothing else is wrong"),
        (
            REFUSED,
            evidence_of(failed=(failed("takes no sparse arrays"),)),
            f"{DEEPER}takes no sparse arrays",
        ),
        (
            REFUSED,
            evidence_of(failed=(failed("is refused", own=True),)),
            "in step train it ends with ValueError: is refused",
        ),
        (
            combination(**APART | {"defect": "no-such-entry"}),
            evidence_of(trained(holders=DIFFERENT)),
            "the ledger has no defect no-such-entry",
        ),
    ],
)
def test_what_is_otherwise_is_told(said: Combination, seen: Evidence, observed: str) -> None:
    result = judge(said, seen)
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, observed)


def test_a_pair_that_a_step_did_not_try_is_not_decided() -> None:
    result = judge(combination(step=["load", "train"]), evidence_of(trained()))
    assert result.verdict is Verdict.UNCHECKED
    assert str(result.reason) == "step load did not train them"


def test_a_pair_is_judged_by_each_of_its_trainings() -> None:
    wrong = replace(START, ratio=2.0)
    assert judge(WORKS, evidence_of(trained(), trained(wrong))).verdict is Verdict.FAIL


def test_pairs_that_no_one_documents_are_told() -> None:
    more = failed("too much", strategy="fed_new")
    result = judge(WORKS, evidence_of(trained(), failed=(more,)), "")
    assert result.verdict is Verdict.FAIL
    assert str(result.observed) == "also torch-fed_new-PlainAggregator"
    assert judge(WORKS, evidence_of(trained()), "").verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"outcome": "breaks"}, "has `plaintext` if it works, else `symptom`"),
        ({"plaintext": None}, "has `plaintext` if it works, else `symptom`"),
        ({"within": None}, "names `within`, or with `undecidable` why nobody can tell"),
        ({"within": False}, "names in `defect` the entry"),
        ({"flaws": ["arrays-repeated"]}, "names in `defect` the entry"),
        (
            {"outcome": "breaks", "symptom": "E", "within": None, "plaintext": None},
            "names in `defect` the entry",
        ),
    ],
)
def test_a_combination_says_what_its_outcome_needs(changed: Any, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        combination(**changed)


def test_bytes_and_seconds_are_those_of_a_usual_round() -> None:
    (seen,) = observed.of(evidence_of(trained()), Pair("torch", "fed_avg_w", "PlainAggregator"))
    assert (seen.sent_bytes, seen.received_bytes, seen.seconds) == (64, 48, 0.25)
    assert seen.seen_by == ("carol",)


def test_the_table_has_a_row_for_each_pair_that_was_tried() -> None:
    document = contract_of(
        combinations=[
            WORKS,
            combination(strategy="fed_avg_u", aggregator=["A", "B"], **APART | KNOWN),
        ]
    )
    updates = trained(strategy="fed_avg_u", aggregator="A", holders=DIFFERENT, apart=False)
    entries = table.of(document, evidence_of(trained(), updates), [])
    assert ["; ".join(map(str, entry.row)) for entry in entries] == [
        "torch; fed_avg_w; PlainAggregator; works; 0.5; carol; 64; 48; ; 0.25; ",
        "torch; fed_avg_u; A; works, parties-differ; 0.5; carol; 64; 48; 0.25; ; known",
    ]
    assert all(len(entry.row) == len(table.COLUMNS) for entry in entries)
    assert entries[1].flaws == [Flaw.PARTIES_DIFFER]
