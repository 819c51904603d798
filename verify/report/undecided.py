"""What a run could not decide: one list a document, by reason, in plain words and with counts.

A check that could not decide says why, and what it says may be several things at once: fewer
epochs, and stand-ins for two files. Checks that share one of them are told together, with all that
they say; how many there are of which kind is all that is told of the checks themselves.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verify.finding import CheckKind, Verdict
from verify.system.words import Language, Text, Words, clause, enumerated, joined, said

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry

HEADING = Words(zh="本配置无法判定的内容", en="What this profile cannot decide")
_ONE, _SOME = 0, 1
_WHAT: dict[CheckKind, tuple[Words, Words]] = {
    CheckKind.CLAIM: (
        Words(zh="{count} 条论断", en="{count} claim"),
        Words(zh="{count} 条论断", en="{count} claims"),
    ),
    CheckKind.OUTPUTS: (
        Words(zh="{count} 处已存输出", en="{count} stored output"),
        Words(zh="{count} 处已存输出", en="{count} stored outputs"),
    ),
    CheckKind.RUN: (
        Words(zh="{count} 个步骤", en="{count} step"),
        Words(zh="{count} 个步骤", en="{count} steps"),
    ),
    CheckKind.ERRATUM: (
        Words(zh="{count} 条勘误", en="{count} erratum"),
        Words(zh="{count} 条勘误", en="{count} errata"),
    ),
    CheckKind.LOSS: (
        Words(zh="{count} 条损失曲线", en="{count} curve of losses"),
        Words(zh="{count} 条损失曲线", en="{count} curves of losses"),
    ),
    CheckKind.REPEAT: (
        Words(zh="{count} 处重复运行的比较", en="{count} comparison of runs"),
        Words(zh="{count} 处重复运行的比较", en="{count} comparisons of runs"),
    ),
    CheckKind.REVEALS: (
        Words(zh="{count} 项明文揭示检查", en="{count} check of what is revealed"),
        Words(zh="{count} 项明文揭示检查", en="{count} checks of what is revealed"),
    ),
}
_OTHERS = (
    Words(zh="{count} 项其他检查", en="{count} other check"),
    Words(zh="{count} 项其他检查", en="{count} other checks"),
)
_ALIKE = Words(zh="{one}，另有 {count} 处类似", en="{one}, and {count} alike")
_LACKS = Words(zh="缺少{what}", en="it lacks {what}")
_LINE = Words(zh="{what}：{why}", en="{what}: {why}")
# What of a reason differs from check to check: names, numbers, digests and addresses.
_VARIES = re.compile(r"`[^`]*`|\([^()]*\)|https?://\S+|\b[\w.]*\d[\w.]*\b")
_BETWEEN = {Language.CHINESE: "；", Language.ENGLISH: "; "}
_SHOWN = 6  # reasons of one line


@dataclass
class Reason:
    """Why some checks are open, in one or several parts, and how many of which kind they are."""

    parts: dict[str, Counter[Text]] = field(default_factory=dict)
    kinds: Counter[CheckKind] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How many checks."""
        return self.kinds.total()

    @property
    def why(self) -> Text:
        """All of their reasons, those of most checks first."""
        by_size = sorted(self.parts.values(), key=lambda one: -one.total())
        told = [_told(one) for one in by_size[:_SHOWN]]
        return joined((*told, "…" if len(by_size) > _SHOWN else None))

    @property
    def what(self) -> Text:
        """How many checks of which kind."""
        told: Counter[CheckKind | None] = Counter()
        for kind, count in self.kinds.items():
            told[kind if kind in _WHAT else None] += count
        return enumerated(_counted(kind, count) for kind, count in told.most_common())

    @property
    def words(self) -> Text:
        """Both, as a line of the list."""
        return _LINE.filled(why=self.why, what=self.what)


def of(*documents: "DocumentEntry") -> list[Reason]:
    """The list of a document, or of several, what most is open for first."""
    found: list[Reason] = []
    for kind, reason in (one for document in documents for one in _open(document)):
        parts = {_VARIES.sub("*", str(part)): part for part in _parts(reason)}
        mine = Reason({key: Counter([part]) for key, part in parts.items()}, Counter([kind]))
        for other in [one for one in found if one.parts.keys() & parts.keys()]:
            found.remove(other)
            mine = _together(other, mine)
        found.append(mine)
    return sorted(found, key=lambda one: -one.count)


def _open(document: "DocumentEntry") -> Iterator[tuple[CheckKind, Text]]:
    """Each open check with its reason, once."""
    seen = set()
    for check in document.checks:
        if check.verdict is Verdict.UNCHECKED:
            seen.add(check.id)
            yield check.kind, check.reason
    for step in document.steps:
        if step.verdict is Verdict.UNCHECKED:
            yield CheckKind.RUN, step.reason
        elif step.verdict is Verdict.ERROR and step.needs and not step.follows:
            yield CheckKind.RUN, step.observed or _LACKS.filled(what=step.needs.words)
    for id_, reason in document.undecided.items():
        if id_ not in seen:
            kind = next((one for one in CheckKind if id_.startswith(f"{one.value}:")), None)
            yield kind or CheckKind.CLAIM, reason


def _parts(reason: Text) -> list[Text]:
    """What a reason names, one by one, where both languages name as many."""
    told = [said(clause(reason), one).split(_BETWEEN[one]) for one in Language]
    if not isinstance(reason, Words):
        return [*told[1]]
    if len(told[0]) != len(told[1]):
        return [clause(reason)]
    return [Words.model_construct(zh=zh, en=en) for zh, en in zip(*told, strict=True)]


def _together(one: Reason, other: Reason) -> Reason:
    keys = dict.fromkeys((*one.parts, *other.parts))
    none = Counter[Text]()
    parts = {key: one.parts.get(key, none) + other.parts.get(key, none) for key in keys}
    return Reason(parts, one.kinds + other.kinds)


def _told(some: Counter[Text]) -> Text:
    """A reason; of those that differ in a name the first, and how many there are."""
    first = next(iter(some))
    return _ALIKE.filled(one=first, count=len(some) - 1) if len(some) > 1 else first


def _counted(kind: CheckKind | None, count: int) -> Text:
    return (_WHAT[kind] if kind else _OTHERS)[_ONE if count == 1 else _SOME].filled(count=count)
