"""What a profile changed is no number of the page's: claims on it are not decided, and say why."""

from dataclasses import replace
from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import case, contract_of, evidence_of, judged, run, shortened
from verify.checks import Case, claims
from verify.contract.claim import Claim
from verify.contract.profiles import FileRow
from verify.evidence.evidence import Applied, StepRun
from verify.finding import Result, Verdict
from verify.system.words import Words

HEAD = contract_of().trainings[0]
OTHER = HEAD.model_copy(update={"id": "other", "step": "show", "start": "random"})
GOOD = [run(step=step, history={"accuracy": [0.1, 0.9]}) for step in ("train", "show")]
FLOWERS, NETWORK = "http://pages/flowers.tgz", "http://pages/net.h5"


def standing_in(url: str, program: str, step: str = "load") -> Applied:
    """What a program of ours built, asked for in a step."""
    return Applied("it", 0, step, url, f"built by {program}", "a stand-in", program)


ARCHIVE, WEIGHTS = standing_in(FLOWERS, "flowers.py"), standing_in(NETWORK, "pretrain.py")


def reached(training: str, *applied: Applied) -> Result:
    """The judgement of the claim that a training reaches 0.9, which it does."""
    return decided(reaching(training), *applied)


def reaching(training: str) -> dict[str, Any]:
    measured = {"series": "accuracy", "trainings": [training]}
    said = {"id": "it", "cell": 2, "says": words("so"), "anchor": "0" * 12, "documented": 0.9}
    return {**said, "evidence": {"measured": measured}}


def decided(said: dict[str, Any], *applied: Applied, start: str = "random") -> Result:
    return judged(claims.OF_RUN, ran(said, *applied, start=start), "it")


def ran(said: dict[str, Any], *applied: Applied, start: str = "random") -> Case:
    other = OTHER.model_copy(update={"start": start})
    document = contract_of(trainings=[HEAD, other], claims=[Claim.model_validate(said)], files=[])
    steps = {"load": StepRun("load", 0, 1, "Found 90 files", None)}
    evidence = replace(evidence_of(*GOOD), steps=steps)
    return case(document=document, evidence=evidence, applied=applied)


@pytest.mark.parametrize(
    ("training", "applied", "reason"),
    [
        ("head", shortened("train"), "2 epochs instead of 50"),
        ("head", shortened(None), "2 epochs instead of 50"),
        ("head", shortened("load", 5, "samples"), "samples 5 instead of 50"),
        ("head", ARCHIVE, "a stand-in of ours for flowers.tgz"),
        ("head", WEIGHTS, "a stand-in of ours for net.h5"),
        # What one training asks for is there for those after it.
        ("other", standing_in(FLOWERS, "flowers.py", "train"),
         "a stand-in of ours for flowers.tgz"),
    ],
)  # fmt: skip
def test_a_number_that_rests_on_what_was_changed_is_not_the_pages(
    training: str, applied: Applied, reason: str
) -> None:
    result = reached(training, applied)
    said = f"{reason}"
    assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, said)
    assert str(result.observed).startswith(f"accuracy 0.9000 of {training}")
    assert result.basis is None


@pytest.mark.parametrize(
    ("training", "applied"),
    [
        ("head", shortened("show")),  # of another training
        ("other", shortened("train", 5, "samples")),  # likewise
        ("head", shortened("show", 5, "samples")),  # later
        ("head", standing_in(FLOWERS, "flowers.py", "show")),  # likewise
        ("other", WEIGHTS),  # it starts at random
    ],
)
def test_what_changed_elsewhere_leaves_it_decided(training: str, applied: Applied) -> None:
    assert reached(training, applied).verdict is Verdict.PASS


def test_all_changes_are_named_once_in_both_languages() -> None:
    some = ran(reaching("head"), shortened("train"), ARCHIVE, ARCHIVE, WEIGHTS)
    result = claims.OF_RUN.judge(some, "it")
    assert isinstance(result.reason, Words)
    assert result.reason.en == (
        "2 epochs instead of 50; a stand-in of ours for flowers.tgz; a stand-in of ours for net.h5"
    )
    assert result.reason.zh.startswith("2 个 epoch，而不是 50 个；")


def test_weights_of_another_network_leave_it_decided() -> None:
    rows = [FileRow(url=NETWORK, program="pretrain.py"), FileRow(url="http://pages/o.h5")]
    own = HEAD.model_copy(update={"weights": "o.h5"})
    claim = Claim.model_validate(reaching("head"))
    document = contract_of(trainings=[own], claims=[claim], files=rows)
    some = case(document=document, evidence=evidence_of(*GOOD), applied=(WEIGHTS,))
    assert judged(claims.OF_RUN, some, "it").verdict is Verdict.PASS


def test_a_training_rests_on_the_one_that_it_starts_from() -> None:
    said = reaching("other")
    cut = shortened("train")
    assert decided(said, cut).verdict is Verdict.PASS
    assert str(decided(said, cut, start="head").reason) == "2 epochs instead of 50"


PRINTED = {"step": "load", "pattern": r"Found (\d+) files"}


def counted(*applied: Applied, fixed: bool = False) -> Result:
    said = {"id": "it", "cell": 2, "says": words("90"), "anchor": "0" * 12, "documented": 90}
    return decided({**said, "evidence": {"printed": {**PRINTED, "fixed": fixed}}}, *applied)


def test_what_a_step_counts_of_stand_ins_is_not_the_pages() -> None:
    result = counted(ARCHIVE)
    assert (result.verdict, str(result.observed)) == (Verdict.UNCHECKED, "90")
    assert str(result.reason) == "a stand-in of ours for flowers.tgz"
    assert counted().verdict is Verdict.PASS
    assert counted(shortened("train")).verdict is Verdict.PASS
    assert counted(standing_in(FLOWERS, "flowers.py", "train")).verdict is Verdict.PASS
    assert counted(ARCHIVE, fixed=True).verdict is Verdict.PASS


def test_a_comparison_on_stand_ins_is_not_the_pages() -> None:
    said = {"id": "it", "cell": 2, "says": words("so"), "anchor": "0" * 12, "relation": "better"}
    measured = {"series": "accuracy", "trainings": ["head"], "against": ["other"]}
    result = decided({**said, "evidence": {"measured": measured}}, ARCHIVE)
    assert result.verdict is Verdict.UNCHECKED
    assert "for flowers.tgz" in str(result.reason)
