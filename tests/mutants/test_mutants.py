"""Planted defects die by the check that is meant to notice them: those that need no training."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests import sample_documents
from tests.mutants import drifts, editions, evidences, pages, run_outputs, splits
from tests.mutants.mutant import Fate, Judged, Mutant
from tests.mutants.result import Result
from tests.rules.api.test_api import environment_of
from verify.errors import ResourceError
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
    *splits.mutants(SEED),
    *run_outputs.mutants(),
)
PAGES = tuple(pages.own(None, SEED, 3, print).mutants())


def cases() -> Iterator[object]:
    for mutant in (*PURE, *PAGES):
        why = next((why for begins, why in SURVIVORS.items() if mutant.id.startswith(begins)), "")
        marks = [pytest.mark.xfail(reason=why)] if why else []
        yield pytest.param(mutant, id=mutant.id, marks=marks)


@pytest.mark.parametrize("mutant", list(cases()))
def test_a_defect_is_noticed_by_the_check_that_is_meant_to(mutant: Mutant) -> None:
    judged = mutant.judged()
    assert judged.fate is Fate.KILLED, f"noticed by {judged.killers}, meant {mutant.meant}"


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
    assert {"a link to another version", "another version named"} <= kinds
    assert [one.mutant.id for one in judged if one.fate is not Fate.KILLED] == []


def ended(*killers: str, meant: str = "facts:load", reason: str = "") -> Judged:
    mutant = Mutant("edition", "a defect", "step load", "1 → 2", (meant,), lambda: killers)
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
    ],
)
def test_only_the_check_that_is_meant_to_counts(judged: Judged, fate: Fate) -> None:
    assert judged.fate is fate


def test_what_cannot_be_tried_tells_why() -> None:
    def killers() -> list[str]:
        raise ResourceError("There is no network.")

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


def test_everything_that_was_missed_is_printed_and_written(tmp_path: Path) -> None:
    unrun = {"trainings": "there is no environment."}
    result = Result(SEED, [ended("facts:load"), ended("pins"), ended()], unrun, {"all": 3.0})
    shown = StringIO()
    result.show(Console(file=shown, width=150))
    result.write(tmp_path / "out" / "mutants.json")
    for sentence in (
        "Not run: trainings: there is no environment.",
        "survived: edition: a defect: step load: 1 → 2 (should be noticed by facts)",
        "1 → 2 (should be noticed by facts; noticed by pins)",
        "1 of 3 mutants killed as meant (33.3%); wanted are 95% of at least 60; seed 1, 3 s.",
    ):
        assert sentence in shown.getvalue()
    written = json.loads((tmp_path / "out" / "mutants.json").read_text())
    assert [one["fate"] for one in written["mutants"]] == [
        "killed",
        "killed by accident",
        "survived",
    ]
    assert written["not_run"] == unrun
