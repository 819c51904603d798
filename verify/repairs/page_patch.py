"""What the ledger's repairs make of an official page, in the manner of its own files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from verify.errors import UsageError
from verify.ledger.erratum import Erratum
from verify.page import reader, text_cells
from verify.page.code import installs
from verify.page.page import Block, Page
from verify.repairs import catalogues, notebook_file, repaired_pages, text_file
from verify.repairs.catalogues import TranslatedProse
from verify.repairs.notebook_file import Stored
from verify.system.complaints import why
from verify.system.words import Text, Words

_GONE = Words(zh="单元格 {cell} 已不存在", en="cell {cell} is gone")
_IN_CELL = Words(zh="单元格 {cell}：{why}", en="cell {cell}: {why}")
_NOT_FOUND = Words(
    zh="单元格 {cell} 里没有它的修正要找的内容",
    en="cell {cell} holds nothing that its repair finds",
)


@dataclass(frozen=True)
class PatchOutcome:
    """What becomes of one erratum: the cells that change, and where it could not be repaired.

    With neither, the page has been repaired already. `lines` are those of the file at which the
    cells begin to change.
    """

    erratum: Erratum
    cells: tuple[int, ...]
    problems: tuple[Text, ...]
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Patch:
    """The texts of a page and its catalogues after all repairs, and what became of each erratum."""

    texts: Mapping[str, str]
    outcomes: tuple[PatchOutcome, ...]


def read(path: str, text: str) -> Page:
    """A page with cells, also where its file has none; a text without code is one cell of prose.

    Raises:
        UsageError: the text is not what its suffix says.
    """
    page = text_cells.with_cells(reader.of_text(text.replace("\r\n", "\n"), Path(path)))
    if page.is_notebook or page.cells:
        return page
    return replace(page, cells=(Block(page.text, 1, page.path.suffix[1:], 0, kind="markdown"),))


def of_page(
    errata: Iterable[Erratum],
    path: str,
    texts: Mapping[str, str],
    places: Mapping[int, int],
    stored: Mapping[int, Stored],
) -> Patch:
    """Make every repair that fits; one whose translation cannot follow is not made.

    Args:
        errata: what is repaired, in this order.
        path: the page's.
        texts: the page and its catalogues by their paths, line ends as they are.
        places: where each cell that the errata name is on this page.
        stored: what code cells of a notebook are to have stored from now on.

    Raises:
        UsageError: the page is not what its suffix says.
    """
    page = read(path, texts[path])
    cells, becomes, outcomes = page.cells, dict(texts), []
    for erratum in errata:
        repairs, problems = _repaired(erratum, cells, places)
        try:
            becomes |= {
                each: _translated(each, text, erratum, cells, repairs)
                for each, text in becomes.items()
                if each != path
            }
        except UsageError as error:
            repairs, problems = cells, [*problems, why(error)]
        pairs = [pair for pair in zip(cells, repairs, strict=True) if pair[0] != pair[1]]
        changed, lines = [was.index for was, _ in pairs], [_line(*pair) for pair in pairs]
        outcomes.append(PatchOutcome(erratum, tuple(changed), tuple(problems), tuple(lines)))
        cells = repairs
    sources = {
        now.index: now.source for was, now in zip(page.cells, cells, strict=True) if was != now
    }
    becomes[path] = (
        notebook_file.rewritten(texts[path], sources, stored)
        if page.is_notebook
        else text_file.rewritten(texts[path], page.cells, sources)
    )
    return Patch(becomes, tuple(outcomes))


def _line(was: Block, now: Block) -> int:
    """The line of the file at which a cell begins to change."""
    rows = zip(was.source.split("\n"), now.source.split("\n"))  # noqa: B905  # one may end
    same = takewhile(lambda pair: pair[0] == pair[1], rows)
    return was.line_of(sum(1 for _ in same))


def _repaired(
    erratum: Erratum, cells: Sequence[Block], places: Mapping[int, int]
) -> tuple[tuple[Block, ...], list[Text]]:
    """All cells after a repair, and where it found no place."""
    becomes = [repaired_pages.reinstalled(cell, erratum) for cell in cells]
    problems: list[Text] = []
    told = installs.told(cell.source for cell in cells)
    for number in erratum.cells:
        if number not in places:
            problems.append(_GONE.filled(cell=number))
            continue
        cell = becomes[places[number]]
        try:
            after = repaired_pages.after(erratum, cell, number, told)
        except UsageError as error:
            problems.append(_IN_CELL.filled(cell=cell.index, why=error))
            continue
        if after is None:
            problems.append(_NOT_FOUND.filled(cell=cell.index))
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
        raise UsageError(
            Words(zh="{path}：{error}", en="{path}: {error}").filled(path=path, error=error)
        ) from error
