"""What trainings reach, held against a value or against others, with the metric's statistics."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from verify.checks import observed
from verify.checks.case import Case
from verify.checks.metric_sides import Areas, Gaps, Means, Mirrored
from verify.checks.observed import UnknownError
from verify.checks.statistics import POWER, AnySide, Decision, Relation, Side, SideComparison
from verify.contract.claim import Measured, MeasuredRelation, Tolerance
from verify.evidence.evidence import TrainingRun
from verify.finding import Basis, Verdict
from verify.page.outputs import metrics
from verify.page.outputs.metrics import MetricKind
from verify.system.words import Text, Words, enumerated, joined

LAST = 5  # epochs that tell the noise where neither samples nor seeds do
_VERDICTS = {
    Decision.HOLDS: Verdict.PASS,
    Decision.CONTRADICTED: Verdict.FAIL,
    Decision.UNDECIDED: Verdict.UNCHECKED,
}
_RELATIONS: dict[str, Relation] = {
    ">=": Relation.AT_LEAST,
    "<=": Relation.AT_LEAST,
    "rises to": Relation.AT_LEAST,
    "falls to": Relation.AT_LEAST,
    "rises above": Relation.BETTER,
    "falls below": Relation.BETTER,
    "better": Relation.BETTER,
    "alike": Relation.ALIKE,
}
_AT_MOST = ("<=", "falls to", "falls below")
# Of losses and the like `detects` is the part by which the error is larger. With another start one
# training might end off by a part that it cannot show: that is our choice.
_ERRORS = (MetricKind.LOSS, MetricKind.FIT)
_DETECTS, _DETECTS_OF_ERRORS, _MARGIN_OF_ONE = 0.15, 1.0, 0.5
_REPEATED = (*_ERRORS, MetricKind.SHARE)
_ON_SAMPLES = {
    MetricKind.COUNTED: Words(zh="样本的二项噪声", en="binomial noise of the samples"),
    MetricKind.AREA: Words(
        zh="Hanley 与 McNeil（1982）的标准误",
        en="the standard error of Hanley and McNeil (1982)",
    ),
    MetricKind.GAP: Words(
        zh="Dvoretzky、Kiefer 与 Wolfowitz 不等式",
        en="the inequality of Dvoretzky, Kiefer and Wolfowitz",
    ),
}
_OF_SEEDS = Words(zh="随种子的变化", en="what the seeds vary")
_OF_EPOCHS = Words(zh="最后几个 epoch 的波动", en="what the last epochs vary")
_REACHED = Words(
    zh="{trainings} 的 {series} 为 {mean:.4f}（{over}）",
    en="{series} {mean:.4f} of {trainings} ({over})",
)
_LAST_OF = Words(zh="{of} 个 epoch 中的最后 {epochs} 个", en="the last {epochs} of {of} epochs")
_LAST_ONE = Words(zh="{of} 个 epoch 中的最后一个", en="the last of {of} epochs")
_TRAININGS = Words(zh="{count} 个训练", en="{count} trainings")
_AGAINST = Words(zh="{one}，对比 {other}", en="{one} against {other}")
_DIFFERENCE = Words(
    zh="{shown}；相差 {difference:+.3f}，介于 {low:+.2f} 与 {high:+.2f} 之间",
    en="{shown}; the difference is {difference:+.3f}, between {low:+.2f} and {high:+.2f}",
)
_BEGAN = Words(zh="{shown}，开始时为 {first:.4f}", en="{shown}, and began at {first:.4f}")
_NO_SERIES = Words(zh="{training} 没有 {series}", en="{training} has no {series}")
_NO_SHARE = Words(zh="{series} 不是样本的比例", en="{series} is no share of samples")
_NO_SAMPLES = Words(
    zh="不知道 {series} 依据多少个样本", en="it is not known on how many samples {series} rests"
)
_NO_NOISE = Words(
    zh="从名称 {series} 看不出度量的是什么，也看不出它的噪声",
    en="the name {series} does not tell what is measured, nor its noise",
)
_ONE_TRAINING = Words(
    zh="只有用不同种子训练多次，才知道 {series} 有多大波动",
    en="only several trainings with different seeds tell how much {series} varies",
)
_ONE_EPOCH = Words(
    zh="仅一个训练的一个 epoch，看不出 {series} 有多大波动",
    en="one epoch of one training does not tell how much {series} varies",
)
_NO_POSITIVES = Words(
    zh="不知道 {samples:g} 个样本中有多少个正样本",
    en="it is not known how many of the {samples:g} samples are positive",
)
_NO_NUMBER = Words(
    zh="页面没有给出可供对照的数字", en="the page states no number that it could be held to"
)
_RATES = Words(
    zh="{said}；误报率至多 {alarms:.0%}，{worse}时有 {power:.0%} 的概率被发现",
    en="{said}; false alarms at most {alarms:.0%}, {worse} are seen with {power:.0%}",
)
_BETTER_BY = Words(zh="优于对方超过 {margin:g}", en="better by more than {margin:g}")
_APART_BY = Words(zh="相差小于 {margin:g}", en="apart by less than {margin:g}")
# By whether less is claimed, and whether it is to be more than reached.
_LIMITS = {
    (True, False): Words(zh="至多 {value:.4g}", en="at most {value:.4g}"),
    (True, True): Words(zh="低于 {value:.4g}", en="below {value:.4g}"),
    (False, False): Words(zh="至少 {value:.4g}", en="at least {value:.4g}"),
    (False, True): Words(zh="高于 {value:.4g}", en="above {value:.4g}"),
}
_BEYOND = Words(zh="超出 {margin:.3g} 以内不计", en="{margin:.3g} beyond that do not count")
_MORE = Words(zh="多出 {far}", en="{far} more")
_LESS = Words(zh="少 {far}", en="{far} less")
_POINTS_MORE = Words(zh="多出 {far:.0f} 个百分点", en="{far:.0f} points more")
_POINTS_LESS = Words(zh="少 {far:.0f} 个百分点", en="{far:.0f} points less")
_OPEN = Words(zh="其波动使它无法判定", en="what it varies leaves it open")
_OPEN_ON = Words(zh="n = {samples:g} 时无法判定", en="n = {samples:g} leaves it open")
_TOO_FEW = Words(
    zh="n = {samples:g} 太少：{worse}时只有 {power:.0%} 的概率被发现，而需要 {wanted:.0%}",
    en="n = {samples:g} is too few: {worse} would be seen with a probability of {power:.0%}, and "
    "{wanted:.0%} are wanted",
)
_VARIES = Words(
    zh="波动太大：{worse}时只有 {power:.0%} 的概率被发现，而需要 {wanted:.0%}",
    en="it varies too much: {worse} would be seen with a probability of {power:.0%}, and "
    "{wanted:.0%} are wanted",
)


class MissingSeriesError(Exception):
    """A training came to its end without the series that it documents, or with no number in it."""

    def __init__(self, why: Words) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class SaidReach:
    """What trainings are said to reach: a value, or more or less than others do."""

    measured: Measured
    relation: MeasuredRelation
    value: float | None
    tolerance: Tolerance
    origin: Words | None = None

    @property
    def down(self) -> bool:
        """Whether less is claimed."""
        loss = metrics.is_loss(self.measured.series)
        return self.relation in _AT_MOST or (self.relation == "better" and loss)

    @property
    def moves(self) -> bool:
        """Whether the course of the training is a part of what is said."""
        return self.relation.startswith(("falls", "rises"))


def judge(case: Case, asked: SaidReach) -> dict[str, Any]:
    """Compare the sides; the fields of the result.

    Raises:
        UnknownError: the run does not show what is to be compared.
    """
    others = asked.measured.against
    try:
        one = _Trained.of(case, asked, asked.measured.trainings)
        against = _Trained.of(case, asked, others) if others else None
    except MissingSeriesError as error:
        return {"verdict": Verdict.FAIL, "observed": error.why, "basis": Basis.MEASURED}
    shown = _AGAINST.filled(one=one.words, other=against.words) if against else one.words
    try:
        comparison = _comparison(asked, one, against)
    except UnknownError as error:
        return {"verdict": Verdict.UNCHECKED, "observed": shown, "reason": error.why}
    if against:
        shown = _interval(asked, comparison, shown)
    still = asked.moves and not one.moved(down=asked.down)
    outcome = Decision.CONTRADICTED if still else comparison.outcome
    return {
        "verdict": _VERDICTS[outcome],
        "observed": _BEGAN.filled(shown=shown, first=one.firsts[0]) if asked.moves else shown,
        "tolerance": _tolerance(asked, one, comparison),
        "reason": _undecided(asked, one, comparison) if outcome is Decision.UNDECIDED else "",
        "basis": Basis.MEASURED,
    }


@dataclass(frozen=True)
class _Trained:
    """What the trainings of a side showed in their last epochs, and on how many samples."""

    series: str
    names: tuple[str, ...]
    kind: MetricKind
    windows: tuple[tuple[float, ...], ...]
    firsts: tuple[float, ...]
    epochs: int
    samples: float

    @classmethod
    def of(cls, case: Case, asked: SaidReach, names: Sequence[str]) -> "_Trained":
        series = asked.measured.series
        runs = [(name, run) for name in names for run in observed.trainings(case, name)]
        values = [_finite(name, run, series) for name, run in runs]
        kinds = {metrics.kind_in(series, run.history) for _, run in runs}
        kind = kinds.pop() if len(kinds) == 1 else metrics.kind(series)
        last = asked.measured.window or (LAST if len(runs) == 1 and kind in _REPEATED else 1)
        return cls(
            series,
            tuple(names),
            kind,
            windows=tuple(some[-last:] for some in values),
            firsts=tuple(some[0] for some in values),
            epochs=len(observed.trainings(case, names[0])[0].history[series]),
            samples=min(run.samples.get(series, math.nan) for _, run in runs),
        )

    @property
    def means(self) -> Means:
        return Means(self.windows)

    def moved(self, *, down: bool) -> bool:
        """Whether each training ended below where it began, or above."""
        pairs = zip(self.firsts, self.windows, strict=True)
        return all((last[-1] < first) if down else (last[-1] > first) for first, last in pairs)

    @property
    def words(self) -> Words:
        """The mean for people, and what it rests on."""
        epochs, trainings = len(self.windows[0]), len(self.windows)
        over = (_LAST_OF if epochs > 1 else _LAST_ONE).filled(epochs=epochs, of=self.epochs)
        seeds = _TRAININGS.filled(count=trainings) if trainings > 1 else None
        on = "" if math.isnan(self.samples) else f"n = {self.samples:g}"
        return _REACHED.filled(
            series=self.series,
            mean=self.means.mean,
            trainings=enumerated(self.names),
            over=joined((over, seeds, on), zh="，", en=", "),
        )


def _finite(name: str, run: TrainingRun, series: str) -> tuple[float, ...]:
    values = tuple(run.history.get(series, ()))
    if not values or not all(map(math.isfinite, values)):
        raise MissingSeriesError(_NO_SERIES.filled(training=name, series=series))
    return values


def _comparison(asked: SaidReach, one: _Trained, against: _Trained | None) -> SideComparison:
    """The sides as their metric is judged.

    Raises:
        UnknownError: how far the metric may be off is not known.
    """
    side = _side(asked, one, alone=against is None)
    other = _side(asked, against, alone=False) if against else _documented(asked, one)
    if asked.down:
        side, other = _mirrored(side, one.kind), _mirrored(other, one.kind)
    said, of_errors = asked.tolerance, one.kind in _ERRORS
    scale = _scale(one.kind, against.means.mean if against else asked.value)
    detects = said.detects or (_DETECTS_OF_ERRORS if of_errors else _DETECTS)
    unseen = of_errors and len(one.windows) == 1 and _RELATIONS[asked.relation] is Relation.AT_LEAST
    default = _MARGIN_OF_ONE * scale if unseen else 0.0
    return SideComparison(
        _RELATIONS[asked.relation],
        side,
        other,
        default if said.margin is None else said.margin,
        said.false_alarm,
        detects * scale,
    )


def _side(asked: SaidReach, trained: _Trained, *, alone: bool) -> AnySide:
    kind, series, windows = trained.kind, trained.series, trained.windows
    if kind in _ON_SAMPLES:
        if not all(0 <= value <= 1 for window in windows for value in window):
            raise UnknownError(_NO_SHARE.filled(series=series))
        if math.isnan(trained.samples):
            raise UnknownError(_NO_SAMPLES.filled(series=series))
        if kind is MetricKind.COUNTED:
            return Side(windows, trained.samples)
        return _ranked(kind, windows, asked.measured, trained.samples)
    if kind is MetricKind.OTHER:
        raise UnknownError(_NO_NOISE.filled(series=series))
    means = Means(windows, predicts=alone and asked.measured.documented_once)
    if len(windows) == 1 and (kind is MetricKind.SHARE or not alone):
        raise UnknownError(_ONE_TRAINING.filled(series=series))
    if not means.varies:
        raise UnknownError(_ONE_EPOCH.filled(series=series))
    return means


def _ranked(
    kind: MetricKind, windows: tuple[tuple[float, ...], ...], seen: Measured, samples: float
) -> AnySide:
    """Areas and gaps: what they rest on are the samples of either class.

    Raises:
        UnknownError: nobody says how many these are.
    """
    positives = seen.positives
    known = seen.documented_samples in (None, samples)
    if positives is None or not known or not 0 < positives < samples:
        raise UnknownError(_NO_POSITIVES.filled(samples=samples))
    made = Areas if kind is MetricKind.AREA else Gaps
    return made(windows, positives, round(samples) - positives)


def _documented(asked: SaidReach, one: _Trained) -> AnySide:
    """The value that a single side is held to, with its own noise where the page measured it."""
    if asked.value is None:
        raise UnknownError(_NO_NUMBER)
    on, value = asked.measured.documented_samples, ((asked.value,),)
    if not on or one.kind not in _ON_SAMPLES or not 0 <= asked.value <= 1:
        return Side.given(asked.value)
    if one.kind is MetricKind.COUNTED:
        return Side(value, on)
    return _ranked(one.kind, value, asked.measured, on)


def _mirrored(side: AnySide, kind: MetricKind) -> AnySide:
    """The other end of a side, so that less is more; of shares, what is not counted."""
    if not isinstance(side, Side):
        return side.side if isinstance(side, Mirrored) else Mirrored(side)
    return side.mirrored if kind is MetricKind.COUNTED else Side.given(-side.mean)


def _scale(kind: MetricKind, level: float | None) -> float:
    """What `detects` is a part of: a loss, what a fit leaves unexplained, or the whole."""
    if level is None or kind not in _ERRORS:
        return 1.0
    return abs(level) if kind is MetricKind.LOSS else abs(1 - level)


def _tolerance(asked: SaidReach, one: _Trained, comparison: SideComparison) -> Text:
    """What would have been a contradiction, how often it is seen, and what justifies that."""
    source = joined((asked.origin, asked.tolerance.source or _source(one)))
    told = _RATES.filled(
        said=_said(asked, comparison),
        alarms=comparison.false_alarm,
        worse=_worse(asked, one, comparison),
        power=comparison.power,
    )
    return joined((told, source), zh="：", en=": ")


def _said(asked: SaidReach, comparison: SideComparison) -> Text:
    margin, better = comparison.margin, comparison.relation is Relation.BETTER
    if asked.value is None:
        return (_BETTER_BY if better else _APART_BY).filled(margin=margin)
    limit = _LIMITS[asked.down, better].filled(value=asked.value)
    return joined((limit, _BEYOND.filled(margin=margin) if margin else None), zh="，", en=", ")


def _worse(asked: SaidReach, one: _Trained, comparison: SideComparison) -> Words:
    far = f"{comparison.detects:.3g}"
    if one.kind not in _ERRORS:
        return (_POINTS_MORE if asked.down else _POINTS_LESS).filled(far=100 * comparison.detects)
    return (_MORE if asked.down else _LESS).filled(far=far)


def _source(one: _Trained) -> Text:
    """The standard source of the noise."""
    several = len(one.windows) > 1
    varied = (_OF_SEEDS if several else _OF_EPOCHS) if several or len(one.windows[0]) > 1 else None
    return joined((_ON_SAMPLES.get(one.kind), varied), zh="，以及", en=", and ")


def _interval(asked: SaidReach, comparison: SideComparison, shown: Words) -> Words:
    """What was observed with its difference, whichever end is the better one."""
    low, high, sign = *comparison.limits, -1 if asked.down else 1
    low, high = sorted((sign * low, sign * high))
    difference = sign * comparison.difference
    return _DIFFERENCE.filled(shown=shown, difference=difference, low=low, high=high)


def _undecided(asked: SaidReach, one: _Trained, comparison: SideComparison) -> Words:
    if comparison.relation is not Relation.AT_LEAST:
        return (_OPEN if math.isnan(one.samples) else _OPEN_ON).filled(samples=one.samples)
    few = _TOO_FEW if one.kind in _ON_SAMPLES else _VARIES
    worse = _worse(asked, one, comparison)
    return few.filled(samples=one.samples, worse=worse, power=comparison.power, wanted=POWER)
