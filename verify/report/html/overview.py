"""All pages at a glance: what became of each in each release, why, and since when it breaks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from verify.report import cause, listing, published, releases, totals
from verify.report.cause import Cause
from verify.report.defects import Defect
from verify.report.entries import DocumentEntry
from verify.report.html.text import Clipped, ClippedWords, clip_words
from verify.report.listing import KnownDefect
from verify.report.published import PageVerdict
from verify.report.releases import FirstBreak, Release, Row
from verify.report.totals import Totals
from verify.system.words import Text

_SENTENCE = 240
# What tells verdicts of published pages from what became of runs, where both are names.
WORKS = "page-"
_BAR = 1000
_BREAKS = 3
# How a document's place on the page is found: by the entry itself.
Anchors = Mapping[int, str]


@dataclass(frozen=True)
class Segment:
    """A part of a bar, as long as many pages came out so."""

    outcome: str
    x: int
    width: int


@dataclass(frozen=True)
class Bar:
    """The totals of one release, in numbers and as a bar."""

    text: str
    release: Text
    counts: dict[str, int]
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class GridCell:
    """A page in a release."""

    anchor: str
    outcome: str
    symbol: str
    errata: int
    defects: int
    seconds: float
    memory: float


@dataclass(frozen=True)
class Why:
    """Why a page came out as it did, in all releases in which it is for the same reason."""

    called: Text
    place: str
    edition: str
    links: dict[str, str]
    where: Text
    says: Clipped | ClippedWords


@dataclass(frozen=True)
class GridRow:
    """One edition of a page in all releases, and its breaks, each with the release that shows it.

    What the ledger does not know comes first. Of one release, `page` has the verdict of the
    published page, which stands before what became of it once known errata are repaired.
    """

    called: Text
    place: str
    edition: str
    cells: tuple[GridCell | None, ...]
    page: PageVerdict | None
    breaks: tuple[FirstBreak, ...]
    more: int

    @property
    def outcomes(self) -> str:
        """What became of it in any release, for filters."""
        if self.page:
            return named(self.page)
        return " ".join(dict.fromkeys(cell.outcome for cell in self.cells if cell))


@dataclass(frozen=True)
class Group:
    """Pages with the same outcome."""

    outcome: str
    is_open: bool
    whys: tuple[Why, ...]


@dataclass(frozen=True)
class Since:
    """A break of one or several pages that one release shows first."""

    release: str
    absent_in: tuple[str, ...]
    says: Clipped | ClippedWords
    known: bool
    pages: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Overview:
    """All of it, `lead` before all else.

    `new` and `known` are what is wrong, of one release.
    """

    lead: Text
    bars: tuple[Bar, ...]
    outcomes: dict[str, int]
    releases: tuple[str, ...]
    rows: tuple[GridRow, ...]
    groups: tuple[Group, ...]
    since: tuple[Since, ...]
    new: tuple[tuple[str, PageVerdict, Defect], ...] = ()
    known: tuple[KnownDefect, ...] = ()


def named(page: PageVerdict) -> str:
    """The name of a page's verdict among those that filters know."""
    return f"{WORKS}{page.works.value}" if page.works else page.document.outcome.value


def of_documents(documents: Sequence[DocumentEntry], anchors: Anchors) -> Overview:
    """The overview of documents, each of which has its place on the page."""
    columns = releases.of(documents)
    found = releases.rows(documents)
    if len(columns) == 1:
        return _of_one_release(found, documents, anchors)
    sums = totals.of_documents(documents)
    outcomes = [one for row in found for one in {entry.outcome for entry in row.documents}]
    return Overview(
        lead=totals.gravest_of(found, columns)[0].says,
        bars=tuple(map(_bar, sums)),
        outcomes={one.value: outcomes.count(one) for one in releases.GRAVEST if one in outcomes},
        releases=tuple(column.release for column in columns),
        rows=tuple(_row(row, columns, anchors) for row in found),
        groups=tuple(_groups(found, anchors)),
        since=tuple(map(_since, releases.news(found))),
    )


def _of_one_release(
    found: Sequence[Row], documents: Sequence[DocumentEntry], anchors: Anchors
) -> Overview:
    """Whether each page works as it is published, and what is wrong, each thing once."""
    rows = {id(row.last): row for row in found}
    pages = listing.ordered(published.of(row.last, documents) for row in found)
    columns = releases.of(documents)
    outcomes = Counter(map(named, pages))
    return Overview(
        lead=totals.sentences(documents)[0],
        bars=(_counted("published", "", outcomes),),
        outcomes=dict(outcomes),
        releases=tuple(column.release for column in columns),
        rows=tuple(_row(rows[id(page.document)], columns, anchors, page) for page in pages),
        groups=(),
        since=(),
        new=tuple((anchors[id(p.document)], p, one) for p, one in listing.new(pages)),
        known=tuple(listing.known(pages)),
    )


def _bar(total: Totals) -> Bar:
    counts = {outcome.value: count for outcome, count in total.counts.items()}
    return _counted(total.text, total.release, counts)


def _counted(text: str, release: Text, counts: Mapping[str, int]) -> Bar:
    segments, done, pages = [], 0, sum(counts.values())
    for outcome, count in counts.items():
        x = _BAR * done // pages
        done += count
        segments.append(Segment(outcome, x, _BAR * done // pages - x))
    return Bar(text, release, dict(counts), tuple(segments))


def _row(
    row: Row, columns: Sequence[Release], anchors: Anchors, page: PageVerdict | None = None
) -> GridRow:
    entries = [row.of(column) for column in columns]
    breaks = sorted(row.breaks, key=lambda one: one.known)
    return GridRow(
        called=PurePosixPath(row.place).name if row.last.derived else row.last.title,
        place=row.place,
        edition=totals.text_of(row.last),
        cells=tuple(_cell(entry, anchors) if entry else None for entry in entries),
        page=page,
        breaks=tuple(breaks[:_BREAKS]),
        more=max(len(breaks) - _BREAKS, 0),
    )


def _cell(entry: DocumentEntry, anchors: Anchors) -> GridCell:
    return GridCell(
        anchor=anchors[id(entry)],
        outcome=entry.outcome.value,
        symbol=totals.SYMBOLS[entry.outcome],
        errata=len(entry.errata),
        defects=cause.defects(entry),
        seconds=entry.duration_s,
        memory=entry.peak_memory_bytes / 2**30,
    )


def _groups(found: Sequence[Row], anchors: Anchors) -> list[Group]:
    """By outcome the pages and why, without those that are well."""
    groups = []
    for outcome in releases.GRAVEST:
        whys = [
            _why(row, why, some, anchors)
            for row in found
            for why, some in cause.shared(row.documents, outcome)
        ]
        if whys:
            groups.append(Group(outcome.value, outcome in cause.GRAVE, tuple(whys)))
    return groups


def _why(row: Row, why: Cause, some: Sequence[DocumentEntry], anchors: Anchors) -> Why:
    return Why(
        called=row.last.called,
        place=row.place,
        edition=totals.text_of(row.last),
        links={Release(one.environment).release: anchors[id(one)] for one in some},
        where=why.where,
        says=clip_words(why.says, _SENTENCE),
    )


def _since(some: Sequence[FirstBreak]) -> Since:
    return Since(
        some[0].release,
        tuple(dict.fromkeys(one.absent_in for one in some if one.absent_in)),
        clip_words(some[0].says, _SENTENCE),
        some[0].known,
        tuple((one.page, tuple(one.cells)) for one in some),
    )
