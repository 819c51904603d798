"""A notebook as its file has it: some of it rewritten, everything else left byte for byte."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from ast_grep_py import SgNode, SgRoot

from verify.errors import UsageError
from verify.system.words import Words

# A character as JSON writes it; one beyond 16 bits may be two escapes.
_UNIT = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\.|[^\\]", re.ASCII)
# Control characters have to be escaped in any file.
_ESCAPED = re.compile(r"\\u(?!00[01])[0-9a-fA-F]{4}")

# What a code cell has stored: its outputs as JSON has them, and the number of its execution.
Stored = tuple[Sequence[Any], int | None]
NOTHING: Stored = ((), None)


@dataclass(frozen=True)
class _Change:
    """A part of a text, and what comes in its place."""

    start: int
    end: int
    text: str


def rewritten(text: str, sources: Mapping[int, str], stored: Mapping[int, Stored]) -> str:
    """The text of an .ipynb file with other contents of some cells, in the file's own manner.

    Of a source only the characters that differ are written anew; of what is stored, all.

    Args:
        text: the file's text, its line ends as they are.
        sources: new sources, by the cell's index.
        stored: new outputs and execution counts; cells that are no code keep having none.

    Raises:
        UsageError: the text is no JSON, or no notebook of today's format.
    """
    cells, style = _cells(text), _Style.of(text)
    changes: list[_Change] = []
    for index, source in sources.items():
        changes += _of_source(text, cells[index]["source"], source, style)
    for index, (outputs, count) in stored.items():
        if "outputs" in (parts := cells[index]):
            changes += _of_value(text, parts["outputs"], list(outputs), style)
            changes += _of_value(text, parts["execution_count"], count, style)
    return _changed(text, changes)


@dataclass(frozen=True)
class _Style:
    """How a file writes its strings and lays out its arrays."""

    ascii: bool
    indent: str | None

    @classmethod
    def of(cls, text: str) -> "_Style":
        first = re.match(r"\s*\{\r?\n([ \t]+)\"", text)
        return cls(text.isascii() and bool(_ESCAPED.search(text)), first[1] if first else None)

    def string(self, text: str) -> str:
        """A string without its quotes."""
        return json.dumps(text, ensure_ascii=self.ascii)[1:-1]

    def value(self, value: object, depth: int, newline: str) -> str:
        written = json.dumps(value, ensure_ascii=self.ascii, indent=self.indent)
        return written.replace("\n", newline + (self.indent or "") * depth)


def _cells(text: str) -> list[dict[str, SgNode]]:
    """The values of each cell, by their keys."""
    root = SgRoot(text, "json").root()
    top = root.child(0)
    if root.find(kind="ERROR") or top is None or top.kind() != "object":
        raise UsageError(Words(zh="不是 JSON 对象。", en="is no JSON object."))
    cells = _values(top).get("cells")
    if cells is None or cells.kind() != "array":
        raise UsageError(
            Words(
                zh="里面没有单元格：是不是格式早于 4 的 notebook？",
                en="has no cells: is it a notebook of a format before 4?",
            )
        )
    return [_values(cell) for cell in cells.children() if cell.kind() == "object"]


def _values(node: SgNode) -> dict[str, SgNode]:
    pairs = ((pair.field("key"), pair.field("value")) for pair in node.children())
    return {json.loads(key.text()): value for key, value in pairs if key and value}


def _of_source(text: str, node: SgNode, source: str, style: _Style) -> Iterator[_Change]:
    """A source is one string, or an array of its lines."""
    listed = node.kind() == "array"
    strings = [one for one in node.children() if one.kind() == "string"] if listed else [node]
    units = [unit for string in strings for unit in _units(text, string)]
    if not units and source:
        lines = ", ".join(f'"{style.string(line)}"' for line in _lines(source))
        written = f"[{lines}]" if listed else f'"{style.string(source)}"'
        yield _Change(node.range().start.index, node.range().end.index, written)
    if not units:
        return
    joint = f'"{_between(text, node, strings)}"' if listed else ""
    for change in _differences("".join(unit.text for unit in units), source):
        written = joint.join(map(style.string, _lines(change.text)))
        if change.end == len(units):
            written = written.removesuffix(joint)
        yield _Change(*_span(units, change), written)


def _span(units: Sequence[_Change], change: _Change) -> tuple[int, int]:
    """Where a change of the source is in the file; lines that go take their strings along."""
    start, end = change.start, change.end
    if start == len(units):
        return units[-1].end, units[-1].end
    if start == end:
        return units[start].start, units[start].start
    whole = not change.text and (start == 0 or units[start - 1].end < units[start].start)
    if whole and end < len(units):
        return units[start].start, units[end].start
    if whole and start:
        return units[start - 1].end, units[-1].end
    return units[start].start, units[end - 1].end


def _units(text: str, string: SgNode) -> Iterator[_Change]:
    """Each character of a string, and what the file has for it."""
    begin, end = string.range().start.index + 1, string.range().end.index - 1
    for unit in _UNIT.finditer(text, begin, end):
        yield _Change(unit.start(), unit.end(), json.loads(f'"{unit[0]}"'))


def _between(text: str, node: SgNode, strings: Sequence[SgNode]) -> str:
    """What stands between two lines of an array."""
    if len(strings) > 1:
        return text[strings[0].range().end.index : strings[1].range().start.index]
    return "," + text[node.range().start.index + 1 : strings[0].range().start.index]


def _differences(old: str, new: str) -> Iterator[_Change]:
    """What differs, line by line, and in lines of which something is left to the character."""
    was, becomes = _lines(old), _lines(new)
    ends_old, ends_new = ([0, *accumulate(map(len, lines))] for lines in (was, becomes))
    matcher = difflib.SequenceMatcher(None, was, becomes, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        # As many lines as there were: each is an edited one.
        pairs = (
            zip(pairwise(ends_old[i1 : i2 + 1]), pairwise(ends_new[j1 : j2 + 1]), strict=True)
            if i2 - i1 == j2 - j1
            else [((ends_old[i1], ends_old[i2]), (ends_new[j1], ends_new[j2]))]
        )
        for (start, end), (new_start, new_end) in pairs:
            before, after = old[start:end], new[new_start:new_end]
            head, tail = common_ends(before, after)
            if before != after:
                yield _Change(start + head, end - tail, after[head : len(after) - tail])


def _lines(text: str) -> list[str]:
    return re.split(r"(?<=\n)", text)


def common_ends(one: str, other: str) -> tuple[int, int]:
    """How many characters two texts have in common, at their beginning and then at their end."""
    head = _common(one, other)
    return head, _common(one[head:][::-1], other[head:][::-1])


def _common(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other))  # noqa: B905
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _of_value(text: str, node: SgNode, value: object, style: _Style) -> Iterator[_Change]:
    """Any other value, laid out as json.dumps would at this depth."""
    span = node.range()
    if json.loads(node.text()) != value:
        line = text[text.rfind("\n", 0, span.start.index) + 1 : span.start.index]
        depth = (len(line) - len(line.lstrip())) // len(style.indent) if style.indent else 0
        newline = "\r\n" if "\r\n" in text else "\n"
        yield _Change(span.start.index, span.end.index, style.value(value, depth, newline))


def _changed(text: str, changes: Sequence[_Change]) -> str:
    for change in sorted(changes, key=lambda change: change.start, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text
