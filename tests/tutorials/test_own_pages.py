"""Pages of ours: no official text, several seeds a training, profiles that end early."""

from pathlib import Path
from typing import Any

import pytest

from tests import sample_documents
from tests.bilingual import in_both, words
from tests.checks.builders import (
    EDITION,
    SAMPLE,
    case,
    contract_of,
    evidence_of,
    judged,
    run,
    training,
)
from tests.documents.folder import ENVIRONMENTS, DocumentFolder
from verify.checks import ALL, Case, Needs, claims, losses
from verify.contract import contract, pins
from verify.contract.claim import Claim
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.contract.steps import Step
from verify.contract.training_terms import Training
from verify.environment import environment
from verify.errors import UsageError
from verify.evidence.evidence import TrainingRun
from verify.finding import Verdict
from verify.page import reader

WRITE_UP = "https://advice.example/7"
OFFICIAL = """\
[page]
ref = "v1"
path = "docs/small.py"
blob = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
"""
OURS = f'[ours]\nwrite_up = "{WRITE_UP}"\n'
ADVICE = in_both('advice = "train for long enough"')


def written(tmp_path: Path, *pairs: tuple[str, str]) -> Contract:
    """The sample's contract with parts of its text replaced."""
    text = SAMPLE.read_text(encoding="utf-8")
    for was, becomes in pairs:
        assert was in text
        text = text.replace(was, becomes)
    file = tmp_path / contract.FILE_NAME
    file.write_text(text, encoding="utf-8")
    return contract.read(file)


