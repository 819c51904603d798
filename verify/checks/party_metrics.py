"""What a training of several parties reports is what the parties' own metrics come to together.

Each value of a series is worked out anew from the parties' numbers and how many samples each went
through. An average that forgets the samples, or takes one batch for an epoch, shows.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verify.checks.case import BETWEEN, OF_PARTIES, Case, listed, of_series, verdict
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence import merged_metrics
from verify.evidence.evidence import Evaluation, Metric, Pass, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.ledger import ledger as ledgers

_TRAIN, _VALIDATION = "train", "val"
_CLOSE = 1e-6
# The ledger's entry for metrics that go on counting where the last validation ended.
_CARRIED = "training-counts-validation-in"
# Its entries for a loss that is the last batch's alone, and for averages that forget the samples.
_LAST_BATCH = "split-loss-of-last-batch"
_PLAIN = "torch-metrics-averaged-plain"
_NO_MEAN = (
    "what the parties know of it ({kinds}) is no mean over samples, and adds up to nothing that "
    "could be worked out anew"
)


@dataclass(frozen=True)
class _Compared:
    """A stated value beside what the parties' own metrics come to."""

    where: str
    stated: float
    samples: Mapping[str, int]
    merged: merged_metrics.Merged
    plain: float
    carried: bool
    last: float | None

    @property
    def wrong(self) -> str:
        """What is wrong with it; empty if nothing is."""
        if self.merged.agrees(self.stated):
            return ""
        samples = ", ".join(f"{party} {count}" for party, count in self.samples.items())
        said = (
            f"{self.where} is {self.stated:.7g}, and the parties' samples ({samples}) come to "
            f"{self.merged.value:.7g}"
        )
        if self.is_last:
            return f"{said}: it is the last batch's"
        return (
            f"{said}: the parties' own values are averaged without them" if self.is_plain else said
        )

    @property
    def is_plain(self) -> bool:
        """Whether it is the plain mean of the parties' values, and not that of all samples."""
        known = len(self.samples) > 1 and math.isclose(self.plain, self.stated, rel_tol=_CLOSE)
        return known and not self.merged.agrees(self.stated)

    @property
    def is_last(self) -> bool:
        """Whether it is what the last batch came to, and not all of them."""
        known = self.last is not None and math.isclose(self.last, self.stated, rel_tol=_CLOSE)
        return known and not self.merged.agrees(self.stated)


class _UnknownError(Exception):
    """It cannot be worked out anew; the message says why."""


def _subjects(contract: Contract) -> list[str]:
    of_parties = (t for t in contract.trainings if t.kind in OF_PARTIES)
    return [f"{t.id}{BETWEEN}{series}" for t in of_parties for series in t.metrics]


def _judge(case: Case, _: Training, run: TrainingRun, series: str) -> dict[str, Any]:
    says = f"{series} is what the parties' own metrics come to together"
    try:
        compared = list(_compared(run, series))
    except _UnknownError as error:
        return {"verdict": Verdict.UNCHECKED, "says": says, "reason": str(error)}
    wrong = [one for one in compared if one.wrong]
    problems = [one.wrong for one in wrong]
    if not wrong and any(one.carried for one in compared):
        problems = ["it goes on counting where the epoch before ended"]
    defect = _defect(run, wrong)
    known = bool(problems and defect) and _is_known(case, defect)
    return {
        "verdict": Verdict.ERRATUM if known else verdict(not problems),
        "says": says,
        "observed": listed(problems) or _summary(compared),
        "tolerance": "roundings of float32: 2^-24 of the value for each addition and division",
        "reason": f"as defect {defect} says" if known else "",
    }


def _defect(run: TrainingRun, wrong: Sequence[_Compared]) -> str:
    """The entry of the ledger that explains all that is wrong, if one does."""
    if not wrong:
        return _CARRIED
    if all(one.is_last for one in wrong):
        return _LAST_BATCH
    return _PLAIN if run.backend == "torch" and all(one.is_plain for one in wrong) else ""


