"""Packages beside a release: locked by uv against the release's lock, from wheels made here."""

import sys
from io import StringIO
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from rich.console import Console

from tests.hearing import Heard, nothing
from tests.wheels import only, wheel
from verify.cli import env
from verify.environment import environment, extras
from verify.environment.environment import Environment
from verify.environment.extras import Extra
from verify.errors import ResourceError, UsageError
from verify.system.resources import FIXTURES

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A release of screws 1.0, locked with paint 1.0, and an index with more than that."""
    index, folder = tmp_path / "index", tmp_path / "environments"
    index.mkdir()
    folder.mkdir()
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_CONFIG_FILE", str(only(index)))
    monkeypatch.setattr(environment, "FOLDER", folder)
    monkeypatch.setattr(environment, "find_python", lambda *_: sys.executable)
    lock = wheel(index, "screws", "1.0") + wheel(index, "paint", "1.0")
    wheel(index, "paint", "2.0")
    wheel(index, "brush", "1.0", "paint>=2")
    wheel(index, "screws", "2.0")
    wheel(index, "glue", "1.0")
    wheel(index, "kit", "1.0", "screws", "glue")
    wheel(index, "kit", "2.0", "screws>=2")
    (folder / "small.in").write_text(f"# python: {RUNNING}\nscrews==1.0\npaint\n")
    (folder / "small.txt").write_text(lock)
    return environment.locate("small")


def locked(release: Environment, text: str) -> Extra:
    return extras.lock(release, text, lambda _: None)


def test_a_lock_holds_what_a_package_adds_to_the_release(release: Environment) -> None:
    extra = locked(release, "kit")
    assert extra.packages == {"kit": "1.0", "glue": "1.0"}  # 2.0 wants other screws
    assert extra.conflict == ""
    text = extra.lock.read_text()
    assert text.startswith(f"# install: kit\n# beside: {release.lock_sha256}\nglue==1.0 \\\n")
    assert extra.lock == environment.FOLDER / "small" / "kit.txt"
    assert extras.of(release) == [extra]
    assert environment.names() == ["small"]


def test_what_does_not_go_with_the_release_is_kept_with_the_reason(release: Environment) -> None:
    extra = locked(release, "Kit>=2")
    assert extra.packages == {}
    assert "kit>=2" in extra.conflict
    assert "screws" in extra.conflict
    assert extras.of(release) == [extra]
    assert list(extras.ensure(extra, release, lambda _: None).glob("*.py")) == []


def test_what_goes_with_other_versions_than_the_lock_s_is_no_conflict(release: Environment) -> None:
    extra = locked(release, "brush")
    assert (extra.conflict, extra.packages) == ("", {})
    assert "paint>=2" in extra.other
    assert extras.of(release) == [extra]


def test_what_the_index_does_not_have_is_a_conflict_and_no_network_is_none(
    release: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "paste" in locked(release, "paste").conflict
    monkeypatch.delenv("UV_CONFIG_FILE")
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(ResourceError, match=r"^chalk: uv cannot say what it takes beside small "):
        locked(release, "chalk")
    assert {extra.requirement for extra in extras.of(release)} == {"paste"}


def test_an_extra_that_a_package_has_not_is_warned_of(release: Environment) -> None:
    assert "does not have an extra named `all`" in locked(release, "glue[all]").warning


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("screws", "small has screws 1.0 already"),
        ("screws<2", "small has screws 1.0 already"),
        ("./kit", "is no package by its name"),
        ("kit @ file:///kit.whl", "is no package by its name alone"),
    ],
)
def test_what_needs_no_lock_is_refused(release: Environment, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        locked(release, text)
    assert extras.of(release) == []


def test_it_is_built_into_the_cache_and_mended(release: Environment) -> None:
    release.python.parent.mkdir(parents=True)
    release.python.symlink_to(sys.executable)
    extra = locked(release, "kit")
    heard = Heard()
    folder = extras.ensure(extra, release, heard.hear)
    assert heard[0] == "Installing kit beside small."
    assert (folder / "kit.py").read_text() == "version = '1.0'\n"
    assert not (folder / "screws.py").exists()
    (folder / "glue.py").unlink()
    heard.clear()
    assert extras.ensure(extra, release, heard.hear) == folder
    assert heard[0].endswith("glue.py of glue-1.0.dist-info is missing or unreadable.")
    assert (folder / "glue.py").exists()
    assert extras.ensure(extra, release, nothing) == folder


@pytest.mark.parametrize(
    ("wanted", "serves"),
    [
        ("kit", "kit"),
        ("Kit<2", "kit"),
        ("kit==1.0", "kit==1.0"),
        ("kit>=2", "kit>=2"),  # a conflict serves who asks for just that
        ("kit>=3", None),
        ("kit[all]", None),
        ("screws==3", None),
        ("glue", None),  # the newest is not known
        ("glue==1", "glue==1.0"),
    ],
)
def test_a_lock_serves_whom_its_version_satisfies(
    release: Environment, wanted: str, serves: str | None
) -> None:
    for text in ("kit", "kit==1.0", "kit>=2", "glue==1.0"):
        locked(release, text)
    found = extras.serving(extras.of(release), Requirement(wanted))
    assert (found.requirement if found else None) == serves


def test_a_lock_says_what_it_is_of(release: Environment) -> None:
    extra = locked(release, "glue")
    extra.lock.write_text(extra.lock.read_text().replace("# beside", "# besides"))
    with pytest.raises(UsageError, match=r'glue\.txt lacks a line such as "# beside: …"\.'):
        extras.of(release)


def test_the_command_locks_and_lists(release: Environment) -> None:
    out = StringIO()
    console = Console(file=out, width=120)
    env.show([release.name], ["kit", "kit>=2"], build=False, console=console)
    assert "Resolving kit>=2 beside small." in out.getvalue()
    assert "- beside it kit: 1.0, with 2 packages\n" in out.getvalue()
    assert "- beside it kit>=2 cannot be installed: Because " in out.getvalue()


def test_the_locks_of_this_repository_are_beside_its_releases_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment, "FOLDER", FIXTURES / "environments")
    for name in environment.names():
        release = environment.locate(name)
        for extra in extras.of(release):
            # Else: `docs-verify env NAME --extra REQUIREMENT` makes it anew.
            assert extra.beside == release.lock_sha256, extra.lock
            assert not extra.packages.keys() & release.packages.keys(), extra.lock
    documented = extras.of(environment.locate("secretflow-1.11.0b1"))
    assert {"flax", "opencv-python", "statsmodels", "transformers"} <= {e.name for e in documented}
