"""Claims about what trainings reach: thresholds and comparisons, with their statistics."""

import math
from typing import Any

from verify.checks import observed
from verify.checks.case import Case
from verify.checks.observed import UnknownError
from verify.checks.statistics import POWER, Decision, Relation, Side, SideComparison
from verify.contract.claim import Claim, Measured, Tolerance
from verify.finding import Verdict
from verify.page.outputs.metrics import is_share
from verify.system.words import Text, Words, joined

_RELATIONS = {">=": Relation.AT_LEAST, "better": Relation.BETTER, "alike": Relation.ALIKE}
_VERDICTS = {
    Decision.HOLDS: Verdict.PASS,
    Decision.CONTRADICTED: Verdict.FAIL,
    Decision.UNDECIDED: Verdict.UNCHECKED,
}


class MissingSeriesError(Exception):
    """A training came to its end without the series that it documents, or with no number in it."""


def judge(case: Case, claim: Claim, measured: Measured, tolerance: Tolerance) -> dict[str, Any]:
    """Compare the sides of a claim; the fields of the result.

    Raises:
        UnknownError: the run does not show what is to be compared.
    """
    try:
        one = _side(case, measured, measured.trainings)
        shown = _shown(case, measured, measured.trainings, one)
        if measured.against:
            other = _side(case, measured, measured.against)
            shown += f" against {_shown(case, measured, measured.against, other)}"
        else:
            other = _documented(case, claim, measured)
    except MissingSeriesError as error:
        return {"verdict": Verdict.FAIL, "observed": str(error)}
    own = claim.profiles.get(case.profile_name)
    comparison = SideComparison(
        _RELATIONS[claim.relation],
        one,
        other,
        own.value if own and measured.against else tolerance.margin,
        tolerance.false_alarm,
        own.detects if own and own.detects else tolerance.detects,
    )
    if measured.against:
        shown += f"; the difference is {_interval(comparison)}"
    outcome = comparison.outcome
    return {
        "verdict": _VERDICTS[outcome],
        "observed": shown,
        "tolerance": _tolerance(comparison, tolerance.source, own.origin if own else None),
        "reason": _undecided(comparison, one) if outcome is Decision.UNDECIDED else "",
    }


def _side(case: Case, measured: Measured, trainings: list[str]) -> Side:
    windows, samples = [], math.inf
    runs = ((training, run) for training in trainings for run in observed.trainings(case, training))
    for training, run in runs:
        values = tuple(run.history.get(measured.series, ()))[-measured.window :]
        if not values or not all(map(math.isfinite, values)):
            raise MissingSeriesError(f"{training} has no {measured.series}")
        if not is_share(measured.series) or not all(0 <= value <= 1 for value in values):
            raise UnknownError(f"{measured.series} is no share of samples")
        if measured.series not in run.samples:
            raise UnknownError(f"it is not known on how many samples {measured.series} rests")
        windows.append(values)
        samples = min(samples, run.samples[measured.series])
    return Side(tuple(windows), samples)


def _documented(case: Case, claim: Claim, measured: Measured) -> Side:
    """The value that a single side is held to, as measured where the page or we measured it."""
    own = claim.profiles.get(case.profile_name)
    if own:
        return Side.given(own.value)
    (value,) = claim.values
    if isinstance(value, (bool, str)):
        raise UnknownError(f"profile {case.profile_name} has no threshold for it")
    on = measured.documented_samples
    return Side(((float(value),),), on) if on else Side.given(float(value))


def _shown(case: Case, measured: Measured, trainings: list[str], side: Side) -> str:
    epochs = len(side.windows[0])
    of = len(observed.trainings(case, trainings[0])[0].history[measured.series])
    over = f"the last {epochs} of {of} epochs" if epochs > 1 else f"the last of {of} epochs"
    seeds = f", {len(side.windows)} trainings" if len(side.windows) > 1 else ""
    where = ", ".join(trainings)
    return f"{measured.series} {side.mean:.4f} of {where} ({over}{seeds}, n = {side.samples:g})"


def _tolerance(comparison: SideComparison, source: Words, origin: Words | None) -> Text:
    said = {
        Relation.AT_LEAST: f"at least {comparison.other.mean:.4g}",
        Relation.BETTER: f"better by more than {comparison.margin:g}",
        Relation.ALIKE: f"apart by less than {comparison.margin:g}",
    }[comparison.relation]
    alarms = f"false alarms at most {comparison.false_alarm:.0%}"
    seen = f"{100 * comparison.detects:.0f} points less are seen with {comparison.power:.0%}"
    return joined((f"{said}; {alarms}, {seen}", joined((origin, source))), zh="：", en=": ")


def _interval(comparison: SideComparison) -> str:
    low, high = comparison.limits
    return f"{comparison.difference:+.3f}, between {low:+.2f} and {high:+.2f}"


def _undecided(comparison: SideComparison, one: Side) -> str:
    if comparison.relation is Relation.AT_LEAST:
        return (
            f"n = {one.samples:g} is too few: {100 * comparison.detects:.0f} points less would be "
            f"seen with a probability of {comparison.power:.0%}, and {POWER:.0%} are wanted"
        )
    return f"n = {one.samples:g} leaves it open"
