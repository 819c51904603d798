"""Steps in another order than the page has them, in several places, or missing."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tests.mutants.places import some
from tests.mutants.reading import tree_of
from verify.page.page import Block


@dataclass(frozen=True)
class Order:
    """Cells in that order; `step` is where it shows, `meant` who must notice, if it is a defect."""

    kind: str
    step: str
    says: str
    meant: tuple[str, ...]
    cells: list[Block]


def of_cells(
    cells: Sequence[Block], calling: Collection[int], count: int, seed: int
) -> Iterator[Order]:
    """Some of each kind; the seed chooses the steps.

    Args:
        cells: the document's.
        calling: the cells that call something, and so call it twice where they run twice.
        count: how many of each kind.
        seed: the seed.
    """
    steps = [cell for cell in cells if cell.runs and cell.step]
    for cell in some(steps, count, f"{seed} dropped"):
        left = [other for other in cells if other.step != cell.step]
        yield _order("a step dropped", cell, "gone", left)
    for one, other in some(list(pairwise(steps)), count, f"{seed} swapped"):
        swapped = _swapped(cells, one, other)
        yield _order("two steps swapped", other, f"before {one.step}", swapped)
    for one, other in some(_apart(steps), count, f"{seed} far"):
        swapped = _swapped(cells, one, other)
        yield _order("two steps far apart swapped", one, f"and {other.step}", swapped)
    for cell, other in some(_apart(steps), count, f"{seed} later"):
        moved = _after(other, [cell], [one for one in cells if one is not cell])
        yield _order("a step moved", cell, f"after {other.step}", moved)
    for cell, other in some(_apart(steps), count, f"{seed} twice"):
        again = _after(other, [cell], cells)
        yield _order("a step in two places", cell, f"again after {other.step}", again)
    for cell in some([cell for cell in steps if cell.index in calling], count, f"{seed} repeated"):
        again = _after(cell, [cell], cells)
        yield _order("a step repeated", cell, "at once", again, check="facts")
    yield from _cut(cells, steps, count, seed)
    for cell in some(steps, 1, f"{seed} strange"):
        more = _after(cell, [replace(cell, step=None)], cells)
        yield Order("a cell beside the page", "", "once more", ("pins",), more)


def _cut(cells: Sequence[Block], steps: Sequence[Block], count: int, seed: int) -> Iterator[Order]:
    """Steps cut in two cells, in a row, which is no defect, or apart."""
    halved = [(*pair, half) for pair in pairwise(steps) if (half := _half(pair[0]))]
    for cell, following, (first, last) in some(halved, count, f"{seed} halved"):
        if cell.step == following.step:
            continue
        begun = [first if one is cell else one for one in cells]
        near = _after(first, [last], begun)
        yield Order("a step in two cells", str(cell.step), "in a row", (), near)
        apart = _after(following, [last], begun)
        yield _order("a step cut in two", cell, f"the rest after {following.step}", apart)


def _order(kind: str, cell: Block, says: str, cells: list[Block], *, check: str = "steps") -> Order:
    return Order(kind, str(cell.step), says, (f"{check}:{cell.step}",), cells)


def _swapped(cells: Sequence[Block], one: Block, other: Block) -> list[Block]:
    order = {one.index: other, other.index: one}
    return [order.get(cell.index, cell) for cell in cells]


def _after(cell: Block, some_: Sequence[Block], cells: Sequence[Block]) -> list[Block]:
    """The cells with others put in after one of them."""
    place = next(i for i, one in enumerate(cells) if one is cell) + 1
    return [*cells[:place], *some_, *cells[place:]]


def _apart(steps: Sequence[Block]) -> list[tuple[Block, Block]]:
    """Steps, each with one that is not the next."""
    later = ((one, other) for i, one in enumerate(steps) for other in steps[i + 2 :])
    return [(one, other) for one, other in later if one.step != other.step]


def _half(cell: Block) -> tuple[Block, Block] | None:
    """A cell as two of the same step, cut between two statements."""
    body = tree_of(cell).body
    if len(body) < 2:
        return None
    row = body[len(body) // 2].lineno - 1
    lines = cell.source.split("\n")
    first, last = ("\n".join(part) for part in (lines[:row], lines[row:]))
    return replace(cell, source=first), replace(cell, source=last)
