"""Small pages, written where a test needs them."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from verify.page import reader
from verify.page.page import Page
from verify.rules.checked_site import Site


def page(tmp_path: Path, name: str, text: str) -> Page:
    """A page with this text, indented as the test has it."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return reader.read(path)


def code(
    source: str, *outputs: dict[str, Any], count: int | None = None, tags: Sequence[str] = ()
) -> Any:
    """A code cell."""
    nodes = [nbformat.from_dict(output) for output in outputs]
    text = textwrap.dedent(source).strip("\n")
    cell = nbformat.v4.new_code_cell(text, outputs=nodes, execution_count=count)
    cell.metadata.update({"tags": [*tags]} if tags else {})
    return cell


def prose(text: str) -> Any:
    """A Markdown cell."""
    return nbformat.v4.new_markdown_cell(textwrap.dedent(text).strip("\n"))


def printed(text: str) -> dict[str, Any]:
    """What a cell has written to standard output."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def logged(text: str) -> dict[str, Any]:
    """What a cell has written to standard error."""
    return {"output_type": "stream", "name": "stderr", "text": text}


def shown(text: str, count: int | None = 1) -> dict[str, Any]:
    """The value of a cell's last expression."""
    data = {"text/plain": text}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": count}


def raised(name: str, value: str, *traceback: str) -> dict[str, Any]:
    """The error that a cell ended with."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": list(traceback)}


def notebook(tmp_path: Path, *cells: Any, name: str = "page.ipynb") -> Page:
    """A notebook of these cells; a string is a code cell."""
    nodes = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=nodes), path)
    return reader.read(path)


def site(tmp_path: Path, *pages: Page, **fields: Any) -> Site:
    """These pages, with the test's folder for a root."""
    return Site(root=tmp_path.resolve(), pages=pages, **fields)
