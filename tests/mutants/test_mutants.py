"""Planted defects die by the check that is meant to notice them: those that need no training."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests import sample_documents
from tests.bilingual import words
from tests.mutants import drifts, editions, evidences, pages, recorded, reruns, run_outputs, splits
from tests.mutants.mutant import Fate, Judged, Mutant
from tests.mutants.recorded import Sample
from tests.mutants.result import Result
from tests.rules.api.test_api import environment_of
from verify.errors import ResourceError
from verify.finding import CheckKind, Verdict
from verify.system import cache

SEED = 1
# What survives is a finding about us; with its reason, until a check learns to notice it.
SURVIVORS = {
    "page: a parameter in prose changed: tutorial/greenhouses.ipynb, cell 15": (
        "“for each of the 2 epochs” may speak of something else than the training"
    ),
}
EDITION = editions.of_document(sample_documents.read("pears").folder, SEED)
PURE = (
    *EDITION,
    *drifts.sample().mutants(SEED),
    *evidences.mutants(SEED),
    *reruns.own(SEED, 2),
    *run_outputs.mutants(),
)
PAGES = tuple(pages.own(None, SEED, 3, print).mutants())


_OPEN = Verdict.UNCHECKED
_BOTH = {CheckKind.SERIES, CheckKind.FREEZING, CheckKind.METRICS, CheckKind.LOSS}
_BOTH |= {CheckKind.CLAIM, CheckKind.CALIBRATED}
_DECIDED_ALWAYS = (CheckKind.CLAIM, CheckKind.CALIBRATED, CheckKind.METRICS)
_DECIDED = {
    "greenhouses": _BOTH | {CheckKind.AGGREGATION, CheckKind.ROUNDS, CheckKind.PRIVACY},
    "split": _BOTH | {CheckKind.BOUNDARY},
}


def cases() -> Iterator[object]:
    for mutant in (*PURE, *PAGES):
        why = next((why for begins, why in SURVIVORS.items() if mutant.id.startswith(begins)), "")
        marks = [pytest.mark.xfail(reason=why)] if why else []
        yield pytest.param(mutant, id=mutant.id, marks=marks)


@pytest.mark.parametrize("mutant", list(cases()))
def test_a_defect_is_noticed_by_the_check_that_is_meant_to_and_no_other_change(
    mutant: Mutant,
) -> None:
    judged = mutant.judged()
    right = Fate.SPARED if mutant.harmless else Fate.KILLED
    assert judged.fate is right, f"noticed by {judged.killers}, meant {mutant.meant}"


@pytest.mark.parametrize(
    "sample", [evidences.greenhouses(), splits.sample()], ids=lambda one: one.name
)
def test_of_the_records_as_they_are_all_is_decided_and_right(sample: Sample) -> None:
    results = list(recorded.judged(sample.case(sample.logs)))
    assert sample.complaints == frozenset()
    decided = {kind for one in results for kind in [one.kind] if one.verdict is not _OPEN}
    assert decided >= _DECIDED[sample.name]
    for one in results:
        if one.kind in _DECIDED_ALWAYS and one.id != "claim:loss":  # of two epochs alone
            assert one.verdict in (Verdict.PASS, Verdict.ERRATUM), one


@pytest.mark.slow
def test_calls_that_the_environment_does_not_have_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against the environment that the tests run in: of our pages, one uses nothing else."""
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / "cache"))
    environment = replace(
        environment_of(tmp_path, "numpy"),
        packages={"secretflow": "1.11.0b1"},
        python_version="3.10",
    )
    mutants = pages.own(environment, SEED, 8, print).mutants()
    judged = [mutant.judged() for mutant in mutants if "watering.md" in mutant.place]
    kinds = {one.mutant.kind for one in judged}
    assert {"an argument renamed", "an API moved", "an import moved", "a module moved"} <= kinds
    assert {"a link to another version", "another version named", "an option misspelt"} <= kinds
    assert [one.mutant.id for one in judged if one.fate is not Fate.KILLED] == []


def ended(*killers: str, meant: str = "facts:load", reason: str = "") -> Judged:
    told = (meant,) if meant else ()
    mutant = Mutant("edition", "a defect", "load", "1 → 2", told, lambda: killers, not told)
    return Judged(mutant, reason=reason) if reason else mutant.judged()


@pytest.mark.parametrize(
    ("judged", "fate"),
    [
        (ended("facts:load"), Fate.KILLED),
        (ended("steps:load", "facts:load"), Fate.KILLED),
        (ended("facts:load-data", meant="facts:*"), Fate.KILLED),
        (ended("facts:load-data"), Fate.ACCIDENT),
        (ended("steps:load"), Fate.ACCIDENT),
        (ended(), Fate.SURVIVED),
        (ended(reason="no network"), Fate.UNRUN),
        (ended(meant=""), Fate.SPARED),
        (ended("facts:load", meant=""), Fate.ALARM),
    ],
)
def test_only_the_check_that_is_meant_to_counts(judged: Judged, fate: Fate) -> None:
    assert judged.fate is fate


def test_what_cannot_be_tried_tells_why() -> None:
    def killers() -> list[str]:
        raise ResourceError(words("There is no network."))

    judged = Mutant("page", "a defect", "cell 1", "1 → 2", ("syntax:*",), killers).judged()
    assert (judged.fate, judged.reason) == (Fate.UNRUN, "There is no network.")


@pytest.mark.parametrize(
    ("killed", "by_accident", "survived", "good"),
    [(60, 0, 0, True), (59, 0, 0, False), (95, 3, 2, True), (94, 3, 3, False), (0, 0, 0, False)],
)
def test_enough_mutants_must_die_as_they_should(
    killed: int, by_accident: int, survived: int, *, good: bool
) -> None:
    ends = [ended("facts:load")] * killed + [ended("pins")] * by_accident + [ended()] * survived
    assert Result(SEED, ends).good is good


@pytest.mark.parametrize(("alarms", "good"), [(0, True), (1, True), (2, False)])
def test_false_alarms_count_as_much_as_what_was_missed(alarms: int, *, good: bool) -> None:
    harmless = [ended(meant="")] * (20 - alarms) + [ended("pins", meant="")] * alarms
    assert Result(SEED, [*[ended("facts:load")] * 60, *harmless]).good is good


def test_everything_that_was_missed_is_printed_and_written(tmp_path: Path) -> None:
    unrun = {"trainings": "there is no environment."}
    ends = [ended("facts:load"), ended("pins"), ended(), ended("pins", meant="")]
    result = Result(SEED, ends, unrun, {"all": 3.0})
    shown = StringIO()
    result.show(Console(file=shown, width=150))
    result.write(tmp_path / "out" / "mutants.json")
    for sentence in (
        "Not run: trainings: there is no environment.",
        "survived: edition: a defect: load: 1 → 2 (should be noticed by facts)",
        "1 → 2 (should be noticed by facts; noticed by pins)",
        "false alarm: edition: a defect: load: 1 → 2 (should be noticed by nobody; ",
        "1 of 3 mutants killed as meant (33.3%); wanted are 95% of at least 60; of 1 harmless",
        "changes 1 raised a false alarm; seed 1, 3 s.",
    ):
        assert sentence in shown.getvalue()
    written = json.loads((tmp_path / "out" / "mutants.json").read_text())
    assert [one["fate"] for one in written["mutants"]] == [
        "killed",
        "killed by accident",
        "survived",
        "false alarm",
    ]
    assert written["not_run"] == unrun
