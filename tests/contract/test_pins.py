"""Pins keep what identifies a page and what it states, and none of its text."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests import SAMPLES
from tests.page.outputs.outputs import error, figure, frame, log, printed
from verify.contract import pins
from verify.contract.pins import Pins
from verify.errors import UsageError
from verify.page.code.facts import Fact, FactKind
from verify.page.outputs import output_reading
from verify.upstream.pages import OfficialPage

SAMPLE = (SAMPLES / "small.ipynb.json").read_text(encoding="utf-8")
PAGE = OfficialPage("v1", "1" * 40, "docs/small.ipynb", "b" * 40, SAMPLE)


def test_pins_identify_the_page_and_each_of_its_cells() -> None:
    pinned = pins.of_page(PAGE)
    assert (pinned.ref, pinned.commit, pinned.path, pinned.blob) == (
        "v1",
        "1" * 40,
        "docs/small.ipynb",
        "b" * 40,
    )
    assert pinned.code_cells == (1, 2, 5)
    assert len(pinned.digests) == 6
    assert pinned.digests[3] == hashlib.sha256(b"one string").hexdigest()


def test_pins_state_the_facts_of_every_code_cell() -> None:
    pinned = pins.of_page(PAGE)
    assert pinned.facts.keys() == {1, 2, 5}
    assert pinned.facts[1] == (
        Fact(FactKind.CALL, "<shell>.run_line_magic", ("'load_ext'", "'autoreload'")),
        Fact(FactKind.CONSTANT, "size", ("180",)),
    )
    assert pinned.facts[2] == ()


@pytest.mark.parametrize(
    "code",
    [
        "import a\na.f(1, k='x')\nn = -5\na.x = 'é'\na.g()",
        "import a\ndef f(n):\n    return a.f(), n\nf('x', n=2)",
        "a.f(",
        "",
        "# nothing",
    ],
)
def test_what_is_written_is_read_again(tmp_path: Path, code: str) -> None:
    page = OfficialPage(
        "v1", "1" * 40, "page.py", "b" * 40, f"# %% [markdown]\n# prose\n\n# %%\n{code}\n"
    )
    pinned = pins.of_page(page)
    pins.write(pinned, tmp_path / "pins.json")
    assert pins.read(tmp_path / "pins.json") == pinned


def test_what_prose_and_outputs_state_is_pinned_and_read_again(tmp_path: Path) -> None:
    text = "# %% [markdown]\n# We keep 4,200 pictures in `data.train`; see [here](more.md).\n"
    pinned = pins.of_page(OfficialPage("v1", "1" * 40, "page.py", "b" * 40, text))
    assert pinned.stated == {
        0: (
            Fact(FactKind.QUANTITY, "images", ("4200",)),
            Fact(FactKind.NAME, "data.train"),
            Fact(FactKind.LINK, "more.md"),
        )
    }
    pins.write(pinned, tmp_path / "pins.json")
    assert pins.read(tmp_path / "pins.json") == pinned


def test_stored_outputs_are_pinned_by_digests_and_numbers(tmp_path: Path) -> None:
    outputs = [
        printed("grew 3 roses of 7\n<class 'garden.Rose'>\n"),
        frame(),
        figure(axes=2),
        error("ValueError", "no tulips"),
        log("INFO:root: roses\n"),
    ]
    path = tmp_path / "pins.json"
    pins.write(pins.of_page(of_outputs(*outputs)), path)
    read = pins.read(path)
    stored = output_reading.of_cell(outputs, "show()")
    assert read.outputs == {0: stored}  # the words of a line do not count
    assert [line.numbers for line in read.outputs[0][0].lines] == [("3", "7"), ()]
    assert all(line.text == "" for one in read.outputs[0] for line in one.lines)
    written = path.read_text(encoding="utf-8")
    for word in ("grew", "roses", "sepal", "setosa", "tulips"):
        assert word not in written


def test_of_long_outputs_a_bounded_part_is_pinned(tmp_path: Path) -> None:
    page = of_outputs(printed("\n".join(f"rose {number}" for number in range(5000))))
    pins.write(pins.of_page(page), tmp_path / "pins.json")
    (one,) = pins.read(tmp_path / "pins.json").outputs[0]
    assert (len(one.lines), one.count, bool(one.rest)) == (output_reading.LONGEST, 5000, True)


def of_outputs(*outputs: dict[str, Any]) -> OfficialPage:
    """A page of one cell."""
    more = {"execute_result": {"metadata": {}, "execution_count": 1}}
    more["display_data"] = {"metadata": {}}
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": "show()",
        "execution_count": 1,
        "outputs": [{**more.get(one["output_type"], {}), **one} for one in outputs],
    }
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    return OfficialPage("v1", "1" * 40, "docs/small.ipynb", "b" * 40, text)


def test_a_page_without_cells_can_be_pinned(tmp_path: Path) -> None:
    nothing = Pins("v1", "1" * 40, "page.py", "b" * 40, (), (), {})
    pins.write(nothing, tmp_path / "pins.json")
    assert pins.read(tmp_path / "pins.json") == nothing


def test_a_cell_is_one_line_so_that_renewed_pins_read_well_as_a_diff(tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    pins.write(pins.of_page(PAGE), one)
    changed = OfficialPage(
        "v1", "1" * 40, PAGE.path, "b" * 40, SAMPLE.replace("size = 180", "size = 181")
    )
    pins.write(pins.of_page(changed), other)
    lines = zip(one.read_text().splitlines(), other.read_text().splitlines(), strict=True)
    different = [(a, b) for a, b in lines if a != b]
    assert len(different) == 1
    assert '["constant", "size", "180"]' in different[0][0]
    assert '["constant", "size", "181"]' in different[0][1]


def test_pins_hold_no_sentence_and_no_code_of_the_page(tmp_path: Path) -> None:
    pins.write(pins.of_page(PAGE), tmp_path / "pins.json")
    written = (tmp_path / "pins.json").read_text(encoding="utf-8")
    for words in ("A small document", "It says", "%load_ext", "one string", "size = 180"):
        assert words not in written


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("[]", "list indices must be integers or slices, not str"),
        ("{}", "'schema'"),
        ('{"schema": 1, "cells": []}', "schema 1, not 6"),
        ('{"schema": 6, "cells": []}', "'ref'"),
        (
            '{"schema": 6, "ref": "", "commit": "", "path": "", "blob": "", "cells": [{}]}',
            "'sha256'",
        ),
        (
            (
                '{"schema": 6, "ref": "", "commit": "", "path": "", "blob": "", "cells": '
                '[{"index": 0, "sha256": "", "facts": [["rumour", "x"]], "stated": []}]}'
            ),
            "'rumour' is not a valid FactKind",
        ),
        (
            (
                '{"schema": 6, "ref": "", "commit": "", "path": "", "blob": "", "cells": '
                '[{"index": 0, "sha256": "", "facts": [[]], "stated": []}]}'
            ),
            "not enough values to unpack (expected at least 2, got 0)",
        ),
    ],
)
def test_broken_pins_are_bad_input(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "pins.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        pins.read(path)
    assert str(caught.value) == (
        f"{path}: no readable pins ({reason}); renew them with `python -m verify pin`."
    )


def test_pins_cut_short_are_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    pins.write(pins.of_page(PAGE), path)
    whole = path.read_text(encoding="utf-8")
    assert json.loads(whole)["schema"] == 6
    path.write_text(whole[: len(whole) // 2], encoding="utf-8")
    with pytest.raises(UsageError, match="no readable pins"):
        pins.read(path)


def test_missing_pins_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"No such file.*renew them with `python -m verify pin`"):
        pins.read(tmp_path / "pins.json")
