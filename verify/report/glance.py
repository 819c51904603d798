"""Many pages in a table, the gravest first: what the terminal and the summary have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.contract.edition import Edition
from verify.execute.run_options import Options
from verify.report import cause, releases, totals
from verify.report.outcome import Outcome
from verify.report.releases import FirstBreak, Release, Row

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry

# More than these many documents are looked at from above first.
HANDFUL = 8
_FEW = 3


@dataclass(frozen=True)
class Line:
    """A page: what it is called, what became of it in each release, and what else there is."""

    place: str
    outcomes: tuple[Outcome | None, ...]
    rest: tuple[str, ...]

    def signs(self, *, brief: bool) -> list[tuple[str, Outcome | None]]:
        """Each outcome with its sign, and unless it is to be brief with its words."""
        return [(_sign(one, brief=brief), one) for one in self.outcomes]


@dataclass(frozen=True)
class News:
    """What breaks first in a release: in which it does not, what it is, and on which pages."""

    release: str
    absent_in: str
    what: str
    pages: str


def is_wanted(documents: Sequence["DocumentEntry"]) -> bool:
    """Whether there is more than a reader takes in one after the other."""
    return len(documents) > HANDFUL or len(releases.of(documents)) > 1


def headings(documents: Sequence["DocumentEntry"]) -> list[str]:
    """The table's columns: of one release why, of several in which a page breaks first."""
    columns = releases.of(documents)
    if len(columns) == 1:
        return ["page", "outcome", "known", "new", "why"]
    return ["page", *(column.release for column in columns), "breaks first in"]


def lines(documents: Sequence["DocumentEntry"]) -> list[Line]:
    """The pages, the gravest first."""
    columns = releases.of(documents)
    return [_line(row, columns) for row in releases.rows(documents)]


def grave(documents: Sequence["DocumentEntry"]) -> list[tuple[str, str]]:
    """What somebody has to look at: a page, with the releases in which it is so, and why."""
    several = len(releases.of(documents)) > 1
    found = []
    for outcome in cause.GRAVE:
        for row in releases.rows(documents):
            for why, some in cause.shared(row.documents, outcome):
                where = ", ".join(Release(one.environment).release for one in some)
                place = f"{_place(row)} in {where}" if several else _place(row)
                found.append((f"{totals.SYMBOLS[outcome]} {place}", str(why.words)))
    return found


def news(documents: Sequence["DocumentEntry"]) -> list[News]:
    """What breaks first in which release, the newest first."""
    return [
        News(
            some[0].release,
            ", ".join(dict.fromkeys(one.absent_in for one in some if one.absent_in)),
            f"erratum {some[0].says}" if some[0].known else some[0].says,
            _few(list(dict.fromkeys(one.page for one in some))),
        )
        for some in releases.news(releases.rows(documents))
    ]


def legend(documents: Sequence["DocumentEntry"]) -> str:
    """What the signs of the table mean."""
    there = {one.outcome for one in documents}
    return "   ".join(_sign(one, brief=False) for one in releases.GRAVEST if one in there)


def _sign(outcome: Outcome | None, *, brief: bool) -> str:
    if outcome is None:
        return ""
    return (
        totals.SYMBOLS[outcome] if brief else f"{totals.SYMBOLS[outcome]} {totals.SHORT[outcome]}"
    )


def _few(some: Sequence[str]) -> str:
    """The first of some, and how many more there are."""
    more = [f"{len(some) - _FEW} more"] if len(some) > _FEW else []
    return ", ".join([*some[:_FEW], *more])


def _line(row: Row, columns: Sequence[Release]) -> Line:
    entries = [row.of(column) for column in columns]
    outcomes = tuple(entry.outcome if entry else None for entry in entries)
    if len(columns) > 1:
        return Line(_place(row), outcomes, (_first(row.breaks),))
    entry = row.last
    why = cause.of(entry)
    counts = (str(len(entry.errata) or ""), str(cause.defects(entry) or ""))
    return Line(_place(row), outcomes, (*counts, str(why.words) if why else ""))


def _place(row: Row) -> str:
    text, profile = totals.text_of(row.last), row.last.profile
    how = [text] if text != Edition.PUBLISHED.value else []
    how += [profile] if profile != Options.profile else []
    return f"{row.place} ({', '.join(how)})" if how else row.place


def _first(breaks: Sequence[FirstBreak]) -> str:
    """The releases in which a page breaks first, with its cells; new breaks before known ones."""
    return _few(
        [
            f"{one.release} (cell {', '.join(map(str, one.cells))}{', known' if one.known else ''})"
            for one in sorted(breaks, key=lambda one: one.known)
        ]
    )
