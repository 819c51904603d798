"""Many pages in a table, the gravest first: what the terminal and the summary have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.contract.edition import Edition
from verify.execute.run_options import Options
from verify.report import cause, listing, published, releases, totals
from verify.report.outcome import Outcome
from verify.report.published import SYMBOLS, PageVerdict, Works
from verify.report.releases import FirstBreak, Release, Row
from verify.system.words import Text, Words, enumerated, joined

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry

# More than these many documents are looked at from above first.
HANDFUL = 8
_PAGE = Words(zh="页面", en="page")
AS_PUBLISHED = Words(zh="官方原文", en="as published")
REPAIRED = Words(zh="修正后", en="with repairs")
_KNOWN = Words(zh="已知", en="known")
_NEW = Words(zh="新", en="new")
_BREAKS_FIRST = Words(zh="最早出错的版本", en="breaks first in")
_FIRST_IN = Words(zh="最早出现于 {release}", en="First in {release}")
_FIRST_NOT_IN = Words(
    zh="最早出现于 {release}，{absent_in} 中没有", en="First in {release}, not in {absent_in}"
)
_IN = Words(zh="{place}，版本 {releases}", en="{place} in {releases}")
_ERRATUM = Words(zh="勘误 {id}", en="erratum {id}")
_OF = Words(zh="{place}（文本：{how}）", en="{place} ({how})")
_MORE = Words(zh="另有 {count} 个", en="{count} more")
_CELLS = Words(zh="{release}（单元格 {cells}）", en="{release} (cell {cells})")
_CELLS_KNOWN = Words(zh="{release}（单元格 {cells}，已知）", en="{release} (cell {cells}, known)")
_TEXTS = {
    "published": Words(zh="官方原文", en="published"),
    "corrected": Words(zh="修正版", en="corrected"),
    "own": Words(zh="自编页面", en="own"),
}
_FEW = 3


@dataclass(frozen=True)
class Line:
    """A page: what it is called, how it came out, and what else there is.

    Of one release `works` is the verdict of the published page, before what became of it once
    known errata are repaired.
    """

    place: Text
    outcomes: tuple[Outcome | None, ...]
    rest: tuple[Text, ...]
    works: PageVerdict | None = None

    def signs(self, *, brief: bool) -> list[tuple[Text, Outcome | Works | None]]:
        """Each verdict with its sign, and unless it is to be brief with its words."""
        signs: list[tuple[Text, Outcome | Works | None]] = []
        if page := self.works:
            sign = joined((SYMBOLS[page.works], page.brief), zh=" ", en=" ") if page.works else "—"
            signs.append((sign, page.works))
        return signs + [(_sign(one, brief=brief), one) for one in self.outcomes]


@dataclass(frozen=True)
class News:
    """What breaks first in a release: in which it does not, what it is, and on which pages."""

    release: str
    absent_in: Text
    what: Text
    pages: Text

    @property
    def where(self) -> Words:
        """In which release it shows first."""
        first = _FIRST_NOT_IN if self.absent_in else _FIRST_IN
        return first.filled(release=self.release, absent_in=self.absent_in)


def is_wanted(documents: Sequence["DocumentEntry"]) -> bool:
    """Whether there is more than a reader takes in one after the other."""
    return len(documents) > HANDFUL or len(releases.of(documents)) > 1


def headings(documents: Sequence["DocumentEntry"]) -> list[Text]:
    """The table's columns: of one release both verdicts, of several where a page breaks first."""
    columns = releases.of(documents)
    if len(columns) == 1:
        return [_PAGE, AS_PUBLISHED, REPAIRED, _KNOWN, _NEW]
    return [_PAGE, *(column.release for column in columns), _BREAKS_FIRST]


def lines(documents: Sequence["DocumentEntry"]) -> list[Line]:
    """The pages, the gravest first."""
    columns = releases.of(documents)
    rows = releases.rows(documents)
    if len(columns) > 1:
        return [
            Line(
                _place(row),
                tuple(entry.outcome if entry else None for entry in map(row.of, columns)),
                (_first(row.breaks),),
            )
            for row in rows
        ]
    of_page = {id(row.last): row for row in rows}
    pages = listing.ordered(published.of(row.last, documents) for row in rows)
    return [_of_one_release(page, of_page[id(page.document)]) for page in pages]


def grave(documents: Sequence["DocumentEntry"]) -> list[tuple[Text, Text]]:
    """What somebody has to look at, of several releases: a page, where it is so, and why."""
    found = []
    for outcome in cause.GRAVE:
        for row in releases.rows(documents):
            for why, some in cause.shared(row.documents, outcome):
                where = enumerated(Release(one.environment).release for one in some)
                place = _IN.filled(place=_place(row), releases=where)
                signed = joined((totals.SYMBOLS[outcome], place), zh=" ", en=" ")
                found.append((signed, why.words))
    return found


def news(documents: Sequence["DocumentEntry"]) -> list[News]:
    """What breaks first in which release, the newest first."""
    return [
        News(
            some[0].release,
            enumerated(dict.fromkeys(one.absent_in for one in some if one.absent_in)),
            _ERRATUM.filled(id=some[0].says) if some[0].known else some[0].says,
            _few(list(dict.fromkeys(one.page for one in some))),
        )
        for some in releases.news(releases.rows(documents))
    ]


def legend(documents: Sequence["DocumentEntry"]) -> Text:
    """What the signs of the table mean."""
    there = {one.outcome for one in documents}
    signs = (_sign(one, brief=False) for one in releases.GRAVEST if one in there)
    return joined(signs, zh="   ", en="   ")


def _sign(outcome: Outcome | None, *, brief: bool) -> Text:
    if outcome is None:
        return ""
    sign = totals.SYMBOLS[outcome]
    return sign if brief else joined((sign, totals.SHORT[outcome]), zh=" ", en=" ")


def _few(some: Sequence[Text]) -> Text:
    """The first of some, and how many more there are."""
    more = [_MORE.filled(count=len(some) - _FEW)] if len(some) > _FEW else []
    return enumerated([*some[:_FEW], *more])


def _of_one_release(page: PageVerdict, row: Row) -> Line:
    counts = (str(page.known or ""), str(page.new or ""))
    return Line(_place(row), (page.document.outcome,), counts, page)


def edition(text: str) -> Text:
    """Whose text it is, in words."""
    return _TEXTS.get(text, text)


def _place(row: Row) -> Text:
    text, profile = totals.text_of(row.last), row.last.profile
    how = [edition(text)] if text != Edition.PUBLISHED.value else []
    how += [profile] if profile != Options.profile else []
    said = joined(how, zh="，", en=", ")
    return _OF.filled(place=row.place, how=said) if how else row.place


def _first(breaks: Sequence[FirstBreak]) -> Text:
    """The releases in which a page breaks first, with its cells; new breaks before known ones."""
    return _few(
        [
            (_CELLS_KNOWN if one.known else _CELLS).filled(
                release=one.release, cells=enumerated(one.cells)
            )
            for one in sorted(breaks, key=lambda one: one.known)
        ]
    )
