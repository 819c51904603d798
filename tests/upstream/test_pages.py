"""Official pages are read at a version from any git repository or folder, work tree or not."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from tests import repositories
from tests.hearing import Heard
from tests.repositories import commit, git, served
from verify.errors import ExitCode, ResourceError, UsageError
from verify.system import cache
from verify.upstream import pages, remote
from verify.upstream.pages import NoPageError, read_page

PAGE = "docs/页面 one.ipynb"
FIRST = "one\n联邦\n\n"
SECOND = "two\n"
GONE = "0123456789" * 4


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repositories.alone(tmp_path, monkeypatch)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository whose page differs between v1 and v2, and again in the work tree."""
    folder = tmp_path / "clone"
    for text, tag in ((FIRST, "v1"), (SECOND, "v2")):
        commit(folder, tag, {PAGE: text, "docs/data/large.bin": f"{tag}" * 1000})
    (folder / PAGE).write_text("not committed\n")
    return folder


@pytest.fixture
def bare(clone: Path) -> Path:
    return repositories.bare(clone)


def kept() -> list[str]:
    """The kinds of repositories in the cache."""
    folder = cache.cache_root() / "repositories"
    return sorted(path.stem.rpartition("-")[2] for path in folder.glob("*.git"))


# Local repositories


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
    assert kept() == []


def test_a_commit_is_as_good_as_a_tag(clone: Path) -> None:
    first = git(clone, "rev-parse", "v1^{commit}")
    assert read_page(str(clone), first, PAGE).text == FIRST
    assert read_page(str(clone), first[:8], PAGE).text == FIRST


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
    commit(clone, "", {"latin.txt": "\xe9t\xe9\r\n".encode("latin-1")})
    assert read_page(str(clone), "main", "latin.txt").text == "\ufffdt\ufffd\n"


@pytest.mark.parametrize(
    ("ref", "hint"),
    [
        ("v11", "; a near one is v1"),
        ("1", "; a near one is v1"),
        ("maine", "; a near one is main"),
        ("nothing", ""),
        ("", ""),
        (GONE, ""),
    ],
)
def test_a_wrong_tag_is_bad_input_and_near_ones_are_named(
    clone: Path, bare: Path, ref: str, hint: str
) -> None:
    for source in (str(clone), bare.as_uri()):
        with pytest.raises(UsageError) as caught:
            read_page(source, ref, PAGE)
        assert str(caught.value) == f"{source}: no tag, branch or commit {ref}{hint}."
        assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("source", "ref", "says"),
    [
        ("", "--help", "--help: looks like an option of git; name a tag, a branch or a commit."),
        ("", "-v1", "-v1: looks like an option of git; name a tag, a branch or a commit."),
        (
            "--upload-pack=touch ran:x",
            "v1",
            (
                "--upload-pack=touch ran:x: looks like an option of git; "
                "name a git URL, or a folder by its whole path."
            ),
        ),
    ],
)
def test_what_looks_like_an_option_is_bad_input(
    clone: Path, bare: Path, source: str, ref: str, says: str
) -> None:
    for place in [source] if source else [str(clone), bare.as_uri()]:
        with pytest.raises(UsageError) as caught:
            read_page(place, ref, PAGE)
        assert str(caught.value) == says


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("docs/two.ipynb", ""),
        ("docs/tutorial/页面 one.ipynb", f"; a near one is {PAGE}"),
        ("docs/页面one.ipynb", f"; a near one is {PAGE}"),
        ("docs", ""),
        ("", ""),
        ("/etc/hosts", ""),
        ("../x", ""),
        ("docs/", ""),
    ],
)
def test_a_wrong_path_is_bad_input(clone: Path, path: str, hint: str) -> None:
    with pytest.raises(NoPageError) as caught:
        read_page(str(clone), "v1", path)
    assert str(caught.value) == f"{clone}: no file {path} at v1{hint}."


def test_a_repository_that_is_broken_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "broken" / ".git").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"broken: there is no git repository \(not a git rep"):
        read_page(str(tmp_path / "broken"), "v1", PAGE)


@pytest.mark.parametrize("name", ["missing", "page.ipynb", "", "missing@here"])
def test_what_is_neither_a_folder_nor_a_url_is_bad_input(tmp_path: Path, name: str) -> None:
    (tmp_path / "page.ipynb").write_text("{}")
    source = str(tmp_path / name) if name else "missing"
    with pytest.raises(UsageError) as caught:
        read_page(source, "v1", PAGE)
    assert str(caught.value) == f"{source}: neither a folder nor a git URL."


# Folders without git


@pytest.mark.parametrize("below", ["", "docs"])
def test_a_folder_without_git_is_read_as_it_is(tmp_path: Path, clone: Path, below: str) -> None:
    shutil.copytree(clone / "docs", tmp_path / "plain" / "docs")
    page = read_page(str(tmp_path / "plain" / below), "mine", PAGE)
    assert (page.ref, page.commit, page.text) == ("mine", "", "not committed\n")
    assert page.blob == git(clone, "hash-object", str(clone / PAGE))


