"""Pictures for a reply: what ran and how long it took, the curves, and the run's own figures."""

import base64
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import nbformat
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from verify.finding import Verdict
from verify.page.outputs.metrics import is_loss
from verify.report import terminal
from verify.report.entries import DocumentEntry
from verify.report.reply import tables
from verify.report.training_entries import TrainingEntry

_COLOURS = {
    Verdict.PASS: "#2da44e",
    Verdict.ERRATUM: "#bf8700",
    Verdict.UNCHECKED: "#8c959f",
    Verdict.FAIL: "#cf222e",
    Verdict.ERROR: "#8250df",
}
_MOST_FIGURES = 12
_MOST_CURVES = 12
_DPI = 110


def write(document: DocumentEntry, notebook: Path, folder: Path) -> list[Path]:
    """Write the pictures as PNG files and return them, in the order in which they are shown.

    Args:
        document: an edition that was run.
        notebook: its executed notebook, if there is one.
        folder: where the pictures are written.
    """
    written = [_saved(_steps(document), folder / "steps.png")]
    if trainings := [training for training in document.trainings if training.history]:
        figure = curves(trainings[:_MOST_CURVES], str(tables.departs(document)))
        written.append(_saved(figure, folder / "curves.png"))
    for number, data in enumerate(_shown(notebook), start=1):
        written.append(folder / f"figure-{number:02}.png")
        written[-1].write_bytes(data)
    return written


def _steps(document: DocumentEntry) -> Figure:
    """A bar a step, as long as it took, in the colour of its verdict."""
    figure = Figure(figsize=(9, 1.6 + 0.22 * len(document.steps)), dpi=_DPI, layout="tight")
    axes = figure.add_subplot()
    seconds = [step.duration_s or 0 for step in document.steps]
    colours = [_COLOURS[step.verdict] for step in document.steps]
    bars = axes.barh([step.id for step in document.steps], seconds, color=colours)
    axes.bar_label(
        bars,
        [f"{step.duration_s or 0:.1f} s  {step.verdict.value}" for step in document.steps],
        padding=3,
        fontsize=7,
    )
    axes.invert_yaxis()
    axes.margins(x=0.18, y=0.01)
    axes.tick_params(labelsize=7)
    axes.set_xlabel("seconds")
    page = document.upstream.ref if document.upstream else ""
    said = f"{document.name} {page}, {document.edition} edition: {terminal.WORDS[document.verdict]}"
    axes.set_title(said, fontsize=9, loc="left")
    return figure


def curves(trainings: Sequence[TrainingEntry], departs: str) -> Figure:
    """Two panels a training: its losses, and its metrics; titles say what is not the page's own."""
    rows = len(trainings)
    figure = Figure(figsize=(9, 2.2 * rows), dpi=_DPI, layout="tight")
    for row, training in enumerate(trainings):
        for column, of_loss in enumerate((True, False)):
            axes = figure.add_subplot(rows, 2, 2 * row + column + 1)
            _plot(axes, training, of_loss=of_loss)
            title = "\n".join(filter(None, (training.id, departs)))
            axes.set_title(title, fontsize=8, loc="left")
    return figure


def _plot(axes: Axes, training: TrainingEntry, *, of_loss: bool) -> None:
    for name, values in training.history.items():
        if is_loss(name) is of_loss:
            points = [float("nan") if value is None else value for value in values]
            axes.plot(range(1, len(points) + 1), points, marker="o", markersize=3, label=name)
    axes.tick_params(labelsize=7)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("epoch", fontsize=7)
    if axes.lines:
        axes.legend(fontsize=7)


def _shown(notebook: Path) -> Iterator[bytes]:
    """The pictures that the run itself showed."""
    if not notebook.is_file():
        return
    cells = nbformat.read(notebook, as_version=4).cells
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    found = (data for output in outputs if (data := output.get("data", {}).get("image/png")))
    yield from map(base64.b64decode, islice(found, _MOST_FIGURES))


def _saved(figure: Figure, path: Path) -> Path:
    figure.savefig(path)
    return path
