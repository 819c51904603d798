"""Stored outputs are read in the form that they have, with their parts."""

from pathlib import Path
from typing import Any

import pytest

from tests.page.outputs.outputs import FRAME, error, figure, frame, log, printed, result
from verify.page import reader
from verify.page.outputs import output_reading, printed_tables
from verify.page.outputs.forms import Form
from verify.page.outputs.output_reading import Slot
from verify.page.outputs.printed_tables import Table

SERIES = "a    4.3\nb    2.0\nName: herd, dtype: float64"
MODULE = "b'module @area attributes {mhlo.x = []} {\\n  func.func @main'"
SUMMARY = 'Model: "cows"\n dense_3 (Dense)   (None, 100)   1700\n'


def read(*outputs: dict[str, Any], source: str = "show()") -> list[tuple[str, str]]:
    return [(one.slot.value, one.form.value) for one in output_reading.of_cell(outputs, source)]


@pytest.mark.parametrize(
    ("output", "form", "outline"),
    [
        (result("array([[1., 2.]], dtype=float32)"), Form.ARRAY, "array 2 dimensions float32"),
        (result("Array(3, dtype=int32)"), Form.ARRAY, "array 0 dimensions int32"),
        (result("tensor([1, 2])"), Form.ARRAY, "array 1 dimensions int64"),
        (result("tensor([1, 2], device='cuda:0')"), Form.ARRAY, "array 1 dimensions int64"),
        (result("tensor([1.], requires_grad=True)"), Form.ARRAY, "array 1 dimensions float32"),
        (result("array([[1., 2.]])"), Form.ARRAY, "array 2 dimensions float64"),
        (result("array([1, ..., 2])"), Form.ARRAY, "array 1 dimensions int64"),
        (result("array([nan])"), Form.ARRAY, "array 1 dimensions float64"),
        (result("array([1e+20, 2e-05])"), Form.ARRAY, "array 1 dimensions float64"),
        (result("array([ True, False])"), Form.ARRAY, "array 1 dimensions bool"),
        (result("array([0.+1.j])"), Form.ARRAY, "array 1 dimensions complex128"),
        (result("tensor([])"), Form.ARRAY, "array 1 dimensions"),
        (result("Array([1], weak_type=True)"), Form.ARRAY, "array 1 dimensions"),
        (
            result("<tf.Tensor: shape=(2,), dtype=string, numpy=array([b'a', b'b'])>"),
            Form.ARRAY,
            "array 1 dimensions string; shape of 1:",
        ),
        (result(SERIES), Form.SERIES, "series float64"),
        (printed(f"the herd:\n{SERIES}"), Form.SERIES, "series float64"),
        (result("{'a': 1}"), Form.CONTAINER, "container dictionary"),
        (result("{1, 2}"), Form.CONTAINER, "container set"),
        (result("(1.5,\n [2])"), Form.CONTAINER, "container tuple"),
        (printed("[[1 2]\n [3 4]]"), Form.CONTAINER, "container list"),
        (result("-0.5e-3"), Form.NUMBER, ""),
        (result("nan"), Form.NUMBER, ""),
        (result("'pear'"), Form.STRING, "string text"),
        (result(r"b'\x00'"), Form.STRING, "string bytes"),
        (result("<barn.Cow at 0x7f00>"), Form.OBJECT, ""),
        (result("Cow(name='Ada',\n    age=7)"), Form.OBJECT, ""),
        (result(MODULE), Form.COMPILED, ""),
        (result("{ lambda ; a:f32[]. let b = sin a in (b,) }"), Form.COMPILED, ""),
        (printed("seven cows"), Form.LINES, ""),
        (printed("x.shape = (32, 180)"), Form.LINES, "shape of 2: 180"),
        (printed("<class 'barn.Cow'>"), Form.OBJECT, "type barn.Cow"),
        (error("ValueError", "no"), Form.ERROR, "error ValueError"),
        (error("", ""), Form.ERROR, ""),
        (figure(axes=3), Form.FIGURE, "figure figure, landscape, 3 axes"),
        (log("W0000 00:00:00.1 cold"), Form.LOG, ""),
        (log(" 9%|#  | 3/30 [00:01<00:09, 2.1it/s]"), Form.PROGRESS, ""),
    ],
)
def test_an_output_has_a_form_and_an_outline(
    output: dict[str, Any], form: Form, outline: str
) -> None:
    (found,) = output_reading.of_cell([output], "show()")
    assert (found.form, found.outline) == (form, outline)


def test_what_a_cell_prints_is_one_whatever_it_was_cut_into() -> None:
    parts = [printed("a"), log("x"), printed("b\n"), result("1"), printed("c")]
    assert read(*parts) == [("printed", "lines"), ("logged", "log"), ("result", "number")]
    first, *_ = output_reading.of_cell(parts, "show()")
    assert [line.text for line in first.lines] == ["ab", "c"]


