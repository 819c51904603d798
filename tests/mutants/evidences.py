"""Mutants of what a real run recorded, judged by the checks of a run.

The records in `samples/evidence` are those of the probes in a run of the sample tutorial.
"""

import copy
import json
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from random import Random

import tomli

from tests.checks import builders
from tests.mutants import trainings
from tests.mutants.corruptions import CORRUPTIONS, Logs
from tests.mutants.mutant import Mutant
from verify import records
from verify.checks import ALL, Case, Needs
from verify.contract import Step, Training
from verify.edition import Edition
from verify.evidence import Evidence, StepRun
from verify.finding import Verdict

FOLDER = Path(__file__).parent / "samples" / "evidence"
_STEPS = ("office", "together")
_EACH = 2


def mutants(seed: int) -> Iterator[Mutant]:
    """Some mutants of each kind."""
    for kind, (corruption, check) in CORRUPTIONS.items():
        seen = set()
        for number in range(_EACH):
            logs = copy.deepcopy(recorded())
            where = corruption(logs, Random(f"{seed} {kind} {number}"))  # noqa: S311
            if where not in seen:
                seen.add(where)
                judge = partial(_killers, logs)
                yield Mutant("evidence", kind, "greenhouses", where, (f"{check}*",), judge)


def _killers(logs: Logs) -> frozenset[str]:
    return failures(logs) - failures(recorded())


@cache
def recorded() -> Logs:
    """What the probes wrote, by file; not to be changed."""
    return {file.stem: records.events(file) for file in sorted(FOLDER.glob("*.jsonl"))}


def failures(logs: Logs) -> frozenset[str]:
    """The ids of the checks of a run that fail on these records."""
    case = _case(logs)
    of_run = [c for c in ALL if c.needs is Needs.RUN and Edition.CORRECTED in c.editions]
    judged = (check.judge(case, s) for check in of_run for s in check.subjects(case.contract))
    return frozenset(result.id for result in judged if result.verdict is Verdict.FAIL)


def _case(logs: Logs) -> Case:
    told = "".join(
        text.format(id=step)
        for text, step in zip((trainings.LOCAL, trainings.FEDERATED), _STEPS, strict=True)
    )
    document = builders.contract_of(
        steps=[Step(id=step, says="trains", cells=[i]) for i, step in enumerate(_STEPS)],
        trainings=[Training.model_validate(each) for each in tomli.loads(told)["trainings"]],
        layers=[],
        claims=[],
        errata=[],
    )
    return builders.case(document=document, evidence=_evidence(logs))


def _evidence(logs: Logs) -> Evidence:
    events = logs["kernel"]
    began = [e["time"] for e in events if e["event"] == "training-started"]
    ended = [e["time"] for e in events if e["event"] == "training"]
    steps = {
        step: StepRun(step, start, end - start, "", None)
        for step, start, end in zip(_STEPS, began, ended, strict=True)
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, log in logs.items():
            lines = "".join(f"{json.dumps(event)}\n" for event in log)
            (Path(folder) / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        runs = list(steps.values())
        return Evidence(
            steps=steps,
            trainings=records.trainings([Path(folder)], runs),
            reveals=records.reveals([Path(folder)], runs),
        )
