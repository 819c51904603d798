"""A page brings nothing into the open but what its contract gives a reason for."""

from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import case, contract_of, judged, together, training
from verify.checks import reveals
from verify.contract.contract import Contract
from verify.contract.contract import DocumentedReveal as Known
from verify.evidence.evidence import Evidence, Reveal, StepRun
from verify.finding import Result, Verdict

STEPS = ("load", "train", "show")
BY_PAGE = Reveal("show", True, "__main__", 1200)
BY_LIBRARY = Reveal("train", False, "library.callbacks", 64)
MORE_BY_LIBRARY = Reveal("train", False, "library.callbacks", 2048)


def document(*known: str) -> Contract:
    return contract_of(
        trainings=[together()], reveals=[Known(step=s, reason=words("it is shown")) for s in known]
    )


def of(*seen: Reveal, known: tuple[str, ...] = (), ran: tuple[str, ...] = STEPS) -> Result:
    steps = {step: StepRun(step, 0, 1, "", None) for step in ran}
    evidence = Evidence(steps=steps, trainings={}, reveals=seen)
    return judged(reveals.CHECK, case(document=document(*known), evidence=evidence))


@pytest.mark.parametrize(
    ("seen", "known", "says", "observed"),
    [
        ((), (), "nothing is revealed", "nothing"),
        (
            (BY_LIBRARY, MORE_BY_LIBRARY),
            (),
            "nothing is revealed",
            "the library itself (library.callbacks) 2 times up to 2,048 bytes",
        ),
        (
            (BY_PAGE,),
            ("show",),
            "it reveals something in show",
            "step show 1 times up to 1,200 bytes",
        ),
        (
            (BY_LIBRARY, BY_PAGE, BY_PAGE),
            ("load", "show"),
            "it reveals something in load, show",
            (
                "the library itself (library.callbacks) 1 times up to 64 bytes, "
                "step show 2 times up to 1,200 bytes"
            ),
        ),
    ],
)
def test_what_has_a_reason_and_what_the_library_needs_pass(
    seen: Any, known: Any, says: str, observed: str
) -> None:
    result = of(*seen, known=known)
    assert (result.verdict, str(result.says), str(result.observed)) == (
        Verdict.PASS,
        says,
        observed,
    )
    assert result.step is None


@pytest.mark.parametrize("known", [(), ("load",)])
@pytest.mark.parametrize("ran", [STEPS, STEPS[:2]])
def test_a_needless_reveal_fails_at_its_step(known: Any, ran: Any) -> None:
    result = of(BY_LIBRARY, BY_PAGE, known=known, ran=ran)
    assert (result.verdict, result.step, result.cells) == (Verdict.FAIL, "show", (3,))
    assert str(result.observed) == "step show reveals 1,200 bytes"


@pytest.mark.parametrize("seen", [(), (BY_LIBRARY,)])
def test_a_run_that_did_not_end_might_still_reveal_something(seen: Any) -> None:
    result = of(*seen, ran=STEPS[:2])
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "the run did not come to its end",
    )


def test_a_page_without_parties_has_nothing_to_hide() -> None:
    assert reveals.CHECK.subjects(contract_of(trainings=[training()])) == []
    assert reveals.CHECK.subjects(document()) == [""]
