"""Official pages as the ledger's repairs leave them, and pages that somebody has repaired so."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

from verify.contract.contract import Contract
from verify.errors import UsageError
from verify.ledger import repairing
from verify.ledger.erratum import Edit, Erratum
from verify.page.code import installs
from verify.page.page import Block, Page

# The ids of the errata that are repaired, by the cells in which they are.
Repaired = Mapping[int, tuple[str, ...]]


def after(erratum: Erratum, cell: Block, number: int, told: Collection[str]) -> Block | None:
    """A cell after a repair, the same if nothing is left to be repaired.

    Args:
        erratum: what is repaired.
        cell: one of its cells.
        number: which of its cells.
        told: the packages that the page tells its reader to install.

    Returns:
        The cell, or None if it holds neither what the repair finds nor what it leaves.

    Raises:
        UsageError: what the repair leaves is no Python.
    """
    edits = list(_edits(erratum, first=number == erratum.cells[0], told=told))
    fitting = [edit for edit in edits if _fits(edit, cell)]
    if fitting:
        return replace(cell, source=repairing.cell(cell, fitting))
    return cell if not edits or any(repairing.is_made(edit, cell) for edit in edits) else None


def recognised(contract: Contract, before: Page, now: Page) -> Repaired:
    """Which errata a page has repaired just as the ledger does.

    Args:
        contract: whose ledger it is.
        before: the page that the contract speaks of.
        now: the page as it is.
    """
    told = installs.told(cell.source for cell in before.cells)
    pairs = zip(before.cells, now.cells)  # noqa: B905  # what came behind is no repair
    found = (
        (cell.index, _made(contract, cell, becomes.source, told))
        for cell, becomes in pairs
        if cell.source != becomes.source
    )
    return {index: ids for index, ids in found if ids}


def reinstalled(cell: Block, erratum: Erratum) -> Block:
    """A cell that asks pip for something, after a repair of that."""
    for edit in erratum.apply:
        if edit.instead and edit.instead in installs.requirements([cell.source]):
            source = cell.source.replace(edit.instead, edit.install or "")
            cell = replace(cell, source=source)
    return cell


def _edits(erratum: Erratum, *, first: bool, told: Collection[str]) -> Iterator[Edit]:
    """What a page has to change in one cell; an installation stands where it is needed first."""
    for edit in erratum.apply:
        if edit.install is None:
            yield edit
        elif edit.instead is None and first and edit.install not in told:
            yield Edit(before=f"%pip install {edit.install}\n")


def _fits(edit: Edit, cell: Block) -> bool:
    if edit.before is not None:
        return cell.runs and not repairing.is_made(edit, cell)
    return repairing.finds(edit, cell)


def _made(contract: Contract, cell: Block, source: str, told: Collection[str]) -> tuple[str, ...]:
    """The errata whose repairs, one after the other, make the source of a cell."""
    errata = [erratum for erratum in contract.errata if cell.index in erratum.cells]
    for count in range(1, len(errata) + 1):
        for some in combinations(errata, count):
            if _all(some, cell, told) == source:
                return tuple(erratum.id for erratum in some)
    return ()


def _all(errata: Collection[Erratum], cell: Block, told: Collection[str]) -> str | None:
    becomes: Block | None = cell
    with suppress(UsageError):
        for erratum in errata:
            becomes = becomes and after(erratum, becomes, cell.index, told)
        return becomes.source if becomes else None
    return None
