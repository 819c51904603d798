"""The report for people at a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from verify.contract.contract import PageReference
from verify.finding import Verdict
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
from verify.report.entries import DocumentEntry, Report
from verify.report.listing import Section
from verify.report.outcome import Outcome
from verify.report.published import PageVerdict, Works
from verify.system.words import Language, Text, Words, ended, joined, said, sentence

WORDS = {
    Verdict.PASS: Words(zh="已验证", en="verified"),
    Verdict.ERRATUM: Words(zh="仅有已知勘误", en="known errata only"),
    Verdict.UNCHECKED: Words(zh="未全部检查", en="not fully checked"),
    Verdict.FAIL: Words(zh="与实际不符或无法运行", en="CONTRADICTED OR BROKEN"),
    Verdict.ERROR: Words(
        zh="无法检查（工具自身出错或缺少资源）",
        en="COULD NOT BE CHECKED (our fault or a missing resource)",
    ),
}
STYLES = {
    Verdict.PASS: "green",
    Verdict.ERRATUM: "yellow",
    Verdict.UNCHECKED: "cyan",
    Verdict.FAIL: "bold red",
    Verdict.ERROR: "bold magenta",
}
_COLOURS: dict[Outcome | Works, str] = {
    Outcome.WELL: "green",
    Outcome.REPAIRED: "yellow",
    Outcome.NOT_RUN: "cyan",
    Outcome.NEEDS: "cyan",
    Outcome.KNOWN: "yellow",
    Outcome.CONTRADICTED: "bold red",
    Outcome.BREAKS: "bold red",
    Outcome.OURS: "bold magenta",
    Works.BREAKS: "bold red",
    Works.CONTRADICTED: "bold red",
    Works.OPEN: "cyan",
    Works.WELL: "green",
}
_AND_MORE = Words(zh="……另有 {count} 项，见报告。", en="… and {count} more, which the report has.")
_DRAFT = Words(zh="草稿：{path}，版本 {ref}", en="A draft: {path} at {ref}")
_OFFICIAL = Words(zh="官方页面：{path}，版本 {ref}", en="Official page: {path} at {ref}")
_OURS = Words(
    zh="自编页面，用来检验 {advice} 中的建议",
    en="A page of ours, which puts the advice of {advice} to the test",
)
_PROFILE = Words(zh="配置 {profile}：{says}", en="Profile {profile}: {says}")
_ENDS = Words(
    zh="检查：{counts}；用时 {seconds:.0f} 秒，内存峰值 {memory:.1f} GiB",
    en="Checks: {counts}; {seconds:.0f} s, peak memory {memory:.1f} GiB",
)
_OVERRIDES = (
    Words(zh="参数", en="parameter"),
    Words(zh="步骤", en="step"),
    Words(zh="页面所写", en="documented"),
    Words(zh="实际采用", en="used"),
)
_LONGEST = 600
_MOST = 60


def verdict_lines(report: Report) -> list[Text]:
    """One sentence a document, or how many came out how."""
    if len(report.documents) > glance.HANDFUL:
        return [ended(says) for says in totals.sentences(report.documents)]
    return [
        joined((page.document.name, joined(page.sentences, zh="", en=" ")), zh="：", en=": ")
        for page in published.of_all(report.documents)
    ]


@dataclass(frozen=True)
class _Screen:
    """A console, and the language that it speaks."""

    console: Console
    language: Language

    def of(self, text: Text) -> str:
        """A text for rich, which takes brackets for markup."""
        return escape(said(text, self.language))

    def say(self, text: Text, style: str = "") -> None:
        """A line; highlighted is nothing but what a style says."""
        self.console.print(self.of(text), style=style or None, highlight=False, soft_wrap=True)

    def table(self, columns: Sequence[Text], **how: Any) -> Table:  # noqa: ANN401  # rich's
        """A table with these headings."""
        return Table(*map(self.of, columns), **how)


def show(report: Report, console: Console, language: Language = Language.ENGLISH) -> None:
    """Everything worth reading at the end of a run."""
    screen = _Screen(console, language)
    if glance.is_wanted(report.documents):
        _show_many(report.documents, screen)
    else:
        for document in report.documents:
            _show_document(published.of(document, report.documents), screen)
            for note in notes.of(report, document):
                screen.say(note)
    for part in report.missing:
        screen.say(part, STYLES[Verdict.ERROR])
    if len(report.documents) > 1:
        console.print()
        for says in totals.sentences(report.documents):
            screen.say(ended(says), "bold")


def _show_many(documents: Sequence[DocumentEntry], screen: _Screen) -> None:
    """A table of all pages, then what somebody has to look at, in full."""
    console, several = screen.console, len(releases.of(documents)) > 1
    table = Table(box=None, header_style="bold")
    for heading in glance.headings(documents):
        name = screen.of(heading)
        table.add_column(name, min_width=len(name), overflow="fold")
    for line in glance.lines(documents):
        signs = [
            Styled(said(s, screen.language), _COLOURS[o] if o else "")
            for s, o in line.signs(brief=several)
        ]
        place = escape(_short(said(line.place, screen.language)))
        table.add_row(place, *signs, *map(screen.of, line.rest))
    console.print()
    with console.capture() as drawn:
        console.print(table)
    for row in drawn.get().splitlines():
        console.out(row.rstrip(), highlight=False)  # in a log a row ends with its last word
    if several:
        _show_releases(documents, screen)
        return
    for section in listing.of_pages(documents):
        _show_section(section, screen)


def _show_releases(documents: Sequence[DocumentEntry], screen: _Screen) -> None:
    """What breaks in which release, of pages that stand side by side."""
    screen.say(glance.legend(documents), "dim")
    found = [
        f"[bold red]{screen.of(place)}[/]: {_clipped(screen, why)}"
        for place, why in glance.grave(documents)
    ]
    for news in glance.news(documents):
        what = f"{_clipped(screen, news.what)}: {screen.of(news.pages)}"
        found.append(f"[bold]{screen.of(news.where)}[/]: {what}")
    for one in found[:_MOST]:
        screen.console.print(one, highlight=False, soft_wrap=True)
    if more := found[_MOST:]:
        screen.say(_AND_MORE.filled(count=len(more)))


def _show_section(section: Section, screen: _Screen) -> None:
    """A list under its heading."""
    screen.console.print()
    screen.say(section.heading, "bold")
    for one in section.lines[:_MOST]:
        screen.console.print(f"  {_clipped(screen, one)}", highlight=False, soft_wrap=True)
    if more := section.lines[_MOST:]:
        screen.say(_AND_MORE.filled(count=len(more)))


def _clipped(screen: _Screen, text: Text) -> str:
    return escape(clipped.sentence(said(text, screen.language), _LONGEST))


def _show_document(page: PageVerdict, screen: _Screen) -> None:
    """Both verdicts, what is wrong, what is open, and then what was looked at."""
    console, document = screen.console, page.document
    console.print()
    title = joined((document.called, glance.edition(document.edition)), zh="，", en=", ")
    console.print(f"[bold]── {screen.of(title)} ──", highlight=False)
    screen.say(
        page.sentences[0], STYLES[document.verdict] if page.works is None else _COLOURS[page.works]
    )
    for told in page.sentences[1:]:
        screen.say(told, STYLES[document.verdict])
    for section in listing.of_page(page):
        _show_section(section, screen)
    console.print()
    where = document.upstream
    screen.say(_where(where) if where else _OURS.filled(advice=document.write_up))
    screen.say(_PROFILE.filled(profile=document.profile, says=document.profile_says))
    if document.overrides:
        _show_overrides(document, screen)
    if document.repeat:
        screen.say(sentence(document.repeat.says))
    maps = {t.id: t.computing.sentence for t in reversed(document.trainings) if t.computing}
    for training, told in reversed(maps.items()):  # of several seeds the first
        console.print(f"[bold]{training}[/]: {screen.of(told)}", highlight=False, soft_wrap=True)
    if document.combinations:
        _show_combinations(document, screen)
    screen.say(judged.coverage_line(document))
    for trend in document.trends:
        screen.say(trend.message)
    screen.say(
        _ENDS.filled(
            seconds=document.duration_s,
            memory=document.peak_memory_bytes / 2**30,
            counts=judged.counted(document),
        )
    )


def _where(page: PageReference) -> Words:
    return (_DRAFT if page.source else _OFFICIAL).filled(path=page.path, ref=page.ref)


def _show_overrides(document: DocumentEntry, screen: _Screen) -> None:
    table = screen.table(_OVERRIDES, box=None, header_style="dim")
    for override in document.overrides:
        table.add_row(
            override.parameter,
            override.step or "",
            escape(_short(override.documented)),
            escape(_short(override.used)),
        )
    screen.console.print(table)


def _show_combinations(document: DocumentEntry, screen: _Screen) -> None:
    table = screen.table(combination_table.COLUMNS, header_style="bold", box=None)
    for entry in document.combinations:
        style = "" if entry.verdict is Verdict.PASS else STYLES[entry.verdict]
        table.add_row(*map(screen.of, entry.row), style=style)
    screen.console.print(table)


def _short(text: str) -> str:
    longest = 48
    return text if len(text) <= longest else f"…{text[1 - longest :]}"
