"""What a release has changed so that a use of a page breaks, in words."""

import re
from dataclasses import dataclass

from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.rules.breaks import answering, moves
from verify.rules.breaks.releases import Release
from verify.system.words import Words

_MOVED = Words(zh="`{what}` 移到了 `{now}`", en="`{what}` moved to `{now}`")
_REMOVED = Words(zh="`{what}` 被删除", en="`{what}` was removed")
_LATER = Words(zh="`{what}` 从 {version} 起才有", en="`{what}` came only with {version}")
_EARLIER_NAME = Words(
    zh="`{what}` 从 {version} 起才有；此前是 `{now}`",
    en="`{what}` came only with {version}; it was `{now}` before",
)
_NEVER = Words(zh="这些版本里都没有 `{what}`", en="none of these releases has `{what}`")
_ELSEWHERE = Words(
    zh="这些版本里都没有 `{what}`；{version} 有 `{now}`",
    en="none of these releases has `{what}`; {version} has `{now}`",
)
_ABSENT = Words(zh="没有 `{what}`", en="there is no `{what}`")
_ABSENT_ELSEWHERE = Words(
    zh="没有 `{what}`；{version} 有 `{now}`", en="there is no `{what}`; {version} has `{now}`"
)
_EARLIER_UNSURE = Words(
    zh="{told}（更早的版本无从判断）", en="{told} (of earlier releases nothing is sure)"
)
_DROPPED = Words(
    zh="安装 secretflow 不再带来 `{what}`", en="installing secretflow no longer brings `{what}`"
)
_BROUGHT_LATER = Words(
    zh="安装 secretflow 从 {version} 起才带来 `{what}`",
    en="installing secretflow brings `{what}` only since {version}",
)
_CALLS = {
    "unknown": Words(
        zh="`{callee}` 不再接受参数 `{name}`", en="`{callee}` no longer takes the argument `{name}`"
    ),
    "missing": Words(
        zh="`{callee}` 要求参数 `{name}`", en="`{callee}` wants the argument `{name}`"
    ),
    "twice": Words(
        zh="`{callee}` 的参数 `{name}` 换了位置", en="`{callee}` has `{name}` in another place"
    ),
    "many": Words(
        zh="`{callee}` 按位置至多接受 {limit} 个参数",
        en="`{callee}` takes at most {limit} arguments by position",
    ),
}
_BEFORE = Words(zh="{told}（{version} 之前）", en="{told} (before {version})")
_NEVER_TOOK = Words(zh="`{callee}` 不接受参数 `{name}`", en="`{callee}` takes no argument `{name}`")


@dataclass(frozen=True)
class Stretch:
    """Consecutive releases that break a use, and what is known of those around.

    `before` is the last earlier release in which it works; if there is none, `after` is the first
    later one; `unsure` says that of an earlier release nothing is known.
    """

    broken: tuple[Release, ...]
    before: Release | None
    after: Release | None
    unsure: bool = False

    @property
    def first(self) -> Release:
        """The first of them."""
        return self.broken[0]

    @property
    def versions(self) -> tuple[str, ...]:
        """Which releases they are."""
        return tuple(release.version for release in self.broken)


def of_use(question: InterfaceQuestion, at: Stretch) -> Words:
    """Why a use breaks in the first of some releases."""
    answer = at.first.answer(question)
    if answer.verdict is Verdict.MISFIT:
        return _of_call(answer, at)
    what = re.sub(r"\(\)|\{\}", "", question.path.replace(":", "."))
    lost = f"{answer.owner}.{answer.name}".lstrip(".")
    now, has = _place(question, what, at) if answer.sort in ("module", "nothing") else (None, "")
    if at.before:
        said = _MOVED if now else _REMOVED
    elif at.after:
        said, has = _EARLIER_NAME if now else _LATER, at.after.version
    elif at.unsure:
        said = _ABSENT_ELSEWHERE if now else _ABSENT
    else:
        said = _ELSEWHERE if now else _NEVER
    told = said.filled(what=what if now else lost, now=now, version=has)
    return _EARLIER_UNSURE.filled(told=told) if at.unsure and not at.after else told


def _place(question: InterfaceQuestion, what: str, at: Stretch) -> tuple[str | None, str]:
    """Where a thing is in a release that lacks it under its old name, and which that is."""
    # What has moved is where the first of them has it; else the newest that has it says most.
    for release in at.broken[:1] if at.before else reversed(at.broken):
        now = moves.place(release.interface, what, is_module=question.is_module)
        if now and not (at.before and _was_another(at.before, what, now)):
            return now, release.version
    return None, ""


def _was_another(before: Release, what: str, now: str) -> bool:
    """Whether the new place was there before, with something else in it."""
    old, new = (answering.found(before.interface, path) for path in (what, now))
    return new is not None and new != old


def of_package(distribution: str, at: Stretch) -> Words:
    """Why a package that a page imports is not there."""
    if at.after is None:
        return _DROPPED.filled(what=distribution)
    return _BROUGHT_LATER.filled(what=distribution, version=at.after.version)


def _of_call(answer: Answer, at: Stretch) -> Words:
    said = _CALLS[answer.what] if at.before or answer.what != "unknown" else _NEVER_TOOK
    told = said.filled(callee=answer.callee, name=answer.name, limit=answer.limit)
    if at.after:
        return _BEFORE.filled(told=told, version=at.after.version)
    return _EARLIER_UNSURE.filled(told=told) if at.unsure else told
