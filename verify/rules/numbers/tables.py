"""Rows and columns labelled as totals, against the numbers that they sum up."""

import re
from collections.abc import Iterator

from verify.page.page import Page, Prose, Role
from verify.page.prose import numerals
from verify.rules.numbers.conflict import Conflict, shown
from verify.system.words import Words

_OTHER_SUM = Words(
    zh="表中给出的总数是 {total}，而各数加起来是 {sum}。",
    en="The table gives {total} as the total of numbers that add up to {sum}.",
)
_CORRECT = Words(zh="请改正总数或它的各部分。", en="Correct the total or its parts.")

_TOTAL = re.compile(
    r"\W*(?:grand\s)?(?:total|sum|in total|all|合计|总计|总数|总和|共计|总共)\W*", re.IGNORECASE
)
_WHOLE = re.compile(rf"\s*({numerals.DIGITS})\s*")

Table = dict[tuple[int, int], Prose]


def conflicts(page: Page) -> Iterator[Conflict]:
    """The totals of a page's tables that are no totals."""
    for table in of_page(page):
        rows = 1 + max(row for row, _ in table)
        columns = 1 + max(column for _, column in table)
        yield from _total_row(table, rows, columns)
        yield from _total_column(table, rows, columns)


def of_page(page: Page) -> list[Table]:
    """The tables of a page, each by row and column."""
    found: dict[int, Table] = {}
    for piece in page.prose:
        if piece.role is Role.TABLE_CELL and piece.group is not None and len(piece.place) > 1:
            found.setdefault(piece.group, {})[piece.place[0], piece.place[1]] = piece
    return list(found.values())


def _number(table: Table, row: int, column: int) -> float | None:
    """A whole number; what has decimals may be a mean or a measure."""
    piece = table.get((row, column))
    found = _WHOLE.fullmatch(piece.text) if piece else None
    return None if found is None or "." in found[1] else numerals.of_digits(found[1])


def _is_total(table: Table, row: int, column: int) -> bool:
    piece = table.get((row, column))
    return piece is not None and _TOTAL.fullmatch(piece.text) is not None


def _total_row(table: Table, rows: int, columns: int) -> Iterator[Conflict]:
    last = rows - 1
    if not _is_total(table, last, 0) or any(_is_total(table, row, 0) for row in range(1, last)):
        return
    for column in range(1, columns):
        total = _number(table, last, column)
        parts = [_number(table, row, column) for row in range(1, last)]
        numbers = [part for part in parts if part is not None]
        if total is None or len(numbers) < 2 or len(numbers) < len(parts):  # noqa: PLR2004
            continue
        # A larger number than the total beside it: then the row is no sum, but a measure.
        if sum(numbers) != total and max(numbers) <= total:
            yield _conflict(table[last, column], sum(numbers), total)


def _total_column(table: Table, rows: int, columns: int) -> Iterator[Conflict]:
    last = columns - 1
    if not _is_total(table, 0, last):
        return
    right = 0
    wrong: list[tuple[Prose, float, float]] = []
    for row in range(1, rows):
        total = _number(table, row, last)
        parts = [_number(table, row, column) for column in range(1, last)]
        numbers = [part for part in parts if part is not None]
        if total is None or len(numbers) < 2 or len(numbers) < len(parts):  # noqa: PLR2004
            continue
        if sum(numbers) == total:
            right += 1
        else:
            wrong.append((table[row, last], sum(numbers), total))
    # Where no row is a sum, the column means something else by its name.
    if right >= len(wrong):
        for piece, value, total in wrong:
            yield _conflict(piece, value, total)


def _conflict(piece: Prose, value: float, total: float) -> Conflict:
    message = _OTHER_SUM.filled(total=shown(total), sum=shown(value))
    return Conflict(piece, 0, message, _CORRECT)
