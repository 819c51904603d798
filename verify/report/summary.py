"""The report as Markdown: `summary.md`, for GitHub's step summary and for an issue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verify.report import (
    clipped,
    combination_table,
    glance,
    judged,
    notes,
    releases,
    terminal,
    totals,
)
from verify.report.clipped import STEP_SUMMARY_BYTES
from verify.report.entries import DocumentEntry, Report
from verify.report.harmless import inline
from verify.system.words import Language, Text, Words, said

_TITLE = Words(zh="文档验证结果", en="Documents verified")
_NEWS = Words(zh="出错之处，以及最早出现的版本", en="What breaks, and which release shows it first")
_NEW = (
    Words(zh="最早出现于", en="first in"),
    Words(zh="没有出现于", en="not in"),
    Words(zh="出错之处", en="what"),
    Words(zh="页面", en="pages"),
)
_GRAVE = Words(zh="需要关注", en="What to look at")
_MORE = Words(
    zh="……另有 {count} 项：见 `report.html`。", en="… and {count} more: see `report.html`."
)
_EARLIER = Words(
    zh="以下是早先运行的结果，不是最近一次的：{names}。",
    en="Of earlier runs, not of the last one: {names}.",
)
_HEADING = Words(zh="{name}（{edition}）", en="{name} ({edition})")
_COLUMNS = (
    Words(zh="文档", en="document"),
    Words(zh="文本", en="edition"),
    Words(zh="配置", en="profile"),
    Words(zh="环境", en="environment"),
    Words(zh="结果", en="outcome"),
    Words(zh="结论", en="verdict"),
    Words(zh="步骤", en="steps"),
    Words(zh="检查", en="checks"),
)
_LONGEST = 200
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
        gravest = [one for row in releases.rows(documents) for one in row.documents]
        lines += page.table(gravest)
        lines += (line for one in gravest for line in page.document(one, notes.of(report, one)))
    return clipped.lines(lines, most_bytes)


@dataclass(frozen=True)
class _Page:
    """Markdown in one language."""

    language: Language

    def words(self, text: Text) -> str:
        """A sentence."""
        return inline(clipped.sentence(said(text, self.language)))

    def brief(self, text: Text) -> str:
        """A sentence that others stand beside."""
        return inline(clipped.sentence(said(text, self.language), _LONGEST))

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
        if grave := glance.grave(documents):
            told = [f"- **{self.brief(place)}**: {self.brief(why)}" for place, why in grave]
            lines += ["", f"## {_GRAVE.of(self.language)}", "", *self.few(told)]
        return lines

    def table(self, documents: Sequence[DocumentEntry]) -> list[str]:
        """What became of each document."""
        rows = [
            [
                *(_name(d), glance.edition(d.edition), d.profile, d.environment, d.outcome.words),
                *(terminal.WORDS[d.verdict], f"{d.coverage.steps_run}/{d.coverage.steps}"),
                judged.counted(d),
            ]
            for d in documents
        ]
        return self.rows(_COLUMNS, rows)

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

    def document(self, document: DocumentEntry, before: Iterable[Words]) -> list[str]:
        """What there is to say of one; first what is to be known before all else."""
        told = [f"**{self.words(note)}**" for note in before]
        told += [f"**{f.kind.value}**: {self.words(f.message)}" for f in document.errors]
        told += [self.words(trend.message) for trend in document.trends]
        seen = (judged.coverage_line(document), *judged.undecided(document))
        told += map(self.words, seen)
        if document.repeat:
            told.append(self.words(terminal.sentence(document.repeat.says)))
        heading = _HEADING.filled(name=_name(document), edition=glance.edition(document.edition))
        lines = ["", f"## {self.words(heading)}", "", *(f"- {one}" for one in told)]
        if document.combinations:
            rows = [entry.row for entry in document.combinations]
            lines += ["", *self.rows(combination_table.COLUMNS, rows)]
        return lines


def _name(document: DocumentEntry) -> str:
    return document.place if document.derived else document.name
