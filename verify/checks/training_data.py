"""What a training was given, as it was measured: whose samples, of which classes, in which range.

Each is told as a warning: a page may mean it so. What no probe has seen is not decided.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from verify.checks.case import BETWEEN, Case, listed, of_series
from verify.contract import check_ids
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.evidence import DataPart, TrainingRun, unseen_because
from verify.finding import CheckKind, FindingKind, Verdict
from verify.system.words import Text, Words, enumerated, joined

# Tables have rows that are alike by chance; that half of them are is none.
_SHARED = 0.5
# Of the samples held out, this share was trained on.
_LEAKED, _FEW = 0.1, 5
_PIXELS = 10.0  # what is normalised stays well below
_RESCALE = ("rescaling", "normalization")
_SHOWN = 6
_NOT_SEEN = Words(zh="没有看到该训练所用的数据", en="what the training was given was not seen")
_NO_LABELS = Words(zh="标签不是类别，或没有看到", en="its labels are no classes, or were not seen")
_ONE_PART = Words(zh="没有看到用于验证的数据", en="no data that it was validated on were seen")
_SAMPLES = Words(
    zh="每个参与方有自己的样本，用于验证的样本没有用来训练",
    en="each party has samples of its own, and none of those held out is trained on",
)
_CLASSES = Words(
    zh="验证数据与训练数据的类别相同", en="what is held out has the classes that are trained on"
)
_RANGE = Words(
    zh="预训练网络的输入在其训练时的范围之内",
    en="a pretrained network gets inputs in the range that it was trained on",
)
_SAME = Words(
    zh="{one} 与 {other} 用相同的 {count} 个样本训练（样本较少的参与方有 {of} 个）",
    en="{one} and {other} train on the same {count} samples (the smaller has {of})",
)
_BOTH = Words(
    zh="验证用的 {of} 个样本中有 {count} 个也用来训练",
    en="{count} of the {of} samples that are held out are trained on",
)
_LACKS = Words(
    zh="验证数据缺少类别 {classes}，而训练数据有这些类别",
    en="what is held out lacks {classes} of the classes that are trained on",
)
_NEVER = Words(
    zh="验证数据有类别 {classes}，而训练数据没有",
    en="what is held out has {classes}, which are never trained on",
)
_COUNTED = Words(zh="训练 {train}；验证 {val}", en="trained on {train}; held out {val}")
_CLASS = Words(zh="类别 {name}（{count}）", en="class {name} ({count})")
_BETWEEN = Words(zh="输入在 {low:g} 到 {high:g} 之间", en="inputs from {low:g} to {high:g}")
_RAW = Words(
    zh="{between}，都不为负，而网络没有自己的缩放层",
    en="{between}, none of them negative, and no layer of the network rescales them",
)
_HELD_OUT = Words(
    zh="平均应出现 5 次以上的类别完全没有出现，偶然的可能性不到 1 %",
    en="a class expected five times that is not there at all is so by chance in less than 1 %",
)
_OF_KERAS = Words(
    zh="Keras Applications 与 torchvision 的模型页面：输入须经各自的预处理",
    en="the pages of Keras Applications and torchvision: inputs go through their preprocessing",
)
_HALF = Words(
    zh="样本按内容的摘要比较；偶然相同的不到一半",
    en="samples are compared by a checksum of their content; by chance fewer than half are alike",
)
_GIVE_OWN = Words(
    zh="请给每个参与方不同的样本，并把用于验证的样本留出来。",
    en="Give each party samples of its own, and keep those to validate on apart.",
)
_SHUFFLE = Words(
    zh="请先打乱数据再切分，或按类别切分。",
    en="Shuffle the data before the split, or split each class.",
)
_PREPROCESS = Words(
    zh="请使用该网络自己的预处理。", en="Pass the inputs through the preprocessing of that network."
)

_Judge = Callable[[TrainingRun], dict[str, Any]]


def _samples(run: TrainingRun) -> dict[str, Any]:
    train = {party: _rows(parts, "train") for party, parts in run.data.items()}
    train = {party: rows for party, rows in train.items() if rows}
    if not train:
        return _open(run, _NOT_SEEN)
    shared = list(_shared(train)) if run.kind == "federated" else []
    trained = set().union(*train.values())
    held = set().union(*(_rows(parts, "val") for parts in run.data.values()))
    both = trained & held
    if len(both) >= max(_FEW, _LEAKED * len(held)):
        shared.append(_BOTH.filled(count=len(both), of=len(held)))
    return _judged(shared, FindingKind.SAME_SAMPLES, _GIVE_OWN, _HALF)


def _shared(train: dict[str, set[int]]) -> Iterator[Words]:
    for (one, own), (other, theirs) in itertools.combinations(train.items(), 2):
        fewer, count = min(len(own), len(theirs)), len(own & theirs)
        if count > max(_FEW, _SHARED * fewer):
            yield _SAME.filled(one=one, other=other, count=count, of=fewer)


def _of_classes(run: TrainingRun) -> dict[str, Any]:
    train, val = _counted(run, "train"), _counted(run, "val")
    if not train:
        return _open(run, _NO_LABELS)
    if not val:
        return _open(run, _ONE_PART)
    held, trained = val.total(), train.total()
    lacks = [c for c, n in sorted(train.items()) if c not in val and held * n / trained >= _FEW]
    never = [c for c, n in sorted(val.items()) if c not in train and n >= min(_FEW, held)]
    problems = [
        words.filled(classes=_named(some))
        for words, some in ((_LACKS, lacks), (_NEVER, never))
        if some
    ]
    told = _COUNTED.filled(train=_each(train), val=_each(val))
    return _judged(problems, FindingKind.ORDERED_SPLIT, _SHUFFLE, _HELD_OUT, told)


def _of_range(run: TrainingRun) -> dict[str, Any]:
    seen = [part for parts in run.data.values() for part in parts if part.low is not None]
    if not seen:
        return _open(run, _NOT_SEEN)
    low = min(part.low for part in seen if part.low is not None)
    high = max(part.high for part in seen if part.high is not None)
    kinds = {layer.kind.lower() for holder in run.holders for layer in holder.layers}
    names = {layer.name.lower() for holder in run.holders for layer in holder.layers}
    rescales = any(one in kinds or any(name.startswith(one) for name in names) for one in _RESCALE)
    between = _BETWEEN.filled(low=low, high=high)
    is_raw = low >= 0 and (high > _PIXELS or run.backend == "torch") and not rescales
    problems = [_RAW.filled(between=between)] if is_raw else []
    told = "" if is_raw else between  # which the problem names itself
    return _judged(problems, FindingKind.INPUT_RANGE, _PREPROCESS, _OF_KERAS, told)


def _judged(
    problems: Sequence[Words],
    rule: FindingKind,
    suggestion: Words,
    source: Words,
    otherwise: Text = "",
) -> dict[str, Any]:
    """Problems as a warning, with why they are none of chance; without them what was seen."""
    fields: dict[str, Any] = {"verdict": Verdict.PASS, "observed": otherwise}
    if problems:
        observed = joined((listed(problems), otherwise))
        fields |= {"observed": observed, "warns": True, "rule": rule}
        fields |= {"tolerance": source, "suggestion": suggestion}
    return fields


def _open(run: TrainingRun, reason: Words) -> dict[str, Any]:
    unseen = {part.unseen for parts in run.data.values() for part in parts if part.unseen}
    why = map(unseen_because, sorted(unseen))
    return {"verdict": Verdict.UNCHECKED, "reason": joined((reason, *why), zh="：", en=": ")}


def _rows(parts: Iterable[DataPart], stage: str) -> set[int]:
    return {row for part in parts if part.stage == stage for row in part.rows}


def _counted(run: TrainingRun, stage: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for parts in run.data.values():
        for part in parts:
            found.update(part.classes if part.stage == stage else {})
    return found


def _named(classes: Sequence[str]) -> Text:
    more = f"… ({len(classes)})" if len(classes) > _SHOWN else ""
    return enumerated([*classes[:_SHOWN], *([more] if more else [])])


def _each(counted: Counter[str]) -> Text:
    shown = sorted(counted.items())[:_SHOWN]
    told = [_CLASS.filled(name=name, count=count) for name, count in shown]
    return enumerated([*told, "…"] if len(counted) > _SHOWN else told)


_ASPECTS: dict[str, tuple[Words, _Judge]] = {
    check_ids.SAMPLES: (_SAMPLES, _samples),
    check_ids.CLASSES: (_CLASSES, _of_classes),
    check_ids.RANGE: (_RANGE, _of_range),
}


def _judge(_: Case, __: Training, run: TrainingRun, aspect: str) -> dict[str, Any]:
    says, judge = _ASPECTS[aspect]
    return {"says": says, **judge(run)}


def subjects(contract: Contract) -> list[str]:
    """Each training with each aspect; what a range should be is known of pretrained networks."""
    return [
        f"{training.id}{BETWEEN}{aspect}"
        for training in contract.trainings
        for aspect in check_ids.DATA_ASPECTS
        if aspect != check_ids.RANGE or training.start == "pretrained"
    ]


CHECK = of_series(CheckKind.DATA, _judge, subjects)
