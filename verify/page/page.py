"""A page, whatever its format: its cells, code, prose, links and stored outputs, with their lines.

The same for notebooks, Markdown and reStructuredText; the readers are beside this file.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from verify.page import magics
from verify.system import digests

PICTURE = "\ufffc"  # stands in a text for what is there without words
NOTEBOOKS = (".ipynb", ".py")


@dataclass(frozen=True)
class Output:
    """A stored output: `name` is stdout, stderr, display or error, `mime` the types it has."""

    name: str
    text: str
    mime: tuple[str, ...] = ()
    execution_count: int | None = None


@dataclass(frozen=True)
class Block:
    """A cell of a notebook, or a block of code that a text shows.

    `line` is where the source's first line stands in the file; `rows` is 1 where each line of the
    source has its own line in the file, and 0 where they share one, as in JSON that holds the
    source as one string. `cell` is the 0-based index, over all cells, of the cell that it is or
    stands in. `kind` is code, markdown or raw of a cell; a block that is none is only shown.
    """

    source: str
    line: int
    language: str = ""
    cell: int | None = None
    rows: int = 1
    kind: str = "shown"
    step: str | None = None
    outputs: tuple[Output, ...] = ()
    execution_count: int | None = None
    tags: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()

    @property
    def index(self) -> int:
        """The index of a notebook's cell.

        Raises:
            AssertionError: it is a block of a page without cells.
        """
        if self.cell is None:
            raise AssertionError("a block of a page without cells has no index")
        return self.cell

    @property
    def runs(self) -> bool:
        """Whether it is a code cell."""
        return self.kind == "code"

    @property
    def may_raise(self) -> bool:
        """Whether the page says itself that the cell raises."""
        return "raises-exception" in self.tags

    @property
    def is_skipped(self) -> bool:
        """Whether the page says itself that the cell is not to run."""
        return "skip-execution" in self.tags

    @property
    def is_python(self) -> bool:
        """Whether the block is Python, by its own word."""
        return self.language in ("python", "python3", "py", "ipython", "ipython3")

    @property
    def python(self) -> str:
        """The source as Python's parser can read it, line for line; see `verify.page.magics`."""
        return magics.python_of(self.source)

    @property
    def sha256(self) -> str:
        """Digest of the source, as pins keep it."""
        return digests.of(self.source)

    def line_of(self, row: int) -> int:
        """The line in the file of a 0-based line of the source."""
        return self.line + row * self.rows


class SpanKind(Enum):
    """What stands inside prose that is no prose."""

    CODE = "code"
    MATH = "math"
    URL = "url"


@dataclass(frozen=True)
class Span:
    """A stretch of a text, by its offsets."""

    start: int
    end: int
    kind: SpanKind


class Role(Enum):
    """What a piece of prose is on its page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "list item"
    TABLE_CELL = "table cell"


# Stands for each character of inline code, formulas and addresses: no letter, no space, and so it
# keeps the words on both sides apart.
NO_PROSE = "\ue000"


@dataclass(frozen=True)
class Prose:
    """A heading, a paragraph, a list item's text or a table's cell, without its markup.

    Lines of `text` are lines of the file. `spans` are inline code, formulas and addresses in it.
    `group` numbers the list or table that the piece belongs to, `place` is the item's number in
    its list, or (row, column) in its table.
    """

    text: str
    line: int
    role: Role
    cell: int | None = None
    rows: int = 1
    level: int = 0
    group: int | None = None
    place: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()

    @cached_property
    def words(self) -> str:
        """The text with everything that is no prose blanked out; offsets stay."""
        return self.masked(" ")

    def masked(self, mask: str) -> str:
        """The text with another character for each one that is no prose; offsets stay."""
        text = list(self.text)
        for span in self.spans:
            for i in range(span.start, span.end):
                if text[i] != "\n":
                    text[i] = mask
        return "".join(text)

    def line_at(self, offset: int) -> int:
        """The line in the file of an offset into the text."""
        return self.line + bisect_left(self._breaks, offset) * self.rows

    @cached_property
    def _breaks(self) -> list[int]:
        return [at for at, sign in enumerate(self.text) if sign == "\n"]


class LinkKind(Enum):
    """How a page points somewhere."""

    LINK = "link"
    IMAGE = "picture"
    DOCUMENT = "document"
    LABEL = "label"
    FILE = "file"
    UNDEFINED = "undefined name"  # a reference of reStructuredText to a name the page lacks


@dataclass(frozen=True)
class Link:
    """A link, a picture, a toctree entry, a cross reference (LABEL) or an included file."""

    target: str
    text: str
    kind: LinkKind
    line: int
    cell: int | None = None


@dataclass(frozen=True)
class Name:
    """A dotted name that the page documents or refers to as Python's, such as autodoc's."""

    dotted: str
    line: int


@dataclass(frozen=True)
class Complaint:
    """What the format's own parser says of a text, at its levels: 2 a warning, 3 and 4 errors."""

    level: int
    said: str
    line: int


