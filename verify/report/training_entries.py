"""The trainings of a document in the report: their series, rounds, and what the page documents."""

from collections.abc import Iterator

from pydantic import BaseModel

from verify.checks.statistics import Side
from verify.contract.claim import Claim, Measured
from verify.contract.contract import Contract
from verify.evidence import division_of_work as computing
from verify.evidence.division_of_work import ComputingMap
from verify.evidence.evidence import Evidence


class Documented(BaseModel):
    """What the page says that a series ends with.

    `low` and `high` limit it where the page measured it itself, on samples; `held_to` is the
    threshold of a profile that has its own.
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
    for claim in contract.claims:
        measured = claim.evidence.measured if claim.evidence else None
        value = claim.values[0]
        if measured is None or isinstance(value, (bool, str)):
            continue  # of two sides none is documented
        if training in measured.trainings:
            yield measured.series, _level(claim, measured, value, profile)


def _level(claim: Claim, measured: Measured, value: float, profile: str) -> Documented:
    own = claim.profiles.get(profile)
    level = Documented(value=value, held_to=own.value if own else None)
    if measured.documented_samples and claim.tolerance:
        side = Side(((value,),), measured.documented_samples)
        level.low, level.high = side.limits(claim.tolerance.false_alarm)
    return level
