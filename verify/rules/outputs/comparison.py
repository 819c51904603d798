"""Conclusions agree with the stored outputs that they rest on.

A sentence is judged only if it is clear which trainings it compares: from what their code says of
their weights, their parties and their settings, and from the words of the sentence. The last
epochs of both are compared, against the noise of that number of samples and from epoch to epoch.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean, pvariance

from verify.finding import Finding, FindingKind, Severity
from verify.page.outputs.metrics import MetricKind, is_loss, is_new_data, is_share, kind_in
from verify.page.page import Page
from verify.page.prose import numerals
from verify.rules.checked_site import Site
from verify.rules.outputs import conclusions, sides, trainings
from verify.rules.outputs.conclusions import Conclusion, ConclusionRelation
from verify.rules.outputs.trainings import LoggedRun, Story
from verify.system.words import Text, Words, joined

_SAY = Words(
    zh="请按输出所示来写，或用几个种子重复训练。",
    en="Say what the outputs show, or repeat the trainings with several seeds.",
)
_NOT_SHOWN = Words(
    zh="“{said}”与输出所示不符：`{metric}` {shows}。",
    en="“{said}” is not what the outputs show: `{metric}` {shows}.",
)
_CELL = Words(zh="单元格 {cell} 中", en="cell {cell}")
_FIRST = Words(zh="{cell}的第一次训练里", en="the first training of {cell}")
_ANOTHER = Words(zh="其中的另一次训练里", en="another one of it")
_REACHES = Words(
    zh="在{one}经过 {first} 个 epoch 达到 {value:.3g}，在{other}则经过 {second} 个",
    en="reaches {value:.3g} after {first} epochs in {one} and after {second} in {other}",
)
_OVER = Words(zh="在最后 {epochs} 个 epoch 中，", en="over the last {epochs} epochs")
_IS = Words(
    zh="{one}为 {a:.3f}，{other}为 {b:.3f}", en="is {a:.3f} in {one} and {b:.3f} in {other}"
)
_ERROR = Words(
    zh="（n = {samples}，差的标准误为 {error:.2g}，相差 {distance:.1f} 个标准误）",
    en="(n = {samples}, standard error of the difference {error:.2g}, "
    "{distance:.1f} of them apart)",
)
_VARIES = Words(
    zh="（各个 epoch 之间的差有 {error:.2g} 的波动）",
    en="(from epoch to epoch the difference varies by {error:.2g})",
)
_WITHIN_NOISE = Words(
    zh="“{said}”只依据每种做法的一次训练：`{metric}` 相差 {difference:.2g}，"
    "小于各个 epoch 之间和样本数带来的波动 {error:.2g}。",
    en="“{said}” rests on one training of each: `{metric}` differs by {difference:.2g}, which is "
    "less than the {error:.2g} that epochs and the number of samples make.",
)
_REPEAT = Words(
    zh="请用几个种子重复训练，或说明两者没有明显差别。",
    en="Repeat the trainings with several seeds, or say that there is no clear difference.",
)
_WINDOW = 0.2
_FEWEST = 3
# Two-sided, one in a hundred.
_SIGNIFICANT = 2.576
_CLEAR = 1.0
# Less than that is alike in any tutorial's words.
_ALIKE = 0.05
# Less than that no one would mention, as a share or as a part of a loss.
_MATTERS = 0.005
_QUOTED = 80
_FOUND = re.compile(r"Using (\d+) files for validation")


def check(site: Site) -> Iterator[Finding]:
    """Find conclusions that the page's own outputs contradict."""
    for page in site.pages:
        if not any(code.outputs for code in page.python_cells):
            continue
        told = [one for piece in page.prose for one in conclusions.of(piece)]
        if told:
            yield from _judged(page, trainings.of_page(page), told)


