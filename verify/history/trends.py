"""What the runs of a document show over time: since when it fails, what is flaky, what drifts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from statistics import median

from verify.finding import Verdict
from verify.history import slope
from verify.history.record import MEMORY, RunRecord
from verify.report.entries import TrendEntry
from verify.system.words import Text, Words, enumerated, joined

RECENT = 40  # runs that are looked at for what is flaky or drifts
# All numbers and times of a document together: where none drifts, one alarm in 1,000 runs. Noise of
# which a night follows the one before is worse than the correction knows: among 50 series it gives
# one in 100 runs at an autocorrelation of 0.3, two at 0.5, and seven at 0.7.
FALSE_ALARM = 0.001
SPREADS = 3  # a drift that is less, in standard deviations, drowns in the noise of the next run
# What nobody would act on is no drift, however steady. These are our choice: of a number that was
# measured, of a time or memory, which no page states, and seconds.
NUMBER_SHARE = 0.05
COST_SHARE = 0.2
TIME_S = 1.0

_NAMED = 5
_ALIKE = Words(
    zh="页面、文本、工具、依赖锁和机器都相同",
    en="the same page, edition, tool, lock and machine",
)
_FULL_STOP = Words(zh="{says}。", en="{says}.")
_FAILS = Words(
    zh="{name} 在本次运行（{release}）中失败", en="{name} fails at {release} in this run"
)
_FAILS_SINCE = Words(
    zh="{name} 自 {when}（{release}）起失败，共 {runs} 次运行",
    en="{name} fails since {when} at {release}, in {runs} runs",
)
_HELD = Words(zh="上一次成立是 {when}（{release}）", en="it held last on {when} at {release}")
_NEVER_HELD = Words(
    zh="没有已知的更早的运行中它成立", en="no earlier run is known in which it held"
)
_ON = Words(zh="{when} 为 {verdict}", en="{verdict} on {when}")
_FLAKY = Words(
    zh="{name} 时好时坏：在{alike}的情况下，有 {times} 次运行的结果为 {usual}，但 {others}。",
    en="{name} is flaky: with {alike} it came out as {usual} in {times} runs, but as {others}.",
)
_ROSE = Words(
    zh="在{alike}的 {runs} 次运行中，{name} 从 {first:.4g} 升至 {last:.4g}{unit}"
    "（Mann-Kendall 检验，p = {chance:.0e}）。",
    en="{name} rose from {first:.4g} to {last:.4g}{unit} over {runs} runs with {alike} "
    "(Mann-Kendall, p = {chance:.0e}).",
)
_FELL = Words(
    zh="在{alike}的 {runs} 次运行中，{name} 从 {first:.4g} 降至 {last:.4g}{unit}"
    "（Mann-Kendall 检验，p = {chance:.0e}）。",
    en="{name} fell from {first:.4g} to {last:.4g}{unit} over {runs} runs with {alike} "
    "(Mann-Kendall, p = {chance:.0e}).",
)
_AND_BEFORE = Words(zh="{named}，此前还有 {count} 次", en="{named} and {count} times before")


def of(run: RunRecord, past: Iterable[RunRecord]) -> list[TrendEntry]:
    """What is seen at this run, given others in any order; those after it count for nothing.

    A run that was cut short or ended with a fault of ours says nothing, of itself or of others.
    """
    if not run.whole:
        return []
    before = [one for one in past if one.key == run.key and one.whole and one.started < run.started]
    runs = [*sorted(before, key=lambda one: one.started), run]
    alike = [one for one in runs if run.inputs and one.rests_on == run.rests_on][-RECENT:]
    failing = _failing(runs) if before else ()  # of one run alone there is nothing to tell
    return [*failing, *_flaky(alike), *_drifting(alike)]


def share(number: str) -> float:
    """By which part of itself a number has to change to be looked at."""
    return COST_SHARE if number == MEMORY else NUMBER_SHARE


def _failing(runs: Sequence[RunRecord]) -> Iterator[TrendEntry]:
    """Since when, without a break, each check fails that fails in the last run."""
    for name in runs[-1].verdicts.get(Verdict.FAIL, ()):
        decided = [run for run in runs if name in run.decided]
        own = [run for run in decided if run.release == runs[-1].release]
        streak = list(takewhile(lambda run: run.fails(name), reversed(own)))  # noqa: B023
        others = [r for r in decided if not r.fails(name) and r.started < streak[-1].started]
        held = own[: -len(streak)] or others
        first = _FAILS_SINCE if len(streak) > 1 else _FAILS
        since = first.filled(
            name=name, when=_when(streak[-1]), release=streak[-1].release, runs=len(streak)
        )
        last = _HELD.filled(when=_when(held[-1]), release=held[-1].release) if held else _NEVER_HELD
        yield TrendEntry(
            id=name, kind="failing", message=_FULL_STOP.filled(says=joined((since, last)))
        )


def _flaky(alike: Sequence[RunRecord]) -> Iterator[TrendEntry]:
    """What came out differently though nothing that it rests on did."""
    for name in alike[-1].decided if alike else ():
        by_verdict: dict[Verdict, list[RunRecord]] = {}
        for run in alike:
            if name in run.decided:
                by_verdict.setdefault(run.decided[name], []).append(run)
        usual = max(by_verdict, key=lambda verdict: len(by_verdict[verdict]))
        times = len(by_verdict.pop(usual))
        if by_verdict:
            others = joined(
                _ON.filled(verdict=v.value, when=_listed(runs)) for v, runs in by_verdict.items()
            )
            message = _FLAKY.filled(
                name=name, alike=_ALIKE, usual=usual.value, times=times, others=others
            )
            yield TrendEntry(id=name, kind="flaky", message=message)


@dataclass(frozen=True)
class _Series:
    """Values in their order; a change by less than `least` is none."""

    id: str
    unit: str
    values: Sequence[float]
    least: float

    @property
    def may_drift(self) -> bool:
        """Whether there is enough of it; this does not look at the order, so it is no test."""
        span = max(self.values) - min(self.values)
        return len(self.values) >= slope.FEWEST and span > 0 and span >= self.least


def _drifting(alike: Sequence[RunRecord]) -> Iterator[TrendEntry]:
    """Numbers and times that change steadily though nothing that they rest on does."""
    some = [series for series in _all_series(alike) if series.may_drift]
    for series in some:
        found = slope.of(series.values)
        large = abs(found.change) >= max(SPREADS * found.spread, series.least)
        if large and found.chance <= FALSE_ALARM / len(some):  # Bonferroni
            message = (_ROSE if found.change > 0 else _FELL).filled(
                name=series.id,
                first=found.first,
                last=found.last,
                unit=series.unit,
                runs=len(series.values),
                alike=_ALIKE,
                chance=found.chance,
            )
            yield TrendEntry(id=series.id, kind="drift", message=message)


def _all_series(alike: Sequence[RunRecord]) -> Iterator[_Series]:
    for name in alike[-1].numbers if alike else ():
        values = [run.numbers[name] for run in alike if name in run.numbers]
        yield _Series(name, "", values, share(name) * abs(median(values)))
    for name in alike[-1].times if alike else ():
        values = [run.times[name] for run in alike if name in run.times]
        yield _Series(name, " s", values, max(TIME_S, COST_SHARE * median(values)))


def _when(run: RunRecord) -> str:
    return f"{run.started:%Y-%m-%d %H:%M}"


def _listed(runs: Sequence[RunRecord]) -> Text:
    more, named = len(runs) - _NAMED, enumerated(map(_when, runs[-_NAMED:]))
    return _AND_BEFORE.filled(named=named, count=more) if more > 0 else named
