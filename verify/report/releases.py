"""The releases that a report is about, side by side: where each page breaks first.

A page breaks where a cell of its published text fails, whether the ledger knows the defect and
repairs it or not: the page's reader has no ledger.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version
from pydantic import BaseModel

from verify.contract.edition import Edition
from verify.finding import Verdict
from verify.report.outcome import Outcome
from verify.system.words import Text

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry, StepEntry

_PRODUCT = "secretflow-"
_WHOLE = (Outcome.WELL, Outcome.REPAIRED)
_LEFT_OPEN = (Verdict.UNCHECKED, Verdict.ERROR)
# What of an exception's message differs from run to run, or from place to place.
_VARIES = re.compile(r"0x[0-9a-f]+|\d+|'[^']*/[^']*'", re.IGNORECASE)
# What speaks against a page comes first; what says nothing of it must not hide that.
GRAVEST = (
    Outcome.BREAKS,
    Outcome.CONTRADICTED,
    Outcome.KNOWN,
    Outcome.OURS,
    Outcome.NEEDS,
    Outcome.NOT_RUN,
    Outcome.REPAIRED,
    Outcome.WELL,
)


@dataclass(frozen=True)
class Release:
    """A column: an environment, and the release that it is named after."""

    environment: str

    @property
    def release(self) -> str:
        """What people call it."""
        return self.environment.removeprefix(_PRODUCT) or "—"

    @property
    def order(self) -> tuple[Version, str]:
        """The key by which the older one comes first."""
        try:
            return Version(self.release), self.environment
        except InvalidVersion:
            return Version("0"), self.environment


def of(documents: Iterable["DocumentEntry"]) -> list[Release]:
    """The releases that documents were run in, the oldest first."""
    return sorted({Release(one.environment) for one in documents}, key=lambda one: one.order)


@dataclass(frozen=True)
class Break:
    """What breaks a page in one release: the erratum, where it is known, or what was observed."""

    says: Text
    cells: tuple[int, ...]
    known: bool


class FirstBreak(BaseModel):
    """A break, and the first of the releases that a page was run in which shows it.

    `absent_in` is the last release before that whose whole run does not show it; without one,
    the break may be as old as can be.
    """

    page: str
    edition: str
    environment: str
    release: str
    absent_in: str | None
    says: Text
    cells: list[int]
    known: bool


@dataclass(frozen=True)
class Row:
    """One edition of a page in one profile, in all releases."""

    place: str
    documents: tuple["DocumentEntry", ...]

    @property
    def last(self) -> "DocumentEntry":
        """The one of the newest release, by which the page is called."""
        return self.documents[-1]

    @property
    def gravest(self) -> Outcome:
        """The gravest of all releases."""
        return min((one.outcome for one in self.documents), key=GRAVEST.index)

    @property
    def order(self) -> tuple[int, int, str, bool]:
        """The key by which the gravest page comes first, and of its editions the published one."""
        rank = GRAVEST.index(self.gravest)
        times = sum(one.outcome is self.gravest for one in self.documents)
        return rank, -times, self.place, self.last.edition != Edition.PUBLISHED.value

    def of(self, release: Release) -> "DocumentEntry | None":
        """The page in a release, if it was run there; of several runs the gravest."""
        there = [one for one in self.documents if one.environment == release.environment]
        return min(there, key=lambda one: GRAVEST.index(one.outcome), default=None)

    @cached_property
    def breaks(self) -> list[FirstBreak]:
        """Each break of the page where it shows first, the oldest first."""
        found: dict[str, FirstBreak] = {}
        whole: str | None = None
        for document in self.documents:
            release = Release(document.environment).release
            for key, one in _breaks_of(document, self.documents):
                first = found.setdefault(
                    key,
                    FirstBreak(
                        page=self.place,
                        edition=document.edition,
                        environment=document.environment,
                        release=release,
                        absent_in=None if whole == release else whole,
                        says=one.says,
                        cells=[],
                        known=one.known,
                    ),
                )
                if first.environment == document.environment:
                    first.cells = sorted({*first.cells, *one.cells})
            whole = release if _is_whole(document) else whole
        return list(found.values())


def rows(documents: Sequence["DocumentEntry"]) -> list[Row]:
    """The pages, the gravest first."""
    found: dict[tuple[str, ...], list[DocumentEntry]] = {}
    for one in sorted(documents, key=lambda one: Release(one.environment).order):
        found.setdefault((one.place, one.edition, one.name, one.profile), []).append(one)
    return sorted(
        (Row(key[0], tuple(some)) for key, some in found.items()), key=lambda row: row.order
    )


def first_breaks(documents: Sequence["DocumentEntry"]) -> list[FirstBreak]:
    """Each break of each page where it shows first, of the gravest page first."""
    return [one for row in rows(documents) for one in row.breaks]


def news(found: Iterable[Row]) -> list[list[FirstBreak]]:
    """The breaks of all pages, those of one defect together; of the newest release first."""
    same: dict[tuple[str, str], list[FirstBreak]] = {}
    for row in found:
        for one in row.breaks:
            same.setdefault((one.environment, alike(str(one.says))), []).append(one)
    by_size = sorted(same.values(), key=len, reverse=True)
    return sorted(by_size, key=lambda some: Release(some[0].environment).order, reverse=True)


def _is_whole(document: "DocumentEntry") -> bool:
    """Whether a break that the run does not show is not there."""
    left = any(step.verdict in _LEFT_OPEN for step in document.steps)
    return document.outcome in _WHOLE or not left


def alike(says: str) -> str:
    """What a sentence about a defect has in common with others about the same one."""
    return _VARIES.sub("*", says)


def _breaks_of(
    document: "DocumentEntry", others: Sequence["DocumentEntry"]
) -> Iterator[tuple[str, Break]]:
    """What breaks in a run, by a key that is the same in all releases.

    What the ledger of one release knows may be new to that of another: its symptom tells.
    """
    proposed = {erratum.id for erratum in document.proposed}
    for step in document.steps:
        cells = tuple(step.cells)
        for erratum in step.errata:
            if erratum not in proposed:
                yield erratum, Break(erratum, cells, known=True)
        if step.verdict is Verdict.FAIL:
            new = next((erratum for erratum in step.errata if erratum in proposed), "")
            key = new or _known_as(step, document, others) or alike(str(step.observed))
            yield key, Break(step.observed, cells, known=False)
        elif step.verdict is Verdict.ERRATUM and not step.errata:  # no rewriting mends it
            says = _known_as(step, document, others) or alike(str(step.observed))
            yield says, Break(says, cells, known=True)


def _known_as(
    step: "StepEntry", document: "DocumentEntry", others: Iterable["DocumentEntry"]
) -> str:
    """The erratum of any release's run that a failure shows; in the same text at the same cell."""
    for other in others:
        for erratum in other.errata:
            wanted = ".*".join(map(re.escape, str(erratum.symptom).split("*")))
            if re.search(wanted, str(step.observed)) and (
                _blob(other) != _blob(document) or set(step.cells) & set(erratum.cells)
            ):
                return erratum.id
    return ""


def _blob(document: "DocumentEntry") -> str:
    return document.upstream.blob if document.upstream else ""