def _compared(run: TrainingRun, series: str) -> Iterator[_Compared]:
    stage, name = _split(series, run.kind)
    values = run.history.get(series, ())
    if not values:
        raise _UnknownError(f"the training reports no {series}")
    own = {p: mine for p, some in run.passes.items() if (mine := _of(some, stage, name))}
    if not own:
        raise _UnknownError("no party's own metric of that name was seen")
    if short := [party for party, mine in own.items() if len(mine) != len(values)]:
        raise _UnknownError(
            f"{short[0]} went through its data {len(own[short[0]])} times for {len(values)} values"
        )
    for epoch, stated in enumerate(values):
        each = {party: mine[epoch] for party, mine in own.items()}
        before = {party: _before(run.passes[party], each[party][0]) for party in own}
        yield _one(f"epoch {epoch + 1}", stated, each, before)
    if stage == _VALIDATION:
        yield from _evaluated(run.evaluations, name)


def _split(series: str, kind: str) -> tuple[str, str]:
    """Whether a series is of the training or the validation, and the metric's own name."""
    for stage in (_VALIDATION, _TRAIN) if kind == "split" else (_VALIDATION,):
        if series.startswith(f"{stage}_"):
            return stage, series.removeprefix(f"{stage}_")
    return _TRAIN, series


Own = tuple[Pass, Metric]


def _of(passes: Sequence[Pass], stage: str, name: str) -> list[Own]:
    """The passes of a stage in which a party measured something, with that metric."""
    return [
        (one, metric)
        for one in passes
        if one.stage == stage
        for metric in one.metrics
        if metric.name.lower() == name.lower()
    ]


def _before(passes: Sequence[Pass], one: Pass) -> Pass | None:
    place = next(i for i, each in enumerate(passes) if each is one)
    return passes[place - 1] if place else None


def _evaluated(evaluations: Sequence[Evaluation], name: str) -> Iterator[_Compared]:
    """Evaluations after the training, as far as they tell this metric."""
    for number, one in enumerate(evaluations, 1):
        stated = {key.removeprefix("val_").lower(): value for key, value in one.values.items()}
        own = {p: mine[-1] for p, some in one.passes.items() if (mine := _of(some, "val", name))}
        if name.lower() in stated and own:
            where = f"evaluation {number}"
            yield _one(where, stated[name.lower()], own, dict.fromkeys(own))


def _one(
    where: str, stated: float, own: Mapping[str, Own], before: Mapping[str, Pass | None]
) -> _Compared:
    metrics = [metric for _, metric in own.values()]
    merged = merged_metrics.together(metrics)
    if merged is None:
        kinds = ", ".join(sorted({metric.kind for metric in metrics}))
        raise _UnknownError(_NO_MEAN.format(kinds=kinds))
    counted = [_counts(*own[party], before[party]) for party in own]
    means = [math.fsum(metric.values) / len(metric.values) for metric in metrics]
    return _Compared(
        where,
        stated,
        {party: one.samples for party, (one, _) in own.items()},
        merged,
        math.fsum(means) / len(means),
        carried=any(counted),
        last=metrics[0].last if len(metrics) == 1 else None,
    )


def _counts(one: Pass, metric: Metric, before: Pass | None) -> bool:
    """Whether a mean counts the pass before in.

    Raises:
        _UnknownError: it rests on something else than the samples that the party went through.
    """
    if metric.count is None or metric.count == one.samples:
        return False
    earlier = next((m for m in before.metrics if _alike(m, metric)), None) if before else None
    if earlier and earlier.count is not None and metric.count == one.samples + earlier.count:
        return True
    raise _UnknownError(
        f"it is a mean over {metric.count:g} values, of a party that went through {one.samples} "
        "samples"
    )


def _alike(one: Metric, other: Metric) -> bool:
    return (one.name, one.kind) == (other.name, other.kind)


def _summary(compared: Sequence[_Compared]) -> str:
    worst = max(abs(one.stated - one.merged.value) for one in compared)
    last = compared[-1]
    samples = ", ".join(f"{party} {count}" for party, count in last.samples.items())
    alike = len(last.samples) > 1 and len(set(last.samples.values())) == 1
    return (
        f"{len(compared)} values worked out anew, off by at most {worst:.2g}; samples: {samples}"
        + ("; all have as many, so that a plain mean comes to the same" if alike else "")
    )


def _is_known(case: Case, defect: str) -> bool:
    ledger = ledgers.read(case.contract.environment.name)
    return any(known.id == defect for known in ledger.defects)


CHECK = of_series(CheckKind.METRICS, _judge, _subjects)
