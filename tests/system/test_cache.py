"""The cache builds once, waits for others, and mends what is unfinished or damaged."""

import errno
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import platformdirs
import pytest
from filelock import FileLock

from tests import PROJECT, waiting
from tests.hearing import Heard
from verify.errors import ResourceError
from verify.system import cache as store

CONTENT = "content.txt"
WAITS = "Waiting for another process that builds or uses one.\n"
OTHER_PROCESS = """
import sys, time
from pathlib import Path
from verify.system import cache as store

journal, goes_on = Path(sys.argv[1]), Path(sys.argv[2])

def build(folder):
    with journal.open("a") as lines:
        lines.write("build\\n")
    while not goes_on.exists():
        time.sleep(0.01)
    (folder / "content.txt").write_text("whole")

intact = lambda folder: None if (folder / "content.txt").is_file() else "its content is gone"
print(store.obtain("things", "one", build, intact, lambda said: print(said, flush=True)))
"""


class Recorder:
    """A build that can be told what to do, and that counts how often it was asked."""

    def __init__(self, failure: BaseException | None = None, content: str = "whole") -> None:
        self.failure = failure
        self.content = content
        self.builds = 0
        self.heard = Heard()

    def build(self, folder: Path) -> None:
        self.builds += 1
        assert list(folder.iterdir()) == []
        (folder / CONTENT).write_text(self.content)
        if self.failure:
            raise self.failure

    def obtain(self) -> Path:
        return store.obtain("things", "one", self.build, intact, self.heard.hear)


def intact(folder: Path) -> str | None:
    content = folder / CONTENT
    if not content.is_file():
        return "its content is missing"
    return None if content.read_text() == "whole" else "its content is not whole"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "cache"
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(root))
    return root


def start_other_process(journal: Path, goes_on: Path) -> subprocess.Popen[str]:
    """Start one that builds, tells the journal, and goes on once a file is there."""
    return subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(journal), str(goes_on)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    waiting.until(path.exists, f"{path} did not appear", process)


def test_the_cache_is_where_the_variable_says(cache: Path) -> None:
    assert store.cache_root() == cache


def test_the_cache_is_the_users_without_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRETFLOW_DOCS_VERIFY_CACHE")
    assert store.cache_root() == platformdirs.user_cache_path("secretflow-docs-verify")


def test_a_tilde_in_the_variable_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", "~/somewhere")
    assert store.cache_root() == Path.home() / "somewhere"


def test_a_missing_folder_is_built_without_a_word(cache: Path) -> None:
    first = Recorder()
    assert first.obtain() == cache / "things" / "one"
    assert (first.builds, first.heard) == (1, [])
    assert (cache / "things" / "one" / CONTENT).read_text() == "whole"


def test_a_finished_folder_is_used_again() -> None:
    folder = Recorder().obtain()
    second = Recorder()
    assert second.obtain() == folder
    assert (second.builds, second.heard) == (0, [])


@pytest.mark.parametrize(
    ("name", "content", "heard"),
    [
        (CONTENT, "half", "Building one again: its content is not whole."),
        (CONTENT, None, "Building one again: its content is missing."),
        (".complete", None, "Building one again: its last build was cut short."),
    ],
)
def test_a_damaged_or_unfinished_folder_is_built_again(
    name: str, content: str | None, heard: str
) -> None:
    folder = Recorder().obtain()
    (folder / name).unlink()
    if content:
        (folder / name).write_text(content)
    (folder / "stray.txt").write_text("of the damaged folder")
    second = Recorder()
    assert second.obtain() == folder
    assert (second.builds, second.heard) == (1, [heard])
    assert not (folder / "stray.txt").exists()
    assert intact(folder) is None


@pytest.mark.parametrize("failure", [ValueError("no"), KeyboardInterrupt(), SystemExit(2)])
def test_a_build_that_fails_leaves_nothing_and_can_be_repeated(
    cache: Path, failure: BaseException
) -> None:
    with pytest.raises(type(failure)) as caught:
        Recorder(failure).obtain()
    assert caught.value is failure
    assert not (cache / "things" / "one").exists()
    second = Recorder()
    second.obtain()
    assert (second.builds, second.heard) == (1, [])


def test_a_build_that_is_damaged_at_once_is_refused(cache: Path) -> None:
    with pytest.raises(ResourceError) as caught:
        Recorder(content="half").obtain()
    folder = cache / "things" / "one"
    assert str(caught.value) == f"{folder} was built but is damaged: its content is not whole."
    assert not folder.exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named_with_what_is_free(
    cache: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=12_345_678))
    with pytest.raises(ResourceError) as caught:
        Recorder(OSError(code, "no space")).obtain()
    folder = cache / "things" / "one"
    assert str(caught.value) == (
        f"The disk of {folder} is full (12 MB free): free some space, "
        "or set SECRETFLOW_DOCS_VERIFY_CACHE to a folder on a larger disk."
    )
    assert not folder.exists()