def _judged(page: Page, story: Story, told: list[Conclusion]) -> Iterator[Finding]:
    reported: dict[object, None] = {}
    figures = trainings.figures(page)
    for conclusion in told:
        verdicts = _verdicts(page, conclusion, story.runs)
        verdicts = verdicts or _verdicts(page, conclusion, figures)
        worst = max(verdicts, key=lambda one: one.against, default=None)
        if worst is None or worst.against <= 0:
            if verdicts and all(verdict.weak for verdict in verdicts):
                yield _weak(page, conclusion, verdicts[0])
            continue
        key = (worst.one.code.cell, worst.other.code.cell, conclusion.relation)
        if key in reported:
            continue
        reported[key] = None
        supported = any(verdict.against < 0 for verdict in verdicts)
        certain = worst.significant and not worst.disputed and not supported
        yield Finding(
            page.path,
            conclusion.line,
            conclusion.piece.cell,
            FindingKind.COMPARISON,
            Severity.ERROR if certain else Severity.WARNING,
            worst.sentence(conclusion),
            _SAY,
        )


def _weak(page: Page, conclusion: Conclusion, verdict: "_Verdict") -> Finding:
    a, b = (level.mean for level in verdict.levels)
    return Finding(
        page.path,
        conclusion.line,
        conclusion.piece.cell,
        FindingKind.COMPARISON,
        Severity.WARNING,
        _WITHIN_NOISE.filled(
            said=conclusion.sentence[-_QUOTED:].lstrip(),
            metric=verdict.metric,
            difference=abs(a - b),
            error=verdict.error,
        ),
        _REPEAT,
    )


def _verdicts(page: Page, conclusion: Conclusion, runs: tuple[LoggedRun, ...]) -> list["_Verdict"]:
    before = [run for run in runs if run.code.line < conclusion.line]
    pairs = sides.pairs(conclusion, before)
    return [verdict for pair in pairs if (verdict := _verdict(page, conclusion, *pair))]


@dataclass(frozen=True)
class _Level:
    """Where a series ends: mean of the last epochs, how many these are, and its noise."""

    mean: float
    epochs: int
    variance: float


@dataclass(frozen=True)
class _Verdict:
    """How two trainings compare in a metric. `against` is above 0 if that contradicts the page."""

    one: LoggedRun
    other: LoggedRun
    metric: str
    levels: tuple[_Level, _Level]
    samples: int | None
    error: float | None
    against: float
    significant: bool
    disputed: bool = False
    reached: tuple[int, int] | None = None
    weak: bool = False

    def sentence(self, conclusion: Conclusion) -> Words:
        """Say what is contradicted, with the numbers."""
        said = conclusion.sentence
        said = said if len(said) <= _QUOTED else f"…{said[-_QUOTED:].lstrip()}"
        a, b = self.levels
        one, other = (_CELL.filled(cell=run.code.cell) for run in (self.one, self.other))
        if one == other:
            one, other = _FIRST.filled(cell=one), _ANOTHER
        if self.reached:
            first, second = self.reached
            value = min(a.mean, b.mean)
            shows: Text = _REACHES.filled(
                value=value, first=first, second=second, one=one, other=other
            )
        else:
            over = _OVER.filled(epochs=a.epochs) if a.epochs > 1 else ""
            shows = _IS.filled(a=a.mean, b=b.mean, one=one, other=other)
            shows = joined((over, joined((shows, self._noise), zh="", en=" ")), zh="", en=" ")
        return _NOT_SHOWN.filled(said=said, metric=self.metric, shows=shows)

    @property
    def _noise(self) -> Text:
        """How large a difference chance alone makes."""
        if not self.error:
            return ""
        if not self.samples:
            return _VARIES.filled(error=self.error)
        distance = abs(self.levels[0].mean - self.levels[1].mean) / self.error
        return _ERROR.filled(samples=self.samples, error=self.error, distance=distance)


