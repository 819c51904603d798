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
from verify.rules.checked_site import Site
from verify.rules.outputs import conclusions, sides, trainings
from verify.rules.outputs.conclusions import Conclusion, ConclusionRelation
from verify.rules.outputs.trainings import LoggedRun, Story

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
            "Say what the outputs show, or repeat the trainings with several seeds.",
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

    def sentence(self, conclusion: Conclusion) -> str:
        """Say what is contradicted, with the numbers."""
        said = conclusion.sentence
        said = said if len(said) <= _QUOTED else f"…{said[-_QUOTED:].lstrip()}"
        a, b = self.levels
        cells = f"cell {self.one.code.cell}", f"cell {self.other.code.cell}"
        if cells[0] == cells[1]:
            cells = f"the first training of {cells[0]}", "another one of it"
        start = f"“{said}” is not what the outputs show: "
        if self.reached:
            first, second = self.reached
            return (
                f"{start}`{self.metric}` reaches {min(a.mean, b.mean):.3g} after {first} epochs in "
                f"{cells[0]} and after {second} in {cells[1]}."
            )
        over = f" over the last {a.epochs} epochs" if a.epochs > 1 else ""
        noise = ""
        if self.error and self.samples:
            distance = abs(a.mean - b.mean) / self.error
            noise = (
                f" (n = {self.samples}, standard error of the difference {self.error:.2g}, "
                f"{distance:.1f} of them apart)"
            )
        elif self.error:
            noise = f" (from epoch to epoch the difference varies by {self.error:.2g})"
        return (
            f"{start}`{self.metric}`{over} is {a.mean:.3f} in {cells[0]} and {b.mean:.3f} in "
            f"{cells[1]}{noise}."
        )


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
    return int(told[-1]) if told and len(set(told)) == 1 else None
