"""A report as large as that of a whole documentation in several releases, of realistic size."""

import hashlib
from collections.abc import Iterator
from typing import Any

from tests.report import pages
from verify.contract.contract import PageReference
from verify.evidence.failure import Need
from verify.execute.receipt import Receipt
from verify.finding import CheckKind, Result, Verdict
from verify.ledger.erratum import Erratum
from verify.report.entries import DocumentEntry, EnvironmentEntry, Report, StepEntry
from verify.report.outcome import Outcome
from verify.system.words import Words

RELEASES = ("1.10.0b1", "1.11.0b1", "1.12.0b0", "1.13.0b0", "1.14.0b0")
# How many of each ten pages come out so in the first release.
_OUTCOMES = (
    Outcome.WELL,
    *[Outcome.REPAIRED] * 5,
    Outcome.NEEDS,
    Outcome.OURS,
    Outcome.CONTRADICTED,
    Outcome.BREAKS,
)
_STEPS = 22
_PACKAGES = 420


def report(number: int = 44, releases: tuple[str, ...] = RELEASES) -> Report:
    """Pages that no person wrote a contract for, each run in each release."""
    some = [page(of, release) for of in range(number) for release in releases]
    whole = pages.report(*some)
    whole.environments = {
        f"secretflow-{release}": EnvironmentEntry(
            python="3.10.1",
            lock_sha256=_digest(release),
            packages={"secretflow": release} | {f"pears-{one}": "1.2" for one in range(_PACKAGES)},
        )
        for release in releases
    }
    return whole


def page(number: int, release: str, outcome: Outcome | None = None) -> DocumentEntry:
    """One page in a release; from release to release it becomes worse."""
    late = RELEASES.index(release) if release in RELEASES else 0
    outcome = outcome or _OUTCOMES[min(number % len(_OUTCOMES) + late, len(_OUTCOMES) - 1)]
    name = f"orchard_{number:02}"
    entry = pages.document(
        name,
        _checks(outcome),
        _steps(outcome, release),
        run=f"{name}.published.embedded.secretflow-{release}",
        derived=True,
        environment=f"secretflow-{release}",
        title=Words(zh=f"页面 {name}.ipynb", en=f"The page {name}.ipynb"),
        edition="published",
        upstream=PageReference(ref="v1.11.0b1", path=f"docs/garden/{name}.ipynb", blob="0" * 40),
        outcome=outcome,
        verdict=Verdict.PASS if outcome is Outcome.WELL else Verdict.FAIL,
        duration_s=40.0 + number,
        peak_memory_bytes=(2 + number % 5) * 2**30,
        errata=[] if outcome is Outcome.WELL else [_erratum()],
        receipt=_receipt(release),
    )
    entry.coverage.claims = {"pass": 3}
    return entry


def _steps(outcome: Outcome, release: str) -> Iterator[StepEntry]:
    for number in range(_STEPS):
        fields: dict[str, Any] = {}
        if number == 2 and outcome is not Outcome.WELL:
            fields = {"verdict": Verdict.ERRATUM, "errata": ["dry"], "observed": "OutOfWater: no"}
        if number == 9 and outcome is Outcome.BREAKS:
            said = f"the code raised FrostError: {release} has no attribute 'scarf'"
            fields = {"verdict": Verdict.FAIL, "observed": said}
        if number == 9 and outcome is Outcome.NEEDS:
            said = "no stand-in is declared for https://example.com/seeds.csv"
            fields = {"verdict": Verdict.ERROR, "observed": said, "needs": Need.ADDRESS}
        if number == 9 and outcome is Outcome.OURS:
            fields = {"verdict": Verdict.ERROR, "observed": "the gardener fell asleep"}
        yield pages.step(
            f"cell-{2 * number}",
            cells=[2 * number],
            says=Words(zh="调用 `dig`、`plant`", en="calls `dig`, `plant` and 3 more"),
            **fields,
        )


def _checks(outcome: Outcome) -> Iterator[Result]:
    for number in range(_STEPS):
        at = {"step": f"cell-{2 * number}", "cells": (2 * number,), "tolerance": ""}
        says = Words(zh=f"第 {number} 步挖土", en=f"step {number} of {_STEPS} digs")
        passed = {"says": says, "observed": ""} | at
        yield pages.result(CheckKind.STEPS, f"cell-{2 * number}", Verdict.PASS, **passed)
        yield pages.result(CheckKind.DRIFT, f"cell-{2 * number}", Verdict.PASS, **passed)
        if number % 3 == 0:
            why = "which parties' logs come first varies by nature"
            yield pages.result(
                CheckKind.OUTPUTS, f"cell-{2 * number}", Verdict.UNCHECKED, reason=why, **at
            )
    if outcome is Outcome.CONTRADICTED:
        yield pages.result(CheckKind.OUTPUTS, "harvest", Verdict.FAIL, cells=(40,))


def _erratum() -> Erratum:
    known = pages.full().documents[2].errata[0]
    return known.model_copy(update={"cells": [4]})


def _receipt(release: str) -> Receipt:
    digests = {f"pears-{one}": _digest(f"{release}{one}") for one in range(_PACKAGES)}
    known = pages.full().documents[2].receipt
    assert known is not None
    return known.model_copy(
        update={"environment": f"secretflow-{release}", "record_sha256": digests}
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
