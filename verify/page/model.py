"""A page as the static checks read it: code, prose, links and stored outputs, each with its line.

The same for notebooks, Markdown and reStructuredText; the readers are beside this file.
"""

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path

from verify.page import magics
from verify.page.notebook import Notebook


@dataclass(frozen=True)
class Output:
    """A stored output: `name` is stdout, stderr, display or error, `mime` the types it has."""

    name: str
    text: str
    mime: tuple[str, ...] = ()
    execution_count: int | None = None


@dataclass(frozen=True)
class Code:
    """A code cell, or a code block of a text page.

    `line` is where the source's first line stands in the file; `rows` is 1 where each line of the
    source has its own line in the file, and 0 where they share one. `runs` tells a code cell from
    a block that only shows code, also inside a Markdown cell.
    """

    source: str
    language: str
    line: int
    cell: int | None = None
    rows: int = 1
    runs: bool = False
    outputs: tuple[Output, ...] = ()
    execution_count: int | None = None

    @property
    def is_python(self) -> bool:
        """Whether the block is Python, by its own word."""
        return self.language in ("python", "python3", "py", "ipython", "ipython3")

    @property
    def python(self) -> str:
        """The source as Python's parser can read it, line for line."""
        return magics.python_of(self.source)

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
        return self.line + self.text.count("\n", 0, offset) * self.rows


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
class Page:
    """One page. `labels` are explicit anchors, beside those that headings give."""

    path: Path
    text: str = field(repr=False)
    codes: tuple[Code, ...] = ()
    prose: tuple[Prose, ...] = ()
    links: tuple[Link, ...] = ()
    labels: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    notebook: Notebook | None = None

    @property
    def python(self) -> tuple[Code, ...]:
        """The Python code, in order."""
        return tuple(code for code in self.codes if code.is_python)

    @property
    def python_cells(self) -> tuple[Code, ...]:
        """The Python code that a kernel runs, in order; nothing where the page is no notebook."""
        return tuple(code for code in self.python if code.runs)

    @property
    def headings(self) -> tuple[Prose, ...]:
        """The headings, in order."""
        return tuple(piece for piece in self.prose if piece.role is Role.HEADING)

    @cached_property
    def is_chinese(self) -> bool:
        """Whether the prose is Chinese, by its characters."""
        words = "".join(piece.words for piece in self.prose)
        return sum("\u4e00" <= c <= "\u9fff" for c in words) > len(words) / 20
