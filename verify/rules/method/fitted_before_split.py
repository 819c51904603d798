"""What preprocessing learns, it learns from the training part alone.

scikit-learn, user guide, "Common pitfalls and recommended practices", section "Data leakage during
pre-processing": split first, and never call `fit` on the test data.
"""

from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call, Operation, Part
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_LEAKS = Words(
    zh="`{learner}` 在全部样本上拟合，而 `train_test_split` 又留出其中一些作测试："
    "它从这些样本学到的内容会泄漏到训练中。",
    en="`{learner}` is fitted on all samples, and `train_test_split` keeps some of them for a "
    "test: what it has learnt from these leaks into the training.",
)
_SPLIT_FIRST = Words(
    zh="请先划分，在训练部分上拟合，再用它变换两个部分。",
    en="Split first, fit it on the training part, and transform both parts with it.",
)
_AGAIN = Words(
    zh="`{learner}` 在测试部分上重新拟合：测试样本按它们自己的统计量变换，与训练样本不同。",
    en="`{learner}` is fitted anew on the test part, which is then changed by statistics of its "
    "own, and otherwise than the training part.",
)
_TRANSFORM = Words(
    zh="请对测试部分只调用 `transform`。", en="Call `transform` alone on the test part."
)
_SCALED_BY = ({"mean", "std"}, {"max", "min"})

# Those that learn numbers from samples. An encoding of labels or categories learns but their names.
_LEARNERS = {
    "StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler", "QuantileTransformer",
    "PowerTransformer", "SimpleImputer", "KNNImputer", "IterativeImputer", "PCA", "TruncatedSVD",
    "KernelPCA", "SelectKBest", "SelectPercentile", "SelectFromModel", "RFE", "RFECV",
    "TargetEncoder", "TfidfVectorizer", "TfidfTransformer", "KBinsDiscretizer", "VertWOEBinning",
    "VertWoeBinning",
}  # fmt: skip
_LIBRARIES = ("sklearn.", "secretflow.", "category_encoders.")
_SPLITS = {"train_test_split"}
_LEARNS = ("fit", "fit_transform")


def check(found: Practice) -> Iterator[Finding]:
    """Find what is fitted on samples of which a later split makes a test part."""
    learnt = [call for call in found.calls if call.name in _LEARNS and _learner(call)]
    splits = [call for call in found.calls if practice.last(call) in _SPLITS]
    order = {id(call): place for place, call in enumerate(found.calls)}
    told: set[tuple[int, int]] = set()
    for split in splits:
        behind = {id(one) for one in practice.behind(*split.positional, *split.keywords.values())}
        for fit in learnt:
            early = order[id(fit)] < order[id(split)] and (fit.cell, fit.row) not in told
            if early and _feeds(fit, split, behind) and not _is_part(fit):
                told.add((fit.cell, fit.row))
                yield found.finding(
                    fit,
                    FindingKind.FITTED_BEFORE_SPLIT,
                    _LEAKS.filled(learner=_learner(fit)),
                    _SPLIT_FIRST,
                )
        if statistics := _by_hand(split):
            yield found.finding(
                statistics,
                FindingKind.FITTED_BEFORE_SPLIT,
                _LEAKS.filled(learner=statistics.name),
                _SPLIT_FIRST,
            )
    yield from _fitted_again(found, learnt)


def _by_hand(split: Call) -> Call | None:
    """A statistic of all samples by which these are scaled before the split."""
    made: dict[str, Call] = {}
    for one in practice.behind(*split.positional[:1]):
        if isinstance(one, Operation):
            for call in one.operands:
                if isinstance(call, Call) and call.on is not None and not call.own:
                    made.setdefault(call.name, call)
    pair = next((pair for pair in _SCALED_BY if pair <= made.keys()), None)
    return (
        made[min(pair)]
        if pair and all(made[one].on is made[min(pair)].on for one in pair)
        else None
    )


def _fitted_again(found: Practice, learnt: list[Call]) -> Iterator[Finding]:
    """What was fitted on the training part, and is fitted anew on the part for a test."""
    for fit in learnt:
        again = fit.name == "fit_transform" and _learner(fit)
        data = fit.get("X", 0)
        is_test = isinstance(data, Part) and data.key == 1 and _is_part(fit)
        earlier = [one for one in learnt if one is not fit and _made(one) is _made(fit)]
        if again and is_test and earlier and earlier[0].get("X", 0) is not data:
            yield found.finding(
                fit,
                FindingKind.FITTED_BEFORE_SPLIT,
                _AGAIN.filled(learner=_learner(fit)),
                _TRANSFORM,
            )


def _learner(call: Call) -> str:
    """The class of what is fitted, if it is one that learns from samples."""
    made = _made(call)
    if isinstance(made, Call) and practice.dotted(made).startswith(_LIBRARIES):
        name = practice.last(made)
        return name if name in _LEARNERS else ""
    return ""


def _made(call: Call) -> object:
    """What is fitted; `fit` gives it back."""
    made = call.on
    return made.on if isinstance(made, Call) and made.name == "fit" else made


def _is_part(fit: Call) -> bool:
    """Whether it is fitted on a part that a split has made already."""
    return any(
        practice.last(call) in _SPLITS or practice.last(call) == "split"
        for call in practice.calls_behind(*fit.positional, *fit.keywords.values())
    )


def _feeds(fit: Call, split: Call, behind: set[int]) -> bool:
    """Whether what is split was made of what was learnt, or will be changed by it."""
    if id(fit) in behind:
        return True
    uses = fit.on.uses if isinstance(fit.on, Call) else []
    used = [call for call in uses if call.name == "transform"]
    if any(id(call) in behind for call in used):
        return True
    # Fitted on what is split, and applied to the parts of the split.
    data = fit.get("X", 0)
    return (
        isinstance(data, Call)
        and data.own is None
        and id(data) in behind
        and any(split in practice.calls_behind(*call.positional) for call in used)
    )
