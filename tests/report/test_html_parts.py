"""The parts of report.html: text, outputs, curves, trainings, words; none needs a browser."""

import itertools
import re
from collections import Counter
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from tests.report import pages
from verify.contract.edition import Edition
from verify.evidence.repetition.likeness import Likeness
from verify.finding import CheckKind
from verify.report import html
from verify.report.defects import Standing
from verify.report.html import cell_outputs, curves, items, text, training, view, wording
from verify.report.html.cell_outputs import Room
from verify.report.html.curves import Level
from verify.report.html.items import ReportAnchors
from verify.report.published import Works

PARTS = Path(html.__file__).parent


# Text.


@pytest.mark.parametrize(
    ("captured", "shown"),
    [
        ("plain\n", "plain"),
        ("\x1b[1;31mred\x1b[0m and \x1b[38:5:4mblue\x1b[m", "red and blue"),
        ("\x1b]8;;https://example.com\x07link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never closed\nnext line", "\nnext line".strip()),
        ("10%\r50%\r100%\ndone", "100%\ndone"),
        ("windows\r\nlines\r\n", "windows\nlines"),
        ("bell\x07 nul\x00 \x9b31m", "bell nul 31m"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("你好 ñ 🌳\ttab", "你好 ñ 🌳\ttab"),
    ],
)
def test_captured_text_is_shown_as_a_screen_would(captured: str, shown: str) -> None:
    clipped = text.clip(captured)
    assert (clipped.head, clipped.cut, clipped.tail) == (shown, 0, "")


def test_long_text_keeps_its_beginning_and_its_end() -> None:
    clipped = text.clip("begin" + "x" * 5_000_000 + "end")
    assert clipped.head.startswith("begin")
    assert clipped.tail.endswith("end")
    assert len(clipped.head) + len(clipped.tail) == text.LONGEST
    assert clipped.cut == 5_000_008 - text.LONGEST


def test_lines_are_counted_as_they_are_shown() -> None:
    assert [text.clip(some).lines for some in ("", "one", "one\ntwo\n")] == [0, 1, 2]


# Outputs.


def of_outputs(
    tmp_path: Path, *some: dict[str, Any], room: int = 10**6
) -> cell_outputs.ShownOutput:
    entry = pages.document("water", [], [])
    pages.write_notebook(tmp_path, entry, {"train": list(some)})
    path = tmp_path / "notebooks" / "water.corrected.embedded.ipynb"
    return cell_outputs.of_notebook(path, Room(room))["train"]


def test_text_results_and_errors_of_a_step_are_one_text(tmp_path: Path) -> None:
    error: dict[str, Any] = {
        "output_type": "error",
        "ename": "OutOfWater",
        "evalue": "dry",
        "traceback": ["\x1b[31mTraceback\x1b[0m", "line 1"],
    }
    seen = of_outputs(tmp_path, pages.stream("a\n"), pages.shown(text__plain="7"), error)
    assert seen.text.head == "a\n7\nTraceback\nline 1\nOutOfWater: dry"
    assert seen.figures == ()


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"text__html": "<b>bold</b>"}, "<b>bold</b>"),
        ({"text__html": "<b>bold</b>", "text__plain": "bold"}, "bold"),
        ({"application__javascript": "alert(1)"}, ""),
    ],
)
def test_markup_of_a_notebook_is_text(tmp_path: Path, data: dict[str, str], shown: str) -> None:
    assert of_outputs(tmp_path, pages.shown(**data)).text.head == shown


def test_pictures_are_data(tmp_path: Path) -> None:
    drawn = pages.shown(image__svg_xml=pages.SVG)
    seen = of_outputs(tmp_path, pages.shown(image__png=pages.png(), text__plain="<Figure>"), drawn)
    assert [figure[:24] for figure in seen.figures] == [
        "data:image/webp;base64,U",
        "data:image/svg+xml;base6",
    ]
    assert seen.text.head == ""


def test_damaged_pictures_and_those_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    some = [pages.shown(image__png=data) for data in ("%", "AAAA", pages.png()[:60], pages.png())]
    assert of_outputs(tmp_path, *some).left_out == 3
    assert of_outputs(tmp_path, *some, room=10).left_out == 4


def test_pictures_are_made_smaller(tmp_path: Path) -> None:
    (figure,) = of_outputs(tmp_path, pages.shown(image__png=pages.png(3000, 2000))).figures
    assert len(figure) < 5000


