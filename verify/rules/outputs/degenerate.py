"""A metric tells something: it is not pinned, not the double of another one, and possible."""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from verify.finding import Finding, FindingKind, Severity
from verify.page.code.values import Call
from verify.page.outputs.metrics import is_loss, is_new_data, is_share
from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.rules.outputs import trainings
from verify.rules.outputs.trainings import LoggedRun
from verify.system.words import Text, Words, enumerated, joined

_DIVERGED = Words(
    zh="`{name}` 在 {of} 个 epoch 中有 {count} 个是 {value:g}：训练已经发散。",
    en="`{name}` is {value:g} in {count} of {of} epochs: the training has diverged.",
)
_LOWER = Words(
    zh="请降低学习率或改正数据，再重新运行页面。",
    en="Lower the learning rate or correct the data, and run the page again.",
)
_ABOVE_ONE = Words(
    zh="`{name}` 达到 {value:g}，但这种比例不可能大于 1。",
    en="`{name}` reaches {value:g}, but no such share is above 1.",
)
_CORRECT = Words(
    zh="请改正指标的计算或汇总方式。", en="Correct how the metric is computed or aggregated."
)
_ONLY_EPOCH = Words(zh="唯一的 epoch 中", en="the only epoch")
_ALL_EPOCHS = Words(zh="全部 {epochs} 个 epoch 中", en="all {epochs} epochs")
_ALSO = Words(zh="（单元格 {cells} 也是）", en="(also in cell {cells})")
_ALSO_CELLS = Words(zh="（单元格 {cells} 也是）", en="(also in cells {cells})")
_STUCK = Words(
    zh="{names} 在{span}都是 {value:g}，说明不了任何问题。",
    en="{names} is {value:g} in {span}, so nothing can be learnt from it.",
)
_STUCK_ALL = Words(
    zh="{names} 在{span}都是 {value:g}，说明不了任何问题。",
    en="{names} are {value:g} in {span}, so nothing can be learnt from it.",
)
_CHECK_DATA = Words(
    zh="请检查计算指标所用的数据是否包含所有类别、顺序是否随机；"
    "请给出混淆矩阵，或每个类别都计入的指标。",
    en="Check that the data that the metric is computed on has all classes and that its order "
    "is random; show the confusion matrix or a metric that every class weighs in.",
)
_SAME_DATA = Words(
    zh="`{one}` 在{span}，训练数据上的值与验证数据上的值都相同：两者是同一份数据。",
    en="`{one}` has the same value on the training and on the validation data in {span}: "
    "both are the same data.",
)
_KEEP_APART = Words(
    zh="请把验证数据与训练数据分开。", en="Keep the validation data apart from the training data."
)
_EQUAL_BY_MICRO = Words(
    zh="`{one}` 与 `{other}` 在{span}都相等：对全部样本取平均（micro）时，"
    "单标签分类下它们是同一个数。",
    en="`{one}` and `{other}` are equal in {span}: averaged over all samples (micro), they are one "
    "and the same number for single-label classes.",
)
_GIVE_MACRO = Words(
    zh="请写 `average='macro'`，或去掉其中一个。",
    en="Give average='macro', or leave one of the two out.",
)
_EQUAL = Words(
    zh="`{one}` 与 `{other}` 在{span}都相等：其中一个说明不了任何问题。",
    en="`{one}` and `{other}` are equal in {span}: one of them tells nothing.",
)
_CHECK_BOTH = Words(
    zh="请检查两者的计算方式，或去掉其中一个。",
    en="Check how the two are computed, or leave one of them out.",
)

_OF_DATA = re.compile(r"^(train|training|val_val|val|valid|validation|test|eval)_")
# Fewer values may agree by chance.
_FEW = 3
_SOME = 5
# A share is told in per cent by some, and then far above 1.
_NO_PER_CENT = 1.5


def check(site: Site) -> Iterator[Finding]:
    """Find metrics that cannot tell anything."""
    for page in site.pages:
        runs = trainings.of_page(page).runs
        for run in runs:
            yield from _impossible(page, run)
        yield from _pinned(page, runs)
        yield from _doubled(page, runs)


def _finding(page: Page, run: LoggedRun, message: Words, suggestion: Words) -> Finding:
    return Finding(
        page.path,
        run.code.line,
        run.code.cell,
        FindingKind.DEGENERATE_METRIC,
        Severity.WARNING,
        message,
        suggestion,
    )


