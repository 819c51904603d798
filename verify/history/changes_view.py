"""What changed between two runs, for a terminal, for programs, and as Markdown."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from verify.history.changes import ChangeKind, ComparedRun, RunChange
from verify.history.record import DOCUMENT
from verify.report import judged
from verify.report.formats import ChangesFormat
from verify.report.harmless import inline, plain
from verify.system.terminal_text import harmless_json
from verify.system.words import Language, Text, Words, enumerated, joined, said

_NAMES = {
    DOCUMENT: Words(zh="整个文档", en=DOCUMENT),
    "known": Words(zh="已知", en="known"),
    **{verdict.value: words for verdict, words in judged.CAME_OUT.items()},
}
_NOTHING_CHANGED = Words(zh="从 {a} 到 {b} 没有变化。", en="Nothing changed from {a} to {b}.")
_COUNTED = Words(zh="从 {a} 到 {b}：{counts}。", en="From {a} to {b}: {counts}.")
_COUNT = Words(zh="{what} {count} 项", en="{count} {what}")
_ALL = Words(zh="所有文档", en="All documents")
_CHANGE = Words(zh="{kind}：{ids}：{what}", en="{kind}: {ids}: {what}")
_NOTHING = Words(zh="（无）", en="nothing")
_IN = Words(zh="{difference}，见：{now}", en="{difference} in: {now}")
_NOTE = Words(zh="{what}（{note}）", en="{what} ({note})")


def rendered(
    a: ComparedRun,
    b: ComparedRun,
    changes: Sequence[RunChange],
    form: ChangesFormat,
    language: Language = Language.ENGLISH,
) -> str:
    """The changes from a to b in a format; of those for people, in a language."""
    if form is ChangesFormat.JSON:
        data = [asdict(change) for change in changes]
        content = {"schema": 1, "a": a.name, "b": b.name, "changes": data}
        return harmless_json(json.dumps(content, indent=1, default=str))
    if not changes:
        return _NOTHING_CHANGED.filled(a=a.name, b=b.name).of(language)
    counts = {kind: sum(change.kind is kind for change in changes) for kind in ChangeKind}
    some = (_COUNT.filled(count=n, what=kind.words) for kind, n in counts.items() if n)
    counted = joined(some, zh="，", en=", ")
    lines = [_COUNTED.filled(a=a.name, b=b.name, counts=counted).of(language)]
    markdown = form is ChangesFormat.MARKDOWN
    for document, found in groupby(changes, key=lambda change: change.document):
        title = said(document or _ALL, language)
        told = [said(one, language) for one in _told(list(found))]
        if markdown:
            lines += ["", f"## {title}", "", *(f"- {inline(one)}" for one in told)]
        else:
            lines += ["", title, *(f"  {plain(one)}" for one in told)]
    return "\n".join(lines)


def _told(changes: list[RunChange]) -> Iterator[Text]:
    """The changes of a document, the gravest first; ids of which the same is said share a line."""
    ids: dict[tuple[ChangeKind, str], list[RunChange]] = defaultdict(list)
    for change in changes:
        ids[change.kind, str(_what(change))].append(change)
    for kind in ChangeKind:
        for (of_kind, _), some in ids.items():
            if of_kind is kind:
                ids_of = enumerated(_named(change.id) for change in some)
                yield _CHANGE.filled(kind=kind.words, ids=ids_of, what=_what(some[0]))


def _named(told: Text) -> Text:
    """What a program calls by a word of its own, as people do."""
    return told if isinstance(told, Words) else _NAMES.get(told, told)


def _what(change: RunChange) -> Text:
    if change.kind in (ChangeKind.NEW, ChangeKind.GONE):
        what: Text = _named(change.was or change.now)
    elif not change.difference:
        what = joined(
            (_named(change.was or _NOTHING), _named(change.now or _NOTHING)), zh=" → ", en=" → "
        )
    elif len(str(change.now).split()) == 1:
        what = change.difference
    else:
        what = _IN.filled(difference=change.difference, now=change.now)
    return _NOTE.filled(what=what, note=change.note) if change.note else what