@pytest.mark.parametrize("content", [None, "no JSON", "[]", '{"cells": 7}'])
def test_a_notebook_that_cannot_be_read_shows_nothing(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "page.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert cell_outputs.of_notebook(path, Room(100)) == {}


# Curves.


def test_a_curve_goes_from_left_to_right_and_up_where_values_rise() -> None:
    plot = curves.plot("accuracy", "epoch", {"accuracy": [[0.0, 0.5, 1.0]]})
    assert plot
    points = re.findall(r"[ML](\S+) ([\d.]+)", plot.curves[0].paths[0])
    xs, ys = ([float(point[axis]) for point in points] for axis in (0, 1))
    assert xs == sorted(xs)
    assert ys == sorted(ys, reverse=True)
    assert curves.LEFT <= xs[0] < xs[-1] <= curves.RIGHT
    assert curves.TOP <= ys[-1] < ys[0] <= curves.BOTTOM


@pytest.mark.parametrize(
    ("values", "strokes"),
    [([1.0, 2.0, 3.0], 1), ([1.0, None, 3.0], 2), ([None, float("nan"), 3.0, 4.0], 1)],
)
def test_a_curve_has_a_gap_where_nothing_is_known(values: list[float | None], strokes: int) -> None:
    plot = curves.plot("loss", "epoch", {"loss": [values]})
    assert plot
    assert plot.curves[0].paths[0].count("M") == strokes


@pytest.mark.parametrize(
    "runs",
    [
        [[]],
        [[None]],
        [[float("inf"), float("nan")]],
        [[5.0]],
        [[None, 3.0]],
        [[1.0], [2.0]],
        [[1.0, 1.0001]],
    ],
)
def test_nothing_is_drawn_of_nothing_or_of_what_is_all_at_one_height(
    runs: list[list[float | None]],
) -> None:
    assert curves.plot("loss", "epoch", {"loss": runs}) is None


def test_several_seeds_are_several_lines_and_a_range_in_words() -> None:
    plot = curves.plot("loss", "epoch", {"loss": [[2.0, 1.0], [2.0, 0.5]]})
    assert plot
    assert len(plot.curves[0].paths) == 2
    assert plot.said == "loss 2 → 0.5…1"


def test_levels_and_bands_lie_within_the_plot() -> None:
    levels = [Level("level-documented", 9.0, 8.0, 10.0), Level("bound", -3.0)]
    plot = curves.plot("loss", "epoch", {"loss": [[1.0, 2.0]]}, levels)
    assert plot
    band, bound = plot.lines
    assert curves.TOP <= band.top < band.y < band.top + band.height < bound.y <= curves.BOTTOM
    assert bound.height == 0


@pytest.mark.parametrize(
    ("values", "apart"),
    [pytest.param([1.0, 9.0, 1.1], 12, id="near"), pytest.param([1.0, 5.0, 9.0], 30, id="far")],
)
def test_words_of_lines_do_not_lie_on_one_another(values: list[float], apart: float) -> None:
    levels = [Level("bound", value) for value in values]
    plot = curves.plot("loss", "epoch", {"loss": [[0.0, 10.0]]}, levels)
    assert plot
    assert [line.level.value for line in plot.lines] == values
    heights = sorted(line.words_at for line in plot.lines)
    assert all(below - above >= apart - 0.05 for above, below in itertools.pairwise(heights))
    assert all(line.words_at < line.y for line in plot.lines)


def test_on_a_scale_of_powers_the_distance_to_the_bound_is_seen() -> None:
    ratios = {"error": [[1e-6, 0.0, 1e-5]]}
    bound = [Level("bound", 1.0)]
    plain = curves.plot("plot-error", "round", ratios, bound)
    powers = curves.plot("plot-error", "round", ratios, bound, log=True)
    assert plain
    assert powers
    one, other = (re.findall(r"[ML]\S+ ([\d.]+)", p.curves[0].paths[0]) for p in (plain, powers))
    assert one[0] == one[-1]  # both at the foot: nobody sees them apart
    assert float(other[0]) - float(other[-1]) > 10
    assert float(other[-1]) > powers.lines[0].y
    assert powers.curves[0].paths[0].count("M") == 2  # zero is not on the scale
    assert [tick.text for tick in powers.across] == ["1e-06", "1"]
    near = curves.plot("plot-error", "round", {"error": [[0.9999, 1.0]]}, bound, log=True)
    assert near
    assert [tick.text for tick in near.across] == ["0.01", "1"]


# Trainings.


def test_seeds_of_a_training_are_one_with_its_curves_bound_and_layers() -> None:
    (shown,) = training.of(list(pages.trainings()), "water.corrected", ReportAnchors())
    assert shown.seeds == 3
    assert [plot.title for plot in shown.plots] == ["loss", "accuracy", "plot-error", "plot-drift"]
    accuracy, error = shown.plots[1], shown.plots[2]
    assert [len(curve.paths) for curve in accuracy.curves] == [3, 3]
    assert [line.level.name for line in accuracy.lines] == ["level-documented", "level-held"]
    assert [(line.level.name, line.value) for line in error.lines] == [("bound", "1")]
    figures = {one.series: one for one in shown.figures}
    assert figures["accuracy"].run == "0.2 → 0.7…0.72"
    assert (figures["accuracy"].page, figures["accuracy"].held) == ("0.8", "0.5")
    assert (figures["loss"].page, figures["loss"].held) == ("—", "—")


def test_layers_that_are_treated_alike_are_one_segment_of_the_bar() -> None:
    (shown,) = training.of(list(pages.trainings()), "water.corrected", ReportAnchors())
    assert shown.computing
    trunk, head = shown.computing.segments
    assert (trunk.layers, trunk.count, trunk.treatment) == (
        "trunk … trunk-2",
        2,
        "layers-sent-idle",
    )
    assert (head.layers, head.treatment) == ("head", "layers-sent-trained")
    assert (trunk.x, trunk.width, head.x, head.width) == (0, 800, 800, 200)
    assert (trunk.drift, head.drift) == (1e-9, 0.5)


# What the page shows.


def test_addresses_are_unique_and_hold_no_white_space() -> None:
    anchors = ReportAnchors()
    assert [anchors("a", "b c"), anchors("a", "b\nc"), anchors("a.b-c")] == [
        "a.b-c",
        "a.b-c~2",
        "a.b-c~3",
    ]


def test_the_worst_comes_first(tmp_path: Path) -> None:
    page = view.of_report(pages.full(), tmp_path)
    assert [document.entry.name for document in page.documents] == ["water", "prune", "harvest"]
    told = [one.standing.value for one in page.documents[0].page.defects]
    assert told == ["known", "known", "new", "warning", "ours"]
    assert [claim.verdict for claim in page.documents[0].claims] == ["fail", "unchecked", "pass"]


def test_every_check_and_step_is_listed_once_and_counted(tmp_path: Path) -> None:
    report = pages.full()
    page = view.of_report(report, tmp_path)
    listed = [one.anchor for document in page.documents for one in document.listed]
    every = [
        f"{entry.name}.{entry.edition}.{one}"
        for entry in report.documents
        for one in [*(c.id for c in entry.checks), *(f"run:{step.id}" for step in entry.steps)]
    ]
    assert Counter(listed) == Counter(every)
    assert sum(page.counts.values()) == sum(page.kinds.values()) == len(every)


def test_what_was_left_open_is_told_by_reason(tmp_path: Path) -> None:
    documents = view.of_report(pages.full(), tmp_path).documents
    assert [[str(one.words) for one in document.left] for document in documents] == [
        ["1 claim: too early in the year", "1 curve of losses: too small a branch"],
        ["1 step: not selected"],
        [],
    ]


# Words.


def test_every_phrase_is_there_in_both_languages_with_the_same_values() -> None:
    for name, phrase in wording.table().items():
        assert phrase.keys() == {"en", "zh"}, name
        assert all(said.strip() for said in phrase.values()), name
        values = [
            {part[1] for part in Formatter().parse(said) if part[1]} for said in phrase.values()
        ]
        assert values[0] == values[1], name
        assert re.search("[\u4e00-\u9fff]", phrase["zh"]), name


@pytest.mark.parametrize(
    "name",
    [
        *items.ORDER,
        *(f"{what}-page-{works.value}" for what in ("short", "outcome") for works in Works),
        *(f"standing-{standing.value}" for standing in Standing),
        "edition-own",
        *(f"edition-{edition.value}" for edition in Edition),
        *(f"kind-{kind.value}" for kind in CheckKind),
        *(f"likeness-{likeness.value}" for likeness in Likeness),
        *(f"trend-{kind}" for kind in ("failing", "flaky", "drift")),
    ],
)
def test_every_verdict_kind_and_edition_has_its_words(name: str) -> None:
    assert name in wording.table()


def test_no_phrase_is_left_over() -> None:
    parts = [path for path in PARTS.iterdir() if path.suffix in (".j2", ".js", ".py")]
    used = " ".join(path.read_text(encoding="utf-8") for path in parts)
    families = (
        *("kind-", "likeness-", "standing-", "edition-", "trend-", "layers-"),
        *("outcome-", "short-"),
    )
    for name in wording.table():
        assert name.startswith(families) or name in items.ORDER or f'"{name}"' in used, name
