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


def _finding(page: Page, run: LoggedRun, message: str, suggestion: str) -> Finding:
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
                f"`{name}` is {bad[0]:g} in {len(bad)} of {len(values)} epochs: "
                "the training has diverged.",
                "Lower the learning rate or correct the data, and run the page again.",
            )
            return
        if is_share(name) and 1 + 1e-6 < max(values, default=0) <= _NO_PER_CENT:
            yield _finding(
                page,
                run,
                f"`{name}` reaches {max(values):g}, but no such share is above 1.",
                "Correct how the metric is computed or aggregated.",
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
        be = "is" if len(names) == 1 else "are"
        yield _finding(
            page,
            run,
            f"{_listed(names)} {be} {value:g} in all {epochs} epochs{_also(places)}, so nothing "
            "can be learnt from it.",
            "Check that the data that the metric is computed on has all classes and that its order "
            "is random; show the confusion matrix or a metric that every class weighs in.",
        )


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


def _also(places: Sequence[tuple[LoggedRun, object]]) -> str:
    """Where else the same is seen."""
    cells = list(dict.fromkeys(str(run.code.cell) for run, _ in places))[1:]
    word = "cell" if len(cells) == 1 else "cells"
    return f" (also in {word} {', '.join(cells)})" if cells else ""


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
        where = _also(places)
        span = "the only epoch" if epochs == 1 else f"all {epochs} epochs"
        if one == other:
            yield _finding(
                page,
                run,
                f"`{one}` has the same value on the training and on the validation data in {span}"
                f"{where}: both are the same data.",
                "Keep the validation data apart from the training data.",
            )
        elif run.made_by and _micro(run):
            yield _finding(
                page,
                run,
                f"`{one}` and `{other}` are equal in {span}{where}: averaged over all samples "
                "(micro), they are one and the same number for single-label classes.",
                "Give average='macro', or leave one of the two out.",
            )
        else:
            yield _finding(
                page,
                run,
                f"`{one}` and `{other}` are equal in {span}{where}: one of them tells nothing.",
                "Check how the two are computed, or leave one of them out.",
            )


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


def _listed(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
