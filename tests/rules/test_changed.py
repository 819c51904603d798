"""Pages that differ from another commit, and no others."""

from pathlib import Path

import pytest

from tests.repositories import alone, commit, git
from verify.errors import UsageError
from verify.rules import checked_site

PAGE = "# A page\n\nText.\n"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone(tmp_path, monkeypatch)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    names = ("docs/a.md", "docs/sub/b.md", "docs/c.md", "docs/gone.md", "other.md")
    folder = tmp_path / "clone"
    files: dict[str, str | bytes | None] = {name: PAGE for name in names}  # noqa: C420  # of more
    commit(folder, "v0", files | {"docs/zh/a.po": "\n", "docs/d.txt": ""})
    git(folder, "switch", "--quiet", "--create", "change")
    changed = PAGE + "More.\n"
    commit(
        folder,
        "",
        {
            "docs/sub/b.md": changed,
            "docs/名 字.md": changed,
            "docs/gone.md": None,
            "docs/zh/a.po": 'msgid "a"\nmsgstr "b"\n',
            "docs/d.txt": "x",
            "other.md": changed,
        },
    )
    git(folder, "switch", "--quiet", "main")
    commit(folder, "", {"docs/c.md": changed})
    git(folder, "switch", "--quiet", "change")
    return folder


def checked(*paths: Path, since: str) -> list[str]:
    return sorted(path.name for path in checked_site.open_site([*paths], since=since).paths)


def test_pages_and_catalogues_of_the_branch_are_left(clone: Path) -> None:
    assert checked(clone / "docs", since="main") == ["a.po", "b.md", "名 字.md"]
    assert checked(clone / "docs" / "sub", clone / "other.md", since="v0") == ["b.md", "other.md"]
    assert checked(clone / "docs" / "a.md", since="main") == []


def test_what_is_not_committed_yet_counts(clone: Path) -> None:
    (clone / "docs" / "a.md").write_text(PAGE + "Unsaved.\n", encoding="utf-8")
    (clone / "docs" / "new.md").write_text(PAGE, encoding="utf-8")
    assert checked(clone / "docs", since="HEAD") == ["a.md", "new.md"]


def test_a_merge_is_compared_with_what_it_was_merged_into(clone: Path, tmp_path: Path) -> None:
    git(clone, "switch", "--quiet", "main")
    git(clone, "merge", "--quiet", "--no-ff", "--message=merged", "change")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=2", clone.as_uri(), str(shallow))
    assert checked(shallow / "docs", since="HEAD^1") == ["a.po", "b.md", "名 字.md"]


def test_no_program_that_settings_of_the_repository_name_is_started(
    clone: Path, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    (clone / "docs" / "a.md").write_text(PAGE.upper(), encoding="utf-8")
    (clone / ".gitattributes").write_text("*.md filter=f diff=f\n")
    for name in ("filter.f.clean", "filter.f.process", "diff.external", "diff.f.textconv"):
        git(clone, "config", name, f"touch {ran}; cat")
    assert "a.md" in checked(clone / "docs", since="main")
    assert not ran.exists()


@pytest.mark.parametrize(
    ("commit", "says"),
    [
        ("nothing", "what has changed since nothing is not known .*fetch-depth: 2"),
        ("--output=x", "looks like an option of git"),
    ],
)
def test_a_commit_that_is_not_there_is_said(clone: Path, commit: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        checked(clone / "docs", since=commit)


def test_a_folder_in_no_repository_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(PAGE)
    with pytest.raises(UsageError, match="what has changed since main is not known"):
        checked(tmp_path, since="main")