def test_a_cache_that_cannot_be_written_names_the_variable(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    with pytest.raises(ResourceError) as caught:
        Recorder().obtain()
    assert str(caught.value) == (
        f"The cache {cache} cannot be written (Not a directory): "
        "set SECRETFLOW_DOCS_VERIFY_CACHE to a folder that can."
    )


def test_a_problem_of_the_build_itself_is_not_blamed_on_the_cache() -> None:
    failure = FileNotFoundError(errno.ENOENT, "No such file", "recipe")
    with pytest.raises(FileNotFoundError) as caught:
        Recorder(failure).obtain()
    assert caught.value is failure


def test_a_finished_folder_needs_no_lock(cache: Path) -> None:
    folder = Recorder().obtain()
    with FileLock(cache / "things" / "one.lock"):
        assert Recorder().obtain() == folder


def test_keys_do_not_wait_for_each_other(cache: Path) -> None:
    (cache / "things").mkdir(parents=True)
    with FileLock(cache / "things" / "another.lock"):
        assert Recorder().obtain().is_dir()


def test_of_two_processes_one_builds_and_the_other_waits(cache: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    folder = cache / "things" / "one"
    goes_on = tmp_path / "go"
    with start_other_process(journal, goes_on) as first:
        wait_for(journal, first)
        with start_other_process(journal, goes_on) as second:
            assert second.stdout is not None
            assert second.stdout.readline() == WAITS
            goes_on.touch()
            assert [one.communicate()[0] for one in (first, second)] == [f"{folder}\n"] * 2
    assert journal.read_text() == "build\n"


def test_what_is_in_use_is_not_built_again_before_its_use_ends(tmp_path: Path) -> None:
    folder = Recorder().obtain()
    journal = tmp_path / "journal"
    with store.in_use(folder, Heard().hear):
        (folder / CONTENT).unlink()
        second = start_other_process(journal, goes_on=journal)
        assert second.stdout is not None
        assert second.stdout.readline() == WAITS
        assert folder.is_dir()
        assert not journal.exists()
    with second:
        assert second.communicate()[0].endswith(f"{folder}\n")
    assert journal.read_text() == "build\n"


def test_several_use_a_folder_at_once_and_wait_for_who_builds_it(
    cache: Path, tmp_path: Path
) -> None:
    folder = cache / "things" / "one"
    heard = Heard()
    with start_other_process(tmp_path / "journal", tmp_path / "go") as first:
        wait_for(tmp_path / "journal", first)
        with ThreadPoolExecutor(1) as pool:
            used = pool.submit(lambda: list(_used_twice(folder, heard)))
            waiting.until(lambda: bool(heard), "nobody waits", first)
            assert heard == [WAITS.strip()]
            (tmp_path / "go").touch()
            assert used.result() == ["whole"]
        first.communicate()


def _used_twice(folder: Path, heard: Heard) -> Iterator[str]:
    with store.in_use(folder, heard.hear), store.in_use(folder, heard.hear):
        yield (folder / CONTENT).read_text()


def test_nobody_waits_for_the_end_of_his_own_use() -> None:
    recorder = Recorder()
    folder = recorder.obtain()
    with store.in_use(folder, recorder.heard.hear):
        (folder / CONTENT).unlink()
        with pytest.raises(ResourceError, match="was changed while it was in use"):
            recorder.obtain()
    recorder.obtain()
    assert recorder.builds == 2


def test_what_came_without_a_lock_can_be_used(cache: Path) -> None:
    with store.in_use(cache / "things" / "one", Heard().hear):
        assert not cache.exists()


def test_a_folder_that_two_caches_share_has_one_path(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Recorder().obtain()
    other = tmp_path / "other"
    other.mkdir()
    (other / "things").symlink_to(cache / "things")
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(other))
    assert store.location("things", "one") == folder


def test_a_build_that_was_killed_is_repeated(cache: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    with start_other_process(journal, tmp_path / "never") as first:
        wait_for(journal, first)
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert first.stdout is not None
        first.stdout.close()
    second = Recorder()
    assert second.obtain() == cache / "things" / "one"
    assert (second.builds, second.heard) == (
        1,
        ["Building one again: its last build was cut short."],
    )


def test_what_waits_builds_when_the_builder_is_killed(cache: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    folder = cache / "things" / "one"
    with start_other_process(journal, tmp_path / "never") as first:
        wait_for(journal, first)
        with start_other_process(journal, goes_on=journal) as second:
            assert second.stdout is not None
            assert second.stdout.readline() == WAITS
            first.send_signal(signal.SIGKILL)
            assert second.communicate()[0] == (
                f"Building one again: its last build was cut short.\n{folder}\n"
            )
    assert journal.read_text() == "build\nbuild\n"


def test_a_removal_has_patience_with_what_a_killed_build_still_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (Recorder().obtain() / ".complete").unlink()
    really_remove = shutil.rmtree
    hindered = [True, True, False]

    def remove(folder: Path, *, ignore_errors: bool) -> None:
        assert ignore_errors
        if not hindered.pop(0):
            really_remove(folder)

    monkeypatch.setattr("shutil.rmtree", remove)
    Recorder().obtain()
    assert hindered == []


def test_a_removal_that_is_cut_short_does_not_look_finished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = Recorder().obtain()
    (folder / CONTENT).write_text("half")

    def interrupted(folder: Path, *, ignore_errors: bool) -> None:
        raise KeyboardInterrupt(folder, ignore_errors)

    monkeypatch.setattr("shutil.rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Recorder().obtain()
    (folder / CONTENT).write_text("whole")
    assert store.unfit(folder, intact) == "not built"
