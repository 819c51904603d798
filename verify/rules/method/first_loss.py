"""The first loss is not far above that of guessing.

Karpathy, "A Recipe for Training Neural Networks" (2019), section 2, "verify loss @ init": the
cross-entropy of a network that knows nothing is ln(n) for n classes. Far above that, the inputs or
the step size are out of range.
"""

import math
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call
from verify.rules.method import heads, output_layer, practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_FAR_ABOVE = Words(
    zh="第一个 epoch 的平均损失是 {loss:g}；对 {classes} 个类别一无所知的网络是 {guess:.2f}。",
    en="The mean loss of the first epoch is {loss:g}; a network that knows nothing "
    "of {classes} classes has {guess:.2f}.",
)
_CHECK = Words(
    zh="请检查输入的范围、标签和步长。",
    en="Check the range of the inputs, the labels and the step size.",
)

_ENTROPIES = {
    "categorical_crossentropy", "sparse_categorical_crossentropy", "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy", "binary_crossentropy", "BinaryCrossentropy",
}  # fmt: skip
_TIMES = 5


def check(found: Practice) -> Iterator[Finding]:
    """Find trainings whose mean loss of the first epoch is many times that of guessing."""
    for run in found.runs:
        losses = run.training.series.get("loss", ())
        first = run.training.epochs[:1]
        if not losses or first not in ((0,), (1,)) or not math.isfinite(losses[0]):
            continue
        compiled = [call for call in run.made_by if call.name == "compile"]
        told = {guessing(call) for call in compiled}
        if len(told) != 1 or (guess := told.pop()) is None or "regulariz" in found.source:
            continue
        if losses[0] > _TIMES * math.log(guess) and run.call is not None:
            yield found.finding(
                run.call,
                FindingKind.FIRST_LOSS,
                _FAR_ABOVE.filled(loss=losses[0], classes=guess, guess=math.log(guess)),
                _CHECK,
            )


def guessing(compiled: Call) -> int | None:
    """Among how many classes a compiled network would guess."""
    loss = compiled.get("loss", 1)
    name = loss if isinstance(loss, str) else practice.last(loss)
    head = heads.of_keras(compiled.on)
    if name not in _ENTROPIES or head is None or head.units is None:
        return None
    if output_layer.unfit(head, compiled):
        return None  # a loss that does not fit is told of as such
    return 2 if "inary" in name else head.units if head.units > 1 else None
