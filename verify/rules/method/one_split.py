"""Samples and their labels are split alike, or they no longer belong to each other.

scikit-learn, `train_test_split`, and SecretFlow, `secretflow.data.split.train_test_split`: where
samples and labels are split by two calls, only the same size and the same `random_state` keep each
label with its sample.
"""

from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.constants import is_constant
from verify.page.code.values import Call, Part
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_APART = Words(
    zh="样本与标签由两次划分得到，而两次的 `{name}` 不同（{one}、{other}）：标签不再对应它的样本。",
    en="Samples and labels come from two splits of another `{name}` ({one} and {other}), so that "
    "labels no longer belong to their samples.",
)
_ALIKE = Words(
    zh="请给两次划分相同的参数，或用一次调用划分两者。",
    en="Give both splits the same arguments, or split both by one call.",
)
_DECIDES = ("random_state", "train_size", "test_size", "shuffle")


def check(found: Practice) -> Iterator[Finding]:
    """Find models that are given the samples of one split and the labels of another."""
    told: set[int] = set()
    for call in found.calls:
        samples = _split(call.get("x", 0) if "x" in call.keywords else call.get("X", 0))
        labels = _split(call.get("y", 1))
        if call.name not in ("fit", "fit_transform") or samples is None or labels is None:
            continue
        if samples is labels or id(labels) in told:
            continue
        for name in _DECIDES:
            one, other = samples.keywords.get(name), labels.keywords.get(name)
            if is_constant(one) and is_constant(other) and one != other:
                told.add(id(labels))
                said = _APART.filled(name=name, one=one, other=other)
                yield found.finding(labels, FindingKind.MIXED_UP, said, _ALIKE)
                break


def _split(value: object) -> Call | None:
    """The split that a value is a part of, also where it was scaled since."""
    while isinstance(value, Call) and value.name in ("transform", "fit_transform", "to_numpy"):
        value = value.get("X", 0) if value.positional or "X" in value.keywords else value.on
    made = value.of if isinstance(value, Part) else None
    return made if isinstance(made, Call) and practice.last(made) == "train_test_split" else None
