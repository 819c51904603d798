"""The cells of notebooks: as nbformat and jupytext have them, and where each stands in its file."""

import copy
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from verify.errors import UsageError
from verify.page.page import Block, Output
from verify.system.terminal_text import as_shown
from verify.system.words import Text, Words

_NO_SOURCE = Words(zh="单元格 {index} 没有 source", en="cell {index} has no source")
_LACKS = Words(zh="有单元格或输出缺少 {key}", en="{key} is missing in a cell or output")

if TYPE_CHECKING:
    from nbformat import NotebookNode

_NO_NOTEBOOK = Words(
    zh="{path}：不是可读取的 notebook（`{reason}`）。",
    en="{path}: is not a readable notebook ({reason}).",
)
_T = TypeVar("_T")
_PERCENT_MARKER = re.compile(r"^\s*#\s*%%(%*\s.*)?$")
_JSON_CELL_TYPE = re.compile(r'^(\s*)"cell_type":')


def node(text: str, path: Path) -> "NotebookNode":
    """A notebook as nbformat has it, to be changed and run; the suffix of `path` tells the format.

    Raises:
        UsageError: it is no notebook.
    """
    return copy.deepcopy(_node(text, path))


@lru_cache(maxsize=4)  # a document is read for its cells, for its key and for its run
def _node(text: str, path: Path) -> "NotebookNode":
    """The same, which nobody may change."""
    import nbformat  # noqa: PLC0415  # all commands read pages, few of them notebooks

    with _readable(path), warnings.catch_warnings():
        # Old notebooks lack what newer ones have; `upgrade` adds it.
        warnings.simplefilter("ignore")
        if path.suffix == ".ipynb":
            found = nbformat.reads(text, as_version=4)
        else:
            import jupytext  # noqa: PLC0415  # as long to import as all notebooks to read

            found = jupytext.reads(text, fmt=path.suffix.lstrip("."))
        for index, cell in enumerate(found.cells):
            if not isinstance(cell.get("source"), str):
                raise TypeError(_NO_SOURCE.filled(index=index))
        upgraded: NotebookNode = nbformat.v4.upgrade(found)
    return upgraded


def cells(text: str, path: Path) -> tuple[Block, ...]:
    """The cells of a notebook; see `node`."""
    notebook = _node(text, path)
    is_json = path.suffix == ".ipynb"
    find = _json_lines if is_json else _percent_lines
    rows = text.split("\n")
    lines = find(rows, [cell.source for cell in notebook.cells])
    lines += [1] * (len(notebook.cells) - len(lines))
    with _readable(path):
        return tuple(
            Block(
                cell.source,
                line,
                _language(notebook) if cell.cell_type == "code" else cell.cell_type,
                index,
                0 if is_json and _is_whole(rows[line - 1]) else 1,
                cell.cell_type,
                _of(str, cell.metadata.get("step")),
                tuple(output(each) for each in cell.get("outputs", [])),
                _of(int, cell.get("execution_count")),
                tuple(map(str, cell.metadata.get("tags", []))),
                tuple(cell.get("attachments", {})),
            )
            for index, (cell, line) in enumerate(zip(notebook.cells, lines, strict=False))
        )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say that a page is no notebook, whatever nbformat and jupytext make of it."""
    try:
        yield
    except Exception as error:
        reason: Text = str(error).splitlines()[0] if str(error) else type(error).__name__
        if error.args and isinstance(error.args[0], Words):
            reason = error.args[0]
        elif isinstance(error, KeyError):
            reason = _LACKS.filled(key=reason)
        raise UsageError(_NO_NOTEBOOK.filled(path=path, reason=reason)) from error


def _of(kind: type[_T], value: object) -> _T | None:
    """A value, where it is what notebooks have there."""
    return value if isinstance(value, kind) else None


def _language(notebook: "NotebookNode") -> str:
    told = (notebook.metadata.get("language_info") or {}).get("name")
    kernel = notebook.metadata.get("kernelspec") or {}
    return str(told or kernel.get("language") or "python").lower()


def output(node: Mapping[str, Any]) -> Output:
    """An output as nbformat has it."""
    match node["output_type"]:
        case "stream":
            return Output(str(node["name"]), as_shown(node["text"]))
        case "error":
            # Editors note the death of a kernel as an error without a name.
            told = f"{node['ename']}: {node['evalue']}"
            return Output("error", as_shown(told if node["ename"] else " ".join(node["traceback"])))
        case _:
            data = node.get("data", {})
            text = as_shown(str(data.get("text/plain", "")))
            return Output("display", text, tuple(data), _of(int, node.get("execution_count")))


def _percent_lines(lines: list[str], sources: list[str]) -> list[int]:
    """The line after each marker; a script may begin with a cell that has none."""
    found = [i + 2 for i, line in enumerate(lines) if _PERCENT_MARKER.match(line)]
    if found and len(found) == len(sources) - 1:
        first = sources[0].partition("\n")[0]
        begins = (i + 1 for i, line in enumerate(lines) if line.removeprefix("# ") == first)
        found.insert(0, next(begins, 1))
    return found


def _json_lines(lines: list[str], _: list[str]) -> list[int]:
    """The first line of each source; an output may hold a deeper key of the same name."""
    indents = [match[1] for line in lines if (match := _JSON_CELL_TYPE.match(line))]
    key = f'{min(indents, key=len, default="")}"source":'
    return [
        i + (2 if line.rstrip().endswith("[") else 1)
        for i, line in enumerate(lines)
        if line.startswith(key)
    ]


def _is_whole(line: str) -> bool:
    """Whether a line of JSON is not one of a source's list of lines, but holds all of it."""
    begins = line.lstrip()
    return begins[:1] != '"' or begins.startswith('"source":')
