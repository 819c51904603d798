"""What trainings reach, held against a value or against others, with the metric's statistics."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from verify.checks import measured_words as said
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
    shown = said.AGAINST.filled(one=one.words, other=against.words) if against else one.words
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
        "observed": said.BEGAN.filled(shown=shown, first=one.firsts[0]) if asked.moves else shown,
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
        over = (said.LAST_OF if epochs > 1 else said.LAST_ONE).filled(epochs=epochs, of=self.epochs)
        seeds = said.TRAININGS.filled(count=trainings) if trainings > 1 else None
        on = "" if math.isnan(self.samples) else f"n = {self.samples:g}"
        return said.REACHED.filled(
            series=self.series,
            mean=self.means.mean,
            trainings=enumerated(self.names),
            over=joined((over, seeds, on), zh="，", en=", "),
        )


def _finite(name: str, run: TrainingRun, series: str) -> tuple[float, ...]:
    values = tuple(run.history.get(series, ()))
    if not values or not all(map(math.isfinite, values)):
        raise MissingSeriesError(said.NO_SERIES.filled(training=name, series=series))
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
    tolerance, of_errors = asked.tolerance, one.kind in _ERRORS
    scale = _scale(one.kind, against.means.mean if against else asked.value)
    detects = tolerance.detects or (_DETECTS_OF_ERRORS if of_errors else _DETECTS)
    unseen = of_errors and len(one.windows) == 1 and _RELATIONS[asked.relation] is Relation.AT_LEAST
    default = _MARGIN_OF_ONE * scale if unseen else 0.0
    return SideComparison(
        _RELATIONS[asked.relation],
        side,
        other,
        default if tolerance.margin is None else tolerance.margin,
        tolerance.false_alarm,
        detects * scale,
    )


def _side(asked: SaidReach, trained: _Trained, *, alone: bool) -> AnySide:
    kind, series, windows = trained.kind, trained.series, trained.windows
    if kind in _ON_SAMPLES:
        if not all(0 <= value <= 1 for window in windows for value in window):
            raise UnknownError(said.NO_SHARE.filled(series=series))
        if math.isnan(trained.samples):
            raise UnknownError(said.NO_SAMPLES.filled(series=series))
        if kind is MetricKind.COUNTED:
            return Side(windows, trained.samples)
        return _ranked(kind, windows, asked.measured, trained.samples)
    if kind is MetricKind.OTHER:
        raise UnknownError(said.NO_NOISE.filled(series=series))
    means = Means(windows, predicts=alone and asked.measured.documented_once)
    if len(windows) == 1 and (kind is MetricKind.SHARE or not alone):
        raise UnknownError(said.ONE_TRAINING.filled(series=series))
    if not means.varies:
        raise UnknownError(said.ONE_EPOCH.filled(series=series))
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
        raise UnknownError(said.NO_POSITIVES.filled(samples=samples))
    made = Areas if kind is MetricKind.AREA else Gaps
    return made(windows, positives, round(samples) - positives)


def _documented(asked: SaidReach, one: _Trained) -> AnySide:
    """The value that a single side is held to, with its own noise where the page measured it."""
    if asked.value is None:
        raise UnknownError(said.NO_NUMBER)
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
    told = said.RATES.filled(
        said=_said(asked, comparison),
        alarms=comparison.false_alarm,
        worse=_worse(asked, one, comparison),
        power=comparison.power,
    )
    return joined((told, source), zh="：", en=": ")


def _said(asked: SaidReach, comparison: SideComparison) -> Text:
    margin, better = comparison.margin, comparison.relation is Relation.BETTER
    if asked.value is None:
        return (said.BETTER_BY if better else said.APART_BY).filled(margin=margin)
    limit = said.LIMITS[asked.down, better].filled(value=asked.value)
    return joined((limit, said.BEYOND.filled(margin=margin) if margin else None), zh="，", en=", ")


def _worse(asked: SaidReach, one: _Trained, comparison: SideComparison) -> Words:
    far = f"{comparison.detects:.3g}"
    if one.kind not in _ERRORS:
        return (said.POINTS_MORE if asked.down else said.POINTS_LESS).filled(
            far=100 * comparison.detects
        )
    return (said.MORE if asked.down else said.LESS).filled(far=far)


def _source(one: _Trained) -> Text:
    """The standard source of the noise."""
    several = len(one.windows) > 1
    varied = (
        (said.OF_SEEDS if several else said.OF_EPOCHS)
        if several or len(one.windows[0]) > 1
        else None
    )
    return joined((_ON_SAMPLES.get(one.kind), varied), zh="，以及", en=", and ")


def _interval(asked: SaidReach, comparison: SideComparison, shown: Words) -> Words:
    """What was observed with its difference, whichever end is the better one."""
    low, high, sign = *comparison.limits, -1 if asked.down else 1
    low, high = sorted((sign * low, sign * high))
    difference = sign * comparison.difference
    return said.DIFFERENCE.filled(shown=shown, difference=difference, low=low, high=high)


def _undecided(asked: SaidReach, one: _Trained, comparison: SideComparison) -> Words:
    if comparison.relation is not Relation.AT_LEAST:
        return (said.OPEN if math.isnan(one.samples) else said.OPEN_ON).filled(samples=one.samples)
    few = said.TOO_FEW if one.kind in _ON_SAMPLES else said.VARIES
    worse = _worse(asked, one, comparison)
    return few.filled(samples=one.samples, worse=worse, power=comparison.power, wanted=POWER)
