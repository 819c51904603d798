"""What a kernel sends and no notebook can hold is kept as text, and what it can hold as it is."""

from typing import Any

import nbformat
import pytest
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionError

from verify.execute.client import PageClient


def _client() -> tuple[PageClient, nbformat.NotebookNode]:
    cell = nbformat.v4.new_code_cell("show()")
    client = PageClient(nbformat.v4.new_notebook(cells=[cell]))
    client.clear_before_next_output = False  # as it is when a cell begins
    return client, cell


def _shown(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """The output that a message becomes, in a notebook that can be written and read."""
    client, cell = _client()
    header = {"msg_type": kind}
    message = {"msg_type": kind, "header": header, "parent_header": {}, "content": content}
    client.process_message(message, cell, 0)
    text = nbformat.writes(client.nb)
    nbformat.validate(nbformat.reads(text, as_version=4))
    return dict(nbformat.reads(text, as_version=4).cells[0].outputs[0])


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({"text/plain": "x", "image/png": "eA=="}, {"text/plain": "x", "image/png": "eA=="}),
        ({"application/json": {"x": [1]}}, {"application/json": {"x": [1]}}),
        ({"text/plain": ["x", "y"]}, {"text/plain": "xy"}),
        ({"text/plain": [1, None]}, {"text/plain": "[1, null]"}),
        ({"text/plain": None}, {"text/plain": "null"}),
        ({"image/png": 7, "text/plain": "x"}, {"image/png": "7", "text/plain": "x"}),
        ({"text/html": {"a": 1}}, {"text/html": '{"a": 1}'}),
        ([1], {"text/plain": "[1]"}),
    ],
)
def test_what_is_shown_is_kept(data: object, kept: dict[str, object]) -> None:
    assert _shown("display_data", {"data": data, "metadata": {}})["data"] == kept


def test_metadata_that_is_none_is_left_out() -> None:
    assert _shown("display_data", {"data": {}, "metadata": [1]})["metadata"] == {}


def test_what_is_printed_is_text() -> None:
    assert _shown("stream", {"name": "stdout", "text": 7})["text"] == "7"


@pytest.mark.parametrize(("trace", "kept"), [(["a", "b"], "a\nb"), ([1, None], "1\nnull"), (0, "")])
def test_an_exception_shows_itself_as_it_can(trace: object, kept: str) -> None:
    content = {"status": "error", "ename": "Odd", "evalue": "x", "traceback": trace}
    assert "\n".join(_shown("error", content)["traceback"]) == kept
    client, cell = _client()
    with pytest.raises(CellExecutionError) as raised:
        run_sync(client._check_raise_for_error)(cell, 0, {"content": content})
    assert kept in raised.value.traceback
