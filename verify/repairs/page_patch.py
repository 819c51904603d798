"""What the ledger's repairs make of an official page, in the manner of its own files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from verify.contract.contract import Contract
from verify.errors import UsageError
from verify.ledger.erratum import Erratum
from verify.page import reader, text_cells
from verify.page.code import installs
from verify.page.page import Block
from verify.repairs import catalogues, notebook_file, repaired_pages, text_file
from verify.repairs.catalogues import TranslatedProse
from verify.repairs.notebook_file import Stored


@dataclass(frozen=True)
class PatchOutcome:
    """What becomes of one erratum: the cells that change, and where it could not be repaired.

    With neither, the page has been repaired already.
    """

    erratum: Erratum
    cells: tuple[int, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Patch:
    """The texts of a page and its catalogues after all repairs, and what became of each erratum."""

    texts: Mapping[str, str]
    outcomes: tuple[PatchOutcome, ...]


def of_page(
    contract: Contract,
    texts: Mapping[str, str],
    places: Mapping[int, int],
    stored: Mapping[int, Stored],
) -> Patch:
    """Make every repair that fits; one whose translation cannot follow is not made.

    Args:
        contract: whose ledger it is.
        texts: the page and its catalogues by their paths, line ends as they are.
        places: where each cell of the contract is on this page.
        stored: what code cells of a notebook are to have stored from now on.

    Raises:
        UsageError: the page is not what its suffix says.
    """
    path = contract.official.path
    read = text_cells.with_cells(reader.of_text(texts[path], Path(path)))
    page = read.cells
    cells, becomes, outcomes = page, dict(texts), []
    for erratum in contract.errata:
        repairs, problems = _repaired(erratum, cells, places)
        try:
            becomes |= {
                each: _translated(each, text, erratum, cells, repairs)
                for each, text in becomes.items()
                if each != path
            }
        except UsageError as error:
            repairs, problems = cells, [*problems, str(error)]
        changed = [now.index for was, now in zip(cells, repairs, strict=True) if was != now]
        outcomes.append(PatchOutcome(erratum, tuple(changed), tuple(problems)))
        cells = repairs
    sources = {now.index: now.source for was, now in zip(page, cells, strict=True) if was != now}
    becomes[path] = (
        notebook_file.rewritten(texts[path], sources, stored)
        if read.is_notebook
        else text_file.rewritten(texts[path], page, sources)
    )
    return Patch(becomes, tuple(outcomes))


def _repaired(
    erratum: Erratum, cells: Sequence[Block], places: Mapping[int, int]
) -> tuple[tuple[Block, ...], list[str]]:
    """All cells after a repair, and where it found no place."""
    becomes, problems = [repaired_pages.reinstalled(cell, erratum) for cell in cells], []
    told = installs.told(cell.source for cell in cells)
    for number in erratum.cells:
        if number not in places:
            problems.append(f"cell {number} is gone")
            continue
        cell = becomes[places[number]]
        try:
            after = repaired_pages.after(erratum, cell, number, told)
        except UsageError as error:
            problems.append(f"cell {cell.index}: {error}")
            continue
        if after is None:
            problems.append(f"cell {cell.index} holds nothing that its repair finds")
        becomes[cell.index] = after or cell
    return tuple(becomes), problems


def _translated(
    path: str, text: str, erratum: Erratum, cells: Sequence[Block], repairs: Sequence[Block]
) -> str:
    """A catalogue after the repair of some prose."""
    pairs = [pair for pair in zip(cells, repairs, strict=True) if not pair[0].runs]
    changed = [
        TranslatedProse(was.source, now.source, erratum.apply) for was, now in pairs if was != now
    ]
    if not changed:
        return text
    others = [was.source for was, now in pairs if was == now]
    try:
        return catalogues.rewritten(text, changed, others)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
