"""Tables as pandas shows them, in HTML and as text: columns, rows, and the shape that is told."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from verify.page.prose import numerals

_SHAPE = re.compile(r"^\[?(\d+) rows [x\u00d7] (\d+) columns\]?$")
_FRAME = re.compile(r'<table\b[^>]*class="[^"]*\bdataframe\b', re.IGNORECASE)
_GAP = re.compile(r"\s{2,}")


@dataclass(frozen=True)
class Table:
    """A table: each row begins with its index. `shape` is told where rows or columns are cut."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shape: tuple[int, int] | None = None


def of_html(text: str) -> Table | None:
    """The first table of a data frame in HTML."""
    if not _FRAME.search(text):
        return None
    reader = _Reader()
    reader.feed(text)
    heads = [[cell for cell in row if cell] for row in reader.heads]
    columns = max(heads, key=len, default=[])
    shape = next((found for line in reader.lines if (found := _shape(line))), None)
    return Table(tuple(columns), tuple(map(tuple, reader.rows)), shape)


class _Reader(HTMLParser):
    """Collects the cells of a table's head and body, and the lines of text beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.heads: list[list[str]] = []
        self.rows: list[list[str]] = []
        self.lines: list[str] = []
        self._into = self.rows
        self._cell = False

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag in ("thead", "tbody"):
            self._into = self.heads if tag == "thead" else self.rows
        elif tag == "tr":
            self._into.append([])
        elif tag in ("td", "th") and self._into:
            self._into[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._into[-1][-1] += data.strip()
        elif data.strip():
            self.lines.append(data.strip())


def split(lines: Sequence[str]) -> Iterator[str | Table]:
    """The lines of a text, and in their place the tables among them."""
    at = 0
    while at < len(lines):
        table, end = _of_lines(lines, at)
        yield table or lines[at]
        at = end if table else at + 1


def _of_lines(lines: Sequence[str], start: int) -> tuple[Table | None, int]:
    """A table that begins at a line, and the line after it."""
    parts: list[Table] = []
    at = start
    while (part := _part(lines, at)) and (not parts or _continues(parts[0], part[0])):
        parts.append(part[0])
        wrapped = lines[at].rstrip().endswith("\\")
        at = part[1]
        if not wrapped:
            break
        while at < len(lines) and not lines[at].strip():
            at += 1
    if not parts:
        return None, start
    shape, told = None, next((i for i in (at, at + 1) if i < len(lines) and lines[i].strip()), at)
    if told < len(lines) and (shape := _shape(lines[told].strip())):
        at = told + 1
    rows = zip(*(part.rows for part in parts), strict=True)
    joined = [
        (first[0], *first[1:], *(c for row in more for c in row[1:])) for first, *more in rows
    ]
    return Table(tuple(c for part in parts for c in part.columns), tuple(joined), shape), at


def _part(lines: Sequence[str], at: int) -> tuple[Table, int] | None:
    """A head and the rows whose cells end where its names do, as pandas aligns them."""
    head = lines[at].rstrip().removesuffix("\\").rstrip() if at < len(lines) else ""
    if not head.startswith(" ") or not head.strip():
        return None
    # Printed after a space that is not its own, only the head of a table moves.
    return _under(head, lines, at) or _under(head[1:], lines, at)


def _under(head: str, lines: Sequence[str], at: int) -> tuple[Table, int] | None:
    names = [name for name in _GAP.split(head.strip()) if name]
    ends, place = [], 0
    for name in names:
        place = head.index(name, place) + len(name)
        ends.append(place)
    rows: list[tuple[str, ...]] = []
    while at + len(rows) + 1 < len(lines) and (row := _row(lines[at + len(rows) + 1], ends)):
        rows.append(row)
    if len({len(row) for row in rows}) != 1:
        return None
    return Table(tuple(names), tuple(rows)), at + len(rows) + 1


def _row(line: str, ends: Sequence[int]) -> tuple[str, ...] | None:
    """A row's index and cells, if each cell ends at its place and something is before the first."""
    line = line.rstrip()
    line = line.removesuffix("\\").rstrip()
    if len(line) != ends[-1] or line.startswith(" "):
        return None
    if any(line[end - 1] == " " or line[end : end + 1].strip() for end in ends):
        return None
    first, *cells = (line[a:b].strip() for a, b in zip([0, *ends], ends, strict=False))
    index, _, value = first.rpartition("  ")
    return (index.strip(), value, *cells) if index.strip() else None


def _continues(first: Table, part: Table) -> bool:
    return [row[0] for row in first.rows] == [row[0] for row in part.rows]


def _shape(line: str) -> tuple[int, int] | None:
    found = _SHAPE.match(line)
    return (numerals.whole(found[1]), numerals.whole(found[2])) if found else None
