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
# Where the text says so, the reader knows.
_ADMITS = re.compile(
    r"in-sample|training (?:accuracy|error|score|set|data|samples|loss)|overfit"
    r"|训练集|训练误差|过拟合",
    re.IGNORECASE,
)


def check(found: Practice) -> Iterator[Finding]:
    """Find scores of a model on what it was fitted on, where the page holds nothing out."""
    if _HOLDS_OUT.search(found.source) or not _SCORED.search(found.source):
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
