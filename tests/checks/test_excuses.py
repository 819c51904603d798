"""What a profile excuses is undecided whatever becomes of it, and nothing else is."""

from dataclasses import replace
from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import case, contract_of, evidence_of, holder, judged, run, training
from verify.checks import Case, Check, Needs, claims, freezing, losses, series
from verify.contract.contract import Contract
from verify.evidence.evidence import THIS_MACHINE
from verify.finding import CheckKind, Result, Verdict

HELD = holder(name=THIS_MACHINE)
MOVED = replace(HELD, phases=((0.0, 0.5, 0.5),), drift=(0.0, 0.5, 0.5))


def excusing(*ids: str) -> Contract:
    """The sample whose profile `short` leaves these checks undecided."""
    document = contract_of(trainings=[training(epochs=2)])
    undecided = {id_: words("too few steps") for id_ in ids}
    short = document.profiles["short"].model_copy(update={"undecided": undecided})
    return document.model_copy(update={"profiles": document.profiles | {"short": short}})


def of(check: Check, document: Contract, **changed: Any) -> Result:
    some = case(document=document, evidence=evidence_of(run(HELD, **changed)))
    return judged(check, some, "accurate" if check.kind is CheckKind.CLAIM else "head")


RISES = {"history": {"loss": [1.0, 2.0], "accuracy": [0.9, 0.1]}}
SHORT = {"history": {"loss": [2.0], "accuracy": [0.9]}}


@pytest.mark.parametrize(
    ("check", "id_", "wrong"),
    [
        (losses.CHECK, "loss:head", RISES),
        (series.CHECK, "series:head", SHORT),
        (freezing.CHECK, "freezing:head", {"holders": (MOVED,)}),
        (claims.OF_RUN, "claim:accurate", RISES),
    ],
)
def test_what_is_excused_neither_passes_nor_fails(
    check: Check, id_: str, wrong: dict[str, Any]
) -> None:
    def verdict(document: Contract, **changed: Any) -> Verdict:
        holders = changed.pop("holders", (HELD,))
        shown = evidence_of(run(*holders, **changed))
        return check.judge(case(document=document, evidence=shown), id_.partition(":")[2]).verdict

    elsewhere = excusing("loss:other", "claim:head", "outputs:train")
    assert verdict(elsewhere) is Verdict.PASS
    assert verdict(elsewhere, **wrong) is Verdict.FAIL
    assert verdict(excusing(id_)) is verdict(excusing(id_), **wrong) is Verdict.UNCHECKED


def test_an_excuse_keeps_what_was_observed_and_says_why() -> None:
    result = of(losses.CHECK, excusing("loss:head"), **RISES)
    assert (str(result.observed), str(result.reason)) == ("loss 1, 2", "too few steps")
    claim = of(claims.OF_RUN, excusing("claim:accurate"))
    assert claim.basis is None
    assert str(claim.observed).startswith("accuracy 0.7500 of head")


def test_a_fault_of_ours_is_not_excused() -> None:
    def broken(_: Case, __: str) -> Result:
        return Result("loss:head", CheckKind.LOSS, Verdict.ERROR, observed="we broke")

    check = Check(CheckKind.LOSS, lambda _: ["head"], broken, Needs.RUN)
    assert of(check, excusing("loss:head")).verdict is Verdict.ERROR
