"""What the executed notebook shows of each step: its text, and figures as data for `<img>`."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image, UnidentifiedImageError

from verify.report.html.text import Clipped, clip

_WIDEST = 900
_FEW = 2**16
_PIXELS = 40_000_000  # a figure of more is no figure
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass
class Room:
    """How many bytes of figures still fit on the page; none is tried any more where few do."""

    left: int
    full: bool = False

    def take(self, figure: str) -> bool:
        """Whether a figure still fits; if so, its room is taken."""
        if len(figure) > self.left:
            self.full = self.left < _FEW
            return False
        self.left -= len(figure)
        return True


@dataclass(frozen=True)
class ShownOutput:
    """The text of a step, its figures as `data:` addresses, and how many were left out."""

    text: Clipped = field(default_factory=lambda: Clipped(""))
    figures: tuple[str, ...] = ()
    left_out: int = 0


def of_notebook(path: Path, room: Room) -> dict[str, ShownOutput]:
    """The outputs by step; nothing if the run left no notebook that can be read."""
    if not path.is_file():  # a device may never end
        return {}
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:  # noqa: BLE001  # a damaged one makes nbformat raise anything
        return {}
    outputs: dict[str, list[Any]] = {}
    for cell in cells:
        outputs.setdefault(cell.metadata.get("step", ""), []).extend(cell.get("outputs", ()))
    return {step: _output(some, room) for step, some in outputs.items()}


def _output(outputs: list[Any], room: Room) -> ShownOutput:
    pictures = [data for output in outputs if (data := _picture(output))]
    figures = tuple(_fitting(pictures, room))
    return ShownOutput(clip("".join(_texts(outputs))), figures, len(pictures) - len(figures))


def _fitting(pictures: list[tuple[str, str]], room: Room) -> Iterator[str]:
    """The figures for which there is room, as `data:` addresses."""
    for kind, data in pictures:
        figure = None if room.full else _figure(kind, data)
        if figure and room.take(figure):
            yield figure


def _texts(outputs: list[Any]) -> Iterator[str]:
    for output in outputs:
        data = output.get("data", {})
        if output.output_type == "stream":
            yield output.text
        elif output.output_type == "error":
            yield "\n".join([*output.traceback, f"{output.ename}: {output.evalue}", ""])
        elif not any(kind in data for kind in _PICTURES):
            # What would be markup in a notebook is text here.
            told = data.get("text/plain") or data.get("text/html") or ""
            yield f"{told}\n"


def _picture(output: Any) -> tuple[str, str] | None:  # noqa: ANN401  # a cell of a notebook
    """The kind of a figure and its data, if the output is one."""
    data = output.get("data", {})
    kind = next((kind for kind in _PICTURES if kind in data), None)
    return (kind, data[kind]) if kind else None


def _figure(kind: str, data: str) -> str | None:
    """A figure as a `data:` address; nothing for one that cannot be read."""
    if kind == "image/svg+xml":
        return _address(kind, data.encode("utf-8", "replace"))
    return _webp(data)


def _webp(coded: str) -> str | None:
    try:
        with Image.open(io.BytesIO(base64.b64decode(coded))) as image:
            if image.width * image.height > _PIXELS:
                return None
            image.thumbnail((_WIDEST, _WIDEST))
            packed = io.BytesIO()
            image.save(packed, "WEBP", quality=80, method=2)
    # Pillow raises SyntaxError for a damaged PNG.
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError):
        return None
    return _address("image/webp", packed.getvalue())


def _address(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
