"""The report for people at a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from verify.contract.contract import PageReference
from verify.contract.edition import Edition
from verify.finding import Basis, CheckKind, Verdict
from verify.report import clipped, combination_table, glance, notes, releases, totals
from verify.report.covered import Coverage
from verify.report.entries import DocumentEntry, Report
from verify.report.outcome import Outcome
from verify.system.words import Text

WORDS = {
    Verdict.PASS: "verified",
    Verdict.ERRATUM: "known errata only",
    Verdict.UNCHECKED: "not fully checked",
    Verdict.FAIL: "CONTRADICTED OR BROKEN",
    Verdict.ERROR: "COULD NOT BE CHECKED (our fault or a missing resource)",
}
_DECIDED = (Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL)
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
_LONGEST = 400
_MOST = 60
_LOG = 1000  # columns that no terminal has


def verdict_lines(report: Report) -> list[str]:
    """One sentence a document, or how many came out how."""
    if len(report.documents) > glance.HANDFUL:
        return [f"{says}." for says in totals.sentences(report.documents)]
    return [
        f"{d.name} ({d.edition}, profile {d.profile}): {WORDS[d.verdict]}; "
        f"{d.coverage.steps_run} of {d.coverage.steps} steps ran, {counted(d)}"
        for d in report.documents
    ]


def show(report: Report, console: Console) -> None:
    """Everything worth reading at the end of a run."""
    if glance.is_wanted(report.documents):
        _show_many(report.documents, console)
    else:
        for document in report.documents:
            _show_document(document, console)
            for note in notes.of(report, document):
                console.print(str(note), markup=False, highlight=False, soft_wrap=True)
    for part in report.missing:
        console.print(part, style=STYLES[Verdict.ERROR], markup=False, soft_wrap=True)
    if len(report.documents) > 1:
        console.print()
        for says in totals.sentences(report.documents):
            console.print(f"{says}.", style="bold", highlight=False, markup=False, soft_wrap=True)


def _show_many(documents: Sequence[DocumentEntry], console: Console) -> None:
    """A table of all pages, then what somebody has to look at, in full."""
    several = len(releases.of(documents)) > 1
    wide = not several and console.width < _LOG  # in a log nothing is padded
    table = Table(box=None, header_style="bold", expand=wide)
    for heading in glance.headings(documents):
        if heading == "why":
            table.add_column(heading, no_wrap=True, ratio=1, overflow="ellipsis")
        else:
            table.add_column(heading, min_width=len(heading), overflow="fold")
    for line in glance.lines(documents):
        signs = [Styled(s, _COLOURS[o] if o else "") for s, o in line.signs(brief=several)]
        table.add_row(_short(line.place), *signs, *map(escape, line.rest))
    console.print()
    console.print(table)
    if several:
        console.print(glance.legend(documents), style="dim", highlight=False)
    found = [f"[bold red]{escape(p)}[/]: {_said(why)}" for p, why in glance.grave(documents)]
    for news in glance.news(documents) if several else ():
        before = f", not in {news.absent_in}" if news.absent_in else ""
        what = f"{_said(news.what)}: {escape(news.pages)}"
        found.append(f"[bold]First in {news.release}[/]{before}: {what}")
    for one in found[:_MOST]:
        console.print(one, highlight=False, soft_wrap=True)
    if more := found[_MOST:]:
        console.print(f"… and {len(more)} more, which the report has.")


def _said(text: str) -> str:
    return escape(clipped.sentence(text, _LONGEST))


def coverage_line(document: DocumentEntry) -> str:
    """How much of the page was looked at, in one sentence."""
    seen = document.coverage
    claims = _claims(seen)
    if document.upstream is None:  # there is no page whose statements could be counted
        steps = f"{seen.steps_run} of {seen.steps} steps run"
        return f"Coverage: {steps}; claims: {claims}."
    parts = [f"{seen.code_cells_run} of {seen.code_cells} code cells run"]
    for covered, what in (
        (seen.stored_outputs, f"stored outputs compared{_classes(seen.outputs)}"),
        (seen.calls, "calls carried out and read whole"),
        (seen.prose_numbers, "numbers of the prose claimed or waived"),
        (seen.links, "links checked"),
    ):
        left = f"open: {', '.join(covered.open)}" if covered.open else ""
        why = "; ".join(filter(None, (covered.reason, left)))
        parts.append(f"{covered.done} of {covered.of} {what}" + (f" ({why})" if why else ""))
    return f"Coverage: {', '.join(parts)}; claims: {claims}."


def _claims(seen: Coverage) -> str:
    """How many claims are decided, how, and how they came out."""
    decided = sum(seen.claims.get(verdict.value, 0) for verdict in _DECIDED)
    if not any(seen.claims.values()):
        return "none"
    how = [f"{seen.decided[b.value]} {b.sentence}" for b in Basis if seen.decided.get(b.value)]
    told = f"{decided} of {sum(seen.claims.values())} decided"
    told += f" ({', '.join(how)})" if how else ""
    return f"{told}, {', '.join(f'{n} {name}' for name, n in seen.claims.items() if n)}"


def _classes(outputs: Mapping[str, int]) -> str:
    """How many stored outputs are of which class."""
    some = ", ".join(f"{count} {kind}" for kind, count in outputs.items() if count)
    return f": {some}" if some else ""


def undecided(document: DocumentEntry) -> list[str]:
    """What this run could not decide, and why: one sentence a reason."""
    found = open_checks(document)
    return [f"Not decided: {', '.join(ids)} ({reason})" for reason, ids in found.items()]


def open_checks(document: DocumentEntry) -> dict[Text, list[str]]:
    """What this run could not decide, by the reason why."""
    reasons: dict[Text, list[str]] = {}
    for check in document.checks:
        if check.verdict is Verdict.UNCHECKED:
            reasons.setdefault(check.reason, []).append(check.id)
    for step in document.steps:
        if step.verdict is Verdict.UNCHECKED:
            reasons.setdefault(step.reason, []).append(f"run:{step.id}")
    for claim, reason in document.undecided.items():
        if claim not in reasons.setdefault(reason, []):
            reasons[reason].append(claim)
    return reasons


def counted(document: DocumentEntry) -> str:
    """How its checks came out, in words."""
    counts = document.coverage.checks
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)


def _where(page: PageReference) -> str:
    return f"{'A draft' if page.source else 'Official page'}: {page.path} at {page.ref}"


def _show_document(document: DocumentEntry, console: Console) -> None:
    console.print()
    called = escape(str(document.called))
    console.print(f"[bold]── {called}, {document.edition} edition ──", highlight=False)
    page = document.upstream
    source = (
        _where(page)
        if page
        else f"A page of ours, which puts the advice of {document.write_up} to the test"
    )
    console.print(source, highlight=False)
    says = escape(str(document.profile_says))
    console.print(f"Profile {document.profile}: {says}", highlight=False)
    if document.overrides:
        _show_overrides(document, console)
    _show_checks(document, console)
    if document.repeat:
        console.print(escape(sentence(document.repeat.says)), highlight=False, soft_wrap=True)
    if document.errata:
        where = "on the way" if document.edition == Edition.PUBLISHED.value else "in our edition"
        console.print(f"[bold]Known errata of the published page, repaired {where}")
        for erratum in document.errata:
            cells = ", ".join(map(str, erratum.cells))
            known = escape(f"{erratum.symptom} Repair: {erratum.repair}")
            console.print(f"  cell {cells}: {known}", highlight=False)
    maps = {t.id: t.computing.sentence for t in reversed(document.trainings) if t.computing}
    for training, said in reversed(maps.items()):  # of several seeds the first
        console.print(f"[bold]{training}[/]: {escape(said)}", highlight=False, soft_wrap=True)
    if document.combinations:
        _show_combinations(document, console)
    for line in (coverage_line(document), *undecided(document)):
        console.print(escape(line), highlight=False, soft_wrap=True)
    for finding in document.errors:
        message = escape(str(finding.message))
        console.print(f"[bold red]✗[/] {message}", highlight=False, soft_wrap=True)
    for trend in document.trends:
        console.print(escape(trend.message), highlight=False, soft_wrap=True)
    memory = document.peak_memory_bytes / 2**30
    console.print(
        f"[{STYLES[document.verdict]}]{_called(document)}: {_came_out(document)}[/] in "
        f"{document.duration_s:.0f} s, peak memory {memory:.1f} GiB; {counted(document)}",
        highlight=False,
    )


def _show_overrides(document: DocumentEntry, console: Console) -> None:
    table = Table("parameter", "step", "documented", "used", box=None, header_style="dim")
    for override in document.overrides:
        table.add_row(
            override.parameter,
            override.step or "",
            escape(_short(override.documented)),
            escape(_short(override.used)),
        )
    console.print(table)


def _show_checks(document: DocumentEntry, console: Console) -> None:
    table = Table("check", "pass", "erratum", "unchecked", "fail", "error", header_style="bold")
    counts: dict[str, dict[Verdict, int]] = {}
    entries = [(check.kind.sentence, check.verdict) for check in document.checks]
    entries += [(CheckKind.RUN.sentence, step.verdict) for step in document.steps]
    for sentence, verdict in entries:
        row = counts.setdefault(sentence, dict.fromkeys(Verdict, 0))
        row[verdict] += 1
    for sentence, row in counts.items():
        cells = [f"[{STYLES[v]}]{n}[/]" if (n := row[v]) else "" for v in Verdict]
        table.add_row(sentence, *cells)
    console.print(table)


def _show_combinations(document: DocumentEntry, console: Console) -> None:
    table = Table(*combination_table.COLUMNS, header_style="bold", box=None)
    for entry in document.combinations:
        style = "" if entry.verdict is Verdict.PASS else STYLES[entry.verdict]
        table.add_row(*map(escape, entry.row), style=style)
    console.print(table)


def _came_out(document: DocumentEntry) -> str:
    """How it came out; what is well although steps were left out is so as far as it runs."""
    left = sum(step.verdict is Verdict.UNCHECKED for step in document.steps)
    said = WORDS[document.verdict]
    if not left or document.verdict not in (Verdict.PASS, Verdict.ERRATUM):
        return said
    return f"{said}, as far as it runs: {left} of {len(document.steps)} steps did not"


def _called(document: DocumentEntry) -> str:
    """The document's name; our own edition is the one that goes without saying."""
    published = document.edition == Edition.PUBLISHED.value
    return f"{document.name} as published" if published else document.name


def sentence(words: str) -> str:
    """The words as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."


def _short(text: str) -> str:
    longest = 48
    return text if len(text) <= longest else f"…{text[1 - longest :]}"
