"""Nothing of a run outlives it, however it ends, and nobody else's processes are touched."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests import PROJECT, waiting
from verify.execute import guard

SLEEPER = "import time; time.sleep(120)"
# Starts a grandchild in a session of its own, tells its process id, and sleeps.
PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}], start_new_session=True)
print(child.pid, flush=True)
time.sleep(120)
"""
# Holds a scratch folder with a marked child in it, tells who is there, and sleeps.
OWNER = f"""
import os, subprocess, sys, tempfile, time
tempfile.tempdir = sys.argv[1]
import psutil
from verify.execute import guard
guard._MOST_CHARACTERS = 1000
with guard.scratch_folder() as folder:
    environ = os.environ | {{guard.MARKER: str(folder)}}
    child = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}], env=environ)
    (watcher,) = [p for p in psutil.Process().children() if p.pid != child.pid]
    print(folder, child.pid, watcher.pid, flush=True)
    time.sleep(120)
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of our own, so that no sweep of a test meets a real run."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(guard, "_MOST_CHARACTERS", 1000)
    monkeypatch.delenv(guard.MARKER, raising=False)
    return tmp_path


@pytest.fixture
def start() -> Iterator[Start]:
    """Start Python programs, and end those that a failed test leaves."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: str, marker: Path | None = None) -> subprocess.Popen[str]:
        environ = os.environ | ({guard.MARKER: str(marker)} if marker else {})
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            cwd=PROJECT,
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def first_line(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def alive(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def write_owner(folder: Path, text: str) -> None:
    (folder / "owner.json").write_text(text, encoding="utf-8")


def test_the_folder_is_new_short_and_gone_after_the_block(temporary: Path) -> None:
    with guard.scratch_folder() as folder:
        assert folder.parent == temporary
        assert len(folder.name) <= len("sfdv-") + 8
        (folder / "deep" / "er").mkdir(parents=True)
        (folder / "deep" / "file").write_text("x")
    assert list(temporary.iterdir()) == []


def test_folders_within_folders_are_removed_however_deep(temporary: Path) -> None:
    subprocess.run(["mkdir", "-p", "d/" * 1500], cwd=temporary, check=True)
    guard.clean(temporary / "d")
    assert list(temporary.iterdir()) == []


def test_two_runs_have_two_folders() -> None:
    with guard.scratch_folder() as one, guard.scratch_folder() as other:
        assert one != other
        assert one.exists()
        assert other.exists()


def test_marked_processes_end_with_the_block_grandchildren_in_other_sessions_too(
    start: Start,
) -> None:
    with guard.scratch_folder() as folder:
        child = start(PARENT, marker=folder)
        grandchild = int(first_line(child)[0])
        assert {p.pid for p in guard.belonging(folder)} == {child.pid, grandchild}
    assert not alive(child.pid)
    assert not alive(grandchild)
    assert not folder.exists()


def test_marked_processes_end_when_the_block_raises(start: Start) -> None:
    def interrupted() -> None:
        with guard.scratch_folder() as folder:
            children.append(start(SLEEPER, marker=folder))
            folders.append(folder)
            raise KeyboardInterrupt

    children: list[subprocess.Popen[str]] = []
    folders: list[Path] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not alive(children[0].pid)
    assert not folders[0].exists()


def test_a_process_that_ignores_signals_ends_as_well(start: Start) -> None:
    stubborn = (
        "import signal, time\n"
        "for name in ('SIGTERM', 'SIGINT', 'SIGHUP'):\n"
        "    signal.signal(getattr(signal, name), signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "time.sleep(120)\n"
    )
    with guard.scratch_folder() as folder:
        child = start(stubborn, marker=folder)
        assert first_line(child) == ["ready"]
    assert not alive(child.pid)


def test_other_processes_are_never_touched(start: Start, temporary: Path) -> None:
    unmarked = start(SLEEPER)
    elsewhere = start(SLEEPER, marker=temporary / "sfdv-elsewhere")
    with guard.scratch_folder() as folder:
        longer = start(SLEEPER, marker=folder.with_name(f"{folder.name}-longer"))
        inside = start(SLEEPER, str(folder), marker=folder / "inside")
    assert all(alive(process.pid) for process in (unmarked, elsewhere, longer, inside))
    assert alive(os.getpid())


def test_when_the_owner_is_killed_its_guard_cleans_up(start: Start, temporary: Path) -> None:
    owner = start(OWNER, str(temporary))
    folder, child, watcher = first_line(owner)
    assert alive(int(child))
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    waiting.until(lambda: not alive(int(child)), "the child still lives")
    waiting.until(lambda: not Path(folder).exists(), "the folder is still there")
    waiting.until(lambda: not alive(int(watcher)), "the guard still lives")


def test_when_the_guard_was_killed_as_well_the_next_run_sweeps_up(
    start: Start, temporary: Path
) -> None:
    owner = start(OWNER, str(temporary))
    folder, child, watcher = first_line(owner)
    psutil.Process(int(watcher)).send_signal(signal.SIGKILL)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    waiting.until(lambda: not alive(int(watcher)), "the guard still lives")
    assert alive(int(child))
    assert Path(folder).exists()
    with guard.scratch_folder():
        assert not alive(int(child))
        assert not Path(folder).exists()


def test_a_sweep_leaves_a_living_run_alone(start: Start, temporary: Path) -> None:
    owner = start(OWNER, str(temporary))
    folder, child, watcher = first_line(owner)
    guard.sweep()
    assert Path(folder).exists()
    assert all(alive(pid) for pid in (owner.pid, int(child), int(watcher)))
    owner.send_signal(signal.SIGKILL)
    waiting.until(lambda: not Path(folder).exists(), "the folder is still there")


def test_a_sweep_forgives_a_clock_that_was_set_right(temporary: Path) -> None:
    folder = temporary / "sfdv-clock"
    folder.mkdir()
    started = psutil.Process().create_time()
    write_owner(folder, json.dumps({"pid": os.getpid(), "started": started - 5}))
    guard.sweep()
    assert folder.exists()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param('{"pid": 1', id="cut short"),
        pytest.param("{}", id="without a process"),
        pytest.param("[]", id="of another kind"),
        pytest.param(None, id="missing"),
        pytest.param(json.dumps({"pid": os.getpid(), "started": 1.0}), id="of a number used again"),
        pytest.param(json.dumps({"pid": 2**22 + 1, "started": 1.0}), id="gone"),
    ],
)
def test_a_sweep_removes_what_has_no_living_owner(temporary: Path, text: str | None) -> None:
    folder = temporary / "sfdv-orphan"
    folder.mkdir()
    if text is not None:
        write_owner(folder, text)
    guard.sweep()
    assert not folder.exists()


