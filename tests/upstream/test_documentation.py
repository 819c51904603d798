"""The documentation of a version is copied once, whole or not at all, with notebooks as text."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
import pytest

from tests import PROJECT, repositories
from tests.repositories import commit, git, served
from verify.errors import ResourceError, UsageError
from verify.system import cache
from verify.upstream import documentation
from verify.upstream.documentation import Documentation, sync
from verify.upstream.pages import PATHS_NAME, NoPageError, refs_of


def notebook(*sources: str) -> str:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return str(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))


FILES: dict[str, str | bytes | None] = {
    "README.md": "# Herons\n",
    "src/large.bin": os.urandom(300_000),
    "docs/index.rst": "Herons\n======\n",
    "docs/guide/苍鹭.md": "[up](../../README.md)\r\n",
    "docs/guide/wade.ipynb": notebook("depth = 3", "print(depth)"),
    "docs/guide/wade.py": "depth = 4\n",
    "docs/pictures/one.png": b"\x89PNG\r\n\x1a\n\0",
}


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repositories.alone(tmp_path, monkeypatch)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "herons"
    commit(folder, "v1", FILES)
    git(folder, "tag", "v1-again")
    commit(folder, "v2", {"docs/index.rst": "Herons, again\n=============\n"})
    return folder


@pytest.fixture
def bare(clone: Path) -> Path:
    return repositories.bare(clone)


def kept() -> list[str]:
    """The names of the copies in the cache, finished or not."""
    folder = cache.cache_root() / "documentation"
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def bytes_brought() -> int:
    folder = cache.cache_root() / "repositories"
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def assert_whole(copy: Documentation) -> None:
    """Each official file is there byte by byte, and nothing else but the notebook's text."""
    official = {name: text for name, text in FILES.items() if name.startswith("docs/")}
    for name, content in official.items():
        as_bytes = content if isinstance(content, bytes) else str(content).encode()
        assert (copy.root / name).read_bytes() == as_bytes, name
    files = {path.relative_to(copy.root).as_posix() for path in copy.pages.rglob("*.*")}
    assert files == official.keys() | {"docs/guide/wade.ipynb.py"}


# What is copied


@pytest.mark.parametrize("kind", ["clone", "bare", "url", "url of all or nothing"])
def test_a_copy_holds_the_documentation_and_nothing_else(clone: Path, kind: str) -> None:
    bare = repositories.bare(clone, partial=kind == "url")
    source = {"clone": str(clone), "bare": str(bare)}.get(kind, bare.as_uri())
    copy = sync(source, "v1")
    assert copy.commit == git(clone, "rev-parse", "v1^{commit}")
    assert copy.root == cache.cache_root() / "documentation" / copy.commit
    assert_whole(copy)
    assert (copy.count(".ipynb"), copy.count(".md"), copy.count(".rst")) == (1, 1, 1)
    assert copy.size == sum(
        (copy.root / name).stat().st_size for name in FILES if name.startswith("docs/")
    )


def test_of_a_url_only_the_documentation_is_brought(bare: Path) -> None:
    sync(bare.as_uri(), "v1")
    assert bytes_brought() < 100_000


def test_the_paths_of_the_whole_commit_are_told(clone: Path) -> None:
    lines = (sync(str(clone), "v1").root / PATHS_NAME).read_text(encoding="utf-8").splitlines()
    assert lines == sorted(FILES, key=str.encode)


def test_notebooks_are_also_text(clone: Path) -> None:
    copy = sync(str(clone), "v1")
    text = copy.pages / "guide" / "wade.ipynb.py"
    again = jupytext.read(text, fmt="py:percent")
    assert [cell.source for cell in again.cells] == ["depth = 3", "print(depth)"]


def test_a_file_of_that_name_is_not_written_over(clone: Path) -> None:
    commit(clone, "v3", {"docs/guide/wade.ipynb.py": "own\n"})
    assert (sync(str(clone), "v3").pages / "guide" / "wade.ipynb.py").read_text() == "own\n"


