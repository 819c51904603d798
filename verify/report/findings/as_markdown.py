"""For the summary of a job on GitHub: a table of findings, the gravest first, and the sums."""

from collections.abc import Iterable

from verify.finding import Finding, Severity
from verify.report import clipped
from verify.report.findings import as_text, relative
from verify.rules.gate import Judgement
from verify.system.terminal_text import harmless
from verify.system.words import Language, Text, Words, joined, said

# Marks that would make of a page's own words something else than words.
_MARKS = str.maketrans({mark: f"&#{ord(mark)};" for mark in "|<>&[]!*_`\\@#\r\n"})
_COLUMNS = (
    Words(zh="位置", en="where"),
    Words(zh="问题", en="what"),
    Words(zh="怎么改", en="what to do"),
)


def render(judgement: Judgement, language: Language = Language.ENGLISH) -> str:
    """The judgement as Markdown."""
    gravest = sorted(judgement.findings, key=lambda f: f.severity is Severity.WARNING)
    told = (as_text.sums(judgement), "", *as_text.left_out(judgement))
    lines = [said(one, language) for one in told]
    lines += [f"- {_words(said(note, language))}" for note in judgement.notes]
    if gravest:
        lines += ["", _row(said(one, language) for one in _COLUMNS), "|---|---|---|"]
        lines += [_row(_words(said(one, language)) for one in _cells(f)) for f in gravest]
    return clipped.lines(lines, clipped.STEP_SUMMARY_BYTES, language)


def _cells(finding: Finding) -> tuple[Text, Text, Text]:
    place = f"{relative(finding.file).as_posix()}:{finding.line}"
    where = joined((place, as_text.cell(finding)), zh="", en=" ")
    return where, as_text.says(finding), finding.suggestion


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(text: str) -> str:
    return " ".join(harmless(text).split()).translate(_MARKS)