def test_where_the_temporary_folder_leaves_no_room_for_sockets_another_is_taken(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_MOST_CHARACTERS", len(str(temporary)) - 1)
    with guard.scratch_folder() as folder:
        assert str(folder.parent) in guard._SHORT
    assert not folder.exists()
    monkeypatch.setattr(guard, "_SHORT", (str(temporary / "gone"),))
    with guard.scratch_folder() as folder:
        assert folder.parent == temporary


def test_a_sweep_removes_nothing_but_scratch_folders(temporary: Path) -> None:
    others = [temporary / name for name in ("other", "tmp-sfdv-x", ".sfdv-being-made")]
    for other in others:
        other.mkdir()
    guard.sweep()
    assert all(other.exists() for other in others)


def test_another_run_never_sees_a_folder_without_its_owner(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_make = tempfile.mkdtemp

    def make_and_sweep(**told: Any) -> str:
        made = str(really_make(**told))
        guard.sweep()
        assert Path(made).exists()
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_sweep)
    with guard.scratch_folder() as folder:
        assert json.loads((folder / "owner.json").read_text())["pid"] == os.getpid()
    assert list(temporary.iterdir()) == []


def test_processes_that_have_ended_do_not_belong(start: Start, temporary: Path) -> None:
    marker = temporary / "sfdv-x"
    child = start("print('done')", marker=marker)
    assert first_line(child) == ["done"]
    waiting.until(lambda: not alive(child.pid), "the child still lives")
    assert list(guard.belonging(marker)) == []
