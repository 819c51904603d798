"""The report as Markdown: `summary.md`, for GitHub's step summary and for an issue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verify.report import (
    clipped,
    combination_table,
    glance,
    judged,
    listing,
    notes,
    published,
    releases,
    totals,
)
from verify.report.clipped import STEP_SUMMARY_BYTES
from verify.report.entries import DocumentEntry, Report
from verify.report.harmless import inline
from verify.report.listing import Section
from verify.report.published import PageVerdict
from verify.system.words import Language, Text, Words, joined, said, sentence

_TITLE = Words(zh="文档验证结果", en="Documents verified")
_NEWS = Words(zh="出错之处，以及最早出现的版本", en="What breaks, and which release shows it first")
_NEW = (
    Words(zh="最早出现于", en="first in"),
    Words(zh="没有出现于", en="not in"),
    Words(zh="出错之处", en="what"),
    Words(zh="页面", en="pages"),
)
_MORE = Words(
    zh="……另有 {count} 项：见 `report.html`。", en="… and {count} more: see `report.html`."
)
_EARLIER = Words(
    zh="以下是早先运行的结果，不是最近一次的：{names}。",
    en="Of earlier runs, not of the last one: {names}.",
)
_HEADING = Words(zh="{name}（{edition}）", en="{name} ({edition})")
_LONGEST, _LONGEST_FINDING = 200, 700
_MOST = 40


def render(
    report: Report,
    most_bytes: int = STEP_SUMMARY_BYTES,
    language: Language = Language.ENGLISH,
) -> str:
    """Totals, what became of each, what was found; what is gravest comes first.

    Args:
        report: a report.
        most_bytes: the longest that the text may be; what does not fit is counted instead.
        language: the one that it is in.
    """
    documents = report.documents
    page = _Page(language)
    lines = [f"# {_TITLE.of(language)}", ""]
    lines += [f"- {page.words(says)}" for says in totals.sentences(documents)]
    lines += ["", *(f"- {page.words(part)}" for part in report.missing)] if report.missing else []
    lines += [""]
    if glance.is_wanted(documents):
        lines += page.many(documents)
        if old := notes.earlier(report):
            lines += ["", page.words(_EARLIER.filled(names=notes.names(old)))]
    else:
        pages = listing.ordered(published.of_all(documents))
        lines += (line for one in pages for line in page.document(one, report))
    return clipped.lines(lines, most_bytes, language)


@dataclass(frozen=True)
class _Page:
    """Markdown in one language."""

    language: Language

    def words(self, text: Text) -> str:
        """A sentence."""
        return inline(clipped.sentence(said(text, self.language)))

    def brief(self, text: Text, longest: int = _LONGEST) -> str:
        """A sentence that others stand beside."""
        return inline(clipped.sentence(said(text, self.language), longest))

    def many(self, documents: Sequence[DocumentEntry]) -> list[str]:
        """All pages in a table, then what somebody has to look at."""
        rows = [
            [line.place, *(sign for sign, _ in line.signs(brief=False)), *line.rest]
            for line in glance.lines(documents)
        ]
        lines = self.rows(glance.headings(documents), rows)
        if len(releases.of(documents)) > 1:
            found = glance.news(documents)
            news = [(one.release, one.absent_in, one.what, one.pages) for one in found]
            lines += ["", f"## {_NEWS.of(self.language)}", "", *self.few(self.rows(_NEW, news))]
            grave = [joined(one, zh="：", en=": ") for one in glance.grave(documents)]
            return lines + self.section(Section(listing.FINDINGS, tuple(grave)))
        return lines + [one for some in listing.of_pages(documents) for one in self.section(some)]

    def section(self, section: Section, level: str = "##") -> list[str]:
        """A list under its heading."""
        told = [f"- {self.brief(one, _LONGEST_FINDING)}" for one in section.lines]
        heading = f"{level} {section.heading.of(self.language)}"
        return ["", heading, "", *self.few(told)] if told else []

    def rows(self, head: Sequence[Text], rows: Iterable[Sequence[Text]]) -> list[str]:
        """A table in Markdown."""
        names = [said(one, self.language) for one in head]
        told = [map(self.brief, row) for row in rows]
        return [f"| {' | '.join(row)} |" for row in (names, ["---"] * len(head), *told)]

    def few(self, lines: list[str]) -> list[str]:
        """The first lines, and how many more there are."""
        more = len(lines) - _MOST
        if more <= 0:
            return lines
        return [*lines[:_MOST], "", _MORE.filled(count=more).of(self.language)]

    def document(self, page: PageVerdict, report: Report) -> list[str]:
        """Both verdicts of one, what is wrong, what is open, and what was looked at."""
        document = page.document
        heading = _HEADING.filled(name=_name(document), edition=glance.edition(document.edition))
        lines = ["", f"## {self.words(heading)}", ""]
        lines += [f"**{self.words(one)}**  " for one in page.sentences]
        lines += [f"**{self.words(note)}**  " for note in notes.of(report, document)]
        lines += [one for some in listing.of_page(page) for one in self.section(some, "###")]
        told = [trend.message for trend in document.trends]
        told += [judged.coverage_line(document)]
        if document.repeat:
            told.append(sentence(document.repeat.says))
        lines += ["", *(f"- {self.words(one)}" for one in told)]
        if document.combinations:
            rows = [entry.row for entry in document.combinations]
            lines += ["", *self.rows(combination_table.COLUMNS, rows)]
        return lines


def _name(document: DocumentEntry) -> str:
    return document.place if document.derived else document.name
