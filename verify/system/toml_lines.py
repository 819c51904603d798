"""Where a key stands in a TOML text, so that an error can name the line."""

from collections.abc import Iterator, Sequence

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

_LANGUAGE = Language(tree_sitter_toml.language())
_KEY_KINDS = ("bare_key", "quoted_key", "dotted_key")


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """The 1-based line of the key, or of the nearest table above it that exists."""
    tree = Parser(_LANGUAGE).parse(text.encode())
    best, best_line = 0, 1
    for path, line in _positions(tree.root_node):
        depth = len(path)
        if depth > best and tuple(keys[:depth]) == path:
            best, best_line = depth, line
    return best_line


def _positions(root: Node) -> Iterator[tuple[tuple[str | int, ...], int]]:
    counts: dict[tuple[str | int, ...], int] = {}
    for child in root.children:
        if child.type == "pair":
            yield from _pair((), child)
        elif child.type in ("table", "table_array_element"):
            header = next(n for n in child.children if n.type in _KEY_KINDS)
            path = _resolve(_names(header), counts)
            if child.type == "table_array_element":
                number = counts.get(path, -1) + 1
                counts[path] = number
                path = (*path, number)
            yield path, child.start_point[0] + 1
            for pair in child.children:
                if pair.type == "pair":
                    yield from _pair(path, pair)


def _pair(above: tuple[str | int, ...], pair: Node) -> Iterator[tuple[tuple[str | int, ...], int]]:
    path = (*above, *_names(pair.children[0]))
    yield path, pair.start_point[0] + 1
    yield from _value(path, pair.children[-1])


def _value(path: tuple[str | int, ...], value: Node) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """The places inside a value: the pairs of an inline table, the items of an array."""
    if value.type == "inline_table":
        for inner in value.children:
            if inner.type == "pair":
                yield from _pair(path, inner)
    elif value.type == "array":
        items = [item for item in value.named_children if item.type != "comment"]
        for number, item in enumerate(items):
            yield (*path, number), item.start_point[0] + 1
            yield from _value((*path, number), item)


def _names(key: Node) -> tuple[str, ...]:
    if key.type == "dotted_key":
        return tuple(name for child in key.children if child.type != "." for name in _names(child))
    return ((key.text or b"").decode().strip("\"'"),)


def _resolve(
    names: tuple[str, ...], counts: dict[tuple[str | int, ...], int]
) -> tuple[str | int, ...]:
    """Insert the number of the array element that a nested header belongs to."""
    path: tuple[str | int, ...] = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if position < len(names) - 1 and path in counts:
            path = (*path, counts[path])
    return path
