"""What is wrong with the pages of a report, each thing once, however many pages have it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.report import published, undecided
from verify.report.defects import Defect, Standing
from verify.report.published import PageVerdict, Works
from verify.system.words import Text, Words, joined

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry

FINDINGS = Words(zh="问题", en="Findings")
WARNINGS = Words(zh="警告", en="Warnings")
KNOWN = Words(zh="已知勘误", en="Known errata")
_PAGES = Words(zh="见于 {count} 个页面：{pages}。", en="On {count} pages: {pages}.")
_PAGE = Words(zh="见于 {pages}。", en="On {pages}.")
_MORE = Words(zh="{pages}等", en="{pages} and others")
_AT = Words(zh="{page}（{where}）", en="{page} ({where})")
_FINDING = Words(zh="{sentence}（{place}）", en="{sentence} ({place})")
_COUNTED = Words(zh="{heading}（{count}）", en="{heading} ({count})")
_FEW = 2
_FOUND = (Standing.NEW, Standing.OURS)
_ORDER = list(Works)


@dataclass(frozen=True)
class Section:
    """A list under its heading, which says how many there are."""

    heading: Words
    lines: tuple[Text, ...]


@dataclass(frozen=True)
class KnownDefect:
    """A known erratum, and where it is."""

    defect: Defect
    places: tuple[Text, ...]

    @property
    def words(self) -> Text:
        """What it is, why, what to write, and on which pages."""
        return joined((self.defect.of_all_pages, self.pages), zh="", en=" ")

    @property
    def pages(self) -> Text:
        """On which pages it is."""
        count, few = len(self.places), joined(self.places[:_FEW], zh="、", en=", ")
        pages = _MORE.filled(pages=few) if count > _FEW else few
        return (_PAGES if count > 1 else _PAGE).filled(count=count, pages=pages)


def of_page(page: PageVerdict) -> list[Section]:
    """What is wrong with a page, what to weigh, and what could not be decided."""
    sections = (FINDINGS, page.found), (WARNINGS, page.weighed)
    told = (_section(heading, [_placed(one) for one in some]) for heading, some in sections)
    return [*(one for some in told for one in some), *_left(page.document)]


def _placed(one: Defect) -> Text:
    return _FINDING.filled(sentence=one.sentence, place=one.place)


def of_pages(documents: Sequence["DocumentEntry"]) -> list[Section]:
    """The same of many pages of one release, what the ledger knows apart."""
    pages = ordered(published.of_all(documents))
    found = [
        joined((page.document.place, one.sentence), zh="：", en=": ") for page, one in new(pages)
    ]
    errata = [one.words for one in known(pages)]
    return [*_section(FINDINGS, found), *_section(KNOWN, errata), *_left(*documents)]


def _section(heading: Words, lines: Sequence[Text], count: int | None = None) -> list[Section]:
    counted = _COUNTED.filled(heading=heading, count=count or len(lines))
    return [Section(counted, tuple(lines))] if lines else []


def _left(*documents: "DocumentEntry") -> list[Section]:
    reasons = undecided.of(*documents)
    count = sum(one.count for one in reasons)
    return _section(undecided.HEADING, [one.words for one in reasons], count)


def ordered(verdicts: Iterable[PageVerdict]) -> list[PageVerdict]:
    """The pages, those first that do not work as published, and of these what is new."""

    def order(one: PageVerdict) -> tuple[int, bool, str]:
        rank = _ORDER.index(one.works) if one.works else len(_ORDER)
        return rank, not one.new, one.document.place

    return sorted(verdicts, key=order)


def new(verdicts: Sequence[PageVerdict]) -> list[tuple[PageVerdict, Defect]]:
    """What no ledger knows, page by page in the order of its cells; faults of ours come last."""
    found = [(page, one) for page in verdicts for one in page.defects if one.standing in _FOUND]
    return sorted(found, key=lambda one: one[1].standing is Standing.OURS)


def known(verdicts: Iterable[PageVerdict]) -> list[KnownDefect]:
    """Known errata, that of most pages first."""
    pages: dict[str, list[tuple[PageVerdict, Defect]]] = {}
    for page in verdicts:
        for one in page.defects:
            if one.standing is Standing.KNOWN:
                pages.setdefault(one.erratum or str(one.what), []).append((page, one))
    found = [KnownDefect(some[0][1], tuple(_at(*one) for one in some)) for some in pages.values()]
    return sorted(found, key=lambda one: -len(one.places))


def _at(page: PageVerdict, one: Defect) -> Text:
    place = page.document.place
    return _AT.filled(page=place, where=one.where) if one.where else place
