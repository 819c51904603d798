"""The plot of what a cost grows with; its words are text, in the reader's own fonts."""

import warnings
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from tests.benchmarks import estimates
from tests.benchmarks.record import Record
from tests.benchmarks.series import SERIES, costs
from verify.system.words import Language, Words

_SIZE = Words(zh="数量", en="how many")
_CPU = Words(zh="处理器时间（秒）", en="processor time, s")


def write(record: Record, path: Path, language: Language) -> None:
    """Draw all series, each from its smallest size to its largest."""
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "docs-verify", "font.size": 11}):
        figure = Figure(figsize=(8, 5), layout="constrained")
        axes = figure.add_subplot()
        for one, marker in zip(SERIES, "osD^v*", strict=True):
            if points := costs(record, one):
                sizes = [size for size, _ in points]
                found = [estimates.of(values) for _, values in points]
                middles = [each.median for each in found]
                # From the median down and up.
                spread = [
                    [each.median - each.low for each in found],
                    [each.high - each.median for each in found],
                ]
                axes.errorbar(
                    sizes, middles, yerr=spread, marker=marker, label=one.says.of(language)
                )
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(_SIZE.of(language))
        axes.set_ylabel(_CPU.of(language))
        axes.grid(visible=True, which="major", alpha=0.3)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False)
        with warnings.catch_warnings():  # the reader's fonts have what ours lack
            warnings.filterwarnings("ignore", "Glyph", UserWarning)
            figure.savefig(path, format="svg", metadata={"Date": None})
