"""What the page shows, made from a report: nothing is decided here, and nothing is worded twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path

from verify.contract.contract import PageReference
from verify.contract.edition import Edition
from verify.finding import Verdict
from verify.report import glance, judged, releases, totals
from verify.report.entries import DocumentEntry, EnvironmentEntry, Report
from verify.report.html import cell_outputs, items, overview, training
from verify.report.html.cell_outputs import Room, ShownOutput
from verify.report.html.items import Item, Listed, ReportAnchors, StepView
from verify.report.html.overview import Overview
from verify.report.html.text import Clipped, ClippedWords, clip_words
from verify.report.html.training import TrainingView
from verify.report.releases import Release
from verify.system.words import Text
from verify.upstream import pages

_FIGURES = 4_000_000  # bytes of all figures together, in base 64
_NOTICES = 12
_AT_ONCE = 5
_SENTENCE = 320


@dataclass(frozen=True)
class Group:
    """Checks of one kind."""

    kind: str
    items: tuple[Item, ...]
    counts: dict[str, int]
    is_open: bool


@dataclass(frozen=True)
class DocumentView:
    """One document in one edition."""

    anchor: str
    entry: DocumentEntry
    source: str
    notebook: str
    claims: tuple[Item, ...]
    steps: tuple[StepView, ...]
    groups: tuple[Group, ...]
    trainings: tuple[TrainingView, ...]
    undecided: dict[Text, list[str]]
    coverage: Text

    @property
    def edition(self) -> str:
        """Whose text it is."""
        return totals.text_of(self.entry)

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """All its checks and steps."""
        of_steps = [item for step in self.steps for item in step.items]
        grouped = [item for group in self.groups for item in group.items]
        return (*self.claims, *self.steps, *of_steps, *grouped)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of them came out how."""
        return items.counted(self.listed)

    @property
    def to_look_at(self) -> list[Listed]:
        """What somebody has to look at; of a published page its errata, too."""
        published = self.entry.edition == Edition.PUBLISHED.value
        return [
            one
            for one in self.listed
            if items.is_open(one) or (published and one.verdict == Verdict.ERRATUM.value)
        ]

    @property
    def shown_at_once(self) -> list[tuple[str, str, Clipped | ClippedWords]]:
        """The gravest of those, to be read while the rest is packed: place, verdict, sentence."""
        return [
            (one.anchor, one.verdict, clip_words(one.sentence, _SENTENCE))
            for one in sorted(self.to_look_at, key=items.order)[:_AT_ONCE]
        ]


@dataclass(frozen=True)
class Notice:
    """Something that somebody has to look at, told at the top of the page."""

    anchor: str
    document: Text
    edition: str
    verdict: str
    sentence: Clipped | ClippedWords


@dataclass(frozen=True)
class PageView:
    """The whole page."""

    tool: str
    started: datetime
    minutes: float
    verdict: str
    counts: dict[str, int]
    kinds: dict[str, int]
    notices: tuple[Notice, ...]
    more: int
    undecided: dict[Text, dict[str, int]]
    documents: tuple[DocumentView, ...]
    environments: dict[str, EnvironmentEntry]
    totals: tuple[Text, ...]
    overview: Overview | None

    @property
    def is_packed(self) -> bool:
        """Whether a document is unpacked only when it is looked at."""
        return len(self.documents) > glance.HANDFUL

    @property
    def listed(self) -> int:
        """How many checks and steps there are."""
        return sum(self.counts.values())

    @property
    def undecided_count(self) -> int:
        """How much was left open in all documents."""
        return sum(sum(counts.values()) for counts in self.undecided.values())