def _verdict(
    page: Page, conclusion: Conclusion, one: LoggedRun, other: LoggedRun
) -> _Verdict | None:
    name = _metric(conclusion, one, other)
    if name is None:
        return None
    a, b = one.training.series[name], other.training.series[name]
    levels = _level(a), _level(b)
    sign = -1 if is_loss(name) else 1
    counted = kind_in(name, one.training.series) is MetricKind.COUNTED
    samples = _samples(page, one) if counted else None
    variance = levels[0].variance + levels[1].variance
    if samples:
        variance += sum(max(0.0, level.mean * (1 - level.mean)) / samples for level in levels)
    error = math.sqrt(variance) if variance else None
    better = sign * (levels[0].mean - levels[1].mean)
    if conclusion.relation in (ConclusionRelation.FASTER, ConclusionRelation.SLOWER):
        return _speed(conclusion, one, other, name, levels)
    if conclusion.relation is ConclusionRelation.ALIKE:
        share = is_share(name)
        far = abs(better) > (_ALIKE if share else 0.5 * max(abs(level.mean) for level in levels))
        distance = abs(better) / error if error else math.inf
        against = abs(better) if far and distance > _SIGNIFICANT else 0.0
        return _Verdict(
            one, other, name, levels, samples, error, against, significant=error is not None
        )
    against = -better if conclusion.relation is ConclusionRelation.BETTER else better
    distance = abs(better) / error if error else math.inf
    scale = 1.0 if is_share(name) else max(abs(level.mean) for level in levels)
    if against > 0 and (distance < _CLEAR or against < _MATTERS * scale):
        against = 0.0
    return _Verdict(
        one,
        other,
        name,
        levels,
        samples,
        error,
        against,
        significant=error is not None and distance > _SIGNIFICANT,
        disputed=not conclusion.measure and _disputed(name, better, one, other),
        weak=error is not None and against < 0 and -against < _CLEAR * error,
    )


def _speed(
    conclusion: Conclusion,
    one: LoggedRun,
    other: LoggedRun,
    name: str,
    levels: tuple[_Level, _Level],
) -> _Verdict | None:
    """Compare after how many epochs both reach the level that both end with at least."""
    less = is_loss(name)
    means = [level.mean for level in levels]
    goal = max(means) if less else min(means)
    reached = []
    for run in (one, other):
        values = run.training.series[name]
        hits = (i for i, v in enumerate(values) if (v <= goal if less else v >= goal))
        reached.append(next(hits, len(values)) + 1)
    later = reached[0] - reached[1]
    against = later if conclusion.relation is ConclusionRelation.FASTER else -later
    # One or two epochs are chance.
    against = against if against > max(2, 0.1 * len(one.training.series[name])) else 0
    return _Verdict(
        one, other, name, levels, None, None, float(against), significant=False,
        reached=(reached[0], reached[1]),
    )  # fmt: skip


def _level(values: tuple[float, ...]) -> _Level:
    window = values[-max(_FEWEST, round(len(values) * _WINDOW)) :]
    return _Level(fmean(window), len(window), pvariance(window) if len(window) > 1 else 0.0)


def _metric(conclusion: Conclusion, one: LoggedRun, other: LoggedRun) -> str | None:
    """The series that a sentence means: what it names, on new data rather than on the known."""
    both = [name for name in one.training.series if name in other.training.series]
    if conclusion.measure == "error":
        wanted = [name for name in both if is_loss(name) and "loss" not in name]
    elif conclusion.measure:
        wanted = [name for name in both if conclusion.measure in name]
    else:
        wanted = [name for name in both if is_share(name)] or [n for n in both if is_loss(n)]
    if not conclusion.measure and not wanted:
        return None
    new = [name for name in wanted if is_new_data(name)]
    known = [name for name in wanted if name not in new]
    chosen = (
        known
        if conclusion.of_training
        else new or ([] if conclusion.of_training is False else known)
    )
    ranked = sorted(chosen, key=lambda name: (not re.search("acc", name), len(name)))
    return ranked[0] if ranked else None


def _disputed(name: str, better: float, one: LoggedRun, other: LoggedRun) -> bool:
    """Whether the loss on the same data says the opposite of another metric."""
    loss = f"{name.partition('_')[0]}_loss" if name.startswith(("val", "train")) else "loss"
    if loss == name or loss not in one.training.series or loss not in other.training.series:
        return False
    a, b = (_level(run.training.series[loss]).mean for run in (one, other))
    return (a < b) if better < 0 else (a > b)


def _samples(page: Page, run: LoggedRun) -> int | None:
    """How many samples the validation of a training is on, as far as an output counts them."""
    told = []
    for code in page.python_cells:
        if code.line <= run.code.line:
            for output in code.outputs:
                told += _FOUND.findall(output.text)
    return numerals.whole(told[-1]) if told and len(set(told)) == 1 else None