def test_a_folder_without_git_needs_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.md").write_text("text")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_page(str(tmp_path), "mine", "page.md").text == "text"


def test_pages_unpacked_below_an_unrelated_repository_are_a_folder_without_git(clone: Path) -> None:
    (clone / "unpacked" / "docs").mkdir(parents=True)
    (clone / "unpacked" / "docs" / "page.md").write_text("text")
    page = read_page(str(clone / "unpacked"), "mine", "docs/page.md")
    assert (page.commit, page.text) == ("", "text")


def test_a_missing_file_of_a_folder_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "chapter.md").write_text("text")
    with pytest.raises(NoPageError) as caught:
        read_page(str(tmp_path), "mine", "docs/part/chapter.md")
    assert str(caught.value) == (
        f"{tmp_path}: no file docs/part/chapter.md at mine; a near one is docs/chapter.md."
    )


# URLs


@pytest.mark.parametrize("partial", [True, False])
def test_a_tag_of_a_url_is_brought_once_and_kept(clone: Path, partial: bool) -> None:
    bare = repositories.bare(clone, partial=partial)
    url = bare.as_uri()
    assert read_page(url, "v1", PAGE).text == FIRST
    shutil.rmtree(bare)
    assert read_page(url, "v1", PAGE).text == FIRST
    assert kept() == ["partial"]


def test_of_a_url_only_what_is_read_is_brought(bare: Path) -> None:
    url = bare.as_uri()
    read_page(url, "v1", PAGE)
    shutil.rmtree(bare)
    with pytest.raises(UsageError, match="there is no git repository"):
        read_page(url, "v1", "docs/data/large.bin")


def test_tags_of_one_url_share_a_repository(bare: Path) -> None:
    assert read_page(bare.as_uri(), "v1", PAGE).text == FIRST
    assert read_page(bare.as_uri(), "v2", PAGE).text == SECOND
    assert kept() == ["partial"]


def test_a_branch_of_a_url_is_asked_for_each_time(clone: Path, bare: Path) -> None:
    assert read_page(bare.as_uri(), "main", PAGE).text == SECOND
    git(clone, "checkout", "--quiet", ".")
    newest = commit(clone, "", {PAGE: "third\n"})
    git(clone, "push", "--quiet", str(bare), "main")
    page = read_page(bare.as_uri(), "main", PAGE)
    assert (page.text, page.commit) == ("third\n", newest)


def test_a_branch_may_take_the_place_of_a_folder_of_branches(bare: Path) -> None:
    git(bare, "branch", "fix/page", "v1")
    assert read_page(bare.as_uri(), "fix/page", PAGE).text == FIRST
    git(bare, "branch", "--quiet", "-D", "fix/page")
    git(bare, "branch", "fix", "v2")
    assert read_page(bare.as_uri(), "fix", PAGE).text == SECOND


def test_a_commit_of_a_url_is_brought_by_its_full_name(bare: Path) -> None:
    first = git(bare, "rev-parse", "v1^{commit}")
    assert read_page(bare.as_uri(), first, PAGE).text == FIRST
    with pytest.raises(UsageError) as caught:
        read_page(bare.as_uri(), first[:8], PAGE)
    assert str(caught.value) == (
        f"{bare.as_uri()}: no tag, branch or commit {first[:8]}; "
        "a commit of a URL has to be named in full."
    )


@pytest.mark.parametrize(
    ("smart", "newest", "ends_as"),
    [(True, True, "partial"), (True, False, "shallow"), (False, False, "whole")],
)
@pytest.mark.parametrize("by_commit", [False, True])
def test_servers_that_cannot_serve_parts_are_asked_for_more(
    bare: Path, smart: bool, newest: bool, ends_as: str, by_commit: bool
) -> None:
    ref = git(bare, "rev-parse", "v1^{commit}") if by_commit else "v1"
    with served(bare.parent, smart=smart, newest=newest) as server:
        url = f"{server.url}/{bare.name}"
        assert read_page(url, ref, PAGE).text == FIRST
        # A commit that is no tip can be had from an old server only with all the rest.
        assert kept() == ["whole" if by_commit and not newest else ends_as]
        assert read_page(url, ref, PAGE).text == FIRST
        assert read_page(url, "v2", PAGE).text == SECOND
        assert len(kept()) == 1


