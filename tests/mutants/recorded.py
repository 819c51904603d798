"""Samples whose runs were recorded: their documents, what the probes wrote, and who complains."""

import json
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from verify.checks import ALL, Case, Needs
from verify.evidence import reading
from verify.evidence.evidence import Evidence, StepRun
from verify.evidence.repetition.step_comparison import RepeatedRun, compare
from verify.finding import Result, Verdict

PRINTED = "printed"
# Who is meant to notice what is no defect.
HARMLESS = ""
_OF_RUN = (Needs.RUN, Needs.RUNS)

# What the probes wrote, by file; and under a name of its own what a step printed.
Logs = dict[str, list[dict[str, Any]]]


@cache
def events_in(folder: Path) -> Logs:
    """What the probes wrote, by file; not to be changed."""
    return {file.stem: _events(file) for file in sorted(folder.glob("*.jsonl"))}


def _events(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@dataclass(frozen=True)
class Sample:
    """A document, the records of its run, and the steps in which it trains.

    `printing` is the step that prints something, if one does.
    """

    name: str
    document: Case
    logs: Logs
    steps: Sequence[str]
    printing: str = ""

    @cached_property
    def complaints(self) -> frozenset[str]:
        """The checks of a run that fail where nothing is wrong."""
        return failures(self.case(self.logs))

    def case(self, *logs: Logs, **stated: Any) -> Case:
        """A run of it, and others that are compared with it.

        Args:
            logs: of each run.
            stated: parts of the contract that say something else.
        """
        document = self.document.contract.model_copy(update=stated)
        runs = [self._evidence(each) for each in logs]
        of_runs = [RepeatedRun(run.steps, run.trainings) for run in runs]
        compared = compare([step.id for step in document.steps], self.steps, of_runs)
        repeated = {one.step: one for one in compared}
        return replace(self.document, contract=document, evidence=runs[0], repeated=repeated)

    def _evidence(self, logs: Logs) -> Evidence:
        events = logs["kernel"]
        began = [e["time"] for e in events if e["event"] == "training-started"]
        ended = [e["time"] for e in events if e["event"].endswith("-training")]
        steps = {
            step: StepRun(step, start, end - start, "", None)
            for step, start, end in zip(self.steps, began, ended, strict=True)
        }
        if self.printing:
            steps[self.printing] = StepRun(self.printing, 0, 0, logs[PRINTED][0]["text"], None)
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


def judged(case: Case, *needs: Needs) -> Iterator[Result]:
    """What the checks say that need no more than this; those of a run, if nothing is said."""
    for check in ALL:
        if check.needs in (needs or _OF_RUN) and case.edition in check.editions:
            for subject in check.subjects_in(case.contract, case.profile_name):
                yield check.judge(case, subject)


def failures(case: Case, *needs: Needs) -> frozenset[str]:
    """The ids of those checks that fail."""
    return ids(judged(case, *needs), Verdict.FAIL)


def ids(results: Iterator[Result] | Collection[Result], *verdicts: Verdict) -> frozenset[str]:
    """The ids of the results with one of these verdicts."""
    return frozenset(result.id for result in results if result.verdict in verdicts)
