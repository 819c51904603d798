"""Files beside a page are there when its code names them, and only then."""

import json
from pathlib import Path

import pytest

from verify.errors import ResourceError
from verify.execute import page_files
from verify.upstream import pages, plain_folder

FILES = {
    "docs/pears/ripe.csv": "1,2",
    "docs/pears/helper.py": "x = 1",
    "docs/pears/more/deep.txt": "deep",
    "docs/pears/more/other.txt": "other",
    "docs/plums.csv": "3",
}


def brought(folder: Path, *cells: str) -> list[str]:
    """What is copied for a page of these cells."""
    rows: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "source": c, "outputs": [], "execution_count": None}
        for c in cells
    ]
    rows.append({"cell_type": "markdown", "metadata": {}, "source": "See `ripe.csv`."})
    text = json.dumps({"cells": rows, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    for path, content in {**FILES, "docs/pears/page.ipynb": text}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    source = f"{plain_folder.AS_IT_IS}{folder}"
    page = pages.read_page(source, "draft", "docs/pears/page.ipynb")
    to = folder / "run"
    to.mkdir()
    found = page_files.found(page, source, lambda _: None)
    page_files.put(found, to)
    assert sorted(found) == sorted(
        file.relative_to(to).as_posix() for file in to.rglob("*") if file.is_file()
    )
    return sorted(found)


@pytest.mark.parametrize(
    ("cell", "files"),
    [
        ("open('ripe.csv')", ["ripe.csv"]),
        ("open('./ripe.csv')", ["ripe.csv"]),
        ("open('ripe.tsv')", []),
        ("open('more/deep.txt')", ["more/deep.txt"]),
        ("os.listdir('more')", ["more/deep.txt", "more/other.txt"]),
        ("import helper", ["helper.py"]),
        ("from helper import x", ["helper.py"]),
        ("import helpers", []),
        ("!python helper.py --file=ripe.csv", ["helper.py", "ripe.csv"]),
        ("%run helper.py", ["helper.py"]),
        ("%%bash\ncat ripe.csv\npython helper.py", ["helper.py", "ripe.csv"]),
        ("open('../plums.csv')", []),  # would lie outside of the run's folder
        ("open('/ripe.csv')", []),
        ("open('.')", []),
        ("open('page.ipynb')", []),
        ("# open('ripe.csv')", []),
        ("not Python 'ripe.csv'", []),
    ],
)
def test_what_the_code_names_is_copied(tmp_path: Path, cell: str, files: list[str]) -> None:
    assert brought(tmp_path, cell) == files


def test_nothing_large_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_files, "_MOST_BYTES", 2)
    with pytest.raises(ResourceError, match="names files beside it of more than 0 MiB"):
        brought(tmp_path, "open('ripe.csv')")


def test_modules_beside_a_page_are_no_packages() -> None:
    assert page_files.modules(["helper.py", "more/deep.py", "ripe.csv"]) == {
        "helper",
        "more",
        "ripe.csv",
    }
