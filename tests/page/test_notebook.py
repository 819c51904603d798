"""Documents are read alike from both formats, and every cell knows its line."""

import hashlib
import json
from pathlib import Path

import pytest

from tests import SAMPLES
from verify.errors import UsageError
from verify.page import reader
from verify.page.page import Page

PERCENT = (SAMPLES / "small.percent").read_text(encoding="utf-8")
JSON = (SAMPLES / "small.ipynb.json").read_text(encoding="utf-8")


def percent(text: str) -> Page:
    return reader.of_text(text, Path("small.py"))


def located(document: Page) -> list[tuple[str, int, str | None]]:
    return [(cell.kind, cell.line, cell.step) for cell in document.cells]


def test_a_percent_script_has_its_cells_with_kinds_lines_and_steps() -> None:
    assert located(percent(PERCENT)) == [
        ("markdown", 11, None),
        ("code", 16, "load"),
        ("code", 21, None),
        ("markdown", 24, "train"),
        ("code", 27, "train"),
        ("code", 33, "load"),
    ]


def test_an_ipynb_file_has_its_cells_with_kinds_lines_and_steps() -> None:
    assert located(reader.of_text(JSON, Path("small.ipynb"))) == [
        ("markdown", 7, None),
        ("code", 40, "load"),
        ("code", 50, None),
        ("markdown", 57, None),
        ("markdown", 64, None),
        ("code", 75, "train"),
    ]


@pytest.mark.parametrize("name", ["small.py", "small.ipynb"])
def test_a_cells_line_is_where_its_source_begins(name: str) -> None:
    text = PERCENT if name.endswith(".py") else JSON
    lines = text.split("\n")
    for cell in reader.of_text(text, Path(name)).cells:
        first = json.dumps(cell.source.split("\n")[0], ensure_ascii=False)[1:-1]
        assert first.replace('\\"', '"') in lines[cell.line - 1].replace('\\"', '"')


def test_indices_count_all_cells() -> None:
    assert [cell.index for cell in percent(PERCENT).cells] == [0, 1, 2, 3, 4, 5]


def test_a_step_has_its_code_cells_in_order_without_its_prose() -> None:
    document = percent(PERCENT)
    assert [cell.index for cell in document.cells_of_step("load")] == [1, 5]
    assert [cell.index for cell in document.cells_of_step("train")] == [4]
    assert document.cells_of_step("unknown") == ()


def test_steps_come_in_the_order_of_their_first_cell() -> None:
    assert percent(PERCENT).steps == ("load", "train")


def test_magics_are_magics_in_the_source_and_calls_in_the_python() -> None:
    for document in (percent(PERCENT), reader.of_text(JSON, Path("small.ipynb"))):
        cell = document.cells[1]
        assert cell.source == "%load_ext autoreload\n!ls\nsize = 180"
        loads, lists, sets = cell.python.split("\n")
        assert "load_ext" in loads
        assert "ls" in lists
        assert sets == "size = 180"


def test_a_digest_is_that_of_the_source_alone() -> None:
    source = "%load_ext autoreload\n!ls\nsize = 180"
    digest = hashlib.sha256(source.encode()).hexdigest()
    assert percent(PERCENT).cells[1].sha256 == digest
    assert reader.of_text(JSON, Path("small.ipynb")).cells[1].sha256 == digest
    other = percent(PERCENT.replace("size = 180", "size = 181"))
    assert other.cells[1].sha256 != digest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\n\n# %%\ny = 2\n", [1, 4]),
        ("#!/usr/bin/env python\n# prose\n\n# %%\ny = 2\n", [1, 5]),
        ("#%%\nx = 1\n#%%\ny = 2\n", [2, 4]),
        ("# %%\n\n\nx = 1\n# %% \n", [2, 6]),
        ("# %% a title\nx = 1\n# %%time is no marker\n# %% [markdown]\n# y\n", [2, 5]),
        ("def f():\n    # %%\n    pass\n# %%\ny = 2\n", [1, 3, 5]),
    ],
)
def test_lines_are_right_however_markers_are_written(text: str, expected: list[int]) -> None:
    assert [cell.line for cell in percent(text).cells] == expected


def test_an_ipynb_file_on_one_line_has_all_its_cells_there() -> None:
    text = json.dumps(json.loads(JSON))
    assert {cell.line for cell in reader.of_text(text, Path("small.ipynb")).cells} == {1}


@pytest.mark.parametrize("indent", [1, 2, 4])
def test_the_indentation_of_an_ipynb_file_does_not_matter(indent: int) -> None:
    text = json.dumps(json.loads(JSON), indent=indent, ensure_ascii=False)
    cells = reader.of_text(text, Path("small.ipynb")).cells
    assert [cell.line for cell in cells] == [7, 40, 50, 57, 64, 75]


def test_a_document_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    path.write_text(JSON, encoding="utf-8")
    assert reader.read(path).path == path
    assert reader.read(path).cells == reader.of_text(JSON, path).cells


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("p.ipynb", "", "Notebook does not appear to be JSON: ''"),
        ("p.ipynb", '{"cells": [', "Notebook does not appear to be JSON: '{\"cells\": ['"),
        ("p.ipynb", "[]", "'list' object has no attribute 'get'"),
        (
            "p.ipynb",
            '{"cells": [{}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "The notebook is invalid and is missing an expected key: metadata",
        ),
    ],
)
def test_a_broken_file_is_bad_input(tmp_path: Path, name: str, text: str, reason: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        reader.read(path)
    assert str(caught.value) == f"{path}: is not a readable notebook ({reason})."


@pytest.mark.parametrize("name", ["p.ipynb", "p.py"])
def test_a_file_cut_in_the_middle_of_a_character_is_bad_input(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("# %%\n# 联邦".encode()[:-1])
    with pytest.raises(UsageError, match=r"cannot be read \('utf-8' codec can't decode"):
        reader.read(path)


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "missing.py"
    with pytest.raises(UsageError) as caught:
        reader.read(path)
    reason = "No such file or directory"
    assert str(caught.value) == f"{path}: cannot be read ({reason})."
