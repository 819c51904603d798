"""Where text can be changed so that it is certainly wrong: links, numbers, words, conclusions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.mutants.places import misspelt
from tests.mutants.reading import Change
from verify.page.page import Link, LinkKind, Page, Prose, Role

_SLIPS = {
    "before": "befroe",
    "between": "bewteen",
    "different": "diffrent",
    "environment": "enviroment",
    "example": "exmaple",
    "following": "follwing",
    "function": "fucntion",
    "necessary": "neccessary",
    "number": "nubmer",
    "parameters": "paramters",
    "receive": "recieve",
    "the": "teh",
    "training": "trainning",
    "which": "whcih",
    "with": "wiht",
}
_OPPOSITES = (
    ("better", "worse"),
    ("higher", "lower"),
    ("更高", "更低"),
    ("更好", "更差"),
    ("优于", "不如"),
    ("不如", "优于"),
)
_WORD = re.compile(r"(?<![\w`/.\-<>\[(*:])[a-z]{3,}(?= [a-z]+[ .,])")
_MAY_REPEAT = ("far", "had", "many", "more", "much", "really", "that", "very")
_NUMBER = re.compile(r"(?<![\w.,/×-])\d+(?![\w.,/%×-]|\.\d)")
# Below that, 1, 2 and 3 are likelier a row than a sum.
_LITTLE = 20
_SENTENCE = re.compile(r"[^.!?。！？\n]+")
_PIP = re.compile(r"^[ $]*(?:python -m )?pip install .*", re.MULTILINE)
_OPTION = re.compile(r"(?<= --)[a-z]{5,}(?=[ =\n])")
_TARGET = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Text:
    """A Markdown cell, or the whole of a Markdown or reStructuredText page."""

    page: Page
    cell: int | None
    source: str
    release: str = ""

    def change(self, start: int, end: int, becomes: str) -> Change:
        """A change of a stretch of the source."""
        was = self.source[start:end]
        says = f"{was} → {becomes}" if becomes else f"without {was}"
        return Change(-1 if self.cell is None else self.cell, start, end, becomes, says)

    @property
    def links(self) -> Iterator[tuple[Link, int]]:
        """The links of this text, each with the offset of its target, each target once."""
        for target, link in {link.target: link for link in self.page.links}.items():
            if link.cell == self.cell and target and target in self.source:
                yield link, self.source.index(target)

    def pieces(self) -> Iterator[tuple[int, str]]:
        """Stretches of prose that stand in the source as they are, with their offsets.

        Whole paragraphs, or of those with links and the like the lines that have none.
        """
        for piece in self.page.prose:
            if piece.cell != self.cell:
                continue
            lines = piece.text.split("\n"), piece.words.split("\n")
            whole = piece.text in self.source
            for text, words in [(piece.text, piece.words)] if whole else zip(*lines, strict=True):
                if words.strip() and text in self.source:
                    yield self.source.index(text), words


TextOperator = Callable[[Text], Iterator[Change]]


def link_broken(text: Text) -> Iterator[Change]:
    """A link to another page leads nowhere."""
    yield from _elsewhere(text, LinkKind.LINK, LinkKind.DOCUMENT)


def picture_missing(text: Text) -> Iterator[Change]:
    """A picture is not there."""
    yield from _elsewhere(text, LinkKind.IMAGE)


def _elsewhere(text: Text, *kinds: LinkKind) -> Iterator[Change]:
    for link, start in text.links:
        path = link.target.partition("#")[0]
        if link.kind in kinds and path and ":" not in path and not path.startswith("/"):
            name = PurePosixPath(path).stem
            begins = start + link.target.rindex(name)
            yield text.change(begins, begins + len(name), misspelt(name))


def anchor_broken(text: Text) -> Iterator[Change]:
    """A link to a place within a page names one that is not there."""
    for link, start in text.links:
        anchor = link.target.rpartition("#")[2] if "#" in link.target else ""
        label = link.target if link.kind is LinkKind.LABEL else anchor
        if label and "://" not in link.target:
            begins = start + len(link.target) - len(label)
            yield text.change(begins, begins + len(label), misspelt(label))


def link_emptied(text: Text) -> Iterator[Change]:
    """A link of Markdown has no target."""
    if text.page.path.suffix != ".rst":
        for match in _TARGET.finditer(text.source):
            yield text.change(*match.span(1), "")


def version_left(text: Text) -> Iterator[Change]:
    """A link into the documentation of the page's release leads to an older one."""
    marked = f"/v{text.release}/"
    for link, start in text.links:
        if text.release and marked in link.target:
            begins = start + link.target.index(marked) + 2
            yield text.change(begins, begins + len(text.release), "1.2.0b0")


def version_changed(text: Text) -> Iterator[Change]:
    """The page names another release than the one that it is about."""
    for offset, words in text.pieces():
        if text.release and text.release in words:
            begins = offset + words.index(text.release)
            yield text.change(begins, begins + len(text.release), "1.2.0b0")


