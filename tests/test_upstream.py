"""Official pages are read at a tag from any git repository, work tree or not."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from verify import store, upstream
from verify.errors import ExitCode, ResourceError, UsageError
from verify.upstream import read_page

PAGE = "docs/页面 one.ipynb"
FIRST = "one\n联邦\n\n"
SECOND = "two\n"


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, and a git that knows nothing of this machine and of a hook around it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository whose page differs between v1 and v2, and again in the work tree."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    page = folder / PAGE
    page.parent.mkdir()
    for text, tag in ((FIRST, "v1"), (SECOND, "v2")):
        page.write_bytes(text.encode())
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", f"--message={tag}")
        git(folder, "tag", "--annotate", f"--message={tag}", tag)
    page.write_text("not committed\n")
    return folder


@pytest.fixture
def bare(tmp_path: Path, clone: Path) -> Path:
    folder = tmp_path / "bare.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(clone), str(folder))
    git(folder, "config", "uploadpack.allowFilter", "true")
    return folder


def clones() -> list[Path]:
    return [path for path in (store.cache_root() / "upstream").iterdir() if path.is_dir()]


@pytest.mark.parametrize("kind", ["clone", "bare"])
@pytest.mark.parametrize(("ref", "text"), [("v1", FIRST), ("v2", SECOND), ("main", SECOND)])
def test_a_page_is_read_at_its_tag_from_a_clone_and_from_a_bare_repository(
    request: pytest.FixtureRequest, kind: str, ref: str, text: str
) -> None:
    folder: Path = request.getfixturevalue(kind)
    page = read_page(str(folder), ref, PAGE)
    assert (page.ref, page.path, page.text) == (ref, PAGE, text)
    assert page.commit == git(folder, "rev-parse", f"{ref}^{{commit}}")
    assert page.blob == git(folder, "rev-parse", f"{ref}:{PAGE}")


def test_a_commit_is_as_good_as_a_tag(clone: Path) -> None:
    commit = git(clone, "rev-parse", "v1^{commit}")
    assert read_page(str(clone), commit, PAGE).text == FIRST


def test_a_work_tree_may_lie_below_the_folder_of_its_repository(clone: Path) -> None:
    assert read_page(str(clone / "docs"), "v1", PAGE).text == FIRST


def test_a_git_hook_around_us_does_not_lead_elsewhere(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert read_page(str(clone), "v1", PAGE).text == FIRST


def test_a_page_that_is_not_utf_8_is_read_all_the_same(clone: Path) -> None:
    (clone / "latin.txt").write_bytes("\xe9t\xe9".encode("latin-1"))
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "--message=latin")
    assert read_page(str(clone), "main", "latin.txt").text == "\ufffdt\ufffd"


@pytest.mark.parametrize("ref", ["v3", "nothing", "", "--help"])
def test_a_wrong_tag_is_bad_input(clone: Path, ref: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_page(str(clone), ref, PAGE)
    assert str(caught.value) == f"{clone}: no tag {ref}."
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("path", ["docs/two.ipynb", "docs", "", "/etc/hosts", "../x", "docs/"])
def test_a_wrong_path_is_bad_input(clone: Path, path: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_page(str(clone), "v1", path)
    assert str(caught.value) == f"{clone}: no file {path} at v1."


def test_a_folder_that_is_no_repository_is_bad_input(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    with pytest.raises(UsageError) as caught:
        read_page(str(folder), "v1", PAGE)
    assert str(caught.value) == f"{folder}: no git repository."


def test_a_file_is_no_repository(tmp_path: Path) -> None:
    file = tmp_path / "page.ipynb"
    file.write_text("{}")
    with pytest.raises(UsageError) as caught:
        read_page(str(file), "v1", PAGE)
    assert str(caught.value) == f"{file}: no git repository."


def test_what_is_neither_there_nor_a_url_is_bad_input(tmp_path: Path) -> None:
    source = str(tmp_path / "missing")
    with pytest.raises(UsageError) as caught:
        read_page(source, "v1", PAGE)
    assert str(caught.value) == f"{source}: neither a folder nor a git URL."


def test_a_url_is_cloned_once_and_kept(bare: Path) -> None:
    url = bare.as_uri()
    assert read_page(url, "v1", PAGE).text == FIRST
    # git fetches a text only when it is asked for: keep what was asked for, lose the source.
    shutil.rmtree(bare)
    assert read_page(url, "v1", PAGE).text == FIRST
    assert len(clones()) == 1


def test_tags_of_one_url_are_kept_apart(bare: Path) -> None:
    assert read_page(bare.as_uri(), "v1", PAGE).text == FIRST
    assert read_page(bare.as_uri(), "v2", PAGE).text == SECOND


def test_a_url_without_the_tag_is_a_missing_resource_and_leaves_nothing(bare: Path) -> None:
    url = bare.as_uri()
    with pytest.raises(ResourceError) as caught:
        read_page(url, "v3", PAGE)
    assert str(caught.value) == (
        f"{url}: cannot bring v3 (fatal: Remote branch v3 not found in upstream origin)."
    )
    assert caught.value.exit_code is ExitCode.OURS
    assert clones() == []


def test_a_host_that_cannot_be_reached_is_a_missing_resource(tmp_path: Path) -> None:
    url = (tmp_path / "gone.git").as_uri()
    with pytest.raises(ResourceError, match=r"^file://.*gone\.git: cannot bring v1 \(.+\)\.$"):
        read_page(url, "v1", PAGE)


@pytest.mark.parametrize("lost", ["HEAD", ".complete"])
def test_a_clone_that_was_cut_short_is_made_again(bare: Path, lost: str) -> None:
    read_page(bare.as_uri(), "v1", PAGE)
    (kept,) = clones()
    (kept / lost).unlink()
    assert read_page(bare.as_uri(), "v1", PAGE).text == FIRST


def test_git_is_missed_by_name(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(ResourceError) as caught:
        upstream.read_page(str(clone), "v1", PAGE)
    assert str(caught.value) == "git is not on PATH; install it to read official pages."
