"""What came out of a round of aggregation, held against the reference."""

import math
from dataclasses import dataclass

import numpy as np

from verify.aggregators import reference
from verify.aggregators.reference import Expected
from verify.aggregators.trial import Answer, Array, Died, OddResult, Trial, TrialRaised
from verify.finding import Worded
from verify.system.words import Text, Words

_ODD = Words(zh="返回了 {what}", en="returned a {what}")
_UNDEFINED = Words(
    zh="没有定义的情况，却返回了 {what}", en="returned {what} though nothing is defined"
)
_FEWER = Words(zh="返回了 {count} 层，应有 {wanted} 层", en="returned {count} of {wanted} layers")
_SHAPE = Words(
    zh="层的形状是 {shape}，不是 {wanted}", en="a layer of shape {shape} instead of {wanted}"
)
_VALUE = Words(
    zh="{found!r}，应为 {wanted!r}（上界 {bound:.3g}）",
    en="{found!r} instead of {wanted!r} (bound {bound:.3g})",
)


class TrialOutcome(Worded):
    """How a round ended."""

    CORRECT = "correct", "within the bound", "不超过上界"
    REFUSED = "refused", "refused by a check of SecretFlow's", "被 SecretFlow 自己的检查拒绝"
    BREAKS = "breaks", "breaks with an error from deeper down", "因更底层的错误而中断"
    SILENT = "silent", "silently wrong", "结果有误却没有提示"
    DIED = "died", "the process ends or hangs", "进程结束或卡住"


@dataclass(frozen=True)
class TrialJudgement:
    """How a round ended.

    `ratio` is the largest error as a share of its bound, and 0 if nothing can be compared.
    """

    outcome: TrialOutcome
    detail: Text
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
        return TrialJudgement(TrialOutcome.SILENT, _ODD.filled(what=answer.what))
    wanted = reference.expected(case)
    if wanted is None:
        said = _UNDEFINED.filled(what=_brief(answer.layers))
        return TrialJudgement(TrialOutcome.SILENT, said)
    if len(wanted) != len(answer.layers) or answer.bare != case.bare:
        return TrialJudgement(
            TrialOutcome.SILENT, _FEWER.filled(count=len(answer.layers), wanted=len(wanted))
        )
    layers = [_layer(one, layer) for one, layer in zip(wanted, answer.layers, strict=True)]
    wrong = [layer for layer in layers if layer.outcome is TrialOutcome.SILENT]
    return max(wrong or layers, key=lambda layer: layer.ratio)


def _layer(one: Expected, layer: Array) -> TrialJudgement:
    if one.value.shape != layer.shape:
        said = _SHAPE.filled(shape=layer.shape, wanted=one.value.shape)
        return TrialJudgement(TrialOutcome.SILENT, said, math.inf)
    if not layer.size:
        return TrialJudgement(TrialOutcome.CORRECT, "")
    ratios = _ratios(one, layer)
    at = np.unravel_index(int(ratios.argmax()), ratios.shape)
    value, bound, ratio = float(one.value[at]), float(one.bound[at]), float(ratios[at])
    if ratio <= 1:
        return TrialJudgement(TrialOutcome.CORRECT, "", ratio)
    said = _VALUE.filled(found=float(layer[at]), wanted=value, bound=bound)
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
