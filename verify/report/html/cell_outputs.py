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
_PIXELS = 40_000_000  # a figure of more is no figure
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass
class Room:
    """How many bytes of figures still fit on the page."""

    left: int

    def take(self, figure: str) -> bool:
        """Whether a figure still fits; if so, its room is taken."""
        if len(figure) > self.left:
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
    pictures = list(_pictures(outputs))
    figures = tuple(p for p in pictures if p is not None and room.take(p))
    return ShownOutput(clip("".join(_texts(outputs))), figures, len(pictures) - len(figures))


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


def _pictures(outputs: list[Any]) -> Iterator[str | None]:
    """Each figure as a `data:` address; nothing for one that cannot be read."""
    for output in outputs:
        data = output.get("data", {})
        kind = next((kind for kind in _PICTURES if kind in data), None)
        if kind == "image/svg+xml":
            yield _address(kind, data[kind].encode("utf-8", "replace"))
        elif kind:
            yield _webp(data[kind])


def _webp(coded: str) -> str | None:
    try:
        with Image.open(io.BytesIO(base64.b64decode(coded))) as image:
            if image.width * image.height > _PIXELS:
                return None
            image.thumbnail((_WIDEST, _WIDEST))
            packed = io.BytesIO()
            image.save(packed, "WEBP", quality=80, method=4)
    # Pillow raises SyntaxError for a damaged PNG.
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError):
        return None
    return _address("image/webp", packed.getvalue())


def _address(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
