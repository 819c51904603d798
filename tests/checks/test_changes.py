"""What a profile changed is no number of the page's: claims on it are not decided, and say why."""

from typing import Any

import pytest

from tests.bilingual import words
from tests.checks.builders import case, contract_of, evidence_of, judged, run, shortened
from verify.checks import claims
from verify.contract.claim import Claim
from verify.contract.profiles import Override, Profile, Recipe
from verify.evidence.evidence import Applied, StepRun
from verify.finding import Result, Verdict

HEAD = contract_of().trainings[0]
OTHER = HEAD.model_copy(update={"id": "other", "step": "show", "start": "random"})
GOOD = [run(step=step, history={"accuracy": [0.1, 0.9]}) for step in ("train", "show")]
ARCHIVE = Applied("archive", 0, "load", "'http://pages/flowers.tgz'", "'http://here/x'", "offline")
WEIGHTS = Applied("weights", 0, "load", "'imagenet'", "'/kept/x.h5'", "offline")


def override(parameter: str, documented: Any, use: Any) -> Override:
    return Override(
        parameter=parameter,
        assign=["x"],
        documented=documented,
        use=use,
        reason=words("cost"),
    )


def profile(**changed: Any) -> Profile:
    fields: dict[str, Any] = {"says": words("small"), "step_limit_s": 1, "expected_s": 1}
    return Profile.model_validate({**fields, **changed})


STANDING_IN = profile(
    overrides=[
        override("archive", "http://pages/flowers.tgz", "{archive}"),
        override("weights", "imagenet", "{weights}"),
    ],
    recipes={
        "archive": Recipe(program="flowers.py", file="flower_photos.tgz"),
        "weights": Recipe(program="pretrain.py", file="net.h5"),
    },
)
FETCHING = profile(
    overrides=[override("archive", "http://pages/flowers.tgz", "{archive}")],
    downloads={"archive": {"url": "http://pages/flowers.tgz", "bytes": 5}},
)


def reached(
    training: str, *applied: Applied, used: Profile | None = None, **changed: Any
) -> Result:
    """The judgement of the claim that a training reaches 0.9, which it does."""
    measured = {"series": "accuracy", "trainings": [training], **changed}
    said = {"id": "it", "cell": 2, "says": words("so"), "anchor": "0" * 12, "documented": 0.9}
    return decided({**said, "evidence": {"measured": measured}}, *applied, used=used)


def decided(said: dict[str, Any], *applied: Applied, used: Profile | None = None) -> Result:
    document = contract_of(
        trainings=[HEAD, OTHER],
        claims=[Claim.model_validate(said)],
        profiles={"short": used or profile()},
    )
    shown = evidence_of(*GOOD)
    steps = {"load": StepRun("load", 0, 1, "Found 90 files", None)}
    evidence = type(shown)(steps=steps, trainings=shown.trainings)
    return judged(claims.OF_RUN, case(document=document, evidence=evidence, applied=applied), "it")


@pytest.mark.parametrize(
    ("training", "applied", "used", "reason"),
    [
        ("head", shortened("train"), None, "2 epochs instead of 50"),
        ("head", shortened(None), None, "2 epochs instead of 50"),
        ("head", shortened("load", 5, "data size"), None, "data size 5 instead of 50"),
        ("head", ARCHIVE, STANDING_IN, "what flowers.py makes instead of flowers.tgz"),
        ("head", WEIGHTS, STANDING_IN, "what pretrain.py makes instead of imagenet"),
    ],
)
def test_a_number_that_rests_on_what_was_changed_is_not_the_pages(
    training: str, applied: Applied, used: Profile | None, reason: str
) -> None:
    result = reached(training, applied, used=used)
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        f"profile short has {reason}",
    )
    assert result.observed.startswith("accuracy 0.9000 of head")
    assert result.basis is None


@pytest.mark.parametrize(
    ("training", "applied", "used"),
    [
        ("head", None, STANDING_IN),  # nothing was put in place
        ("head", shortened("show"), None),  # of another training
        ("head", shortened("show", 5, "data size"), None),  # later
        ("other", WEIGHTS, STANDING_IN),  # it starts at random
        ("head", ARCHIVE, FETCHING),  # the documented file, checked
    ],
)
def test_what_changed_elsewhere_leaves_it_decided(
    training: str, applied: Applied | None, used: Profile | None
) -> None:
    some = (applied,) if applied else ()
    assert reached(training, *some, used=used).verdict is Verdict.PASS


def test_all_changes_are_named_once() -> None:
    result = reached("head", shortened("train"), ARCHIVE, ARCHIVE, WEIGHTS, used=STANDING_IN)
    assert str(result.reason) == (
        "profile short has 2 epochs instead of 50; what flowers.py makes instead of flowers.tgz; "
        "what pretrain.py makes instead of imagenet"
    )


def test_weights_that_are_fetched_unseen_count_where_they_are_used() -> None:
    """Torch asks by itself: no place in the page is changed."""
    address = "http://pages/net.pth"
    torch = {"program": "pretrain.py", "file": "net.pth", "torch_url": address}
    used = profile(recipes={"weights": torch})
    assert str(reached("head", used=used).reason) == (
        "profile short has what pretrain.py makes instead of net.pth"
    )
    assert reached("other", used=used).verdict is Verdict.PASS


def test_a_training_rests_on_the_one_that_it_starts_from() -> None:
    on_head = OTHER.model_copy(update={"start": "head"})
    measured = {"series": "accuracy", "trainings": ["other"]}
    said = {"id": "it", "cell": 2, "says": words("so"), "anchor": "0" * 12, "documented": 0.9}
    document = contract_of(
        trainings=[HEAD, on_head],
        claims=[Claim.model_validate({**said, "evidence": {"measured": measured}})],
    )
    of_head = (shortened("train"),)
    some = case(document=document, evidence=evidence_of(*GOOD), applied=of_head)
    assert (
        str(judged(claims.OF_RUN, some, "it").reason) == "profile short has 2 epochs instead of 50"
    )


PRINTED = {"step": "load", "pattern": r"Found (\d+) files"}


def counted(fixed: bool, *applied: Applied, used: Profile) -> Result:
    said = {"id": "it", "cell": 2, "says": words("90"), "anchor": "0" * 12, "documented": 90}
    evidence = {"printed": {**PRINTED, "fixed": fixed}}
    return decided({**said, "evidence": evidence}, *applied, used=used)


def test_what_a_step_counts_of_stand_ins_is_not_the_pages() -> None:
    result = counted(False, ARCHIVE, used=STANDING_IN)
    assert (result.verdict, result.observed) == (Verdict.UNCHECKED, "90")
    assert str(result.reason) == "profile short has what flowers.py makes instead of flowers.tgz"
    assert counted(False, used=profile()).verdict is Verdict.PASS
    assert counted(False, shortened("train"), used=profile()).verdict is Verdict.PASS
    assert counted(False, ARCHIVE, used=FETCHING).verdict is Verdict.PASS
    assert counted(True, ARCHIVE, used=STANDING_IN).verdict is Verdict.PASS


def test_a_comparison_on_stand_ins_is_not_the_pages() -> None:
    said = {"id": "it", "cell": 2, "says": words("so"), "anchor": "0" * 12, "relation": "better"}
    measured = {"series": "accuracy", "trainings": ["head"], "against": ["other"]}
    result = decided({**said, "evidence": {"measured": measured}}, ARCHIVE, used=STANDING_IN)
    assert result.verdict is Verdict.UNCHECKED
    assert "instead of flowers.tgz" in str(result.reason)