@dataclass
class Parts:
    """What a text consists of, in order; `groups` counts its lists and tables."""

    codes: list[Block] = field(default_factory=list)
    prose: list[Prose] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    groups: int = 0


class Stretch(NamedTuple):
    """Code cells of one step that nothing of another step comes between."""

    step: str
    cells: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """One page. `cells` are a notebook's; what its text has is read when first asked for."""

    path: Path
    text: str = field(repr=False)
    cells: tuple[Block, ...] = ()

    @property
    def is_notebook(self) -> bool:
        """Whether it is a page with cells."""
        return self.path.suffix in NOTEBOOKS

    def cells_of_step(self, step: str) -> tuple[Block, ...]:
        """The code cells that carry out one step, in order."""
        return tuple(self._by_step.get(step, ()))

    @cached_property
    def _by_step(self) -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for cell in self.cells:
            if cell.runs and cell.step is not None:
                found.setdefault(cell.step, []).append(cell)
        return found

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps in the order of their first cell."""
        return tuple(dict.fromkeys(cell.step for cell in self.cells if cell.step))

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The code as it stands: cells of one step in a row; a step in two places has two."""
        found: list[tuple[str, list[Block]]] = []
        for cell in self.cells:
            if not cell.runs or cell.step is None:
                continue
            if not found or found[-1][0] != cell.step:
                found.append((cell.step, []))
            found[-1][1].append(cell)
        return tuple(Stretch(step, tuple(cells)) for step, cells in found)

    @cached_property
    def _parts(self) -> Parts:
        from verify.page import parts  # noqa: PLC0415  # a run needs none of its parsers

        return parts.of_page(self)

    @cached_property
    def codes(self) -> tuple[Block, ...]:
        """The code cells and the blocks of code that texts show, in order."""
        return tuple(self._parts.codes)

    @cached_property
    def prose(self) -> tuple[Prose, ...]:
        """The prose, in order."""
        return tuple(self._parts.prose)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links, in order."""
        return tuple(self._parts.links)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Explicit anchors, beside those that headings give."""
        return tuple(self._parts.labels)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names of Python that the page documents or refers to."""
        return tuple(self._parts.names)

    @cached_property
    def complaints(self) -> tuple[Complaint, ...]:
        """What the parser of reStructuredText complains of."""
        return tuple(self._parts.complaints)

    @property
    def python(self) -> tuple[Block, ...]:
        """The Python code, in order."""
        return tuple(code for code in self.codes if code.is_python)

    @property
    def python_cells(self) -> tuple[Block, ...]:
        """The Python code that a kernel runs, in order; nothing where the page is no notebook."""
        return tuple(cell for cell in self.cells if cell.runs and cell.is_python)

    @property
    def headings(self) -> tuple[Prose, ...]:
        """The headings, in order."""
        return tuple(piece for piece in self.prose if piece.role is Role.HEADING)

    @cached_property
    def is_chinese(self) -> bool:
        """Whether the prose is Chinese, by its characters."""
        words = "".join(piece.words for piece in self.prose)
        return sum("\u4e00" <= c <= "\u9fff" for c in words) > len(words) / 20
