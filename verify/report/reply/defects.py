"""The defects of a page as a reply lists them: by cell, known ones and new ones alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from verify.finding import CheckKind, Verdict
from verify.ledger.erratum import Erratum
from verify.page.page import NOTEBOOKS
from verify.report.entries import DocumentEntry
from verify.system.words import Text, Words, enumerated

_CELLS = Words(zh="单元格 {of}", en="cell {of}")
_LINES = Words(zh="第 {of} 行", en="line {of}")
_UNKNOWN = Words(zh="尚不清楚", en="not known yet")


@dataclass(frozen=True)
class Defect:
    """What is wrong at some cells of a page, why, and what to change.

    `known` says whether it is an erratum, `mended` whether a patch makes the change.
    """

    cells: tuple[int, ...]
    where: Text
    says: Text
    cause: Text
    repair: Text
    known: bool = False
    mended: bool = False


def of_editions(editions: Sequence[DocumentEntry]) -> list[Defect]:
    """All that is wrong with a page, in the order of its cells, each once."""
    errata = {one.id: one for entry in editions for one in (*entry.errata, *entry.proposed)}
    new = {(one.cells, str(one.says)): one for entry in editions for one in _contradicted(entry)}
    known = [_known(one, editions[0]) for one in errata.values()]
    return sorted([*known, *new.values()], key=lambda one: (not one.cells, one.cells))


def _known(erratum: Erratum, entry: DocumentEntry) -> Defect:
    cells = tuple(sorted(erratum.cells))
    return Defect(
        cells,
        where(entry, cells),
        erratum.symptom,
        erratum.cause,
        erratum.repair,
        known=True,
        mended=bool(erratum.apply),
    )


def _contradicted(entry: DocumentEntry) -> Iterator[Defect]:
    """What breaks or is not so, and no erratum explains: steps, then checks."""
    to_do = {finding.check: finding.suggestion for finding in entry.findings}
    proposed = {cell for one in entry.proposed for cell in one.cells}
    for step in entry.steps:
        explained = step.follows or proposed.intersection(step.cells)
        if step.verdict is Verdict.FAIL and not explained:
            cells, todo = tuple(step.cells), to_do.get(CheckKind.RUN.id_of(step.id), "")
            place = where(entry, cells)
            yield Defect(cells, place, step.observed, step.reason or _UNKNOWN, todo)
    for check in entry.checks:
        if check.verdict is Verdict.FAIL:
            says = replace(check, step=None, cells=(), reason="").words
            cells, todo = tuple(check.cells), to_do.get(check.id, "")
            yield Defect(cells, where(entry, cells), says, check.reason or _UNKNOWN, todo)


def where(entry: DocumentEntry, cells: Sequence[int]) -> Text:
    """The cells; of a text, which numbers none, the lines that findings name."""
    if not cells:
        return "—"
    if entry.place.endswith(NOTEBOOKS):
        return _CELLS.filled(of=enumerated(cells))
    lines = {one.cell: one.line for one in reversed(entry.findings) if one.cell in cells}
    return _LINES.filled(of=enumerated(sorted(lines.values()))) if lines else "—"
