"""Where the points of curves go: a small coordinate system for inline SVG."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 340, 170
_POWERS = 2
_ROW, _OFF_LINE = 12, 3  # of words: from one row to the next, and from the line beneath
LEFT, RIGHT, TOP, BOTTOM = 54, WIDTH - 8, 12, HEIGHT - 30

Series = Sequence[float | None]


@dataclass(frozen=True)
class Curve:
    """One series: an SVG path for each seed, and in words what it begins and ends with."""

    name: str
    paths: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class Level:
    """A horizontal line or band, such as a documented value; `name` is that of its words."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """A level where it is drawn: its line, its words, and the top and height of its band."""

    level: Level
    y: float
    words_at: float
    top: float
    height: float

    @property
    def value(self) -> str:
        """The level's value in few digits."""
        return f"{self.level.value:.4g}"


@dataclass(frozen=True)
class Tick:
    """A label beside an axis."""

    text: str
    at: float


@dataclass(frozen=True)
class Plot:
    """Curves over epochs or rounds (`axis`), with levels; `title` is a series or a word of ours."""

    title: str
    axis: str
    curves: tuple[Curve, ...]
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    along: tuple[Tick, ...]

    @property
    def said(self) -> str:
        """All curves in words, for those who cannot see them."""
        return "; ".join(f"{curve.name} {curve.said}" for curve in self.curves)


def plot(
    title: str,
    axis: str,
    series: Mapping[str, Sequence[Series]],
    levels: Sequence[Level] = (),
    *,
    log: bool = False,
) -> Plot | None:
    """A plot of series that share an axis.

    Nothing if none of them has more than a point, or all points and levels are at one height.

    Args:
        title: what all series measure.
        axis: what they are over, `epoch` or `round`.
        series: by name, the values of each seed.
        levels: what they are held against.
        log: whether the scale is one of powers of ten, two of them at least, so that what is far
            below a level is seen, and what is near it is. There is no zero on it: such a value is
            left out.
    """
    runs = [run for seeds in series.values() for run in seeds]
    values = [_finite(_scaled(value, log=log) for value in run) for run in runs]
    if all(len(some) <= 1 for some in values):
        return None
    seen = [value for some in values for value in some]
    limits = [v for level in levels for v in (level.value, level.low, level.high)]
    seen += _finite(_scaled(value, log=log) for value in limits)
    length = max(map(len, runs))
    low, high = min(seen), max(seen)
    if log:
        low = min(low, high - _POWERS)
    elif _told(low) == _told(high):
        return None
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0

    def x(index: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * (index / (length - 1) if length > 1 else 0.5), 1)

    def y(value: float) -> float:
        scaled = _scaled(value, log=log)
        return on_axis(low if scaled is None else scaled)

    def on_axis(value: float) -> float:
        share = (high + room - value) / (high - low + 2 * room)
        return round(TOP + (BOTTOM - TOP) * share, 1)

    def path(run: Series) -> str:
        parts, pen = [], "M"
        for index, value in enumerate(run):
            if value is None or not math.isfinite(value) or _scaled(value, log=log) is None:
                pen = "M"  # a gap where nothing is known
                continue
            # A round cap makes a dot of a point that stands alone.
            parts.append(f"{pen}{x(index)} {y(value)}" + ("h0" if pen == "M" else ""))
            pen = "L"
        return "".join(parts)

    return Plot(
        title=title,
        axis=axis,
        curves=tuple(
            Curve(name, tuple(map(path, seeds)), said(seeds)) for name, seeds in series.items()
        ),
        lines=tuple(_lines(levels, y)),
        across=tuple(Tick(_told(10**v if log else v), on_axis(v)) for v in (low, high)),
        along=tuple(Tick(str(i + 1), x(i)) for i in sorted({0, length // 2, length - 1})),
    )


def _lines(levels: Sequence[Level], y: Callable[[float], float]) -> Iterator[Line]:
    heights = [y(level.value) for level in levels]
    for level, at, words in zip(levels, heights, _apart(heights), strict=True):
        low, high = (level.value if end is None else end for end in (level.low, level.high))
        yield Line(level, at, words, y(high), round(y(low) - y(high), 1))


def _apart(heights: Sequence[float]) -> list[float]:
    """Where the words of lines stand: above them, and above those of lines that are too near."""
    moved, above = list(heights), math.inf
    for i in sorted(range(len(heights)), key=lambda i: -heights[i]):
        moved[i] = above = round(min(heights[i] - _OFF_LINE, above - _ROW), 1)
    return moved


def _told(value: float) -> str:
    return f"{value:.3g}"


def _scaled(value: float | None, *, log: bool) -> float | None:
    """A value as the scale has it."""
    if value is None or not log:
        return value
    return math.log10(value) if value > 0 else None


def _finite(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def said(seeds: Sequence[Series]) -> str:
    """What a series begins and ends with: `0.3 → 0.8`, and of several seeds the range."""
    ends = [_range(run[end] for run in seeds if run) for end in (0, -1)]
    return ends[0] if max(map(len, seeds)) == 1 else " → ".join(ends)


def _range(values: Iterable[float | None]) -> str:
    known = _finite(values)
    if not known:
        return "—"
    low, high = f"{min(known):.4g}", f"{max(known):.4g}"
    return low if low == high else f"{low}…{high}"
