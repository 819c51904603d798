"""What changed between two runs, for a terminal, for programs, and as Markdown."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from verify.history.changes import Change, Kind, Side
from verify.report.formats import ChangesFormat


def rendered(a: Side, b: Side, changes: Sequence[Change], form: ChangesFormat) -> str:
    """The changes from a to b in a format."""
    if form is ChangesFormat.JSON:
        found = [asdict(change) for change in changes]
        return json.dumps({"schema": 1, "a": a.name, "b": b.name, "changes": found}, indent=1)
    if not changes:
        return f"Nothing changed from {a.name} to {b.name}."
    counts = {kind: sum(change.kind is kind for change in changes) for kind in Kind}
    counted = ", ".join(f"{number} {kind.value}" for kind, number in counts.items() if number)
    lines = [f"From {a.name} to {b.name}: {counted}."]
    heading, item, code = ("## ", "- ", "`") if form is ChangesFormat.MARKDOWN else ("", "  ", "")
    for document, some in groupby(changes, key=lambda change: change.document):
        lines += ["", f"{heading}{document or 'All documents'}", *([""] if heading else [])]
        lines += [f"{item}{line}" for line in _lines(list(some), code)]
    return "\n".join(lines)


def _lines(changes: list[Change], code: str) -> Iterator[str]:
    """The changes of a document, the gravest first; ids of which the same is said share a line."""
    ids: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for change in changes:
        ids[change.kind, _said(change)].append(f"{code}{change.id}{code}")
    for kind in Kind:
        for (of_kind, said), some in ids.items():
            if of_kind is kind:
                yield f"{kind.value}: {', '.join(some)}: {said}"


def _said(change: Change) -> str:
    if change.kind in (Kind.NEW, Kind.GONE):
        said = change.was or change.now
    elif not change.difference:
        said = f"{change.was or 'nothing'} → {change.now or 'nothing'}"
    elif len(change.now.split()) == 1:
        said = change.difference
    else:
        said = f"{change.difference} in: {change.now}"
    return f"{said} ({change.note})" if change.note else said
