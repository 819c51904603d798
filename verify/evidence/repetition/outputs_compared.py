"""What cells printed and showed, compared between two runs.

Standard error is left out: it carries the logs of several processes, in no order of the page's.
"""

import base64
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops, UnidentifiedImageError

from verify.evidence.repetition.likeness import Difference, Likeness
from verify.page.outputs import bands, lines
from verify.page.outputs.output_comparison import NOTHING
from verify.page.outputs.steady_text import steady
from verify.system.words import Text, Words

if TYPE_CHECKING:
    from nbformat import NotebookNode

_HIDDEN = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_LONGEST = 60
_CELLS = Words(zh="运行的单元格数为", en="the number of cells that ran is")
_PRINTS = Words(zh="打印的内容为", en="it prints")
_OUTPUTS = Words(zh="输出的个数为", en="the number of outputs is")
_AS = Words(zh="{kind} 形式的输出", en="an output as {kind} is")
_SHOWS = Words(zh="显示的内容为", en="it shows")
_THERE = Words(zh="存在", en="there")
_MISSING = Words(zh="缺失", en="missing")
_UNREADABLE = Words(zh="无法解码的图，其字节为", en="a figure that cannot be decoded has")
_SOME_BYTES = Words(zh="一种", en="some bytes")
_OTHER_BYTES = Words(zh="另一种", en="others")
_SIZE = Words(zh="图的尺寸为", en="a figure has size")
_PIXELS = Words(zh="图中相同的像素数为", en="a figure's equal pixels are")


def differences(
    first: Sequence["NotebookNode"], other: Sequence["NotebookNode"]
) -> Iterator[Difference]:
    """What differs between the cells of a step in two runs."""
    if len(first) != len(other):
        yield Difference(_CELLS, str(len(first)), str(len(other)))
    for one, same in zip(first, other, strict=False):
        yield from _texts(_PRINTS, _printed(one), _printed(same), one.source)
        displays, others = _displays(one), _displays(same)
        if len(displays) != len(others):
            yield Difference(_OUTPUTS, str(len(displays)), str(len(others)))
        for data, other_data in zip(displays, others, strict=False):
            yield from _of_display(data, other_data, one.source)


def _printed(cell: "NotebookNode") -> str:
    streams = (o for o in cell.get("outputs", []) if o["output_type"] == "stream")
    return "".join(stream["text"] for stream in streams if stream["name"] == "stdout")


def _displays(cell: "NotebookNode") -> list[Mapping[str, Any]]:
    return [output["data"] for output in cell.get("outputs", []) if "data" in output]


def _of_display(
    first: Mapping[str, Any], other: Mapping[str, Any], source: str
) -> Iterator[Difference]:
    for kind in sorted({*first, *other}):
        if "widget" in kind:  # an id; its text form is beside it
            continue
        if kind not in first or kind not in other:
            yield Difference(_AS.filled(kind=kind), *(_there(kind, d) for d in (first, other)))
        elif kind.startswith("image/") and kind != "image/svg+xml":
            yield from _images(str(first[kind]), str(other[kind]))
        else:
            marked_up = kind in ("text/html", "image/svg+xml")
            texts = [str(d[kind]) for d in (first, other)]
            # Of markup its text: ids are drawn anew each time.
            one, same = (_HIDDEN.sub(" ", text) if marked_up else text for text in texts)
            yield from _texts(_SHOWS, one, same, source)


def _there(kind: str, data: Mapping[str, Any]) -> Words:
    return _THERE if kind in data else _MISSING


def _images(first: str, other: str) -> Iterator[Difference]:
    if first == other:
        return
    try:
        one, same = _decoded(first), _decoded(other)
    except (UnidentifiedImageError, OSError, ValueError):
        yield Difference(_UNREADABLE, _SOME_BYTES, _OTHER_BYTES)
        return
    if one.size != same.size:
        sizes = (f"{image.width}x{image.height}" for image in (one, same))
        yield Difference(_SIZE, *sizes, derived=True)
        return
    channels = ImageChops.difference(one, same).split()
    largest = channels[0]
    for channel in channels[1:]:
        largest = ImageChops.lighter(largest, channel)
    pixels = one.width * one.height
    equal = largest.histogram()[0]
    if equal < pixels:
        yield Difference(_PIXELS, str(pixels), str(equal), derived=True)


def _decoded(encoded: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGBA")


def _texts(what: Text, first: str, other: str, source: str) -> Iterator[Difference]:
    """The first line that differs; of lines alike but for their numbers, the worst number."""
    one, same = ([lines.of_text(x) for x in steady(t, source).split("\n")] for t in (first, other))
    found = list(lines.differences(one, same, bands.of_printed))
    if found and found[-1].numbers is None:
        yield Difference(what, *_around(found[-1].first.text, found[-1].other.text))
        return
    found.sort(key=lambda difference: difference.within)
    for difference in found[:1]:
        likeness = Likeness.WITHIN_BAND if difference.within else Likeness.DIVERGENT
        numbers = difference.numbers or ("", "")
        yield Difference(
            what, *numbers, likeness=likeness, band=difference.band.words if difference.band else ""
        )


def _around(first: str, other: str) -> Iterator[Text]:
    """The parts of two lines where they begin to differ."""
    pairs = zip(first, other, strict=False)
    begins = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = max(0, begins - _LONGEST // 2)
    return (_quoted(line[start : start + _LONGEST]) for line in (first, other))


def _quoted(text: str) -> Text:
    return f"“{text}”" if text else NOTHING