def _impossible(page: Page, run: LoggedRun) -> Iterator[Finding]:
    for name, values in run.training.series.items():
        bad = [value for value in values if not math.isfinite(value)]
        if bad:
            yield _finding(
                page,
                run,
                _DIVERGED.filled(name=name, value=bad[0], count=len(bad), of=len(values)),
                _LOWER,
            )
            return
        if is_share(name) and 1 + 1e-6 < max(values, default=0) <= _NO_PER_CENT:
            yield _finding(
                page,
                run,
                _ABOVE_ONE.filled(name=name, value=max(values)),
                _CORRECT,
            )
            return


def _pinned(page: Page, runs: tuple[LoggedRun, ...]) -> Iterator[Finding]:
    told: dict[float, list[tuple[LoggedRun, list[str]]]] = {}
    for run in runs:
        for value, names in _stuck(run).items():
            told.setdefault(value, []).append((run, names))
    for value, places in told.items():
        run, names = places[0]
        epochs = len(run.training.series[names[0]])
        span = joined((_ALL_EPOCHS.filled(epochs=epochs), _also(places)), zh="", en=" ")
        message = _STUCK if len(names) == 1 else _STUCK_ALL
        message = message.filled(names=_listed(names), value=value, span=span)
        yield _finding(page, run, message, _CHECK_DATA)


def _stuck(run: LoggedRun) -> dict[float, list[str]]:
    """The metrics of a training that never change, by their value."""
    series = run.training.series
    moves = any(is_loss(name) and len(set(values)) > _FEW for name, values in series.items())
    found: dict[float, list[str]] = {}
    for name, values in series.items():
        at_end = len(values) >= _FEW and values[0] in (0, 1)
        stuck = len(values) >= _SOME and moves
        if is_share(name) and len(set(values)) == 1 and (at_end or stuck):
            found.setdefault(values[0], []).append(name)
    return found


def _also(places: Sequence[tuple[LoggedRun, object]]) -> Text:
    """Where else the same is seen."""
    cells = list(dict.fromkeys(str(run.code.cell) for run, _ in places))[1:]
    also = _ALSO if len(cells) == 1 else _ALSO_CELLS
    return also.filled(cells=enumerated(cells)) if cells else ""


def _doubled(page: Page, runs: tuple[LoggedRun, ...]) -> Iterator[Finding]:
    told: dict[tuple[str, str], list[tuple[LoggedRun, int]]] = {}
    for run in runs:
        for one, other in combinations(run.training.series, 2):
            epochs = _equal(run, one, other)
            if epochs:
                told.setdefault((_OF_DATA.sub("", one), _OF_DATA.sub("", other)), []).append(
                    (run, epochs)
                )
    for (one, other), places in told.items():
        run, epochs = places[0]
        when = _ONLY_EPOCH if epochs == 1 else _ALL_EPOCHS.filled(epochs=epochs)
        span = joined((when, _also(places)), zh="", en=" ")
        if one == other:
            message, suggestion = _SAME_DATA, _KEEP_APART
        elif run.made_by and _micro(run):
            message, suggestion = _EQUAL_BY_MICRO, _GIVE_MACRO
        else:
            message, suggestion = _EQUAL, _CHECK_BOTH
        yield _finding(page, run, message.filled(one=one, other=other, span=span), suggestion)


def _equal(run: LoggedRun, one: str, other: str) -> int:
    """In how many epochs two series are equal; 0 unless they always are, and not by chance."""
    a, b = run.training.series[one], run.training.series[other]
    same_data = is_new_data(one) == is_new_data(other)
    same_name = _OF_DATA.sub("", one) == _OF_DATA.sub("", other)
    if a != b or same_data == same_name or (len(set(a)) == 1 and len(a) > 1):
        return 0
    if not same_name and (is_loss(one) or is_loss(other)):
        return 0  # the loss itself is often asked for as a metric
    certain = len(set(a)) >= _FEW or (not same_name and _micro(run))
    return len(a) if certain else 0


def _micro(run: LoggedRun) -> bool:
    """Whether two of the metrics are averaged over all samples of several classes."""
    asked = [
        call
        for call in run.made_by
        if call.get("average") == "micro" and call.get("task") == "multiclass"
    ]
    return len({_first(call) for call in asked}) > 1


def _first(call: Call) -> str:
    value = call.positional[0] if call.positional else None
    return f"{call.name} {getattr(value, 'name', value)}"


def _listed(names: list[str]) -> Text:
    quoted = [f"`{name}`" for name in names]
    return joined((enumerated(quoted[:-1]), quoted[-1]), zh="、", en=" and ")
