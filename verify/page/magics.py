"""IPython's own syntax in code cells: what is left of a cell for Python's parser to read.

IPython itself translates it; here is only what keeps every line where it stands.
"""

import ast
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.inputtransformer2 import TransformerManager

_INDENT = re.compile(r"\s*^([^\S\n]+)(?=\S)", re.MULTILINE)
_CELL_MAGIC = re.compile(r"\s*%%(\w+|!)[^\S\n]*(.*)")
_SPECIAL = re.compile(r"[%!?]|^[^\S\n]*(?:>>>|In \[|[,;/]\w)", re.MULTILINE)
# Commands that IPython takes without a percent sign: two words in a row are no Python.
_AUTOMAGIC = re.compile(
    r"^([^\S\n]*)((?:pip|conda|mamba|uv|cd|ls|ll|mkdir|rmdir|rm|cp|mv|cat|env|load_ext|reload_ext|"
    r"autoreload|matplotlib|timeit|time|whos|who|run|load|store|reset)[^\S\n]+[-\w./~])",
    re.MULTILINE,
)
# Those that need nothing after them, alone in their cell.
_AUTOMAGIC_ALONE = re.compile(r"\s*(?:cd|ls|ll|pwd|whos|lsmagic)\s*")
# Those that Python would take for a quotient, or a difference.
_AUTOMAGIC_PATH = re.compile(
    r"^([^\S\n]*)((?:cd|ls|ll|mkdir|rmdir|rm|cp|mv|cat)[^\S\n]+(?:/|~/|-)\w)", re.MULTILINE
)
# Line magics whose argument is Python, and their options.
_TIMED = re.compile(
    r"^([^\S\n]*(?:\w[\w, ]*=[^\S\n]*)?)%(?:time|timeit|prun|memit)[^\S\n]+"
    r"(?:-\w+(?:[^\S\n]*\d+)?[^\S\n]+)*",
    re.MULTILINE,
)
# Cell magics whose body is Python, run in the notebook's own namespace.
_OVER_PYTHON = {"time", "timeit", "capture", "prun", "debug", "memit", "snakeviz"}


@lru_cache(maxsize=4096)
def python_of(source: str) -> str:
    """The Python of a code cell, line for line; empty lines where another language stands."""
    source = _unindented(source)
    found = _CELL_MAGIC.match(source)
    if found and found[1] not in _OVER_PYTHON:
        return "\n" * source.count("\n")
    if found:  # what follows may begin with a magic of its own
        blank = source[: found.end()].count("\n") * "\n"
        return blank + _captured(found[1], found[2]) + python_of(source[found.end() :])
    if _AUTOMAGIC_ALONE.fullmatch(source):
        return "\n" * source.count("\n")
    source = _TIMED.sub(r"\1", source)
    if _AUTOMAGIC.search(source) and not _is_python(source):  # not a text over several lines
        source = _AUTOMAGIC.sub(r"\1%\2", source)
    source = _AUTOMAGIC_PATH.sub(r"\1%\2", source)
    if not _SPECIAL.search(source):
        return source  # translating costs time
    body = source.strip("\n")
    before, after = source.split(body, 1) if body else (source, "")
    try:
        return before + _translator().transform_cell(body).strip("\n") + after
    except SyntaxError:  # the tokens make no sense even to IPython
        return source


def _unindented(source: str) -> str:
    """Without what the first line is indented by, which IPython takes from every line."""
    indent = _INDENT.match(source)
    return re.sub(rf"^{indent[1]}", "", source, flags=re.MULTILINE) if indent else source


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _captured(magic: str, arguments: str) -> str:
    """`%%capture name` assigns the output to a name."""
    names = [word for word in arguments.split() if word.isidentifier()]
    return f"{names[0]} = None" if magic == "capture" and names else ""


@cache
def _translator() -> "TransformerManager":
    """IPython's translator, but a command that goes over several lines still takes as many."""
    from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415  # takes long

    class LineForLine(TransformerManager):
        def do_one_token_transform(self, lines: list[str]) -> tuple[bool, list[str]]:
            changed, new = super().do_one_token_transform(lines)  # type: ignore[no-untyped-call]
            if missing := len(lines) - len(new):
                at = next((i for i, pair in enumerate(zip(lines, new)) if pair[0] != pair[1]), 0)  # noqa: B905
                new[at + 1 : at + 1] = ["\n"] * missing
            return changed, new

    return LineForLine()  # type: ignore[no-untyped-call]
