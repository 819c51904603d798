"""Data in the order of their classes are shuffled before they are split by position.

torchvision, `ImageFolder`: samples are listed class by class. scikit-learn, user guide,
"Cross-validation", section "A note on shuffling": data that are ordered by class are to be shuffled
first. Else the last part holds classes that the first one lacks.
"""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call, Operation, Part
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_BY_POSITION = Words(
    zh="`{source}` 的样本按类别排列，没有打乱就按位置划分：最后一部分有第一部分所没有的类别。",
    en="The samples of `{source}` are in the order of their classes and are split by position "
    "without being shuffled: the last part has classes that the first one lacks.",
)
_SHUFFLE = Words(
    zh="请先打乱下标再划分，或对每个类别分别划分（`stratify`）。",
    en="Shuffle the indices before the split, or split each class on its own (stratify).",
)
_ONE_CLASS_A_BATCH = Words(
    zh="`{loader}` 按类别的顺序给出 `{source}` 的样本，训练的每个批次都只有一个类别。",
    en="`{loader}` gives the samples of `{source}` in the order of their classes, so that each "
    "batch of the training has one class.",
)
_GIVE_SHUFFLE = Words(zh="请加上 `shuffle=True`。", en="Give it shuffle=True.")

_BY_CLASS = {"ImageFolder", "DatasetFolder", "load_iris", "load_wine"}
_LISTED = {"ImageFolder", "DatasetFolder"}
_TRAINING = re.compile(r"^train", re.IGNORECASE)
_DRAWS = {"sampler", "batch_sampler", "**"}
_FOLDERS = {"image_dataset_from_directory", "text_dataset_from_directory"}
_SHUFFLES = {"shuffle", "permutation", "randperm", "permuted", "sample", "choice"}
_TAKES = {"SubsetRandomSampler", "SubsetSequentialSampler", "Subset"}


def check(found: Practice) -> Iterator[Finding]:
    """Find splits by position of what is in the order of its classes."""
    shuffled = [call for call in found.calls if practice.last(call) in _SHUFFLES]
    told: set[tuple[int, int]] = set()
    parts: dict[int, list[tuple[Call, slice]]] = {}
    for call in found.calls:
        if practice.last(call) in _TAKES:
            for part in _slices(call):
                parts.setdefault(id(part.of), []).append((call, part.key))  # type: ignore[arg-type]
                source = _in_order(part.of, shuffled)
                both = len(parts[id(part.of)]) == 2  # noqa: PLR2004
                first = parts[id(part.of)][0][0]
                place = (first.cell, first.row)
                if source and both and place not in told:
                    told.add(place)
                    yield _finding(found, _told_so(found, first), practice.last(source))
    yield from _unshuffled(found)
    yield from _loaded_in_order(found)
    yield from _cut(found, shuffled)


def _told_so(found: Practice, part: Call) -> Call:
    """The call that tells a function of the page not to shuffle, if there is one."""
    calls = (one for one in found.calls if one.own and one.cell == part.cell)
    return next((one for one in calls if one.keywords.get("shuffle") is False), part)


def _finding(found: Practice, at: Call, source: str) -> Finding:
    return found.finding(
        at,
        FindingKind.ORDERED_SPLIT,
        _BY_POSITION.filled(source=source),
        _SHUFFLE,
    )


def _slices(call: Call) -> Iterator[Part]:
    for value in (*call.positional, *call.keywords.values()):
        if isinstance(value, Part) and isinstance(value.key, slice):
            bounds = (value.key.start, value.key.stop, value.key.step)
            if value.key.step is None and bounds.count(None) == 2:  # noqa: PLR2004
                yield value


def _in_order(indices: object, shuffled: list[Call]) -> Call | None:
    """The data set whose samples some indices go through from the first to the last."""
    if any(indices in call.positional for call in shuffled):
        return None
    kept = {"list", "range", "len", "arange"}
    source = None
    for one in practice.behind(indices):
        if isinstance(one, Operation):
            return None
        if isinstance(one, Call):
            if practice.last(one) in _BY_CLASS:
                source = one
                break
            if practice.last(one) not in kept:
                return None
    return source


def _unshuffled(found: Practice) -> Iterator[Finding]:
    """Splits of folders of classes, and of well-known tables, that are told not to shuffle."""
    for call in found.calls:
        plain = call.keywords.get("shuffle") is False
        share = call.keywords.get("validation_split")
        if practice.last(call) in _FOLDERS and plain and isinstance(share, float):
            yield _finding(found, call, practice.last(call))
        if practice.last(call) == "train_test_split" and plain:
            for one in practice.calls_behind(*call.positional):
                if practice.last(one) in ("load_iris", "load_wine"):
                    yield _finding(found, call, practice.last(one))
                    break


def _cut(found: Practice, shuffled: list[Call]) -> Iterator[Finding]:
    """Models that are fitted on the first rows of a table in the order of its classes."""
    for fit in found.fits:
        part = fit.get("X", 0) or fit.get("x", 0)
        if not isinstance(part, Part) or not isinstance(part.key, slice):
            continue
        if part.key.step is not None or (part.key.start is None) == (part.key.stop is None):
            continue
        made = list(practice.calls_behind(part.of))
        sources = [one for one in made if practice.last(one) in _BY_CLASS - _LISTED]
        in_place = any(one.name == "shuffle" for one in shuffled)
        if sources and len(made) == 1 and not in_place and _is_plain(part.of):
            yield _finding(found, fit, practice.last(sources[0]))


def _is_plain(value: object) -> bool:
    """Whether it is what a call has returned, or a named part of that."""
    while isinstance(value, Part) and isinstance(value.key, str | int):
        value = value.of
    return isinstance(value, Call)


def _loaded_in_order(found: Practice) -> Iterator[Finding]:
    """Loaders that train on one class after the other."""
    for call in found.calls:
        data = call.get("dataset", 0)
        if practice.last(call) != "DataLoader" or practice.last(data) not in _LISTED:
            continue
        drawn = call.keywords.get("shuffle", False) is not False or _DRAWS & call.keywords.keys()
        if _TRAINING.match(found.names.get(id(call.node), "")) and not drawn:
            yield found.finding(
                call,
                FindingKind.ORDERED_SPLIT,
                _ONE_CLASS_A_BATCH.filled(
                    loader=found.names[id(call.node)], source=practice.last(data)
                ),
                _GIVE_SHUFFLE,
            )
