"""Figures: that there is one, its format, and how many axes the text beside it or its SVG tells.

Pixels are not compared with a page's: fonts, sizes and colours are those of another release.
"""

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from typing import Any

from verify.page.prose import numerals

_AXES = re.compile(r"\bwith (\d+) Axes\b")
_SVG_AXES = re.compile(r'\bid="axes_\d+"')
_SVG_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)[^>]*?\bheight="([\d.]+)', re.DOTALL)
_PNG_HEAD = 24
_SQUARE = 1.15


def is_figure(data: Mapping[str, Any]) -> bool:
    """Whether an output has a picture among its forms."""
    return any(kind.startswith("image/") for kind in data)


def told(data: Mapping[str, Any]) -> str:
    """What of a figure is compared, in words: its format, and its axes where something tells."""
    width, height = _size(data)
    ratio = width / height if height else 0.0
    wide = "landscape" if ratio > _SQUARE else "portrait" if ratio < 1 / _SQUARE else "square"
    axes = _axes(data)
    return f"figure, {wide if ratio else 'of unknown size'}" + (f", {axes} axes" if axes else "")


def _axes(data: Mapping[str, Any]) -> int | None:
    if found := _AXES.search(str(data.get("text/plain", ""))):
        return numerals.whole(found[1])
    return len(_SVG_AXES.findall(str(data.get("image/svg+xml", "")))) or None


def _size(data: Mapping[str, Any]) -> tuple[float, float]:
    """Width and height, as the picture's own first bytes tell; nothing if they do not."""
    if found := _SVG_SIZE.search(str(data.get("image/svg+xml", ""))):
        return float(found[1]), float(found[2])
    try:
        head = base64.b64decode("".join(str(data.get("image/png", ""))[:64].split())[:32])
        width, height = struct.unpack(">II", head[16:_PNG_HEAD])
    except (binascii.Error, struct.error, ValueError):
        return 0.0, 0.0
    return width, height