def test_what_is_no_notebook_is_copied_and_said(clone: Path) -> None:
    commit(clone, "v3", {"docs/bad.ipynb": "{", "docs/old.ipynb": '{"cells": []}'})
    copy = sync(str(clone), "v3")
    assert "docs/bad.ipynb" in copy.unreadable
    assert (copy.pages / "bad.ipynb").read_text() == "{"
    assert not (copy.pages / "bad.ipynb.py").exists()


def test_links_inside_the_documentation_are_kept_and_others_left_out(clone: Path) -> None:
    (clone / "docs" / "same.rst").symlink_to("index.rst")
    (clone / "docs" / "guide" / "README.md").symlink_to("../../README.md")
    (clone / "docs" / "passwords").symlink_to("/etc/passwd")
    commit(clone, "v3", {})
    copy = sync(str(clone), "v3")
    assert (copy.pages / "same.rst").read_text().startswith("Herons, again")
    assert not (copy.pages / "guide" / "README.md").is_symlink()
    assert not (copy.pages / "passwords").is_symlink()


@pytest.mark.parametrize("name", ["..", ".git"])
def test_names_that_lead_out_of_the_copy_are_refused(clone: Path, name: str) -> None:
    blob = git(clone, "rev-parse", "v1:README.md")
    inner = tree(clone, f"100644 blob {blob}\tx.md")
    outer = tree(clone, f"040000 tree {inner}\t{name}")
    top = tree(clone, f"040000 tree {outer}\tdocs")
    evil = git(clone, "commit-tree", top, "-m", "evil")
    with pytest.raises(UsageError, match="must not hold a file of this name"):
        sync(str(clone), evil)
    assert kept() == []


def tree(folder: Path, row: str) -> str:
    done = subprocess.run(
        ["git", "mktree"], cwd=folder, input=row, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_another_folder_or_all_can_be_asked_for(clone: Path) -> None:
    guide, everything = sync(str(clone), "v1", "docs/guide/"), sync(str(clone), "v1", ".")
    assert sorted(path.name for path in guide.pages.iterdir()) == [
        *("wade.ipynb", "wade.ipynb.py", "wade.py", "苍鹭.md")
    ]
    assert (everything.pages / "src" / "large.bin").exists()
    assert guide.root != everything.root


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("docs/giude", "no folder docs/giude at v1; a near one is docs/guide."),
        ("docs/part/guide", "no folder docs/part/guide at v1; a near one is docs/guide."),
        ("handbook", "no folder handbook at v1."),
    ],
)
def test_a_folder_that_is_not_there_is_bad_input(clone: Path, path: str, says: str) -> None:
    with pytest.raises(NoPageError) as caught:
        sync(str(clone), "v1", path)
    assert str(caught.value) == f"{clone}: {says}"
    assert kept() == []


# Folders without git


@pytest.mark.parametrize("below", ["", "docs"])
def test_a_folder_without_git_is_kept_by_its_content(
    clone: Path, tmp_path: Path, below: str
) -> None:
    git(clone, "checkout", "--quiet", "v1")
    shutil.copytree(clone / "docs", tmp_path / "plain" / "docs")
    copy = sync(str(tmp_path / "plain" / below), "mine")
    assert (copy.ref, copy.commit) == ("mine", "")
    assert copy.root.name.startswith("folder-")
    assert_whole(copy)
    assert not (copy.root / PATHS_NAME).exists()
    (tmp_path / "plain" / "docs" / "index.rst").write_text("changed\n")
    changed = sync(str(tmp_path / "plain"), "mine")
    assert (changed.pages / "index.rst").read_text() == "changed\n"
    assert changed.root != copy.root


# Once, and whole


def test_tags_of_one_commit_share_a_copy(clone: Path, bare: Path) -> None:
    roots = {sync(source, ref).root for source in (str(clone), bare.as_uri()) for ref in ("v1",)}
    assert roots == {sync(str(clone), "v1-again").root}
    assert len(kept()) == 1
    (copy,) = roots
    assert refs_of(copy / "docs" / "guide") == ["v1", "v1-again"]


def test_what_was_not_synced_has_no_names(tmp_path: Path) -> None:
    assert refs_of(tmp_path) == []


