"""Outputs of two runs are the same, differ within rounding, or differ: and it is said where."""

import pytest
from nbformat import NotebookNode

from tests.evidence.repetition.cells import cell, figure, picture, printed, shown
from verify.evidence.repetition import outputs_compared as outputs
from verify.evidence.repetition.likeness import Likeness

BAND, FAR = Likeness.WITHIN_BAND, Likeness.DIVERGENT
TABLE = "<style>#T_{0} {{}}</style><table id='T_{0}'><tr><td>{1}</td></tr></table>"


def differences(first: list[NotebookNode], other: list[NotebookNode]) -> list[tuple[str, Likeness]]:
    return [(str(d.sentence), d.likeness) for d in outputs.differences(first, other)]


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ([cell()], [cell()]),
        ([cell(printed("a"), printed("b"))], [cell(printed("ab"))]),
        ([cell(printed("loss 0.5 in 3 s"))], [cell(printed("loss 0.5 in 4 s"))]),
        ([cell(printed("17", "stderr"))], [cell(printed("18", "stderr"))]),
        ([cell(figure(comment="May"))], [cell(figure(comment="June"))]),
        (
            [cell(shown(text_html=TABLE.format("a1b2c", 5)))],
            [cell(shown(text_html=TABLE.format("99fff", 5)))],
        ),
    ],
)
def test_the_same(first: list[NotebookNode], other: list[NotebookNode]) -> None:
    assert differences(first, other) == []


@pytest.mark.parametrize(
    ("first", "other", "sentence", "likeness"),
    [
        (cell(printed("loss 0.51")), cell(printed("loss 0.53")), "it prints 0.51 vs 0.53", FAR),
        (cell(printed("loss 0.51")), cell(printed("loss 0.52")), "it prints 0.51 vs 0.52", BAND),
        (cell(printed("5e-3 kept")), cell(printed("7e-3 kept")), "it prints 5e-3 vs 7e-3", FAR),
        (
            cell(printed("0.123456789")),
            cell(printed("0.123456797")),
            "it prints 0.123456789 vs 0.123456797",
            BAND,
        ),
        (cell(printed("7 rows")), cell(printed("8 rows")), "it prints 7 vs 8", FAR),
        (
            cell(printed("0.51 0.2")),
            cell(printed("0.52 0.9")),
            "it prints 0.2 vs 0.9",
            FAR,
        ),
        (
            cell(printed("a rose")),
            cell(printed("a tulip")),
            "it prints “a rose” vs “a tulip”",
            FAR,
        ),
        (cell(printed("a\nb")), cell(printed("a")), "it prints “b” vs nothing", FAR),
        (cell(shown(text_plain="7")), cell(), "the number of outputs is 1 vs 0", FAR),
        (
            cell(shown(text_plain="7")),
            cell(shown(text_plain="8")),
            "it shows 7 vs 8",
            FAR,
        ),
        (
            cell(shown(text_html=TABLE.format("a1b2c", 5))),
            cell(shown(text_html=TABLE.format("a1b2c", 6))),
            "it shows 5 vs 6",
            FAR,
        ),
        (
            cell(figure()),
            cell(figure(pixel=1)),
            "a figure's equal pixels are 12 vs 11",
            FAR,
        ),
        (cell(figure()), cell(figure(width=5)), "a figure has size 4x3 vs 5x3", FAR),
        (
            cell(shown(text_plain="<Figure>", image_png=picture())),
            cell(shown(text_plain="<Figure>")),
            "an output as image/png is there vs missing",
            FAR,
        ),
        (
            cell(shown(image_png="AAAA")),
            cell(shown(image_png="BBBB")),
            "a figure that cannot be decoded has some bytes vs others",
            FAR,
        ),
    ],
)
def test_a_difference_is_named_and_classed(
    first: NotebookNode, other: NotebookNode, sentence: str, likeness: Likeness
) -> None:
    assert differences([first], [other]) == [(sentence, likeness)]


def test_a_repair_that_was_needed_once_only_is_a_difference() -> None:
    assert differences([cell(), cell()], [cell()]) == [
        ("the number of cells that ran is 2 vs 1", FAR)
    ]


def test_of_long_lines_the_place_is_shown() -> None:
    lines = ("x " * 200 + end for end in ("rose", "tulip"))
    first, other = ([cell(printed(line))] for line in lines)
    ((sentence, _),) = differences(first, other)
    assert sentence == f"it prints “{'x ' * 15}rose” vs “{'x ' * 15}tulip”"
