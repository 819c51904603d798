"""The report as Markdown: `summary.md`, for GitHub's step summary and for an issue."""

from verify.finding import Verdict
from verify.report import clipped, combination_table, terminal
from verify.report.clipped import STEP_SUMMARY_BYTES
from verify.report.entries import DocumentEntry, Report
from verify.report.harmless import inline
from verify.system.words import Text


def render(report: Report, most_bytes: int = STEP_SUMMARY_BYTES) -> str:
    """Verdicts, what was found, what could not be decided; what is worst comes first.

    Args:
        report: a report.
        most_bytes: the longest that the text may be; what does not fit is counted instead.
    """
    worst_first = sorted(report.documents, key=lambda d: list(Verdict).index(d.verdict))[::-1]
    lines = [*_table(worst_first), *_missing(report.missing)]
    lines += (line for d in worst_first for line in _document(d))
    return clipped.lines(lines, most_bytes)


def _table(documents: list[DocumentEntry]) -> list[str]:
    lines = ["# Documents verified", ""]
    lines += ["| document | edition | profile | environment | verdict | steps | checks |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for d in documents:
        steps = f"{d.coverage.steps_run}/{d.coverage.steps}"
        how = f"{d.edition} | {d.profile} | {d.environment} | {terminal.WORDS[d.verdict]}"
        lines.append(f"| {d.name} | {how} | {steps} | {terminal.counted(d)} |")
    return lines


def _missing(parts: list[str]) -> list[str]:
    return ["", *(f"- {_words(part)}" for part in parts)] if parts else []


def _document(document: DocumentEntry) -> list[str]:
    said = [f"**{finding.kind.value}**: {_words(finding.message)}" for finding in document.errors]
    said += [_words(trend.message) for trend in document.trends]
    said += map(_words, (terminal.coverage_line(document), *terminal.undecided(document)))
    said += [terminal.sentence(document.repeat.says)] if document.repeat else []
    lines = ["", f"## {document.name} ({document.edition})", "", *(f"- {one}" for one in said)]
    if document.combinations:
        rows = [combination_table.COLUMNS, ["---"] * len(combination_table.COLUMNS)]
        rows += [[inline(cell) for cell in entry.row] for entry in document.combinations]
        lines += ["", *(f"| {' | '.join(row)} |" for row in rows)]
    return lines


def _words(text: Text) -> str:
    return inline(clipped.sentence(str(text)))