def test_a_second_call_needs_neither_the_source_nor_a_new_copy(bare: Path) -> None:
    url = bare.as_uri()
    first = sync(url, "v1")
    made = first.pages.stat().st_ctime_ns
    shutil.rmtree(bare)
    assert sync(url, "v1") == first
    assert first.pages.stat().st_ctime_ns == made


def test_a_branch_is_brought_anew_when_it_moved(clone: Path, bare: Path) -> None:
    before = sync(bare.as_uri(), "main")
    commit(clone, "", {"docs/index.rst": "newest\n"})
    git(clone, "push", "--quiet", str(bare), "main")
    after = sync(bare.as_uri(), "main")
    assert (after.pages / "index.rst").read_text() == "newest\n"
    assert after.root != before.root


@pytest.mark.parametrize(
    "damage",
    [
        lambda copy: (copy.pages / "index.rst").write_text("edited by accident"),
        lambda copy: (copy.pages / "guide" / "wade.ipynb").unlink(),
        lambda copy: (copy.pages / "guide" / "wade.ipynb.py").unlink(),
        lambda copy: (copy.root / "copy.json").write_text("{"),
        lambda copy: (copy.root / "copy.json").write_text('{"schema": 0}'),
        lambda copy: (copy.root / ".complete").unlink(),
    ],
)
def test_a_copy_that_was_changed_is_made_again_without_the_source(
    bare: Path,
    damage: Callable[[Documentation], object],
) -> None:
    url = bare.as_uri()
    damage(sync(url, "v1"))
    shutil.rmtree(bare)
    assert_whole(sync(url, "v1"))


def test_a_disk_that_fills_up_is_named_and_leaves_no_copy(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(documentation, "_convert", full)
    with pytest.raises(ResourceError, match=r"^The disk of .* is full"):
        sync(str(clone), "v1")
    assert kept() == []


# Broken off


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "verify", "sync", *arguments],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_run_that_is_killed_is_continued(bare: Path) -> None:
    arrived, done = threading.Event(), threading.Event()
    with served(bare.parent) as server:

        def hold_up(_: str) -> bool:
            if not list(cache.cache_root().glob("repositories/*.git/refs/synced/*")):
                return True
            arrived.set()  # the commit is here, and now its files are asked for
            return not done.wait(60)

        server.before = hold_up
        url = f"{server.url}/{bare.name}"
        process = started("--upstream", url, "--ref", "v1")
        assert arrived.wait(60)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        done.set()
        assert not list(cache.cache_root().glob("documentation/*/.complete"))
        server.before, before = lambda _: True, len(server.asked)
        assert_whole(sync(url, "v1"))
        # Neither the names nor the commit were asked for again.
        assert 0 < len(server.asked) - before < before


def test_the_command_says_what_it_brought_and_prints_where(clone: Path) -> None:
    process = started("--upstream", str(clone), "--ref", "v1", "--ref", "main")
    out, err = process.communicate()
    assert process.returncode == 0
    folders = [Path(line) for line in out.splitlines()]
    assert [folder.name for folder in folders] == ["docs", "docs"]
    assert all((folder / "index.rst").exists() for folder in folders)
    first = git(clone, "rev-parse", "v1^{commit}")[:12]
    # A slow machine says before what takes so long.
    said = [line for line in err.splitlines() if not line.startswith("  ")]
    assert len(said) == 2
    assert said[0].startswith(
        f"v1 is commit {first}: 1 notebooks, 1 Markdown and 1 reStructuredText pages, 0.0 MB, in "
    )


def test_the_command_ends_with_one_sentence_and_the_documented_code(clone: Path) -> None:
    process = started("--upstream", str(clone), "--ref", "v11")
    out, err = process.communicate()
    assert (process.returncode, out) == (2, "")
    assert err == f"{clone}: no tag, branch or commit v11; a near one is v1.\n"


def test_the_manifest_tells_what_was_written(clone: Path) -> None:
    copy = sync(str(clone), "v1")
    told = json.loads((copy.root / "copy.json").read_text(encoding="utf-8"))
    assert told["files"]["docs/index.rst"] == git(clone, "rev-parse", "v1:docs/index.rst")
