"""What a training of several parties reports is what the parties' own metrics come to together.

Each value of a series is worked out anew from the parties' numbers and how many samples each went
through. An average that forgets the samples, or takes one batch for an epoch, shows.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verify.checks.case import BETWEEN, OF_PARTIES, Case, listed, of_series, verdict
from verify.checks.observed import UnknownError
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence import merged_metrics
from verify.evidence.evidence import Evaluation, Metric, Pass, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.ledger import ledger as ledgers
from verify.system.words import Text, Words, enumerated, joined

_TRAIN, _VALIDATION = "train", "val"
_CLOSE = 1e-6
# The ledger's entry for metrics that go on counting where the last validation ended.
_CARRIED = "training-counts-validation-in"
# Its entries for a loss that is the last batch's alone, and for averages that forget the samples.
_LAST_BATCH = "split-loss-of-last-batch"
_PLAIN = "torch-metrics-averaged-plain"
_NO_MEAN = Words(
    zh="参与方所知的内容（{kinds}）不是对样本的平均，也无法合并起来重新计算",
    en="what the parties know of it ({kinds}) is no mean over samples, and adds up to nothing that "
    "could be worked out anew",
)
_WRONG = Words(
    zh="{where}为 {stated:.7g}，而各参与方的样本（{samples}）得出 {value:.7g}",
    en="{where} is {stated:.7g}, and the parties' samples ({samples}) come to {value:.7g}",
)
_OF_LAST_BATCH = Words(zh="{said}：它只是最后一个批次的值", en="{said}: it is the last batch's")
_WITHOUT_SAMPLES = Words(
    zh="{said}：对各方的值求平均时没有按样本数加权",
    en="{said}: the parties' own values are averaged without them",
)
_SAYS = Words(
    zh="{series} 由各参与方自己的指标合并得出",
    en="{series} is what the parties' own metrics come to together",
)
_COUNTS_ON = Words(
    zh="它接着前一个 epoch 继续累计", en="it goes on counting where the epoch before ended"
)
_TOLERANCE = Words(
    zh="float32 的舍入：每次加法和除法为数值的 2^-24",
    en="roundings of float32: 2^-24 of the value for each addition and division",
)
_DEFECT = Words(zh="SecretFlow 的缺陷（{id}）：{says}", en="a defect of SecretFlow ({id}): {says}")
_NOT_REPORTED = Words(zh="训练没有报告 {series}", en="the training reports no {series}")
_NO_OWN = Words(zh="没有看到参与方自己的同名指标", en="no party's own metric of that name was seen")
_OTHER_TIMES = Words(
    zh="{party} 遍历了数据 {times} 次，而有 {values} 个值",
    en="{party} went through its data {times} times for {values} values",
)
_EPOCH = Words(zh="第 {number} 个 epoch", en="epoch {number}")
_EVALUATION = Words(zh="第 {number} 次评估", en="evaluation {number}")
_OTHER_COUNT = Words(
    zh="它是 {count:g} 个值的平均，而该参与方用了 {samples} 个样本",
    en="it is a mean over {count:g} values, of a party that went through {samples} samples",
)
_ANEW = Words(
    zh="重新计算了 {count} 个值，至多相差 {worst:.2g}；样本：{samples}",
    en="{count} values worked out anew, off by at most {worst:.2g}; samples: {samples}",
)
_AS_MANY = Words(
    zh="各方样本数相同，因此不加权的平均也一样",
    en="all have as many, so that a plain mean comes to the same",
)


@dataclass(frozen=True)
class _Compared:
    """A stated value beside what the parties' own metrics come to."""

    where: Words
    stated: float
    samples: Mapping[str, int]
    merged: merged_metrics.Merged
    plain: float
    carried: bool
    last: float | None

    @property
    def wrong(self) -> Text:
        """What is wrong with it; empty if nothing is."""
        if self.merged.agrees(self.stated):
            return ""
        said = _WRONG.filled(
            where=self.where,
            stated=self.stated,
            samples=enumerated(f"{party} {count}" for party, count in self.samples.items()),
            value=self.merged.value,
        )
        if self.is_last:
            return _OF_LAST_BATCH.filled(said=said)
        return _WITHOUT_SAMPLES.filled(said=said) if self.is_plain else said

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


