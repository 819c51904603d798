"""What changed between two runs, for a terminal, for programs, and as Markdown."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from verify.history.changes import ChangeKind, ComparedRun, RunChange
from verify.report.formats import ChangesFormat
from verify.report.harmless import inline, plain


def rendered(
    a: ComparedRun, b: ComparedRun, changes: Sequence[RunChange], form: ChangesFormat
) -> str:
    """The changes from a to b in a format."""
    if form is ChangesFormat.JSON:
        found = [asdict(change) for change in changes]
        return json.dumps({"schema": 1, "a": a.name, "b": b.name, "changes": found}, indent=1)
    if not changes:
        return f"Nothing changed from {a.name} to {b.name}."
    counts = {kind: sum(change.kind is kind for change in changes) for kind in ChangeKind}
    counted = ", ".join(f"{number} {kind.value}" for kind, number in counts.items() if number)
    lines = [f"From {a.name} to {b.name}: {counted}."]
    markdown = form is ChangesFormat.MARKDOWN
    for document, some in groupby(changes, key=lambda change: change.document):
        title = document or "All documents"
        told = _told(list(some))
        if markdown:
            lines += ["", f"## {title}", "", *(f"- {inline(one)}" for one in told)]
        else:
            lines += ["", title, *(f"  {plain(one)}" for one in told)]
    return "\n".join(lines)


def _told(changes: list[RunChange]) -> Iterator[str]:
    """The changes of a document, the gravest first; ids of which the same is said share a line."""
    ids: dict[tuple[ChangeKind, str], list[str]] = defaultdict(list)
    for change in changes:
        ids[change.kind, _said(change)].append(change.id)
    for kind in ChangeKind:
        for (of_kind, said), some in ids.items():
            if of_kind is kind:
                yield f"{kind.value}: {', '.join(some)}: {said}"


def _said(change: RunChange) -> str:
    if change.kind in (ChangeKind.NEW, ChangeKind.GONE):
        said = change.was or change.now
    elif not change.difference:
        said = f"{change.was or 'nothing'} → {change.now or 'nothing'}"
    elif len(change.now.split()) == 1:
        said = change.difference
    else:
        said = f"{change.difference} in: {change.now}"
    return f"{said} ({change.note})" if change.note else said
