"""What came out of a round of aggregation, held against the reference."""

import math
from dataclasses import dataclass

import numpy as np

from verify.aggregators import reference
from verify.aggregators.reference import Expected
from verify.aggregators.trial import Answer, Array, Died, OddResult, Trial, TrialRaised
from verify.finding import Worded


class TrialOutcome(Worded):
    """How a round ended."""

    CORRECT = ("correct", "within the bound")
    REFUSED = ("refused", "refused by a check of SecretFlow's")
    BREAKS = ("breaks", "breaks with an error from deeper down")
    SILENT = ("silent", "silently wrong")
    DIED = ("died", "the process ends or hangs")


@dataclass(frozen=True)
class TrialJudgement:
    """How a round ended.

    `ratio` is the largest error as a share of its bound, and 0 if nothing can be compared.
    """

    outcome: TrialOutcome
    detail: str
    ratio: float = 0.0


def judge(case: Trial, answer: Answer) -> TrialJudgement:
    """Hold an answer against the reference."""
    if isinstance(answer, Died):
        return TrialJudgement(TrialOutcome.DIED, answer.how)
    if isinstance(answer, TrialRaised):
        return TrialJudgement(
            TrialOutcome.REFUSED if answer.own else TrialOutcome.BREAKS, str(answer)
        )
    if isinstance(answer, OddResult):
        return TrialJudgement(TrialOutcome.SILENT, f"returned a {answer.what}")
    wanted = reference.expected(case)
    if wanted is None:
        said = f"returned {_brief(answer.layers)} though nothing is defined"
        return TrialJudgement(TrialOutcome.SILENT, said)
    if len(wanted) != len(answer.layers) or answer.bare != case.bare:
        return TrialJudgement(
            TrialOutcome.SILENT, f"returned {len(answer.layers)} of {len(wanted)} layers"
        )
    layers = [_layer(one, layer) for one, layer in zip(wanted, answer.layers, strict=True)]
    wrong = [layer for layer in layers if layer.outcome is TrialOutcome.SILENT]
    return max(wrong or layers, key=lambda layer: layer.ratio)


def _layer(one: Expected, layer: Array) -> TrialJudgement:
    if one.value.shape != layer.shape:
        said = f"a layer of shape {layer.shape} instead of {one.value.shape}"
        return TrialJudgement(TrialOutcome.SILENT, said, math.inf)
    if not layer.size:
        return TrialJudgement(TrialOutcome.CORRECT, "")
    ratios = _ratios(one, layer)
    at = np.unravel_index(int(ratios.argmax()), ratios.shape)
    value, bound, ratio = float(one.value[at]), float(one.bound[at]), float(ratios[at])
    if ratio <= 1:
        return TrialJudgement(TrialOutcome.CORRECT, "", ratio)
    said = f"{float(layer[at])!r} instead of {value!r} (bound {bound:.3g})"
    return TrialJudgement(TrialOutcome.SILENT, said, ratio)


def _ratios(one: Expected, layer: Array) -> Array:
    """The errors as shares of their bounds, infinite where only one of both is a finite number."""
    value, seen = one.value, layer.astype(np.float64)
    with np.errstate(all="ignore"):
        error = np.abs(seen - value)
        ratios = np.where(error == 0, 0, error / one.bound)
    same = (value == seen) | (np.isnan(value) & np.isnan(seen))
    unlike = ~np.isfinite(value) | ~np.isfinite(seen)
    return np.where(unlike, np.where(same, 0, np.inf), ratios)


def _brief(layers: tuple[Array, ...]) -> str:
    return ", ".join(str(layer.tolist()) for layer in layers)[:80]
