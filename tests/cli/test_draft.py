"""Pages are named by path, pattern, folder, or all at once; each gets a document of its own."""

import json
import subprocess
from pathlib import Path

import pytest

from verify.cli import draft
from verify.environment import environment as environments
from verify.errors import UsageError

EMPTY = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
PATHS = ("docs/a/one.ipynb", "docs/a/two.ipynb", "docs/b/one.ipynb", "docs/b/text.md", "x.ipynb")


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    folder = tmp_path / "upstream"
    for path in PATHS:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(EMPTY)
    name = ("-c", "user.name=writer", "-c", "user.email=writer@pages.invalid")
    for command in (
        ("init", "--quiet"),
        ("add", "."),
        (*name, "commit", "--quiet", "--message", "Pages"),
        ("tag", "v1.11.0b1"),
    ):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize(
    ("names", "drafted"),
    [
        (["docs/a/two.ipynb"], ["two"]),
        (["docs/a/*.ipynb"], ["one", "two"]),
        (["docs/b/"], ["one"]),
        (["all"], ["a-one", "two", "b-one"]),
        (["docs/b", "docs/a/one.ipynb"], ["b-one", "a-one"]),
    ],
)
def test_pages_are_found_by_what_names_them(
    upstream: Path, tmp_path: Path, names: list[str], drafted: list[str]
) -> None:
    found = draft.of_pages(
        names, tmp_path / "to", lambda _: None, source=str(upstream), ref=None, env=None
    )
    assert [one.name for one in found] == drafted
    assert {one.environment.name for one in found} == {environments.DEFAULT}
    assert all(one.pins_path.is_file() for one in found)


@pytest.mark.parametrize("name", ["docs/a/three.ipynb", "docs/b/text.md", "docs/c"])
def test_a_name_that_fits_no_notebook_is_bad_input(
    upstream: Path, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UsageError, match=f"{name}: no notebook of .* at v1.11.0b1"):
        draft.of_pages(
            [name], tmp_path / "to", lambda _: None, source=str(upstream), ref=None, env=None
        )


@pytest.mark.parametrize(
    ("name", "page"),
    [("docs/a.ipynb", True), ("a.ipynb", True), ("all", True), ("aggregation-matrix", False)],
)
def test_a_page_is_told_from_a_document(name: str, *, page: bool) -> None:
    assert draft.is_page(name) is page
