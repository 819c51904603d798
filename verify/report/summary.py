"""The report as Markdown: `summary.md`, for GitHub's step summary and for an issue."""

from verify.finding import Severity, Verdict
from verify.report import combinations, terminal
from verify.report.harmless import inline
from verify.report.model import DocumentEntry, Report

# GitHub drops a step's summary of more than 1 MiB, and an issue's body of more than 65,536
# characters: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
STEP_SUMMARY_BYTES = 2**20
ISSUE_BYTES = 65_000
_LONGEST_SENTENCE = 2_000


def render(report: Report, most_bytes: int = STEP_SUMMARY_BYTES) -> str:
    """Verdicts, what was found, what could not be decided; what is worst comes first.

    Args:
        report: a report.
        most_bytes: the longest that the text may be; what does not fit is counted instead.
    """
    worst_first = sorted(report.documents, key=lambda d: list(Verdict).index(d.verdict))[::-1]
    sections = [_table(worst_first), *map(_document, worst_first)]
    lines: list[str] = []
    left = most_bytes - 200  # for the last sentence
    for section in sections:
        for line in section:
            left -= len(line.encode()) + 1
            if left < 0:
                more = sum(map(len, sections)) - len(lines)
                note = f"{more} more lines do not fit here: see `report.html`, or `report.json`."
                return "\n".join([*lines, "", note, ""])
            lines.append(line)
    return "\n".join([*lines, ""])


def _table(documents: list[DocumentEntry]) -> list[str]:
    lines = ["# Documents verified", ""]
    lines += ["| document | edition | profile | verdict | steps | checks |"]
    lines += ["|---|---|---|---|---|---|"]
    for d in documents:
        steps = f"{d.coverage.steps_run}/{d.coverage.steps}"
        how = f"{d.edition} | {d.profile} | {terminal.WORDS[d.verdict]}"
        lines.append(f"| {d.name} | {how} | {steps} | {terminal.counted(d)} |")
    return lines


def _document(document: DocumentEntry) -> list[str]:
    errors = [f for f in document.findings if f.severity is Severity.ERROR]
    said = [f"**{finding.kind.value}**: {_clipped(finding.message)}" for finding in errors]
    said += map(_clipped, (terminal.coverage_line(document), *terminal.undecided(document)))
    said += [terminal.sentence(document.repeat.says)] if document.repeat else []
    lines = ["", f"## {document.name} ({document.edition})", "", *(f"- {one}" for one in said)]
    if document.combinations:
        rows = [combinations.COLUMNS, ["---"] * len(combinations.COLUMNS)]
        rows += [[inline(cell) for cell in entry.row] for entry in document.combinations]
        lines += ["", *(f"| {' | '.join(row)} |" for row in rows)]
    return lines


def _clipped(text: str) -> str:
    cut = text if len(text) <= _LONGEST_SENTENCE else f"{text[:_LONGEST_SENTENCE]}…"
    return inline(cut)
