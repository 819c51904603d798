"""The trainings of a document in the report: their series, rounds, and what the page documents."""

from collections.abc import Iterator

from pydantic import BaseModel

from verify.checks.statistics import Side
from verify.contract.claim import Measured
from verify.contract.contract import Contract
from verify.evidence import division_of_work as computing
from verify.evidence.division_of_work import ComputingMap
from verify.evidence.evidence import Evidence
from verify.page.outputs.metrics import MetricKind, kind


class Documented(BaseModel):
    """What the page says that a series ends with.

    `low` and `high` limit it where the page measured it itself, on samples; `held_to` is
    what the profile is calibrated to reach with its stand-ins.
    """

    value: float
    low: float | None = None
    high: float | None = None
    held_to: float | None = None


class TrainingEntry(BaseModel):
    """The series of one training, one value an epoch, and its rounds of aggregation.

    Trainings that differ in their seed alone have one `id`. `ratios` are the errors of the rounds
    as shares of their bounds, null where one was not looked into. JSON has no NaN and no infinity:
    such a value is null.
    """

    id: str
    step: str
    kind: str
    history: dict[str, list[float | None]]
    rounds: int
    ratios: list[float | None] = []
    documented: dict[str, Documented] = {}
    computing: ComputingMap | None = None


def of(contract: Contract, evidence: Evidence, profile: str) -> list[TrainingEntry]:
    """An entry for each training that ran, in the order of the contract."""
    return [
        TrainingEntry(
            id=training.id,
            step=training.step,
            kind=run.kind,
            history={name: list(values) for name, values in run.history.items()},
            rounds=len(run.rounds),
            ratios=[one.ratio for one in run.rounds],
            documented=dict(_documented(contract, training.id, profile)),
            computing=computing.of(run),
        )
        for training in contract.trainings
        for run in evidence.runs_of(contract, training.id)
    ]


def _documented(
    contract: Contract, training: str, profile: str
) -> Iterator[tuple[str, Documented]]:
    held = {
        one.series: one.value
        for one in contract.profiles[profile].calibrated
        if training in one.trainings and one.value is not None
    }
    for claim in contract.claims:
        measured = claim.evidence.measured if claim.evidence else None
        value = claim.values[0] if claim.values else ""
        if measured is None or measured.against or isinstance(value, (bool, str)):
            continue  # of two sides none is documented
        if training in measured.trainings:
            level = _level(measured, value, claim.tolerance.false_alarm)
            level.held_to = held.get(measured.series)
            yield measured.series, level


def _level(measured: Measured, value: float, false_alarm: float) -> Documented:
    """What is documented, and its noise where it is a share of samples that the page counts."""
    level, on = Documented(value=value), measured.documented_samples
    if on and kind(measured.series) is MetricKind.COUNTED:
        level.low, level.high = Side(((value,),), on).limits(false_alarm)
    return level
