"""Small documents with the evidence of their runs, for tests of checks."""

from pathlib import Path
from typing import Any

from verify import contract, notebook, pins
from verify.checks import Case, Check
from verify.contract import Contract, Erratum, Training
from verify.evidence import Evidence, Holder, Layer, Round, StepRun, TrainingRun, Weights
from verify.finding import Result
from verify.profile import Applied
from verify.upstream import Page

APPLY = [{"find": "$X.old", "replace": "$X.new"}]
SAMPLE = Path(__file__).parent.parent / "samples" / "checked.toml.txt"
EDITION = """\
# %% [markdown]
# A small document.

# %% step="load"
import numpy as np
from plots import draw

data = np.load("flowers", size=180)

# %% step="train"
epochs = 50
history = data.fit(epochs=epochs, seed=1)

# %% step="show"
draw(history.series)
"""


def edited(*pairs: tuple[str, str], text: str = EDITION) -> str:
    """The text with each first part replaced by the second; each must be there once."""
    for was, becomes in pairs:
        assert text.count(was) == 1, was
        text = text.replace(was, becomes)
    return text


def contract_of(**changed: Any) -> Contract:
    """The sample's contract, with parts replaced."""
    return contract.read(SAMPLE).model_copy(update=changed)


def erratum(**fields: Any) -> Erratum:
    """An erratum of which only what matters is said."""
    said = dict.fromkeys(("id", "symptom", "cause", "since", "repair"), "known")
    return Erratum.model_validate({**said, "cells": [1], "apply": APPLY, **fields})


def training(**changed: Any) -> Training:
    """The sample's training, with parts replaced."""
    return contract.read(SAMPLE).trainings[0].model_copy(update=changed)


def case(
    text: str = EDITION,
    /,
    *,
    page: str = EDITION,
    document: Contract | None = None,
    evidence: Evidence | None = None,
    **more: Any,
) -> Case:
    """A document to judge: an edition beside the official page that was pinned."""
    document = document or contract_of()
    official = Page("v1", "1" * 40, "docs/small.py", "b" * 40, page)
    return Case(
        contract=document,
        profile_name=more.pop("profile_name", "short"),
        notebook=notebook.parse(text, Path("tutorial.py")),
        pins=pins.of_page(official),
        evidence=evidence,
        **more,
    )


def holder(**changed: Any) -> Holder:
    """One network of three layers, of which the first has no weights and the second is frozen."""
    fields: dict[str, Any] = {
        "name": "alice",
        "layers": (
            Layer("input", "InputLayer", False, 0, 0, 0),
            Layer("base", "Dense", False, 1, 0, 2),
            Layer("head", "Dense", True, 1, 1, 2),
        ),
        "before": Weights(((), ("p",), ("r",))),
        "after": Weights(((), ("p",), ("s",))),
        "phases": ((0.0, 0.0, 0.5),),
        "drift": (0.0, 0.0, 0.5),
        "magnitudes": (0.0, 1.0, 1.0),
    }
    return Holder(**fields | changed)


def run(*holders: Holder, **changed: Any) -> TrainingRun:
    """A training of two epochs whose loss falls."""
    fields: dict[str, Any] = {
        "step": "train",
        "kind": "local",
        "history": {"loss": [2.0, 1.0], "accuracy": [0.5, 0.75]},
        "rounds": (),
        "samples": {"loss": 400, "accuracy": 400},
    }
    return TrainingRun(holders=holders or (holder(),), **fields | changed)


def shortened(step: str | None, used: int = 2, parameter: str = "epochs") -> Applied:
    """A place where the profile changed a number of epochs (or another parameter)."""
    return Applied(parameter, 1, step, "50", str(used), "time")


def evidence_of(*runs: TrainingRun, output: str | None = None, **more: Any) -> Evidence:
    """The evidence of trainings, and of what the step `show` printed."""
    steps = (
        {} if output is None else {"show": StepRun("show", 0, 1, output, more.pop("failure", None))}
    )
    return Evidence(steps=steps, trainings={run.step: run for run in runs}, **more)


def judged(check: Check, case: Case, subject: str = "") -> Result:
    """The judgement of one subject, which the check must have named."""
    assert subject in check.subjects(case.contract)
    result = check.judge(case, subject)
    assert result.id == check.id(subject)
    assert result.kind is check.kind
    return result


ROUND = Round(parties=2, weights=(64, 32), fxp_bits=18)
