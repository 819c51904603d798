"""Pages are named by path, pattern, folder, or all at once; each gets a document of its own."""

import json
import subprocess
from pathlib import Path

import pytest

from tests import hearing
from verify.contract import drafting
from verify.contract.contract import Contract
from verify.contract.drafting import Drafted
from verify.environment import environment as environments
from verify.errors import UsageError
from verify.upstream import page_names, pages

EMPTY = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
WORDS = "# Pears\n\nThere are 12.\n"
CODE = f"{WORDS}\n```python\npears = 12\n```\n"
PAGES = {
    "docs/a/one.ipynb": EMPTY,
    "docs/a/two.ipynb": EMPTY,
    "docs/b/one.ipynb": EMPTY,
    "docs/b/text.md": WORDS,
    "docs/b/code.md": CODE,
    "docs/b/one.rst": "Pears\n=====\n\n>>> 1 + 1\n2\n",
    "x.ipynb": EMPTY,
}


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    folder = tmp_path / "upstream"
    for path, content in PAGES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
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
        (["docs/b/"], ["code", "b-one", "b-one-rst"]),
        (["docs/b/code.md"], ["code"]),
        (["docs/b/*.md"], ["code"]),
        (["all"], ["a-one", "two", "code", "b-one", "b-one-rst"]),
        (["docs/b/*.ipynb", "docs/a/one.ipynb"], ["b-one", "a-one"]),
    ],
)
def test_pages_are_found_by_what_names_them(
    upstream: Path, tmp_path: Path, names: list[str], drafted: list[str]
) -> None:
    found = drafting.of_pages(
        names, tmp_path / "to", lambda _: None, source=str(upstream), ref=None, env=None
    )
    assert [one.name for one in found.contracts] == drafted
    assert {one.environment.name for one in found.contracts} == {environments.DEFAULT}
    assert all(one.pins_path.is_file() for one in found.contracts)


def drafts(names: list[str], upstream: Path, to: Path) -> list[Contract]:
    return drafted_of(names, upstream, to).contracts


def drafted_of(names: list[str], upstream: Path, to: Path) -> Drafted:
    return drafting.of_pages(names, to, lambda _: None, source=str(upstream), ref=None, env=None)


def test_one_page_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "bad.ipynb").write_text("{")
    with pytest.raises(UsageError, match=r"^docs/bad\.ipynb: is not a readable notebook"):
        drafts(["all"], folder, tmp_path / "to")
    (folder / "docs" / "a\tb.ipynb").write_text(EMPTY)
    (folder / "docs" / "good.md").write_text(CODE)
    found = drafted_of(["all"], folder, tmp_path / "to")
    assert [one.name for one in found.contracts] == ["a\tb", "good"]
    (says,) = found.unread
    assert str(says).startswith("docs/bad.ipynb: is not a readable notebook")


def test_a_link_that_leads_out_of_the_folder_is_no_page(upstream: Path, tmp_path: Path) -> None:
    docs = tmp_path / "pages" / "docs"
    docs.mkdir(parents=True)
    (tmp_path / "secret.md").write_text(CODE)
    (docs / "out.md").symlink_to(tmp_path / "secret.md")
    (docs / "good.md").write_text(CODE)
    (docs / "other.md").symlink_to("good.md")
    for source, name in ((docs.parent, "all"), (upstream, str(docs))):
        found = drafts([name], source, tmp_path / "to")
        assert [one.name for one in found] == ["good", "other"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "docs/a/tow.ipynb",
            "no page of .* at v1.11.0b1, and none here, .* near ones are docs/a/two.ipynb",
        ),
        ("docs/c", "no page of .* at v1.11.0b1, and none here, has this path or lies below it"),
        ("nowhere.md", "no page of .* at v1.11.0b1, and none here, has this path"),
        ("docs/b/text.md", "no page with Python in it, so there is nothing of it to run"),
    ],
)
def test_a_name_that_fits_nothing_to_run_is_bad_input(
    upstream: Path, tmp_path: Path, name: str, why: str
) -> None:
    with pytest.raises(UsageError, match=f"^{name}: {why}"):
        drafts([name], upstream, tmp_path / "to")


def test_the_official_repository_is_asked_for_nothing_that_it_cannot_have() -> None:
    with pytest.raises(UsageError, match=r"^nowhere\.md: no such file; the path of an official"):
        page_names.resolved(["nowhere.md"], pages.DEFAULT_SOURCE, "v1.11.0b1", hearing.nothing)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    (folder / "more").mkdir(parents=True)
    monkeypatch.chdir(folder)
    (folder / "notes.md").write_text(CODE)
    (folder / "words.md").write_text(WORDS)
    (folder / "more" / "deep.ipynb").write_text(EMPTY)
    return folder


@pytest.mark.parametrize(
    ("name", "drafted"),
    [
        ("notes.md", [("notes", "notes.md")]),
        ("./notes.md", [("notes", "notes.md")]),
        ("more/deep.ipynb", [("deep", "deep.ipynb")]),
        (".", [("deep", "more/deep.ipynb"), ("notes", "notes.md")]),
    ],
)
def test_what_lies_here_and_in_no_repository_is_a_draft(
    here: Path, tmp_path: Path, name: str, drafted: list[tuple[str, str]]
) -> None:
    assert here.is_dir()
    nobody = tmp_path / "no repository"  # is not asked
    found = drafts([name], nobody, tmp_path / "to")
    assert [(one.name, one.official.path) for one in found] == drafted
    assert {one.official.ref for one in found} == {"draft"}
    read = found[0].official.read(str(nobody), "v9", lambda _: None)
    assert read.blob == found[0].official.blob


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("./words.md", "no page with Python in it"),
        ("./empty", "holds no notebook and no other page with Python in it"),
        ("./notes.txt", "no page with Python in it"),
    ],
)
def test_what_lies_here_without_anything_to_run_is_bad_input(
    here: Path, upstream: Path, tmp_path: Path, name: str, why: str
) -> None:
    (here / "empty").mkdir()
    (here / "notes.txt").write_text("pears = 12")
    with pytest.raises(UsageError, match=f"^{name}: {why}"):
        drafts([name], upstream, tmp_path / "to")


def test_the_repository_comes_before_what_lies_here(
    here: Path, upstream: Path, tmp_path: Path
) -> None:
    (here / "docs" / "b").mkdir(parents=True)
    for name in ("code.md", "new.md"):
        (here / "docs" / "b" / name).write_text(CODE)
    found = drafts(["docs/b/code.md", "docs/b/new.md"], upstream, tmp_path / "to")
    assert [(one.official.ref, bool(one.official.source)) for one in found] == [
        ("v1.11.0b1", False),
        ("draft", True),
    ]


def test_a_draft_in_a_repository_is_read_as_it_is_on_the_disk(
    upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(upstream / "docs" / "b")
    Path("code.md").write_text(CODE.replace("12", "13"))
    (one,) = drafts(["./code.md"], upstream, tmp_path / "to")
    assert "pears = 13" in one.official.read("", None, lambda _: None).text


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("docs/a.ipynb", True),
        ("a.ipynb", True),
        ("notes.md", True),
        ("./notes", True),
        ("all", True),
        ("aggregation-matrix", False),
    ],
)
def test_a_page_is_told_from_a_document(name: str, *, page: bool) -> None:
    assert page_names.is_page(name) is page
