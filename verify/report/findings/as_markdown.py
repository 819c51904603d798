"""For the summary of a job on GitHub: a table of findings, the gravest first, and the sums."""

from verify.finding import Finding, Severity
from verify.report import clipped
from verify.report.findings import as_text, relative
from verify.rules.gate import Judgement

# Marks that would make of a page's own words something else than words.
_MARKS = str.maketrans({mark: f"&#{ord(mark)};" for mark in "|<>&[]!*_`\\@#\r\n"})


def render(judgement: Judgement) -> str:
    """The judgement as Markdown."""
    gravest = sorted(judgement.findings, key=lambda f: f.severity is Severity.WARNING)
    lines = [as_text.sums(judgement), "", *as_text.left_out(judgement)]
    lines += [f"- {_words(note)}" for note in judgement.notes]
    if gravest:
        lines += ["", "| where | what | what to do |", "|---|---|---|", *map(_row, gravest)]
    return clipped.lines(lines, clipped.STEP_SUMMARY_BYTES)


def _row(finding: Finding) -> str:
    cell = "" if finding.cell is None else f" (cell {finding.cell})"
    where = f"{relative(finding.file).as_posix()}:{finding.line}{cell}"
    said = f"{finding.severity.value}: {finding.message} [{finding.kind.value}]"
    return f"| {_words(where)} | {_words(said)} | {_words(str(finding.suggestion))} |"


def _words(text: str) -> str:
    return text.translate(_MARKS)
