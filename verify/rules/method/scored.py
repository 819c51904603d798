"""A score is measured on samples that the model has not learnt from.

scikit-learn, user guide, section 3.1, "Cross-validation": learning the parameters of a model and
testing it on the same data is a mistake of method.
"""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_SEEN = Words(
    zh="`{score}` 是在模型拟合时所用的那些样本上测得的。",
    en="`{score}` is measured on the very samples that the model was fitted on.",
)
_HOLD_OUT = Words(
    zh="请在留出的样本上测量，或说明这是训练所用的样本。",
    en="Measure it on samples that were held out, or say that these are those of the training.",
)

_SCORES = re.compile(r"^sklearn\.metrics\.(?:\w+\.)*(?:\w+_score|mean_\w+_error|log_loss)$")
_SCORED = re.compile(r"_score\b|_error\b|log_loss")
_HOLDS_OUT = re.compile(r"test|valid|split|fold|cross_val|holdout|hold_out|oob", re.IGNORECASE)
_SCORES_ITSELF = re.compile(r"\.score\(")
_ADMITS_IN_CODE = re.compile(
    r"in.sample|train(?:ing)?[ _](?:acc|err|score|set|data|loss)|训练", re.IGNORECASE
)
_SEVERAL = re.compile(r"cross_val|KFold|GridSearch|RandomizedSearch|oob|validation_curve")
# Where the text says so, the reader knows.
_ADMITS = re.compile(
    r"in-sample|training (?:accuracy|error|score|set|data|samples|loss)|overfit"
    r"|训练集|训练误差|过拟合",
    re.IGNORECASE,
)


def check(found: Practice) -> Iterator[Finding]:
    """Find scores of a model on what it was fitted on, where the page holds nothing out."""
    if not _SCORED.search(found.source) and not _SCORES_ITSELF.search(found.source):
        return
    if _HOLDS_OUT.search(found.source):
        yield from _of_held_out(found)
        return
    if any(_ADMITS.search(piece.text) for piece in found.page.prose):
        return
    for call in found.calls:
        if not _SCORES.match(practice.dotted(call)) or len(call.positional) < 2:  # noqa: PLR2004
            continue
        for predicted in practice.calls_behind(*call.positional, *call.keywords.values()):
            if not predicted.name.startswith("predict") or not isinstance(predicted.on, Call):
                continue
            seen = predicted.positional[:1] or tuple(predicted.keywords.values())[:1]
            fits = [use for use in predicted.on.uses if use.name == "fit"]
            if fits and all(
                practice.same(fit.get("X", 0) or fit.get("x", 0), *seen) for fit in fits
            ):
                yield found.finding(
                    call,
                    FindingKind.TRAINED_ON,
                    _SEEN.filled(score=practice.last(call)),
                    _HOLD_OUT,
                )
                return


def _of_held_out(found: Practice) -> Iterator[Finding]:
    """The only scores of a page that splits its data, where they are all those of the training."""
    splits = [call for call in found.calls if practice.last(call) == "train_test_split"]
    if len(splits) != 1 or _SEVERAL.search(found.source) or _ADMITS_IN_CODE.search(found.source):
        return
    if any(_ADMITS.search(piece.text) for piece in found.page.prose):
        return
    used = [(call, seen, fits) for call in found.calls for seen, fits in _measured(call)]
    for call, _, _ in used[:1]:
        if all(_is_seen(one, made) for _, one, made in used):
            message = _SEEN.filled(score=practice.last(call) or call.name)
            yield found.finding(call, FindingKind.TRAINED_ON, message, _HOLD_OUT)


def _measured(call: Call) -> Iterator[tuple[object, list[Call]]]:
    """What a model predicts for, or is scored on, with the fits of that model."""
    if call.name in ("predict", "predict_proba", "score") and isinstance(call.on, Call):
        given = call.positional[:1] or tuple(call.keywords.values())[:1]
        model = call.on.on if call.on.name == "fit" and isinstance(call.on.on, Call) else call.on
        fits = [use for use in model.uses if use.name == "fit"]
        if given and fits:
            yield given[0], fits


def _is_seen(seen: object, fits: list[Call]) -> bool:
    return all(_alike(fit.get("X", 0) or fit.get("x", 0), seen) for fit in fits)


def _alike(one: object, other: object) -> bool:
    """Whether two values are the same, or the same value changed by the same thing."""
    if isinstance(one, Call) and isinstance(other, Call) and one.name == other.name == "transform":
        return practice.same(one.on, other.on) and _alike(one.get("X", 0), other.get("X", 0))
    return practice.same(one, other)