def _subjects(contract: Contract) -> list[str]:
    of_parties = (t for t in contract.trainings if t.kind in OF_PARTIES)
    return [f"{t.id}{BETWEEN}{series}" for t in of_parties for series in t.metrics]


def _judge(case: Case, _: Training, run: TrainingRun, series: str) -> dict[str, Any]:
    says = _SAYS.filled(series=series)
    try:
        compared = list(_compared(run, series))
    except UnknownError as error:
        return {"verdict": Verdict.UNCHECKED, "says": says, "reason": error.why}
    wrong = [one for one in compared if one.wrong]
    problems = [one.wrong for one in wrong]
    if not wrong and any(one.carried for one in compared):
        problems = [_COUNTS_ON]
    defect = _defect(run, wrong)
    known = _known(case, defect) if problems else None
    return {
        "verdict": Verdict.ERRATUM if known else verdict(not problems),
        "says": says,
        "observed": listed(problems) or _summary(compared),
        "tolerance": _TOLERANCE,
        "reason": _DEFECT.filled(id=known.id, says=known.says) if known else "",
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
        raise UnknownError(_NOT_REPORTED.filled(series=series))
    own = {p: mine for p, some in run.passes.items() if (mine := _of(some, stage, name))}
    if not own:
        raise UnknownError(_NO_OWN)
    if short := [party for party, mine in own.items() if len(mine) != len(values)]:
        raise UnknownError(
            _OTHER_TIMES.filled(party=short[0], times=len(own[short[0]]), values=len(values))
        )
    for epoch, stated in enumerate(values):
        each = {party: mine[epoch] for party, mine in own.items()}
        before = {party: _before(run.passes[party], each[party][0]) for party in own}
        yield _one(_EPOCH.filled(number=epoch + 1), stated, each, before)
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
            where = _EVALUATION.filled(number=number)
            yield _one(where, stated[name.lower()], own, dict.fromkeys(own))


def _one(
    where: Words, stated: float, own: Mapping[str, Own], before: Mapping[str, Pass | None]
) -> _Compared:
    metrics = [metric for _, metric in own.values()]
    merged = merged_metrics.together(metrics)
    if merged is None:
        kinds = enumerated(sorted({metric.kind for metric in metrics}))
        raise UnknownError(_NO_MEAN.filled(kinds=kinds))
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
        UnknownError: it rests on something else than the samples that the party went through.
    """
    if metric.count is None or metric.count == one.samples:
        return False
    earlier = next((m for m in before.metrics if _alike(m, metric)), None) if before else None
    if earlier and earlier.count is not None and metric.count == one.samples + earlier.count:
        return True
    raise UnknownError(_OTHER_COUNT.filled(count=metric.count, samples=one.samples))


def _alike(one: Metric, other: Metric) -> bool:
    return (one.name, one.kind) == (other.name, other.kind)


def _summary(compared: Sequence[_Compared]) -> Text:
    worst = max(abs(one.stated - one.merged.value) for one in compared)
    last = compared[-1]
    samples = enumerated(f"{party} {count}" for party, count in last.samples.items())
    alike = len(last.samples) > 1 and len(set(last.samples.values())) == 1
    anew = _ANEW.filled(count=len(compared), worst=worst, samples=samples)
    return joined((anew, _AS_MANY if alike else None))


def _known(case: Case, defect: str) -> ledgers.Defect | None:
    ledger = ledgers.read(case.contract.environment.name)
    return next((known for known in ledger.defects if known.id == defect), None)


CHECK = of_series(CheckKind.METRICS, _judge, _subjects)