def of_report(report: Report, out: Path) -> PageView:
    """Everything that the page shows, the worst document first."""
    anchors = ReportAnchors()
    each = _FIGURES // max(len(report.documents), 1)
    worst_first = [one for row in releases.rows(report.documents) for one in row.documents]
    if not glance.is_wanted(report.documents):
        worst_first.sort(key=lambda one: items.ORDER.index(one.verdict.value))
    several = len(releases.of(report.documents)) > 1
    documents = [
        _document(entry, out, Room(each), anchors, several=several) for entry in worst_first
    ]
    listed = [one for document in documents for one in document.listed]
    notices = _notices(documents)
    kinds = Counter(one.kind for one in listed)
    return PageView(
        tool=report.tool,
        started=report.started,
        minutes=report.duration_s / 60,
        verdict=report.verdict.value,
        counts=items.counted(listed),
        kinds=dict(sorted(kinds.items())),
        notices=tuple(notices[:_NOTICES]),
        more=max(len(notices) - _NOTICES, 0),
        undecided=_undecided(documents),
        documents=tuple(documents),
        environments=report.environments,
        totals=tuple(totals.sentences(report.documents)),
        overview=overview.of_documents(report.documents, {id(d.entry): d.anchor for d in documents})
        if glance.is_wanted(report.documents)
        else None,
    )


def _document(
    entry: DocumentEntry, out: Path, room: Room, anchors: ReportAnchors, *, several: bool
) -> DocumentView:
    release = [Release(entry.environment).release] if several else []
    anchor = anchors(entry.name, entry.edition, *release)
    findings = {finding.check: finding for finding in entry.findings}
    checks = [
        Item(anchors(anchor, check.id), check, findings.get(check.id)) for check in entry.checks
    ]
    checks.sort(key=items.order)
    others = [item for item in checks if not items.is_claim(item.result)]
    of_steps = {step.id for step in entry.steps}
    shown = cell_outputs.of_notebook(out / entry.notebook, room)
    return DocumentView(
        anchor=anchor,
        entry=entry,
        source=_source(entry.upstream) if entry.upstream else entry.write_up,
        notebook=entry.notebook.as_posix() if shown else "",
        claims=tuple(item for item in checks if items.is_claim(item.result)),
        steps=tuple(
            StepView(
                anchors(anchor, f"run:{step.id}"),
                step,
                findings.get(f"run:{step.id}"),
                shown.get(step.id, ShownOutput()),
                tuple(item for item in others if item.result.step == step.id),
            )
            for step in entry.steps
        ),
        groups=_groups([item for item in others if item.result.step not in of_steps]),
        trainings=tuple(training.of(entry.trainings, anchor, anchors)),
        undecided=judged.open_checks(entry),
        coverage=judged.coverage_line(entry),
    )


def _groups(some: Sequence[Item]) -> tuple[Group, ...]:
    """Checks by their kind, the worst kind first."""
    by_kind = groupby(sorted(some, key=lambda item: item.kind), lambda item: item.kind)
    groups = [
        Group(kind, tuple(alike), items.counted(alike), any(map(items.is_open, alike)))
        for kind, alike in ((kind, sorted(group, key=items.order)) for kind, group in by_kind)
    ]
    return tuple(sorted(groups, key=lambda group: items.order(group.items[0])))


def _notices(documents: Sequence[DocumentView]) -> list[Notice]:
    """What to look at, contradictions first."""
    found = [
        Notice(
            one.anchor,
            document.entry.title,
            document.edition,
            one.verdict,
            clip_words(one.sentence, _SENTENCE),
        )
        for document in documents
        for one in document.to_look_at
    ]
    return sorted(found, key=lambda notice: items.ORDER.index(notice.verdict))


def _undecided(documents: Sequence[DocumentView]) -> dict[Text, dict[str, int]]:
    """By reason, how much was left open in which document, by its address."""
    reasons: dict[Text, dict[str, int]] = {}
    for document in documents:
        for reason, ids in document.undecided.items():
            reasons.setdefault(reason, {})[document.anchor] = len(ids)
    return reasons


def _source(page: PageReference) -> str:
    """Where the official page is read; a draft is read nowhere."""
    if page.source:
        return ""
    return f"{pages.DEFAULT_SOURCE}/blob/{page.ref}/{page.path}"
