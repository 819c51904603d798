"""What changed from one run to another, or from one version of SecretFlow to another."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import scipy  # its parts, which take a second, come with their first use

from verify.evidence.evidence import Applied
from verify.finding import CheckKind, Result, Verdict, Worded
from verify.history.record import DECIDED, DOCUMENT, STEP, Key, RunRecord
from verify.history.trends import COST_SHARE, TIME_S, share
from verify.report.entries import DocumentEntry, Report
from verify.system.words import Text, Words

# Times differ beyond noise if they are so many standard deviations apart, where enough runs are
# known that rest on the same; elsewhere by a factor and seconds of our choice.
SPREADS = 6
ENOUGH = 6
FACTOR = 1.5
SOME_S = 5.0

# One that stands alone: those of a version or a name are none.
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?(?!\w|\.\d)")
# Of a stand-in as it was built: training one gives another each time.
_BUILT = re.compile(r" \(SHA-256 [0-9a-f]+\)$")


_ENVIRONMENT = Words(zh="环境", en="environment")
_PYTHON = Words(zh="Python", en="Python")
_BLOB = Words(zh="blob", en="blob")
_LOCK = Words(zh="依赖锁", en="lock")
_TOOL = Words(zh="工具", en="tool")
_MACHINE = Words(zh="机器", en="machine")
_VERSION = Words(zh="版本", en="version")
_ERRATUM = Words(zh="勘误 {name}", en="erratum {name}")
_TOLERANCE = Words(zh="容差：{of}", en="tolerance: {of}")
_TIMES = Words(zh="{ratio:.2g} 倍", en="{ratio:.2g} times")
_PARAMETER = Words(zh="步骤 {step} 的 {name}", en="{name} of {step}")
_PARAMETER_OF_ALL = Words(zh="所有步骤的 {name}", en="{name} of all")


# Words, or the name of a package.
_Named = TypeVar("_Named", bound=Text)


class ChangeKind(Worded):
    """How something changed; the gravest first."""

    FAILS = "newly failing", "newly failing", "新出现的不符"
    UNDECIDED = "no longer decided", "no longer decided", "不再能判定"
    PASSES = "newly passing", "newly passing", "新变为属实"
    VERDICT = "another verdict", "another verdict", "结论不同"
    GONE = "gone", "gone", "已没有"
    NEW = "new", "new", "新增"
    OBSERVED = "another observation", "another observation", "实测不同"
    TIME = "another time", "another time", "用时不同"
    PAGE = "another page", "another page", "页面不同"
    ENVIRONMENT = "another environment", "another environment", "环境不同"
    OVERRIDE = "another override", "another override", "采用的值不同"


@dataclass(frozen=True)
class RunChange:
    """One change; of no document in particular if it has none. What is not there is empty.

    `difference` is that of the numbers, where nothing else changed.
    """

    kind: ChangeKind
    document: Text
    id: Text
    was: Text
    now: Text
    note: Text = ""
    difference: str = ""


@dataclass(frozen=True)
class ComparedRun:
    """The runs of one side; those of a report have entries and packages to compare, too."""

    name: str
    runs: Mapping[Key, RunRecord]
    entries: Mapping[Key, DocumentEntry] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, report: Report) -> "ComparedRun":
        """All documents of a report."""
        pairs = [(RunRecord.of(report, document), document) for document in report.documents]
        made = report.environments.values()
        return cls(
            name,
            {run.key: run for run, _ in pairs},
            {run.key: document for run, document in pairs},
            {package: number for one in made for package, number in one.packages.items()},
        )


def between(a: ComparedRun, b: ComparedRun, known: Iterable[RunRecord] = ()) -> list[RunChange]:
    """What changed from a to b; `known` runs show how much times vary by chance."""
    some = list(known)
    changes: list[RunChange] = []
    if a.packages and b.packages:
        changes += _different(ChangeKind.ENVIRONMENT, "", a.packages, b.packages)
    for key in {**a.runs, **b.runs}:
        was, now = a.runs.get(key), b.runs.get(key)
        told = _observations(b.entries[key]) if key in b.entries else {}
        if was and now:
            changes += _verdicts(was, now, told)
            changes += _of_runs(was, now)
            changes += _times(was, now, [one for one in some if one.rests_on == was.rests_on])
        elif now:
            changes += [RunChange(ChangeKind.NEW, now.called, DOCUMENT, "", now.verdict.value)]
            changes += [
                RunChange(
                    ChangeKind.FAILS, now.called, one, "", Verdict.FAIL.value, _note(told.get(one))
                )
                for one in now.verdicts.get(Verdict.FAIL, ())
            ]
        elif was:
            changes += [RunChange(ChangeKind.GONE, was.called, DOCUMENT, was.verdict.value, "")]
        if key in a.entries and key in b.entries:
            changes += _of_entries(a.runs[key].called, a.entries[key], b.entries[key])
    return list(dict.fromkeys(changes))  # what documents share is said once


def _different(
    kind: ChangeKind, document: Text, was: Mapping[_Named, str], now: Mapping[_Named, str]
) -> Iterator[RunChange]:
    for name in {**was, **now}:
        if was.get(name, "") != now.get(name, ""):
            yield RunChange(kind, document, name, was.get(name, ""), now.get(name, ""))


def _verdicts(was: RunRecord, now: RunRecord, told: Mapping[str, Result]) -> Iterator[RunChange]:
    if was.verdict is not now.verdict:
        yield RunChange(
            ChangeKind.VERDICT, now.called, DOCUMENT, was.verdict.value, now.verdict.value
        )
    for name in {**was.by_id, **now.by_id}:
        before, after = was.by_id.get(name), now.by_id.get(name)
        if before is not after:
            yield RunChange(
                _kind(before, after),
                now.called,
                name,
                before.value if before else "",
                after.value if after else "",
                _note(told.get(name)),
            )


def _kind(before: Verdict | None, after: Verdict | None) -> ChangeKind:
    if after is Verdict.FAIL:
        return ChangeKind.FAILS
    if before is None or after is None:
        return ChangeKind.NEW if after else ChangeKind.GONE
    if before in DECIDED and after not in DECIDED:
        return ChangeKind.UNDECIDED
    return ChangeKind.PASSES if before is Verdict.FAIL else ChangeKind.VERDICT


def _note(result: Result | None) -> Text:
    """What was observed that fails, or why something is not decided."""
    if result is None:
        return ""
    seen, why = result.observed, result.reason
    return (seen or why) if result.verdict is Verdict.FAIL else (why or seen)


def _of_runs(was: RunRecord, now: RunRecord) -> Iterator[RunChange]:
    pages = ({_VERSION: run.ref, _BLOB: run.blob[:12]} for run in (was, now))
    yield from _different(ChangeKind.PAGE, now.called, *pages)
    rests = (
        {
            _ENVIRONMENT: run.environment,
            _LOCK: run.lock[:12],
            _PYTHON: run.python,
            _TOOL: run.tool,
            _MACHINE: run.machine,
        }
        for run in (was, now)
    )
    yield from _different(ChangeKind.ENVIRONMENT, "", *rests)
    errata = ({_ERRATUM.filled(name=name): "known" for name in run.errata} for run in (was, now))
    for change in _different(ChangeKind.NEW, now.called, *errata):
        yield change if change.now else replace(change, kind=ChangeKind.GONE)
    for name, before in was.numbers.items():
        after = now.numbers.get(name, before)
        if name not in now.by_id and abs(after - before) > share(name) * abs(before):
            yield _observed(now.called, name, f"{before:.4g}", f"{after:.4g}")


def _observed(document: Text, name: str, was: Text, now: Text, tolerance: Text = "") -> RunChange:
    one, other = str(was), str(now)
    alike = _NUMBER.sub("#", one) == _NUMBER.sub("#", other)
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=alike)
    apart = [f"{a} → {b} ({_value(b) - _value(a):+.4g})" for a, b in pairs if alike and a != b]
    note = _TOLERANCE.filled(of=_first_part(tolerance)) if tolerance else ""
    return RunChange(ChangeKind.OBSERVED, document, name, was, now, note, ", ".join(apart))


def _first_part(text: Text) -> Text:
    if isinstance(text, Words):
        return Words.model_construct(zh=text.zh.partition("；")[0], en=text.en.partition(";")[0])
    return text.partition(";")[0]


def _value(number: str) -> float:
    return float(number.replace(",", ""))


def _times(was: RunRecord, now: RunRecord, alike: Sequence[RunRecord]) -> Iterator[RunChange]:
    """Times that differ beyond noise; those of different machines are not compared."""
    if was.machine != now.machine:
        return
    for name, before in was.times.items():
        after = now.times.get(name, before)
        known = [run.times[name] for run in alike if name in run.times]
        if len(known) < ENOUGH:
            low, high = sorted((before, after))
            beyond = high - low > SOME_S and high > FACTOR * low
        else:
            spread = float(scipy.stats.median_abs_deviation(known, scale="normal"))
            beyond = abs(after - before) > max(SPREADS * spread, COST_SHARE * before, TIME_S)
        if beyond:
            values = f"{before:.4g} s", f"{after:.4g} s"
            yield RunChange(
                ChangeKind.TIME, now.called, name, *values, _TIMES.filled(ratio=after / before)
            )


def _of_entries(document: Text, was: DocumentEntry, now: DocumentEntry) -> Iterator[RunChange]:
    used = (
        {_parameter(one): _BUILT.sub("", one.used) for one in some}
        for some in (was.overrides, now.overrides)
    )
    yield from _different(ChangeKind.OVERRIDE, document, *used)
    after = _observations(now)
    for name, one in _observations(was).items():
        other = after.get(name, one)
        if one.verdict is other.verdict and str(one.observed) != str(other.observed):
            yield _observed(document, name, one.observed, other.observed, other.tolerance)


def _parameter(one: Applied) -> Words:
    if one.step:
        return _PARAMETER.filled(name=one.parameter, step=one.step)
    return _PARAMETER_OF_ALL.filled(name=one.parameter)


def _observations(entry: DocumentEntry) -> dict[str, Result]:
    steps = {
        f"{STEP}{s.id}": Result(
            s.id, CheckKind.RUN, s.verdict, observed=s.observed, reason=s.reason
        )
        for s in entry.steps
    }
    return steps | {check.id: check for check in entry.checks}
