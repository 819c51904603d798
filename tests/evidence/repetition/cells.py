"""Executed cells and runs, for tests that compare them."""

import base64
import io
from typing import Any

import nbformat
from nbformat import NotebookNode
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from verify.evidence.evidence import StepRun
from verify.evidence.failure import Failure


def cell(*outputs: NotebookNode, source: str = "show()") -> NotebookNode:
    """A cell as it ran."""
    node: NotebookNode = nbformat.v4.new_code_cell(source)
    node.outputs = list(outputs)
    return node


def printed(text: str, name: str = "stdout") -> NotebookNode:
    node: NotebookNode = nbformat.v4.new_output("stream", name=name, text=text)
    return node


def shown(**data: str) -> NotebookNode:
    """An output in several forms: `text_plain` stands for text/plain."""
    forms = {kind.replace("_", "/"): content for kind, content in data.items()}
    node: NotebookNode = nbformat.v4.new_output("display_data", data=forms)
    return node


def picture(*, width: int = 4, pixel: int = 0, comment: str = "") -> str:
    """A grey PNG as a notebook keeps it, in which one pixel differs by so much."""
    image = Image.new("L", (width, 3), 100)
    image.putpixel((1, 1), 100 + pixel)
    notes = PngInfo()
    notes.add_text("Comment", comment)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=notes)
    return base64.b64encode(file.getvalue()).decode()


def figure(**changed: Any) -> NotebookNode:
    """What a plotting library shows."""
    node: NotebookNode = nbformat.v4.new_output(
        "display_data", data={"image/png": picture(**changed), "text/plain": "<Figure>"}
    )
    return node


def step(name: str, failure: Failure | None = None) -> StepRun:
    return StepRun(name, 0, 1, "", failure)
