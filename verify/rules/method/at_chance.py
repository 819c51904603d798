"""A training whose accuracy and loss stay at those of guessing has learnt nothing.

Karpathy, "A Recipe for Training Neural Networks" (2019), section 2: a loss that does not go below
that of the start, ln(n) for n classes, tells of inputs that the network does not see.
"""

import math
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.outputs.metrics import is_loss, is_share
from verify.rules.method import first_loss
from verify.rules.method.practice import Practice
from verify.system.words import Words

_AT_CHANCE = Words(
    zh="训练结束时，`{name}` 是 {value:.3g}，损失是 {loss:.3g}：与在 {classes} 个类别中随机猜测"
    "（{share:.3g} 和 {guess:.3g}）没有差别，什么也没学到。",
    en="The training ends with `{name}` {value:.3g} and a loss of {loss:.3g}: that is guessing "
    "among {classes} classes ({share:.3g} and {guess:.3g}), nothing was learnt.",
)
_CHECK = Words(
    zh="请检查输入与标签是否对应、学习率是否合适，再重新运行页面。",
    en="Check that inputs belong to their labels, and the learning rate, and run the page again.",
)

_FEWEST = 3
_NEAR = 0.1  # as a part of what guessing gives


def check(found: Practice) -> Iterator[Finding]:
    """Find trainings that end where they might have begun."""
    for run in found.runs:
        told = {first_loss.guessing(one) for one in run.made_by if one.name == "compile"}
        if len(told) != 1 or run.call is None or (classes := told.pop()) is None:
            continue
        series = run.training.series
        losses = [values for name, values in series.items() if is_loss(name)]
        shares = {n: v for n, v in series.items() if is_share(n) and "acc" in n}
        share, guess = 1 / classes, math.log(classes)
        same = all(_stays(values, guess) for values in losses)
        if losses and shares and same and all(_stays(v, share) for v in shares.values()):
            name, values = next(iter(shares.items()))
            yield found.finding(
                run.call,
                FindingKind.DEGENERATE_METRIC,
                _AT_CHANCE.filled(
                    name=name,
                    value=values[-1],
                    loss=losses[0][-1],
                    classes=classes,
                    share=share,
                    guess=guess,
                ),
                _CHECK,
            )


def _stays(values: tuple[float, ...], at: float) -> bool:
    """Whether the last epochs are all near a level."""
    last = values[-_FEWEST:]
    return len(last) == _FEWEST and all(abs(one - at) <= _NEAR * at for one in last)