def ours(tmp_path: Path) -> Contract:
    """The sample as a page of ours."""
    claimed = ('id = "accurate"\ncell = 2', f'id = "accurate"\n{ADVICE}')
    return written(tmp_path, (OFFICIAL, OURS), claimed)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (OFFICIAL, "", "names one of `page` and `ours`"),
        (OFFICIAL, OFFICIAL + OURS, "names one of `page` and `ours`"),
        (OFFICIAL, OURS, "claims.0: needs `advice` on a page of this kind"),
        ("cell = 2\n", f"{ADVICE}\n", "claims.0: needs `cell` on a page of this kind"),
        ("cell = 2\n", "", "names either `cell` or `anchor`, or the `advice` that it tests"),
        (
            "cell = 2\n",
            f"cell = 2\n{ADVICE}\n",
            "names either `cell` or `anchor`, or the `advice` that it tests",
        ),
    ],
)
def test_a_contract_speaks_of_an_official_page_or_of_one_of_ours(
    tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        written(tmp_path, (was, becomes))
    assert said in str(caught.value)


def test_a_page_of_ours_has_one_edition_and_no_official_page(tmp_path: Path) -> None:
    document = ours(tmp_path)
    assert document.editions == (Edition.CORRECTED,)
    assert sample_documents.read("pears").editions == tuple(Edition)
    with pytest.raises(UsageError, match=r"is a page of ours, there is no official one\."):
        _ = document.official


def test_an_official_page_without_an_edition_of_ours_has_its_own_text_alone() -> None:
    assert contract_of().editions == (Edition.PUBLISHED,)


def failing(document: Contract, edition: str) -> list[str]:
    """The checks of the text that fail, of a page with this edition."""
    text = reader.of_text(edition, Path("tutorial.py"))
    seen = Case(document, "short", text, pins.NONE)
    checks = [one for one in ALL if one.needs is Needs.TEXT and Edition.CORRECTED in one.editions]
    results = [one.judge(seen, subject) for one in checks for subject in one.subjects(document)]
    return [result.id for result in results if result.verdict is Verdict.FAIL]


def test_what_would_compare_with_an_official_page_has_nothing_to_judge(tmp_path: Path) -> None:
    assert failing(ours(tmp_path), EDITION) == []


def test_steps_and_cells_of_a_page_of_ours_are_judged_all_the_same(tmp_path: Path) -> None:
    document = ours(tmp_path)
    assert failing(document, EDITION.replace('step="show"', "")) == ["pins", "steps:show"]
    moved = EDITION.replace("show", "SHOW").replace("load", "show").replace("SHOW", "load")
    assert failing(document, moved) == ["steps:load", "steps:show"]


# Several trainings in one step, each with several seeds.


def fits(*accuracies: float, step: str = "train") -> list[TrainingRun]:
    """Trainings one after the other that ended with these accuracies."""
    return [run(step=step, history={"accuracy": [0.0, value]}) for value in accuracies]


def trainings(*seeds: int) -> list[Training]:
    """Trainings of one step, called a, b and so on."""
    return [training(id=id_, seeds=count) for id_, count in zip("abc", seeds, strict=False)]


@pytest.mark.parametrize(
    ("seeds", "values", "expected"),
    [
        ((1,), [0.5], {"a": [0.5]}),
        ((1,), [0.4, 0.5], {"a": [0.5]}),  # it was done again
        ((2,), [0.4, 0.5], {"a": [0.4, 0.5]}),
        ((2,), [0.4], {"a": []}),
        ((2, 1), [0.4, 0.5, 0.6], {"a": [0.4, 0.5], "b": [0.6]}),
        ((1, 2), [0.4, 0.5, 0.6], {"a": [0.4], "b": [0.5, 0.6]}),
        # Nobody can tell which of them is missing, or more than documented.
        ((1, 2), [0.4, 0.5], {"a": [], "b": []}),
        ((1, 1), [0.4, 0.5, 0.6], {"a": [], "b": []}),
    ],
)
def test_what_a_step_trained_belongs_to_its_trainings_in_order(
    seeds: tuple[int, ...], values: list[float], expected: dict[str, list[float]]
) -> None:
    document = contract_of(trainings=trainings(*seeds))
    evidence = evidence_of(*fits(*values))
    found = {
        one.id: [run.history["accuracy"][-1] for run in evidence.runs_of(document, one.id)]
        for one in document.trainings
    }
    assert found == expected


def test_each_seed_is_judged_and_the_worst_decides() -> None:
    fall, rise = {"loss": [2.0, 1.0]}, {"loss": [1.0, 2.0]}
    document = contract_of(trainings=trainings(3))
    for third, verdict, said in (
        (fall, Verdict.PASS, "with each of 3 seeds; with the first: loss 2, 1"),
        (rise, Verdict.FAIL, "with seed 3 of 3: loss 1, 2"),
    ):
        runs = [run(history=history) for history in (fall, fall, third)]
        result = judged(losses.CHECK, case(document=document, evidence=evidence_of(*runs)), "a")
        assert (result.verdict, str(result.observed)) == (verdict, said)


def sensitive(**changed: Any) -> Claim:
    """The claim that training a does better than training b."""
    fields: dict[str, Any] = {
        "id": "it",
        "cell": 2,
        "says": words("a is better than b"),
        "relation": "better",
        "anchor": "0" * 12,
        "evidence": {"measured": {"series": "accuracy", "trainings": ["a"], "against": ["b"]}},
        "tolerance": {"source": words("noise")},
    }
    return Claim.model_validate(fields | changed)


@pytest.mark.parametrize(
    ("one", "other", "verdict", "difference"),
    [
        (0.9, 0.5, Verdict.PASS, "+0.400, between +0.32 and +0.47"),
        (0.5, 0.9, Verdict.FAIL, "-0.400, between -0.47 and -0.32"),
        (0.7, 0.7, Verdict.UNCHECKED, "+0.000, between -0.08 and +0.08"),
    ],
)
def test_all_seeds_of_both_sides_are_compared_and_the_interval_is_said(
    one: float, other: float, verdict: Verdict, difference: str
) -> None:
    spread = (-0.02, -0.01, 0.0, 0.01, 0.02)
    runs = fits(*(one + s for s in spread), *(other + s for s in spread))
    document = contract_of(trainings=trainings(5, 5), claims=[sensitive()])
    result = judged(claims.OF_RUN, case(document=document, evidence=evidence_of(*runs)), "it")
    assert result.verdict is verdict
    assert "5 trainings, n = 400" in str(result.observed)
    assert str(result.observed).endswith(f"the difference is {difference}")


def printed(relation: str, documented: Any, output: str) -> Verdict:
    """The verdict of a claim about what a step prints."""
    said = Claim.model_validate(
        {
            "id": "it",
            "cell": 3,
            "says": words("the error stays below its bound"),
            "documented": documented,
            "relation": relation,
            "evidence": {"printed": {"step": "show", "pattern": r"ratio ([\d.]+)"}},
            "tolerance": {"source": words("the bound")},
        }
    )
    evidence = evidence_of(output=output)
    document = contract_of(claims=[said])
    return judged(claims.OF_RUN, case(document=document, evidence=evidence), "it").verdict


@pytest.mark.parametrize(
    ("relation", "documented", "output", "verdict"),
    [
        ("<=", 1.0, "ratio 0.5\nratio 0.9", Verdict.PASS),
        ("<=", 1.0, "ratio 0.5\nratio 1.1", Verdict.FAIL),
        ("<=", 1.0, "nothing", Verdict.FAIL),
        (">=", 1.0, "ratio 1.5\nratio 1.1", Verdict.PASS),
        (">=", 1.0, "ratio 1.5\nratio 0.9", Verdict.FAIL),
        ("<=", [1.0, 2.0], "ratio 0.5\nratio 1.9", Verdict.PASS),
        ("<=", [1.0, 2.0], "ratio 0.5", Verdict.FAIL),
        ("=", 0.5, "ratio 0.5\nratio 0.5", Verdict.FAIL),
    ],
)
def test_a_limit_holds_for_everything_that_is_printed(
    relation: str, documented: Any, output: str, verdict: Verdict
) -> None:
    assert printed(relation, documented, output) is verdict


# Profiles that end early.


def test_what_a_profile_leaves_out_is_undecided_for_that_reason() -> None:
    document = contract_of(trainings=[training(id="a", step="show"), training(id="b")])
    short = document.profiles["short"].model_copy(update={"until": "train"})
    document = document.model_copy(update={"profiles": {"short": short}})
    assert [step.id for step in document.steps_of("short")] == ["load", "train"]
    seen = case(document=document, evidence=evidence_of())
    assert str(judged(losses.CHECK, seen, "a").reason) == "profile short ends with step train"
    ended = "the training did not come to its end in this run"
    assert str(judged(losses.CHECK, seen, "b").reason) == ended


def test_a_profile_ends_with_a_step_that_there_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r'until: names "tain", which the contract does not'):
        written(tmp_path, ("[profiles.short]\n", '[profiles.short]\nuntil = "tain"\n'))


