"""Two metrics of one training are not the same number, as the code asks for them.

Keras, `Model.compile`: 'accuracy' and 'acc' stand for the accuracy that fits the loss.
torchmetrics, `MulticlassPrecision`: averaged over all samples of single labels (micro), precision,
recall and F1 are the accuracy. Where outputs show it, `degenerate-metric` tells it of those.
"""

from collections.abc import Iterator, Sequence

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call
from verify.page.outputs.metrics import is_share
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_ONE_NUMBER = Words(
    zh="`{one}` 与 `{other}` 在这里是同一个数，其中一个说明不了任何问题。",
    en="`{one}` and `{other}` are one and the same number here, so one of them tells nothing.",
)
_LEAVE_OUT = Words(
    zh="请去掉其中一个；如果有意要取平均，请写 `average='macro'`。",
    en="Leave one of the two out, or give average='macro' where that is asked for.",
)

_FITTING = {
    "sparse_categorical_crossentropy": "sparse_categorical_accuracy",
    "SparseCategoricalCrossentropy": "sparse_categorical_accuracy",
    "categorical_crossentropy": "categorical_accuracy",
    "CategoricalCrossentropy": "categorical_accuracy",
    "binary_crossentropy": "binary_accuracy",
    "BinaryCrossentropy": "binary_accuracy",
}
_CLASSES = {
    "SparseCategoricalAccuracy": "sparse_categorical_accuracy",
    "CategoricalAccuracy": "categorical_accuracy",
    "BinaryAccuracy": "binary_accuracy",
}
_MICRO = {"Accuracy", "Precision", "Recall", "F1Score"}


def check(found: Practice) -> Iterator[Finding]:
    """Find them, unless a log of the page shows both."""
    if any(sum(map(is_share, run.training.series)) > 1 for run in found.runs):
        return
    told: set[tuple[str, str]] = set()
    for call in found.calls:
        asked = call.get("metrics", 2) if call.name == "compile" else call.keywords.get("metrics")
        if not isinstance(asked, list | tuple):
            continue
        pair = _micro(asked) or (_of_keras(asked, call) if call.name == "compile" else None)
        if pair and pair not in told:
            told.add(pair)
            yield found.finding(
                call,
                FindingKind.DEGENERATE_METRIC,
                _ONE_NUMBER.filled(one=pair[0], other=pair[1]),
                _LEAVE_OUT,
            )


def _of_keras(asked: Sequence[object], call: Call) -> tuple[str, str] | None:
    loss = call.get("loss", 1)
    fitting = _FITTING.get(loss if isinstance(loss, str) else practice.last(loss), "accuracy")
    if any(isinstance(one, Call) and "name" in one.keywords for one in asked):
        return None  # whoever names a metric anew means to see it beside another
    seen: dict[str, str] = {}
    for one in asked:
        name = one if isinstance(one, str) else practice.last(one)
        if isinstance(one, Call) and (one.positional or one.keywords):
            continue  # of another threshold, or of a class
        plain = fitting if name in ("accuracy", "acc") else _CLASSES.get(name, name)
        if not plain:
            continue
        if plain in seen:
            return seen[plain], name
        seen[plain] = name
    return None


def _micro(asked: Sequence[object]) -> tuple[str, str] | None:
    """Two metrics that are averaged over all samples of several classes."""
    names = []
    for one in asked:
        if not isinstance(one, Call):
            continue
        kind = one.positional[0] if practice.last(one) == "metric_wrapper" else one
        if one.keywords.get("average") == "micro" and one.keywords.get("task") == "multiclass":
            name = practice.last(kind)
            if name in _MICRO and practice.dotted(kind).startswith("torchmetrics."):
                names.append(name)
    different = list(dict.fromkeys(names))
    return (different[0], different[1]) if len(different) > 1 else None