def test_files_come_in_batches_and_those_that_came_are_kept(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(clone, "v3", {f"docs/{n}.md": f"page {n}" for n in range(6)})
    bare = repositories.bare(clone)
    monkeypatch.setattr(remote, "_BATCH", 2)
    with served(bare.parent) as server:
        url = f"{server.url}/{bare.name}"
        read_page(url, "v3", "docs/0.md")
        tree = pages.tree_of(url, "v3", "docs", print)
        entries = [entry for entry in tree.entries("docs") if entry.path.endswith(".md")]
        asked = server.fetches()
        server.before = lambda _: server.fetches() <= asked + 1
        with pytest.raises(ResourceError) as caught:
            list(tree.contents(entries, print))
        assert "the connection broke" in str(caught.value)
        assert "what was brought so far is kept" in str(caught.value)
        server.before, asked = lambda _: True, server.fetches()
        said = Heard()
        assert list(tree.contents(entries, said.hear)) == [b"page %d" % n for n in range(6)]
        # One of six was there before, two came in the first batch: three are left, in two batches.
        assert said[0] == "Bringing files: 0 of 3"
        assert server.fetches() - asked == 2


@pytest.mark.parametrize("lost", ["HEAD", "objects", "refs"])
def test_what_was_brought_and_then_damaged_is_brought_again(bare: Path, lost: str) -> None:
    read_page(bare.as_uri(), "v1", PAGE)
    (folder,) = (cache.cache_root() / "repositories").glob("*.git")
    if lost == "HEAD":
        (folder / lost).unlink()
    else:
        shutil.rmtree(folder / lost)
    try:
        page = read_page(bare.as_uri(), "v1", PAGE)
    except ResourceError:  # said once; the remains are gone
        page = read_page(bare.as_uri(), "v1", PAGE)
    assert page.text == FIRST


def test_what_a_killed_git_left_is_in_nobodys_way(bare: Path) -> None:
    read_page(bare.as_uri(), "v1", PAGE)
    (folder,) = (cache.cache_root() / "repositories").glob("*.git")
    for left in ("shallow.lock", "objects/pack/tmp_pack_x"):
        (folder / left).write_text("")
    assert read_page(bare.as_uri(), "v2", PAGE).text == SECOND
    assert not (folder / "objects/pack/tmp_pack_x").exists()


# What goes wrong


def test_an_address_without_a_repository_is_bad_input(tmp_path: Path) -> None:
    url = (tmp_path / "gone.git").as_uri()
    with pytest.raises(UsageError) as caught:
        read_page(url, "v1", PAGE)
    assert str(caught.value) == (
        f"{url}: there is no git repository "
        f"('{tmp_path / 'gone.git'}' does not appear to be a git repository)."
    )
    assert kept() == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "ssh://nobody@127.0.0.1:1/x"])
def test_a_host_that_cannot_be_reached_is_a_missing_resource(url: str) -> None:
    with pytest.raises(ResourceError) as caught:
        read_page(url, "v1", PAGE)
    assert str(caught.value).startswith(f"{url.replace('nobody@', '')}: cannot be reached, or ")
    assert str(caught.value).endswith("or give --upstream a local clone.")
    assert caught.value.exit_code is ExitCode.OURS


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (401, ResourceError, "wants a login that git does not have"),
        (403, ResourceError, "wants a login that git does not have"),
        (404, UsageError, "there is no git repository"),
        (500, ResourceError, "cannot be reached, or the connection broke"),
    ],
)
def test_what_a_server_refuses_is_said_without_asking_and_without_the_password(
    tmp_path: Path, status: int, kind: type[Exception], says: str
) -> None:
    with served(tmp_path, status=status) as server:
        url = server.url.replace("://", "://user:secret@") + "/x.git"
        with pytest.raises(kind) as caught:
            read_page(url, "v1", PAGE)
    assert str(caught.value).startswith(f"{server.url}/x.git: {says} (")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_does_not_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.system.git._ANSWER_WITHIN_S", 0.5)
    done = threading.Event()
    with served(tmp_path) as server:
        server.before = lambda _: done.wait(20)
        with pytest.raises(ResourceError, match=r"the server did not answer in 0 s"):
            read_page(f"{server.url}/x.git", "v1", PAGE)
        done.set()


def test_no_password_is_written_to_the_cache(bare: Path) -> None:
    with served(bare.parent) as server:
        url = f"{server.url}/{bare.name}".replace("://", "://user:secret@")
        assert read_page(url, "v1", PAGE).text == FIRST
    files = [path for path in cache.cache_root().rglob("*") if path.is_file()]
    assert len(files) > 3
    assert not [path for path in files if b"secret" in path.read_bytes()]


def test_a_disk_that_git_fills_is_named(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("git")
    imitation = tmp_path / "bin" / "git"
    imitation.parent.mkdir()
    imitation.write_text(
        f'#!/bin/sh\ncase " $* " in *" fetch "*) '
        "echo 'fatal: write error: No space left on device' >&2; exit 128;; esac\n"
        f'exec {real} "$@"\n'
    )
    imitation.chmod(0o755)
    monkeypatch.setenv("PATH", f"{imitation.parent}:{os.environ['PATH']}")
    with pytest.raises(ResourceError, match=r"^The disk of .*-partial\.git is full \(.* MB free\)"):
        read_page(bare.as_uri(), "v1", PAGE)


def test_git_is_missed_by_name(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ResourceError) as caught:
        read_page(str(clone), "v1", PAGE)
    assert str(caught.value) == "git is not on PATH; install it to read official pages."
