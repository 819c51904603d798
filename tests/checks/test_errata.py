"""Errata are there exactly as the ledger says, or they are stale."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.checks.builders import case, contract_of, erratum, judged
from verify.checks import errata
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.evidence.evidence import Evidence, Shown, StepRun
from verify.evidence.failure import Failure
from verify.finding import Result, Verdict
from verify.ledger.erratum import Erratum

SYMPTOM = "KeyError: 'size'"
RAISED = Failure(Verdict.FAIL, f"the code raised {SYMPTOM}", raised=SYMPTOM)


def document(**fields: Any) -> Contract:
    return contract_of(errata=[erratum(**{"id": "no-size", "symptom": SYMPTOM, **fields})])


# In a published run.


def ran(*shown: int, steps: tuple[str, ...] = ("load", "train", "show")) -> Evidence:
    """These steps ran, and the erratum showed at these cells."""
    cells = {"load": 1, "train": 2, "show": 3}
    return Evidence(
        steps={
            step: StepRun(
                step,
                0,
                1,
                "",
                None,
                tuple(Shown("no-size", c, "") for c in shown if c == cells[step]),
            )
            for step in steps
        },
        trainings={},
    )


@pytest.mark.parametrize(
    ("evidence", "verdict", "observed"),
    [
        (ran(1, 2), Verdict.ERRATUM, "so it was; repaired, and the run went on"),
        (ran(1), Verdict.FAIL, "cell 2 ran well: the erratum is stale"),
        (ran(), Verdict.FAIL, "cell 1, 2 ran well: the erratum is stale"),
        (ran(1, steps=("load",)), Verdict.UNCHECKED, ""),
        (ran(steps=()), Verdict.UNCHECKED, ""),
        (ran(steps=("load",)), Verdict.FAIL, "cell 1 ran well: the erratum is stale"),
    ],
)
def test_every_cell_of_a_runtime_erratum_must_show_it(
    evidence: Evidence, verdict: Verdict, observed: str
) -> None:
    result = judged(
        errata.SHOWN, case(document=document(cells=[1, 2]), evidence=evidence), "no-size"
    )
    assert (result.verdict, str(result.observed)) == (verdict, observed)


@pytest.mark.parametrize(
    ("repaired", "evidence", "verdict"),
    [
        ((1, 2), ran(), Verdict.PASS),
        ((2,), ran(1), Verdict.ERRATUM),
        ((1,), ran(), Verdict.FAIL),  # cell 2 is as it was, and ran well
        ((1, 2), ran(steps=("load",)), Verdict.UNCHECKED),
    ],
)
def test_what_a_page_has_repaired_need_not_show(
    repaired: tuple[int, ...], evidence: Evidence, verdict: Verdict
) -> None:
    built = case(document=document(cells=[1, 2]), evidence=evidence)
    built = replace(built, repaired=dict.fromkeys(repaired, ("other", "no-size")))
    assert judged(errata.SHOWN, built, "no-size").verdict is verdict
    others = replace(built, repaired=dict.fromkeys(repaired, ("other",)))
    assert judged(errata.SHOWN, others, "no-size").verdict is not Verdict.PASS


def test_an_erratum_is_judged_after_the_last_step_that_has_it() -> None:
    assert errata.SHOWN.step_of
    assert errata.SHOWN.step_of(document(cells=[1]), "no-size") == "load"
    assert errata.SHOWN.step_of(document(cells=[1, 2]), "no-size") == "train"


@pytest.mark.parametrize(
    ("find", "verdict"),
    [("$X.fit($$$A)", Verdict.ERRATUM), ("$X.refit($$$A)", Verdict.FAIL)],
)
def test_a_text_erratum_is_there_as_long_as_it_is_written(find: str, verdict: Verdict) -> None:
    written = document(cells=[2], kind="text", apply=[{"find": find, "replace": ""}])
    assert judged(errata.WRITTEN, case(document=written), "no-size").verdict is verdict
    elsewhere = document(cells=[3], kind="text", apply=[{"find": find, "replace": ""}])
    assert judged(errata.WRITTEN, case(document=elsewhere), "no-size").verdict is Verdict.FAIL


def test_each_kind_of_erratum_is_judged_once_in_each_edition() -> None:
    both = contract_of(
        errata=[
            erratum(id="a"),
            erratum(id="b", kind="text"),
        ]
    )
    subjects = {
        edition: [
            subject
            for check in (errata.REPRODUCED, errata.SHOWN, errata.WRITTEN)
            if edition in check.editions
            for subject in check.subjects(both)
        ]
        for edition in Edition
    }
    assert subjects == {edition: ["a", "b"] for edition in Edition}


# Beside our edition.


def reproduced(folder: Path, failure: Failure | None, **fields: Any) -> Result:
    """The judgement after the erratum's program, if there is one, ended like this."""

    def reproduce(_: Erratum) -> Failure | None:
        return failure

    known = document(**fields).model_copy(update={"folder": folder})
    return judged(errata.REPRODUCED, case(document=known, reproduce=reproduce), "no-size")


@pytest.mark.parametrize(
    ("failure", "verdict", "observed"),
    [
        (RAISED, Verdict.ERRATUM, "no-size.py shows it"),
        (None, Verdict.FAIL, "no-size.py ends well: the erratum is stale"),
        (
            Failure(Verdict.FAIL, "the code raised KeyError: 'sizes'", raised="KeyError: 'sizes'"),
            Verdict.FAIL,
            "no-size.py fails otherwise: the code raised KeyError: 'sizes'",
        ),
        (
            Failure(Verdict.ERROR, "memory ran out", raised=SYMPTOM),
            Verdict.ERROR,
            "no-size.py fails otherwise: memory ran out",
        ),
    ],
)
def test_a_small_program_must_show_the_symptom(
    tmp_path: Path, failure: Failure | None, verdict: Verdict, observed: str
) -> None:
    (tmp_path / "errata").mkdir()
    (tmp_path / "errata" / "no-size.py").touch()
    result = reproduced(tmp_path, failure)
    assert (result.verdict, str(result.observed)) == (verdict, observed)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "there is no no-size.py to show it"),
        (
            {"kind": "text"},
            "it is a matter of the page's text: `run --edition published` reads that",
        ),
    ],
)
def test_what_no_program_shows_is_unchecked(
    tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    result = reproduced(tmp_path, RAISED, **fields)
    assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, reason)
