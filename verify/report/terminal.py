"""The report for people at a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from verify.contract.contract import PageReference
from verify.contract.edition import Edition
from verify.finding import CheckKind, Verdict
from verify.report import clipped, combination_table, glance, judged, notes, releases, totals
from verify.report.entries import DocumentEntry, Report
from verify.report.outcome import Outcome
from verify.system.words import Language, Text, Words, clause, enumerated, joined, said

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
_COLOURS = {
    Outcome.WELL: "green",
    Outcome.REPAIRED: "yellow",
    Outcome.NOT_RUN: "cyan",
    Outcome.NEEDS: "cyan",
    Outcome.KNOWN: "yellow",
    Outcome.CONTRADICTED: "bold red",
    Outcome.BREAKS: "bold red",
    Outcome.OURS: "bold magenta",
}
_LINE = Words(
    zh="{name}（{edition}，配置 {profile}）：{verdict}；{of} 个步骤中运行了 {ran} 个，{counts}",
    en="{name} ({edition}, profile {profile}): {verdict}; {ran} of {of} steps ran, {counts}",
)
_FULL_STOP = Words(zh="{says}。", en="{says}.")
_AND_MORE = Words(zh="……另有 {count} 项，见报告。", en="… and {count} more, which the report has.")
_DRAFT = Words(zh="草稿：{path}，版本 {ref}", en="A draft: {path} at {ref}")
_OFFICIAL = Words(zh="官方页面：{path}，版本 {ref}", en="Official page: {path} at {ref}")
_OURS = Words(
    zh="自编页面，用来检验 {advice} 中的建议",
    en="A page of ours, which puts the advice of {advice} to the test",
)
_TITLE = Words(zh="{title}，文本：{edition}", en="{title}, {edition} edition")
_PROFILE = Words(zh="配置 {profile}：{says}", en="Profile {profile}: {says}")
_REPAIRED_ON_THE_WAY = Words(
    zh="官方页面的已知勘误，运行中已修正",
    en="Known errata of the published page, repaired on the way",
)
_REPAIRED_BY_US = Words(
    zh="官方页面的已知勘误，修正版中已修正",
    en="Known errata of the published page, repaired in our edition",
)
_ERRATUM = Words(
    zh="单元格 {cells}：{symptom}；修正：{repair}", en="cell {cells}: {symptom}. Repair: {repair}"
)
_ENDS = Words(
    zh="，用时 {seconds:.0f} 秒，内存峰值 {memory:.1f} GiB；{counts}",
    en="in {seconds:.0f} s, peak memory {memory:.1f} GiB; {counts}",
)
_AS_FAR = Words(
    zh="{verdict}，仅就所运行的部分而言：{of} 个步骤中有 {left} 个没有运行",
    en="{verdict}, as far as it runs: {left} of {of} steps did not",
)
_PUBLISHED = Words(zh="{name}（官方原文）", en="{name} as published")
_OVERRIDES = (
    Words(zh="参数", en="parameter"),
    Words(zh="步骤", en="step"),
    Words(zh="页面所写", en="documented"),
    Words(zh="实际采用", en="used"),
)
_CHECK = Words(zh="检查", en="check")
_LONGEST = 400
_MOST = 60
_LOG = 1000  # columns that no terminal has


def verdict_lines(report: Report) -> list[Text]:
    """One sentence a document, or how many came out how."""
    if len(report.documents) > glance.HANDFUL:
        return [_FULL_STOP.filled(says=says) for says in totals.sentences(report.documents)]
    return [
        _LINE.filled(
            name=d.name,
            edition=glance.edition(d.edition),
            profile=d.profile,
            verdict=WORDS[d.verdict],
            ran=d.coverage.steps_run,
            of=d.coverage.steps,
            counts=judged.counted(d),
        )
        for d in report.documents
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
            _show_document(document, screen)
            for note in notes.of(report, document):
                screen.say(note)
    for part in report.missing:
        screen.say(part, STYLES[Verdict.ERROR])
    if len(report.documents) > 1:
        console.print()
        for says in totals.sentences(report.documents):
            screen.say(_FULL_STOP.filled(says=says), "bold")


def _show_many(documents: Sequence[DocumentEntry], screen: _Screen) -> None:
    """A table of all pages, then what somebody has to look at, in full."""
    console, several = screen.console, len(releases.of(documents)) > 1
    wide = not several and console.width < _LOG  # in a log nothing is padded
    table = Table(box=None, header_style="bold", expand=wide)
    for heading in glance.headings(documents):
        name = screen.of(heading)
        if heading == glance.WHY:
            table.add_column(name, no_wrap=True, ratio=1, overflow="ellipsis")
        else:
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
        screen.say(glance.legend(documents), "dim")
    found = [
        f"[bold red]{screen.of(place)}[/]: {_clipped(screen, why)}"
        for place, why in glance.grave(documents)
    ]
    for news in glance.news(documents) if several else ():
        what = f"{_clipped(screen, news.what)}: {screen.of(news.pages)}"
        found.append(f"[bold]{screen.of(news.where)}[/]: {what}")
    for one in found[:_MOST]:
        console.print(one, highlight=False, soft_wrap=True)
    if more := found[_MOST:]:
        screen.say(_AND_MORE.filled(count=len(more)))


def _clipped(screen: _Screen, text: Text) -> str:
    return escape(clipped.sentence(said(text, screen.language), _LONGEST))


def _where(page: PageReference) -> Words:
    return (_DRAFT if page.source else _OFFICIAL).filled(path=page.path, ref=page.ref)


def _show_document(document: DocumentEntry, screen: _Screen) -> None:
    console = screen.console
    console.print()
    title = _TITLE.filled(title=document.called, edition=glance.edition(document.edition))
    console.print(f"[bold]── {screen.of(title)} ──", highlight=False)
    page = document.upstream
    screen.say(_where(page) if page else _OURS.filled(advice=document.write_up))
    screen.say(_PROFILE.filled(profile=document.profile, says=document.profile_says))
    if document.overrides:
        _show_overrides(document, screen)
    _show_checks(document, screen)
    if document.repeat:
        screen.say(sentence(document.repeat.says))
    if document.errata:
        published = document.edition == Edition.PUBLISHED.value
        screen.say(_REPAIRED_ON_THE_WAY if published else _REPAIRED_BY_US, "bold")
    for erratum in document.errata:
        cells = enumerated(erratum.cells)
        known = _ERRATUM.filled(cells=cells, symptom=clause(erratum.symptom), repair=erratum.repair)
        console.print(f"  {screen.of(known)}", highlight=False)
    maps = {t.id: t.computing.sentence for t in reversed(document.trainings) if t.computing}
    for training, told in reversed(maps.items()):  # of several seeds the first
        console.print(f"[bold]{training}[/]: {screen.of(told)}", highlight=False, soft_wrap=True)
    if document.combinations:
        _show_combinations(document, screen)
    for line in (judged.coverage_line(document), *judged.undecided(document)):
        screen.say(line)
    for finding in document.errors:
        console.print(
            f"[bold red]✗[/] {screen.of(finding.message)}", highlight=False, soft_wrap=True
        )
    for trend in document.trends:
        screen.say(trend.message)
    ended = _ENDS.filled(
        seconds=document.duration_s,
        memory=document.peak_memory_bytes / 2**30,
        counts=judged.counted(document),
    )
    came_out = joined((_called(document), _came_out(document)), zh="：", en=": ")
    console.print(
        f"[{STYLES[document.verdict]}]{screen.of(came_out)}[/] {screen.of(ended)}", highlight=False
    )


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


def _show_checks(document: DocumentEntry, screen: _Screen) -> None:
    table = screen.table([_CHECK, *(judged.CAME_OUT[one] for one in Verdict)], header_style="bold")
    counts: dict[CheckKind, dict[Verdict, int]] = {}
    entries = [(check.kind, check.verdict) for check in document.checks]
    entries += [(CheckKind.RUN, step.verdict) for step in document.steps]
    for kind, verdict in entries:
        row = counts.setdefault(kind, dict.fromkeys(Verdict, 0))
        row[verdict] += 1
    for kind, row in counts.items():
        cells = [f"[{STYLES[v]}]{n}[/]" if (n := row[v]) else "" for v in Verdict]
        table.add_row(screen.of(kind.words), *cells)
    screen.console.print(table)


def _show_combinations(document: DocumentEntry, screen: _Screen) -> None:
    table = screen.table(combination_table.COLUMNS, header_style="bold", box=None)
    for entry in document.combinations:
        style = "" if entry.verdict is Verdict.PASS else STYLES[entry.verdict]
        table.add_row(*map(screen.of, entry.row), style=style)
    screen.console.print(table)


def _came_out(document: DocumentEntry) -> Words:
    """How it came out; what is well although steps were left out is so as far as it runs."""
    left = sum(step.verdict is Verdict.UNCHECKED for step in document.steps)
    verdict = WORDS[document.verdict]
    if not left or document.verdict not in (Verdict.PASS, Verdict.ERRATUM):
        return verdict
    return _AS_FAR.filled(verdict=verdict, left=left, of=len(document.steps))


def _called(document: DocumentEntry) -> Text:
    """The document's name; our own edition is the one that goes without saying."""
    published = document.edition == Edition.PUBLISHED.value
    return _PUBLISHED.filled(name=document.name) if published else document.name


def sentence(words: Text) -> Words:
    """The words as a sentence."""
    told = _FULL_STOP.filled(says=words)
    return Words.model_construct(zh=told.zh, en=f"{told.en[:1].upper()}{told.en[1:]}")


def _short(text: str) -> str:
    longest = 48
    return text if len(text) <= longest else f"…{text[1 - longest :]}"
