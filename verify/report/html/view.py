"""What the page shows, made from a report: nothing is decided here, and nothing is worded twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path

from verify.contract.contract import PageReference
from verify.report import glance, judged, listing, published, releases, totals, undecided
from verify.report.defects import Defect
from verify.report.entries import DocumentEntry, EnvironmentEntry, Report
from verify.report.html import cell_outputs, items, overview, training
from verify.report.html.cell_outputs import Room, ShownOutput
from verify.report.html.items import Item, Listed, ReportAnchors, StepView
from verify.report.html.overview import Overview
from verify.report.html.training import TrainingView
from verify.report.published import PageVerdict, Works
from verify.report.releases import Release
from verify.report.undecided import Reason
from verify.system.words import Text
from verify.upstream import pages

_FIGURES = 4_000_000  # bytes of all figures together, in base 64
_AT_ONCE = 5


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
    page: PageVerdict
    source: str
    notebook: str
    claims: tuple[Item, ...]
    steps: tuple[StepView, ...]
    groups: tuple[Group, ...]
    trainings: tuple[TrainingView, ...]
    left: tuple[Reason, ...]
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
    def grouped(self) -> dict[str, int]:
        """How the checks came out that are of no step."""
        return items.counted([item for group in self.groups for item in group.items])

    @property
    def shown_at_once(self) -> tuple[Defect, ...]:
        """The first findings, to be read while the rest is packed."""
        return tuple(self.page.found[:_AT_ONCE])


@dataclass(frozen=True)
class PageView:
    """The whole page."""

    tool: str
    started: datetime
    minutes: float
    lead: Text
    verdict: str
    counts: dict[str, int]
    kinds: dict[str, int]
    left: tuple[Reason, ...]
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


def of_report(report: Report, out: Path) -> PageView:
    """Everything that the page shows, the worst document first."""
    anchors = ReportAnchors()
    each = _FIGURES // max(len(report.documents), 1)
    several = len(releases.of(report.documents)) > 1
    worst_first = [one for row in releases.rows(report.documents) for one in row.documents]
    if not several:
        pages = listing.ordered(published.of_all(report.documents))
        worst_first = [one.document for one in pages]
    documents = [
        _document(published.of(entry, report.documents), out, Room(each), anchors, several=several)
        for entry in worst_first
    ]
    listed = [one for document in documents for one in document.listed]
    kinds = Counter(one.kind for one in listed)
    return PageView(
        tool=report.tool,
        started=report.started,
        minutes=report.duration_s / 60,
        lead=_lead(documents),
        verdict=_worst(documents),
        counts=items.counted(listed),
        kinds=dict(sorted(kinds.items())),
        left=tuple(undecided.of(*report.documents)) if glance.is_wanted(report.documents) else (),
        documents=tuple(documents),
        environments=report.environments,
        totals=tuple(totals.sentences(report.documents)[1:]) if len(documents) > 1 else (),
        overview=overview.of_documents(report.documents, {id(d.entry): d.anchor for d in documents})
        if glance.is_wanted(report.documents)
        else None,
    )


def _lead(documents: Sequence[DocumentView]) -> Text:
    """Of one page its verdict, of several how many of them work."""
    if len(documents) == 1:
        return documents[0].page.sentences[0]
    return totals.sentences([one.entry for one in documents])[0]


def _worst(documents: Sequence[DocumentView]) -> str:
    """The colour of the lead: that of the worst page as published."""
    works = [one.page.works for one in documents if one.page.works]
    return overview.WORKS + min(works, key=list(Works).index).value if works else ""


def _document(
    page: PageVerdict, out: Path, room: Room, anchors: ReportAnchors, *, several: bool
) -> DocumentView:
    entry = page.document
    release = [Release(entry.environment).release] if several else []
    anchor = anchors(entry.name, entry.edition, *release)
    checks = [Item(anchors(anchor, check.id), check) for check in entry.checks]
    checks.sort(key=items.order)
    others = [item for item in checks if not items.is_claim(item.result)]
    of_steps = {step.id for step in entry.steps}
    shown = cell_outputs.of_notebook(out / entry.notebook, room)
    return DocumentView(
        anchor=anchor,
        entry=entry,
        page=page,
        source=_source(entry.upstream) if entry.upstream else entry.write_up,
        notebook=entry.notebook.as_posix() if shown else "",
        claims=tuple(item for item in checks if items.is_claim(item.result)),
        steps=tuple(
            StepView(
                anchors(anchor, f"run:{step.id}"),
                step,
                shown.get(step.id, ShownOutput()),
                tuple(item for item in others if item.result.step == step.id),
            )
            for step in entry.steps
        ),
        groups=_groups([item for item in others if item.result.step not in of_steps]),
        trainings=tuple(training.of(entry.trainings, anchor, anchors)),
        left=tuple(undecided.of(entry)),
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


def _source(page: PageReference) -> str:
    """Where the official page is read; a draft is read nowhere."""
    if page.source:
        return ""
    return f"{pages.DEFAULT_SOURCE}/blob/{page.ref}/{page.path}"
