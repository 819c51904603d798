"""Mutants of what a run puts out, beside a page that has it stored: of each form some changes."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.checks.published_pages import case
from tests.mutants.mutant import Mutant
from tests.page.outputs.outputs import FRAME, error, figure, frame, log, printed, result
from verify.checks import stored_outputs
from verify.finding import Verdict

_STEP = "show"
_PROGRAM = "HloModule area\n\nENTRY main {\n  ROOT a = f32[] p(0)\n}\n"
_EPOCHS = "Epoch 1/2\n8/8 [====] - 1s - loss: 0.5\nEpoch 2/2\n8/8 [====] - 1s - loss: 0.3\n"
_TEXT_FRAME = "   a     b\n0  1  rose\n1  2  lily\n"
_SERIES = "height    4.3125\nwidth     2.0625\ndtype: float64"
_ARRAY = "array([[0.5312, 0.25],\n       [0.125, 0.75]], dtype=float32)"
_MAPPING = "{'shade': True, 'beds': [3, 5], 'rows': (2, 4)}"
_HISTORY = "{'loss': [0.5312, 0.3125], 'val_auc_1': [0.75, 0.8125]}"

Output = dict[str, Any]


def mutants() -> Iterator[Mutant]:
    """One for each change; the original passes."""
    for form, stored, changes in _forms():
        for kind, changed in changes.items():
            judge = partial(_killers, stored, changed)
            place = f"the run's {form}"
            yield Mutant("outputs", f"{form}: {kind}", place, kind, (f"outputs:{_STEP}",), judge)


def _killers(stored: Output, changed: Output | None) -> frozenset[str]:
    return _failing(stored, [changed] if changed else []) - _failing(stored, [stored])


def _failing(stored: Output, run: list[Output]) -> frozenset[str]:
    found = stored_outputs.CHECK.judge(case([stored], run), _STEP)
    return frozenset([found.id] if found.verdict is Verdict.FAIL else [])


def _forms() -> Iterator[tuple[str, Output, dict[str, Output | None]]]:
    yield (
        "table",
        frame(),
        {
            "a cell changed": frame(FRAME.replace(">5.1<", ">6.1<")),
            "a word changed": frame(FRAME.replace("setosa", "virginica", 1)),
            "a column renamed": frame(FRAME.replace("kind", "sort")),
            "rows lost": frame(FRAME.replace("150 rows", "149 rows")),
            "no table": result("5.1"),
            "nothing": None,
        },
    )
    yield (
        "printed table",
        printed(_TEXT_FRAME),
        {
            "a cell changed": printed(_TEXT_FRAME.replace("lily", "iris")),
            "a row lost": printed("\n".join(_TEXT_FRAME.splitlines()[:-1])),
            "a column renamed": printed(_TEXT_FRAME.replace("   a", "   c")),
        },
    )
    yield (
        "array",
        result(_ARRAY),
        {
            "a number changed": result(_ARRAY.replace("0.5312", "0.5412")),
            "a sign changed": result(_ARRAY.replace("0.25", "-0.25")),
            "another type": result(_ARRAY.replace("float32", "float64")),
            "another shape": result("array([0.5312, 0.25, 0.125, 0.75], dtype=float32)"),
            "no number": result(_ARRAY.replace("0.125", "nan")),
            "a list": result("[[0.5312, 0.25], [0.125, 0.75]]"),
        },
    )
    yield (
        "series",
        result(_SERIES),
        {
            "a number changed": result(_SERIES.replace("4.3125", "4.4125")),
            "a name changed": result(_SERIES.replace("width", "depth")),
            "another type": result(_SERIES.replace("float64", "int64")),
        },
    )
    yield (
        "dictionary",
        result(_MAPPING),
        {
            "a value changed": result(_MAPPING.replace("True", "False")),
            "a key renamed": result(_MAPPING.replace("beds", "pots")),
            "a key lost": result(_MAPPING.replace("'shade': True, ", "")),
            "an order changed": result(_MAPPING.replace("[3, 5]", "[5, 3]")),
            "a list for a tuple": result(_MAPPING.replace("(2, 4)", "[2, 4]")),
        },
    )
    yield (
        "history",
        printed(_HISTORY),
        {
            "a metric changed": printed(_HISTORY.replace("0.3125", "0.4125")),
            "a metric renamed": printed(_HISTORY.replace("auc", "acc")),
            "an epoch lost": printed(_HISTORY.replace(", 0.8125", "")),
        },
    )
    yield (
        "number",
        result("42"),
        {
            "one more": result("43"),
            "a fraction": result("42.5"),
            "a text": result("'42'"),
        },
    )
    yield (
        "lines",
        printed("Found 96 seedlings.\nof 3 kinds\n"),
        {
            "a count changed": printed("Found 95 seedlings.\nof 3 kinds\n"),
            "a word changed": printed("Found 96 seedlings.\nof 3 sorts\n"),
            "a line lost": printed("Found 96 seedlings.\n"),
            "a line more": printed("Found 96 seedlings.\nof 3 kinds\nand a tree\n"),
            "nothing": None,
        },
    )
    yield (
        "type",
        printed("<class 'garden.Rose'>"),
        {
            "another class": printed("<class 'garden.Lily'>"),
            "another module": printed("<class 'meadow.Rose'>"),
        },
    )
    yield (
        "object",
        result("<garden.Rose at 0x7f00>"),
        {
            "another class": result("<garden.Lily at 0x7f00>"),
            "two of them": result("[<garden.Rose at 0x7f00>, <garden.Rose at 0x7f01>]"),
        },
    )
    yield (
        "training",
        printed(_EPOCHS),
        {
            "a loss changed": printed(_EPOCHS.replace("0.3", "0.9")),
            "an epoch lost": printed(_EPOCHS[: _EPOCHS.index("Epoch 2")]),
            "more steps": printed(_EPOCHS.replace("8/8", "9/9")),
            "a metric renamed": printed(_EPOCHS.replace("loss", "mae")),
        },
    )
    yield (
        "progress",
        log("100%|#####| 30/30 [00:01<00:00, 20.1it/s]"),
        {
            "more steps": log("100%|#####| 31/31 [00:01<00:00, 20.1it/s]"),
        },
    )
    yield (
        "program",
        printed(f"5.5\n{_PROGRAM}"),
        {
            "its result changed": printed(f"6.5\n{_PROGRAM}"),
            "no program's result": printed(_PROGRAM),
        },
    )
    yield (
        "figure",
        figure(axes=2),
        {
            "other axes": figure(axes=1),
            "another format": figure(axes=2, width=2, height=9),
            "nothing": None,
        },
    )
    yield (
        "exception",
        error("ValueError", "no roses"),
        {
            "another class": error("KeyError", "no roses"),
            "another message": error("ValueError", "no lilies"),
            "nothing": None,
        },
    )
