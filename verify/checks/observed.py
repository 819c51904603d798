"""What a run, or the edition's code, shows of a claim that single values decide."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from verify.checks.case import NOT_ENDED, Case
from verify.contract import values_of_facts
from verify.contract.claim import Aggregation, Network, Observation, Printed, Scalar, Stated
from verify.evidence import division_of_work
from verify.evidence.evidence import StepRun, TrainingRun
from verify.finding import Verdict
from verify.page.code import facts
from verify.system.words import Text, Words

_STEP_NOT_ENDED = Words(
    zh="该步骤在本次运行中没有结束", en="the step did not come to its end in this run"
)
NO_NETWORK = Words(zh="没有看到网络", en="no network was seen")
NO_ROUND = Words(zh="没有看到任何一轮聚合", en="no round was seen")
_NOT_REACHED = Words(zh="运行没有到达这一步", en="the run did not get there")
_NOT_JUDGED = Words(zh="该步骤在本次运行中未能判定", en="the step could not be judged in this run")
_NO_VERSION = Words(
    zh="运行没有记录 {package} 的版本", en="the run did not record a version of {package}"
)


class UnknownError(Exception):
    """This run does not show it; `why` says the reason."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why


def values(case: Case, seen: Observation) -> list[Scalar]:
    """What was observed, in order.

    Raises:
        UnknownError: the run did not get there, or nothing was recorded.
    """
    return list(_READERS[seen.kind](case, getattr(seen, seen.kind)))


def trainings(case: Case, training_id: str) -> Sequence[TrainingRun]:
    """What was recorded of a training, by seed.

    Raises:
        UnknownError: it did not come to its end.
    """
    runs = case.runs_of(training_id)
    if not runs:
        raise UnknownError(case.left_out(case.training(training_id).step) or NOT_ENDED)
    return runs


def _ended(case: Case, step: str) -> StepRun:
    run = case.evidence.steps.get(step) if case.evidence else None
    if run is None or run.failure:
        raise UnknownError(case.left_out(step) or _STEP_NOT_ENDED)
    return run


def _printed(case: Case, seen: Printed) -> Iterator[Scalar]:
    for match in re.finditer(seen.pattern, _ended(case, seen.step).output, re.MULTILINE):
        yield from (group for group in match.groups() if group is not None)


def _stated(case: Case, seen: Stated) -> Sequence[Scalar]:
    stated = facts.of_notebook(case.notebook)
    some = [
        f for cell in case.notebook.cells_of_step(seen.step) for f in stated.get(cell.index, ())
    ]
    return values_of_facts.of(some, seen)


def _layers(case: Case, seen: Network) -> Sequence[Scalar]:
    wanted = {"all": (True, False), "frozen": (False,), "free": (True,)}[seen.layers]
    holders = (holder for run in trainings(case, seen.training) for holder in run.holders)
    counts = {sum(layer.trainable in wanted for layer in holder.layers) for holder in holders}
    return _known(counts, NO_NETWORK)


def _rounds(case: Case, seen: Aggregation) -> Sequence[Scalar]:
    runs = trainings(case, seen.training)
    if seen.of_round in ("sent_bytes", "received_bytes"):
        maps = (found for run in runs if (found := division_of_work.of(run)))
        return _known({getattr(found, seen.of_round) for found in maps}, NO_ROUND)
    rounds = (one for run in runs for one in run.rounds)
    return _known({getattr(one, seen.of_round) for one in rounds}, NO_ROUND)


def _known(found: set[int], otherwise: Words) -> Sequence[Scalar]:
    """All different values; where everybody agrees, it is one."""
    if not found:
        raise UnknownError(otherwise)
    return sorted(found)


def _duration(case: Case, step: str) -> list[Scalar]:
    return [_ended(case, step).duration_s]


def _ran(case: Case, step: str) -> list[Scalar]:
    run = case.evidence.steps.get(step) if case.evidence else None
    if run is None:
        raise UnknownError(case.left_out(step) or _NOT_REACHED)
    if run.failure and run.failure.verdict is Verdict.ERROR:
        raise UnknownError(_NOT_JUDGED)
    return [run.failure is None]


def _order(case: Case, steps: list[str]) -> Sequence[Scalar]:
    """The steps by when they ran; one that went on after another is there again."""
    runs = {step: _ended(case, step) for step in steps}
    began = [(at, step) for step, run in runs.items() for at in (run.started, *run.again)]
    return [step for step, _ in groupby(step for _, step in sorted(began))]


def _version(case: Case, package: str) -> list[Scalar]:
    versions = case.evidence.versions if case.evidence else {}
    if package not in versions:
        raise UnknownError(_NO_VERSION.filled(package=package))
    return [versions[package]]


def _total(case: Case, claim_id: str) -> list[Scalar]:
    parts = case.contract.claim(claim_id).values
    return [sum(part for part in parts if not isinstance(part, str))]


_READERS: dict[str, Callable[[Case, Any], Any]] = {
    "printed": _printed,
    "stated": _stated,
    "network": _layers,
    "aggregation": _rounds,
    "duration": _duration,
    "ran": _ran,
    "order": _order,
    "version": _version,
    "total_of": _total,
}
