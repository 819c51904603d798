"""The trainings as the page shows them: curves, rounds against their bound, who computes what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from verify.evidence import division_of_work as computing
from verify.evidence.division_of_work import ComputingMap, LayerMap
from verify.report.html import curves
from verify.report.html.curves import Level, Plot
from verify.report.html.items import ReportAnchors
from verify.report.training_entries import Documented, TrainingEntry

_BAR = 1000  # units of width of the bar of layers


@dataclass(frozen=True)
class Segment:
    """Neighbouring layers that are treated alike, with their part of the bar."""

    layers: str
    count: int
    trained: bool
    sent: bool
    size: str
    drift: float | None
    x: float
    width: float

    @property
    def treatment(self) -> str:
        """The name of the words that say how they are treated."""
        return f"layers-{'sent' if self.sent else 'kept'}-{'trained' if self.trained else 'idle'}"


@dataclass(frozen=True)
class Computing:
    """The map of one training, and how its layers drift that are never trained."""

    map: ComputingMap
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Figure:
    """What a series ends with: in the run, on the page, and what the profile is to reach."""

    series: str
    run: str
    page: str
    held: str


@dataclass(frozen=True)
class TrainingView:
    """A training with all its seeds."""

    anchor: str
    id: str
    step: str
    seeds: int
    rounds: int
    plots: tuple[Plot, ...]
    figures: tuple[Figure, ...]
    computing: Computing | None


def of(
    entries: Sequence[TrainingEntry], document: str, anchors: ReportAnchors
) -> Iterator[TrainingView]:
    """The trainings of a document; those that differ in their seed alone are one."""
    for name, some in groupby(entries, lambda entry: entry.id):
        seeds = list(some)
        seen = next((entry.computing for entry in seeds if entry.computing), None)
        yield TrainingView(
            anchor=anchors(document, f"training:{name}"),
            id=name,
            step=seeds[0].step,
            seeds=len(seeds),
            rounds=seeds[0].rounds,
            plots=tuple(_plots(seeds, seen)),
            figures=tuple(_figures(seeds)),
            computing=Computing(seen, tuple(_segments(seen.layers))) if seen else None,
        )


def _plots(seeds: Sequence[TrainingEntry], seen: ComputingMap | None) -> Iterator[Plot]:
    names = dict.fromkeys(name for entry in seeds for name in entry.history)
    for base in dict.fromkeys(name.removeprefix("val_") for name in names):
        both = [name for name in (base, f"val_{base}") if name in names]
        series = {name: [entry.history.get(name, []) for entry in seeds] for name in both}
        documented = seeds[0].documented
        levels = [one for name in both for one in _levels(documented.get(name))]
        yield from _if_any(curves.plot(base, "epoch", series, levels))
    if any(entry.ratios for entry in seeds):
        ratios = {"error / bound": [entry.ratios for entry in seeds]}
        bound = Level("bound", 1.0)
        yield from _if_any(curves.plot("plot-error", "round", ratios, [bound], log=True))
    if seen:
        drift = {
            "BatchNorm": [seen.drift.batch_normalisation],
            "other layers": [seen.drift.others],
        }
        moved = {name: runs for name, runs in drift.items() if any(map(any, runs))}
        yield from _if_any(curves.plot("plot-drift", "turn", moved) if moved else None)


def _figures(seeds: Sequence[TrainingEntry]) -> Iterator[Figure]:
    """Each series as it ends, beside what the page documents of it."""
    names = dict.fromkeys(name for entry in seeds for name in entry.history)
    for name in names:
        documented = seeds[0].documented.get(name)
        held = documented.held_to if documented else None
        yield Figure(
            series=name,
            run=curves.said([entry.history.get(name, []) for entry in seeds]),
            page=f"{documented.value:.4g}" if documented else "—",
            held="—" if held is None else f"{held:.4g}",
        )


def _levels(documented: Documented | None) -> Iterator[Level]:
    if documented:
        yield Level("level-documented", documented.value, documented.low, documented.high)
        if documented.held_to is not None:
            yield Level("level-held", documented.held_to)


def _if_any(plot: Plot | None) -> Iterable[Plot]:
    return [plot] if plot else []


def _segments(layers: Sequence[LayerMap]) -> Iterator[Segment]:
    weighted = [layer for layer in layers if layer.bytes]
    whole = sum(layer.bytes for layer in weighted)
    x = 0.0
    for (trained, sent), some in groupby(weighted, lambda layer: (layer.trained, layer.sent)):
        alike = list(some)
        held = sum(layer.bytes for layer in alike)
        width = _BAR * held / whole
        names = dict.fromkeys((alike[0].name, alike[-1].name))
        drifts = [layer.drift for layer in alike if layer.drift is not None]
        yield Segment(
            layers=" … ".join(names),
            count=len(alike),
            trained=trained,
            sent=sent,
            size=computing.size(held),
            drift=max(drifts, default=None),
            x=round(x, 1),
            width=round(width, 1),
        )
        x += width