def test_a_progress_bar_that_was_cut_into_streams_is_read_in_its_last_state() -> None:
    (found,) = output_reading.of_cell([log("1/9 [=>..] a"), log("\r9/9 [====] b")], "")
    assert [line.numbers for line in found.lines] == [("9",)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("(_run pid=17) hens", Form.FORWARDED),
        (
            "\x1b[36m(pid=17)\x1b[0m [2024-02-22 01:02:03.456] [info] [barn.cc:7] hens",
            Form.FORWARDED,
        ),
        ("\x1b[36m(Keeper(id=1, party=alice) pid=7)\x1b[0m [2024-02-22] up", Form.FORWARDED),
        ("(raylet) spilled", Form.FORWARDED),
        ("2024-02-22 17:40:02,833 INFO worker.py:1 -- up", Form.LOG),
        ("[2024-02-22 17:40:02.833] [info] [pool.cc:30] up", Form.LOG),
        ("INFO:root:Create proxy actor", Form.LOG),
        ("/a/b.py:7: FutureWarning: old\n  from a import b", Form.LOG),
        ("Downloading data from https://a.b/c.tgz\n9/9 [====] - 2s 0us/step", Form.DOWNLOAD),
        ("Requirement already satisfied: pears", Form.DOWNLOAD),
        ("HloModule a, b={}\n\nENTRY main {\n  ROOT a = f32[]\n}\n", Form.COMPILED),
    ],
)
def test_lines_of_others_are_told_apart(text: str, form: Form) -> None:
    assert read(printed(text)) == [("printed", form.value)]
    (found,) = output_reading.of_cell([printed(f"{text}\n7 hens\n")], "")
    assert [line.text for line in found.lines] == ["7 hens"]
    assert form.sentence in found.varying


@pytest.mark.parametrize(
    "text", ["INFO is a word", "pid=7 (hens)", "Extract of 7 hens", "module 7"]
)
def test_lines_that_only_look_like_it_are_the_page_s(text: str) -> None:
    assert read(printed(text))[0][1] == "lines"


def test_a_table_is_the_same_in_html_and_as_text() -> None:
    table = printed_tables.of_html(FRAME)
    assert table == Table(
        ("sepal length (cm)", "kind"),
        (("0", "5.1", "setosa"), ("1", "4.9", "setosa")),
        (150, 2),
    )
    lines = [
        "   sepal length (cm)    kind",
        "0                5.1  setosa",
        "1                4.9  setosa",
        "",
        "[150 rows x 2 columns]",
    ]
    assert list(printed_tables.split(lines)) == [table]
    after_a_space = [f" {lines[0]}", *lines[1:]]
    assert list(printed_tables.split(after_a_space)) == [table]
    wrapped = [
        "   sepal length (cm)  \\",
        "0                5.1   ",
        "1                4.9   ",
        "",
        "     kind  ",
        "0  setosa  ",
        "1  setosa  ",
        "",
        "[150 rows x 2 columns]",
    ]
    assert list(printed_tables.split(wrapped)) == [table]
    assert read(frame())[0] == ("result", "table")
    assert read(printed("\n".join(["the herd:", *lines])))[0] == ("printed", "table")


@pytest.mark.parametrize(
    "lines",
    [
        ["  a title", "of a text"],
        ["   a    b", "0  1  2"],
        ["   a  b", "   1  2"],
        ["hens", "7"],
        [" one", ""],
    ],
)
def test_what_is_not_aligned_is_no_table(lines: list[str]) -> None:
    assert list(printed_tables.split(lines)) == lines


def test_html_that_is_no_frame_is_read_as_its_text() -> None:
    assert read(result("7 hens", **{"text/html": "<table><tr><td>7</td></tr></table>"})) == [
        ("result", "lines")
    ]


def test_a_figure_of_svg_tells_its_axes() -> None:
    svg = '<svg width="4" height="9"><g id="axes_1"/><g id="axes_2"/></svg>'
    data = {"image/svg+xml": svg, "text/plain": "<Figure>"}
    (found,) = output_reading.of_cell([{"output_type": "display_data", "data": data}], "")
    assert found.outline == "figure figure, portrait, 2 axes"
    (unknown,) = output_reading.of_cell(
        [{"output_type": "display_data", "data": {"image/png": "!"}}], ""
    )
    assert unknown.outline == "figure figure, of unknown size"


def test_layers_of_a_summary_have_no_number_of_the_process() -> None:
    (found,) = output_reading.of_cell([printed(SUMMARY)], "")
    assert found.lines[1].text == "dense (Dense) (None, 100) 1700"


def test_only_notebooks_have_stored_outputs() -> None:
    page = reader.of_text("# %%\nshow()\n", Path("page.py"))
    assert output_reading.of_page(page) == {}


def test_nothing_is_no_output() -> None:
    assert read(printed("\n"), log(" "), result("")) == []
    assert Slot("printed") is Slot.PRINTED
