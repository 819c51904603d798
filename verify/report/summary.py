"""The report as Markdown: `summary.md`, for GitHub's step summary and for an issue."""

from collections.abc import Iterable, Sequence

from verify.report import clipped, combination_table, glance, notes, releases, terminal, totals
from verify.report.clipped import STEP_SUMMARY_BYTES
from verify.report.entries import DocumentEntry, Report
from verify.report.harmless import inline
from verify.system.words import Text, Words

_LONGEST = 200
_MOST = 40


def render(report: Report, most_bytes: int = STEP_SUMMARY_BYTES) -> str:
    """Totals, what became of each, what was found; what is gravest comes first.

    Args:
        report: a report.
        most_bytes: the longest that the text may be; what does not fit is counted instead.
    """
    documents = report.documents
    lines = ["# Documents verified", ""]
    lines += [f"- {_words(says)}" for says in totals.sentences(documents)]
    lines += [*_missing(report.missing), ""]
    if glance.is_wanted(documents):
        lines += _many(documents)
        if old := notes.earlier(report):
            lines += ["", f"Of earlier runs, not of the last one: {_words(notes.names(old))}."]
    else:
        gravest = [one for row in releases.rows(documents) for one in row.documents]
        lines += _table(gravest)
        lines += (line for one in gravest for line in _document(one, notes.of(report, one)))
    return clipped.lines(lines, most_bytes)


def _many(documents: Sequence[DocumentEntry]) -> list[str]:
    """All pages in a table, then what somebody has to look at."""
    rows = [
        [line.place, *(sign for sign, _ in line.signs(brief=False)), *line.rest]
        for line in glance.lines(documents)
    ]
    lines = _rows(glance.headings(documents), rows)
    if len(releases.of(documents)) > 1:
        news = [[one.release, one.absent_in, one.what, one.pages] for one in glance.news(documents)]
        lines += ["", "## What breaks, and which release shows it first", ""]
        lines += _few(_rows(["first in", "not in", "what", "pages"], news))
    if grave := glance.grave(documents):
        lines += ["", "## What to look at", ""]
        lines += _few([f"- **{_brief(place)}**: {_brief(why)}" for place, why in grave])
    return lines


def _table(documents: Sequence[DocumentEntry]) -> list[str]:
    head = [
        "document",
        "edition",
        "profile",
        "environment",
        "outcome",
        "verdict",
        "steps",
        "checks",
    ]
    rows = [
        [
            *(_name(d), d.edition, d.profile, d.environment, str(d.outcome.words)),
            *(terminal.WORDS[d.verdict], f"{d.coverage.steps_run}/{d.coverage.steps}"),
            terminal.counted(d),
        ]
        for d in documents
    ]
    return _rows(head, rows)


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    told = [map(_brief, row) for row in rows]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *told)]


def _few(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST
    return [*lines[:_MOST], "", f"… and {more} more: see `report.html`."] if more > 0 else lines


def _missing(parts: list[str]) -> list[str]:
    return ["", *(f"- {_words(part)}" for part in parts)] if parts else []


def _document(document: DocumentEntry, before: Iterable[Words]) -> list[str]:
    said = [f"**{_words(note)}**" for note in before]
    said += [f"**{finding.kind.value}**: {_words(finding.message)}" for finding in document.errors]
    said += [_words(trend.message) for trend in document.trends]
    said += map(_words, (terminal.coverage_line(document), *terminal.undecided(document)))
    said += [terminal.sentence(document.repeat.says)] if document.repeat else []
    lines = [
        "",
        f"## {_words(_name(document))} ({document.edition})",
        "",
        *(f"- {one}" for one in said),
    ]
    if document.combinations:
        rows = [entry.row for entry in document.combinations]
        lines += ["", *_rows(combination_table.COLUMNS, rows)]
    return lines


def _name(document: DocumentEntry) -> str:
    return document.place if document.derived else document.name


def _words(text: Text) -> str:
    return inline(clipped.sentence(str(text)))


def _brief(text: str) -> str:
    return inline(clipped.sentence(text, _LONGEST))