def option_misspelt(text: Text) -> Iterator[Change]:
    """A command of pip has an option that nearly is its own."""
    if text.release:
        for command in _PIP.finditer(text.source):
            for option in _OPTION.finditer(text.source, *command.span()):
                yield text.change(*option.span(), misspelt(option[0]))


def sum_changed(text: Text) -> Iterator[Change]:
    """Of numbers in a sentence of which one is the sum of the others, one is another."""
    for offset, words in text.pieces():
        for sentence in _SENTENCE.finditer(words):
            found = list(_NUMBER.finditer(words, sentence.start(), sentence.end()))
            numbers = [int(match[0]) for match in found]
            if len(found) > 2 and 2 * max(numbers) == sum(numbers) > _LITTLE:
                for match in found:
                    yield from _slips(text, offset, match)


def total_changed(text: Text) -> Iterator[Change]:
    """A number of a table's column whose last one is the sum of the others is another."""
    columns: dict[tuple[int | None, int], list[Prose]] = {}
    for piece in text.page.prose:
        if piece.cell == text.cell and piece.role is Role.TABLE_CELL and piece.text.isdigit():
            columns.setdefault((piece.group, piece.place[1]), []).append(piece)
    for pieces in columns.values():
        *parts, total = (int(piece.text) for piece in pieces)
        if len(parts) > 1 and sum(parts) == total:
            for piece in pieces:
                yield from _in_line(text, piece)


def _in_line(text: Text, piece: Prose) -> Iterator[Change]:
    """A change of a number that stands once in the piece's own line."""
    first = text.page.cells[text.cell].line if text.cell else 1
    lines = text.source.splitlines(keepends=True)
    row = piece.line - first
    found = list(re.finditer(rf"\b{piece.text}\b", lines[row])) if row < len(lines) else []
    if len(found) == 1:
        yield from _slips(text, sum(map(len, lines[:row])), found[0])


def number_changed(text: Text) -> Iterator[Change]:
    """Any number is another."""
    for offset, words in text.pieces():
        for match in _NUMBER.finditer(words):
            yield from _slips(text, offset, match)


def link_changed(text: Text) -> Iterator[Change]:
    """Any link leads elsewhere."""
    for link, start in text.links:
        yield text.change(start, start + len(link.target), f"{link.target}x")


def parameter_changed(text: Text) -> Iterator[Change]:
    """The prose names a parameter in code with another value than the code gives it."""
    given = dict(_parameters(text.page))
    for offset, words in text.pieces():
        original = text.source[offset : offset + len(words)]
        for sentence in _SENTENCE.finditer(original):
            for match in _NUMBER.finditer(words, sentence.start(), sentence.end()):
                names = {name for name, values in given.items() if values == {match[0]}}
                if any(f"`{name}`" in sentence[0] or f" {name}" in sentence[0] for name in names):
                    yield from _slips(text, offset, match)


def _slips(text: Text, offset: int, match: re.Match[str]) -> Iterator[Change]:
    """The number with another last digit, and with another first one."""
    start, end = offset + match.start(), offset + match.end()
    number = match[0]
    last = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    first = f"{int(number[0]) % 9 + 1}{number[1:]}"
    for other in dict.fromkeys((last, first)):
        yield text.change(start, end, other)


def _parameters(page: Page) -> Iterator[tuple[str, set[str]]]:
    """The names that the code gives numbers to, with these."""
    code = "\n".join(code.source for code in page.python)
    for name in set(re.findall(r"\b([a-z]{4,}(?:_[a-z]+)*) ?= ?\d+\b(?!\.)", code)):
        yield name, set(re.findall(rf"\b{name} ?= ?(\d+)\b(?!\.)", code))


def word_doubled(text: Text) -> Iterator[Change]:
    """A word stands twice in a row."""
    for start, end in _words(text):
        word = text.source[start:end]
        if word not in _MAY_REPEAT:
            yield text.change(start, end, f"{word} {word}")


def word_misspelt(text: Text) -> Iterator[Change]:
    """A common slip of the pen."""
    for start, end in _words(text):
        if slip := _SLIPS.get(text.source[start:end]):
            yield text.change(start, end, slip)


def _words(text: Text) -> Iterator[tuple[int, int]]:
    labels = {piece.words for piece in text.page.prose if piece.role is Role.TABLE_CELL}
    for offset, words in text.pieces():
        for match in _WORD.finditer(words) if words not in labels else ():
            yield offset + match.start(), offset + match.end()


def comma_halved(text: Text) -> Iterator[Change]:
    """A comma between Chinese characters is a Latin one."""
    for offset, words in text.pieces():
        for match in re.finditer(r"(?<=[\u4e00-\u9fff])，(?=[\u4e00-\u9fff])", words):
            yield text.change(offset + match.start(), offset + match.end(), ",")


def conclusion_reversed(text: Text) -> Iterator[Change]:
    """A comparison says the opposite."""
    for offset, words in text.pieces():
        for word, opposite in _OPPOSITES:
            for match in re.finditer(word, words):
                yield text.change(offset + match.start(), offset + match.end(), opposite)
