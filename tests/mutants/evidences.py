"""Mutants of what a real run recorded, judged by the checks of a run.

The records in `samples/evidence` are those of the probes in a run of the sample tutorial; what each
party measured was not recorded then, and has been added so that it comes to what they reported.
"""

import copy
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

import tomli

from tests.bilingual import in_both, words
from tests.mutants import drifts, trainings
from tests.mutants.corruptions import CORRUPTIONS, Logs
from tests.mutants.mutant import Mutant
from verify.checks import ALL, Case, Needs
from verify.contract import pins
from verify.contract.calibration import Calibrated
from verify.contract.claim import Claim
from verify.contract.edition import Edition
from verify.contract.training_terms import Training
from verify.evidence import reading
from verify.evidence.evidence import Evidence, StepRun
from verify.evidence.repetition.step_comparison import RepeatedRun, compare
from verify.finding import Verdict
from verify.page import reader

FOLDER = Path(__file__).parent / "samples" / "evidence"
_STEPS = ("office", "together")
_PRINTING = "office-history"
_EACH = 2
_CLAIMS = in_both("""
[[claims]]
id = "learns"
cell = 14
says = "together they learn which seedlings need water"
documented = 0.6
relation = ">="
evidence = { measured = { series = "accuracy", trainings = ["together"] } }
tolerance = { source = "binomial noise of 240 seedlings" }

[[claims]]
id = "loss"
cell = 14
says = "together they come down to a loss of 0.7"
documented = 0.7
relation = "falls to"
evidence = { measured = { series = "loss", trainings = ["together"] } }

[[claims]]
id = "fractional-bits"
cell = 14
says = "numbers keep 18 fractional bits"
documented = 18
evidence = { aggregation = { training = "together", of_round = "fxp_bits" } }
""")
_CALIBRATED = Calibrated(
    id="learns",
    says=words("they learn something of made-up seedlings"),
    trainings=["together"],
    series="accuracy",
    value=0.5,
    origin=words("one run gave 0.62"),
)


def mutants(seed: int) -> Iterator[Mutant]:
    """Some mutants of each kind."""
    for kind, (corruption, check) in CORRUPTIONS.items():
        seen = set()
        for number in range(_EACH):
            logs = copy.deepcopy(recorded())
            where = corruption(logs, Random(f"{seed} {kind} {number}"))  # noqa: S311
            if where not in seen:
                seen.add(where)
                judge = partial(_differing if check == "repeat" else _killers, logs)
                yield Mutant("evidence", kind, "greenhouses", where, (f"{check}*",), judge)


def _killers(logs: Logs) -> frozenset[str]:
    return failures(logs) - failures(recorded())


def _differing(logs: Logs) -> frozenset[str]:
    return _failing(Needs.REPETITIONS, _case(recorded(), logs))


@cache
def recorded() -> Logs:
    """What the probes wrote, by file, and what a step printed; not to be changed."""
    logs = {file.stem: _events(file) for file in sorted(FOLDER.glob("*.jsonl"))}
    (cell,) = reader.read(trainings.SAMPLE).cells_of_step(_PRINTING)
    (output,) = cell.outputs
    return {**logs, "printed": [{"event": "printed", "text": output.text}]}


def _events(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def failures(logs: Logs) -> frozenset[str]:
    """The ids of the checks of a run that fail on these records."""
    return _failing(Needs.RUN, _case(logs)) | _failing(Needs.RUNS, _case(logs))


def _failing(needs: Needs, case: Case) -> frozenset[str]:
    some = [c for c in ALL if c.needs is needs and Edition.CORRECTED in c.editions]
    judged = (check.judge(case, s) for check in some for s in check.subjects(case.contract))
    return frozenset(result.id for result in judged if result.verdict is Verdict.FAIL)


@cache
def _document() -> Case:
    """The sample as a document that has not run; it promises that trainings repeat themselves."""
    told = trainings.local(_STEPS[0]) + trainings.federated(_STEPS[1])
    stated = tomli.loads(told + _CLAIMS)
    pinned = drifts.sample()
    promised = {"reproducible": True}
    document = pinned.contract.model_copy(
        update={
            "steps": [
                step.model_copy(update={"stored": step.id == _PRINTING})
                for step in pinned.contract.steps
                if step.id in (*_STEPS, _PRINTING)
            ],
            "trainings": [Training.model_validate(one | promised) for one in stated["trainings"]],
            "claims": [Claim.model_validate(one) for one in stated["claims"]],
            "profiles": {
                name: profile.model_copy(update={"calibrated": [_CALIBRATED]})
                for name, profile in pinned.contract.profiles.items()
            },
        }
    )
    edition = reader.read(trainings.SAMPLE)
    return Case(document, next(iter(document.profiles)), edition, pins.of_page(pinned.page))


def _case(*logs: Logs) -> Case:
    """A run of the sample, and others that are compared with it."""
    runs = [_evidence(each) for each in logs]
    steps = [step.id for step in _document().contract.steps]
    compared = compare(steps, _STEPS, [RepeatedRun(run.steps, run.trainings) for run in runs])
    return replace(_document(), evidence=runs[0], repeated={one.step: one for one in compared})


def _evidence(logs: Logs) -> Evidence:
    events = logs["kernel"]
    began = [e["time"] for e in events if e["event"] == "training-started"]
    ended = [e["time"] for e in events if e["event"].endswith("-training")]
    steps = {
        step: StepRun(step, start, end - start, "", None)
        for step, start, end in zip(_STEPS, began, ended, strict=True)
    }
    steps[_PRINTING] = StepRun(_PRINTING, 0, 0, logs["printed"][0]["text"], None)
    with tempfile.TemporaryDirectory() as folder:
        for name, log in logs.items():
            lines = "".join(f"{json.dumps(event)}\n" for event in log)
            (Path(folder) / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        runs = list(steps.values())
        return Evidence(
            steps=steps,
            trainings=reading.trainings([Path(folder)], runs),
            reveals=reading.reveals([Path(folder)], runs),
        )