QUICK = """
[profiles.quick]
says = { zh = "第一步", en = "the first step" }
until = "first"
step_limit_s = 30
expected_s = 5
"""


@pytest.mark.slow
def test_a_quick_run_takes_what_has_a_quick_profile_and_verifies_it(
    documents: DocumentFolder,
) -> None:
    documents.write("official", only="print(1)")
    documents.write("own", begins=None, more=QUICK, first="print(1)", second="1 / 0")
    done = documents.run("--quick")
    assert done.code == 0, done.out
    assert (done.document["name"], done.document["upstream"]) == ("own", None)
    assert done.verdicts() == {"first": "pass", "second": "unchecked"}
    assert "  1 step: profile quick ends with step first" in done.out
    assert f"puts the advice of {WRITE_UP} to the test" in done.out


@pytest.mark.slow
def test_official_pages_run_unless_all_are_asked_for(documents: DocumentFolder) -> None:
    documents.write("official", only="print(1)")
    documents.write("own", begins=None, only="print(1)")
    for arguments, expected in (((), ["official"]), (("--all",), ["official", "own"])):
        done = documents.run(*arguments)
        assert done.code == 0, done.out
        assert [document["name"] for document in done.report["documents"]] == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("own", "--edition", "published"), "own has no published edition; leave that out"),
        (("--quick",), "own has no profile quick; leave that out, or choose others."),
    ],
)
def test_what_a_page_of_ours_does_not_have_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr(environment, "FOLDER", ENVIRONMENTS)
    documents = DocumentFolder(tmp_path)
    documents.write("own", begins=None, only="print(1)")
    done = documents.run(*arguments)
    assert done.code == 2
    assert said in done.out


def test_the_steps_of_a_page_of_ours_stand_for_no_cells() -> None:
    assert Step(id="one", says=words("it begins")).cells == []
