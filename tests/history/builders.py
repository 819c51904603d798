"""Runs and reports as a history knows them."""

from datetime import datetime, timedelta, timezone
from typing import Any

from verify.contract.contract import PageReference
from verify.execute.receipt import Receipt
from verify.finding import CheckKind, Result, Verdict
from verify.history.record import RunRecord
from verify.report.covered import Coverage, Covered
from verify.report.entries import DocumentEntry, EnvironmentEntry, Report, StepEntry
from verify.report.outcome import Outcome
from verify.report.training_entries import TrainingEntry

PASS, FAIL, ERRATUM = Verdict.PASS, Verdict.FAIL, Verdict.ERRATUM
UNCHECKED, ERROR = Verdict.UNCHECKED, Verdict.ERROR
FIRST_NIGHT = datetime(2030, 1, 1, 3, tzinfo=timezone.utc)


def run(night: int = 0, verdict: Verdict = PASS, **fields: Any) -> RunRecord:
    """A run of a night: of one document, with one check `c` that comes out as the document."""
    rests = {"lock": "1" * 64, "inputs": "code", "machine": "one core", "blob": "b" * 40}
    kept: dict[str, Any] = {
        "started": FIRST_NIGHT + timedelta(days=night),
        "tool": "tool 1",
        "document": "orchard",
        "edition": "corrected",
        "profile": "embedded",
        "ref": "v1",
        "environment": fields.get("ref", "v1").replace("v", "secretflow-"),
        "python": "3.10",
        "verdict": verdict,
        "duration_s": 60.0,
        "verdicts": {verdict: ["c"]},
        "numbers": {},
        "seconds": {},
        "errata": [],
    }
    return RunRecord.model_validate(kept | rests | fields)


def nights(*verdicts: Verdict, **fields: Any) -> list[RunRecord]:
    """Runs of one night after the other."""
    return [run(night, verdict, **fields) for night, verdict in enumerate(verdicts)]


def claim(verdict: Verdict = PASS, observed: str = "accuracy 0.6400 of pears") -> Result:
    """A claim of the orchard's."""
    return Result(
        "claim:ripe", CheckKind.CLAIM, verdict, observed=observed, tolerance="at least 0.5; chance"
    )


def training(ident: str = "pears", accuracy: float | None = 0.64) -> TrainingEntry:
    """A training of two epochs and as many rounds."""
    history = {"accuracy": [0.2, accuracy]}
    ratios = [0.5, None, 0.25]
    kind = "federated"
    return TrainingEntry(id=ident, step="pick", kind=kind, history=history, rounds=3, ratios=ratios)


def receipt(**fields: Any) -> Receipt:
    """What a run rests on."""
    written: dict[str, Any] = {
        "tool_version": "1",
        "tool_sha256": "5" * 64,
        "edition_sha256": "6" * 64,
        "python": "3.10",
        "environment": "secretflow-1",
        "lock_sha256": "1" * 64,
        "record_sha256": {},
        "fixtures_sha256": {},
        "seed": 7,
        "platform": "Linux",
        "cpu": "Abacus",
        "threads": 2,
        "memory_bytes": 24 * 2**30 - 5,
    }
    return Receipt.model_validate(written | fields)


def entry(verdict: Verdict = PASS, **fields: Any) -> DocumentEntry:
    """A document that ran one step and one claim."""
    nothing = Covered(of=0, done=0)
    step = StepEntry(id="pick", says="picks", cells=[1], verdict=PASS, duration_s=12.5)
    made: dict[str, Any] = {
        "name": "orchard",
        "title": "An orchard",
        "edition": "corrected",
        "profile": "embedded",
        "profile_says": "few trees",
        "upstream": PageReference(ref="v1", path="orchard.ipynb", blob="b" * 40),
        "verdict": verdict,
        "outcome": Outcome.WELL,
        "duration_s": 60.0,
        "peak_memory_bytes": 2**31,
        "steps": [step],
        "checks": [claim()],
        "findings": [],
        "overrides": [],
        "undecided": {},
        "errata": [],
        "trainings": [training()],
        "coverage": Coverage(
            steps=1,
            steps_run=1,
            code_cells=1,
            code_cells_run=1,
            prose_numbers=nothing,
            stored_outputs=nothing,
            calls=nothing,
            links=nothing,
            claims={},
            checks={},
        ),
        "receipt": receipt(),
    }
    return DocumentEntry(**(made | fields))


def report(*entries: DocumentEntry, night: int = 0, **packages: str) -> Report:
    """A report of these documents, or of one that passed."""
    made = EnvironmentEntry(python="3.10", lock_sha256="1" * 64, packages=packages)
    return Report(
        schema=2,
        tool="tool 1",
        started=FIRST_NIGHT + timedelta(days=night),
        duration_s=61.0,
        environments={"secretflow-1": made},
        documents=list(entries) or [entry()],
    )
