"""Small documents with the evidence of their runs, for tests of checks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests import SAMPLES
from tests.bilingual import words
from verify.checks import Case, Check
from verify.contract import contract, pins
from verify.contract.contract import Contract
from verify.contract.training_terms import Combination, Training
from verify.evidence.evidence import (
    Applied,
    Evidence,
    Holder,
    Layer,
    Message,
    Round,
    StepRun,
    TakenOver,
    TrainingRun,
    Turn,
    Weights,
)
from verify.finding import Result
from verify.ledger.erratum import Erratum
from verify.page import reader
from verify.upstream.pages import OfficialPage

# How the contract calls the file with its network's weights.
WEIGHTS = "weights.h5"
APPLY = [{"find": "$X.old", "replace": "$X.new"}]
SAMPLE = SAMPLES / "checked.toml.txt"
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
    return contract.read(SAMPLE).model_copy(update={"errata": (), **changed})


def erratum(**fields: Any) -> Erratum:
    """An erratum of which only what matters is said."""
    said: dict[str, Any] = {"id": "known", "symptom": "known"}
    said |= dict.fromkeys(("cause", "since", "repair"), words("known"))
    said |= {"cells": [1], "apply": APPLY, **fields}
    if said.get("kind") == "text":
        said["symptom"] = words(said["symptom"])
    return Erratum.model_validate(said)


def combination(**changed: Any) -> Combination:
    """A pair that works as it should, tried in the step `train`."""
    fields: dict[str, Any] = {
        "step": "train",
        "backend": "torch",
        "strategy": "fed_avg_w",
        "aggregator": "PlainAggregator",
        "outcome": "works",
        "within": True,
        "plaintext": True,
    }
    return Combination.model_validate(fields | changed)


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
    official = OfficialPage("v1", "1" * 40, "docs/small.py", "b" * 40, page)
    return Case(
        contract=document,
        profile_name=more.pop("profile_name", "short"),
        notebook=reader.of_text(text, Path("tutorial.py")),
        pins=pins.of_page(official, document.errata),
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
    trainings = {one.step: [run for run in runs if run.step == one.step] for one in runs}
    return Evidence(steps=steps, trainings=trainings, **more)


def judged(check: Check, case: Case, subject: str = "") -> Result:
    """The judgement of one subject, which the check must have named, in English."""
    assert subject in check.subjects(case.contract)
    result = check.judge(case, subject)
    assert result.id == check.id(subject)
    assert result.kind is check.kind
    return replace(
        result,
        says=str(result.says),
        tolerance=str(result.tolerance),
        reason=str(result.reason),
    )


ROUND = Round(parties=2, weights=(64, 32), fxp_bits=18)


# Federated trainings: two epochs of three steps, an average after every second and the last.


BATCHES = ((1, 2), (3, 4)), ((5,),)


def together(**changed: Any) -> Training:
    """The documented training of two parties."""
    fields = {
        "kind": "federated",
        "epochs": 2,
        "parties": ["alice", "bob"],
        "batch_size": 2,
        "aggregate_freq": 2,
    }
    return training(**fields | changed)


def party(name: str, **changed: Any) -> Holder:
    """A party that takes over every average, and trains on batches of 2, 2 and 1 samples."""
    turns = tuple(Turn(batches, (0.0, 2.0**-18, 0.5)) for batches in BATCHES * 2)
    taken = tuple(TakenOver(True, given) for given in range(5))
    fields: dict[str, Any] = {
        "name": name,
        "turns": turns,
        "taken_over": taken,
        "sources": (f"/data/{name}",),
        "phases": ((0.0, 0.0, 0.5),) * 4,
    }
    return holder(**fields | changed)


def message(sender: str = "alice", receiver: str = "carol", **changed: Any) -> Message:
    """A message that cannot be told from chance."""
    uniform = (255.0,) * 8
    fields: dict[str, Any] = {"elements": 5000, "uniform": uniform, "fresh": uniform}
    return Message(
        sender, receiver, **{"aggregate": False, "arrays": 2, "bytes": 64} | fields | changed
    )


def averaged(number: int = 0, **changed: Any) -> Round:
    """A round within its bound; the first averages the weights at the start."""
    weights: tuple[float, ...] = ((), (4, 4), (1, 1), (4, 4), (1, 1))[number]
    fields: dict[str, Any] = {
        "parties": 2,
        "weights": weights,
        "fxp_bits": 18,
        "arithmetic": "secure",
        "names": ("alice", "bob"),
        "error": 1e-7,
        "ratio": 0.5,
        "arrays": (8, 8),
        "given": number,
        "messages": (
            message("alice"),
            message("bob"),
            Message("carol", "alice", True, 2, 32),
            Message("carol", "bob", True, 2, 32),
        ),
    }
    return Round(**fields | changed)


def federated(*parties: Holder, **changed: Any) -> TrainingRun:
    """A training of two parties as it should be."""
    fields: dict[str, Any] = {
        "kind": "federated",
        "rounds": tuple(map(averaged, range(5))),
        "challenge": (averaged(weights=(5, 3), ratio=0.25),),
        "strategy": "fed_avg_w",
        "aggregator": "SecureAggregator",
        "sources": {"alice": "/data/alice", "bob": "/data/bob"},
    }
    return run(*(parties or (party("alice"), party("bob"))), **fields | changed)


def judged_together(check: Check, run: TrainingRun, **documented: Any) -> Result:
    """The judgement of a training of two parties, documented as it was unless said otherwise."""
    document = contract_of(trainings=[together(**documented)])
    return judged(check, case(document=document, evidence=evidence_of(run)), "head")
