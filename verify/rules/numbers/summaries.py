"""Lines that count a table by the values of a column, such as `total = 5, ripe = 3, green = 2`."""

import re
from collections.abc import Iterator
from itertools import pairwise

from verify.finding import Severity
from verify.page.page import Page, Prose
from verify.page.prose import numerals
from verify.rules.numbers.conflict import Conflict
from verify.rules.numbers.tables import Table, of_page
from verify.system.words import Words

_PAIR = re.compile(
    r"(?P<label>[A-Za-z][A-Za-z ]*?)\s*[=:\uff1a]\s*(?P<number>\d+)\b(?!\.\d|\s*[%/])"
)
_TOTAL = "total"

_SAYS = Words(
    zh="这里写着 {label} 有 {said} 个，上面的表里却有 {counted} 个。",
    en="This counts {said} of {label}, but the table above has {counted}.",
)
_WRITE = Words(zh="写成 {counted}，或改正表格。", en="Write {counted}, or correct the table.")


def conflicts(page: Page) -> Iterator[Conflict]:
    """The numbers of the line under a table that are not those of its rows."""
    tables = {table[max(table)].group: table for table in of_page(page)}
    for before, below in pairwise(page.prose):
        if before.group in tables and before.group != below.group:
            yield from _of_line(below, tables[before.group])


def _of_line(line: Prose, table: Table) -> Iterator[Conflict]:
    """Only a line whose labels are a column's own values, and whose total fits, speaks of it."""
    said = {pair["label"].strip().lower(): pair for pair in _PAIR.finditer(line.text)}
    total = said.pop(_TOTAL, None)
    rows, last = max(table)
    if total is None or numerals.whole(total["number"]) != rows:
        return
    for column in range(last + 1):
        values = [_word(table, row, column) for row in range(1, rows + 1)]
        counted = {label: values.count(label.split()[0]) for label in said}
        if any(counted.values()):
            for label, pair in said.items():
                if counted[label] != numerals.whole(pair["number"]):
                    yield _conflict(line, pair, counted[label])
            return


def _word(table: Table, row: int, column: int) -> str:
    return table[row, column].text.strip().lower() if (row, column) in table else ""


def _conflict(line: Prose, pair: re.Match[str], counted: int) -> Conflict:
    words = _SAYS.filled(label=pair["label"].strip(), said=pair["number"], counted=counted)
    advice = _WRITE.filled(counted=counted)
    return Conflict(line, pair.start("number"), words, advice, Severity.WARNING)
