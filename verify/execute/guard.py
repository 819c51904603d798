"""Nothing of ours outlives us: the scratch folder of a run, and who cleans up after it.

Everything that a run starts carries the scratch folder's path in its environment. A guard, in a
session of its own, waits for the end of the process that runs by reading a pipe that closes however
that ends, `kill -9` included; then it ends every process that carries the path of one of its runs
and removes the folder. If
the guard was killed as well, the next run sweeps up.
"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO, cast

import psutil

from verify.system.resources import PACKAGE

MARKER = "VERIFY_SCRATCH"
_PREFIX = "sfdv-"
_OWNER = "owner.json"
_SHORT = ("/tmp", "/var/tmp")  # noqa: S108  # our folders in them are for us alone
# 107 without our folder's name, and Ray's longest below it:
# /ray/session_2026-01-31_12-00-00_000000_4194304/sockets/plasma_store
_MOST_CHARACTERS = 25
_PATIENCE_S = 20.0
# A process's start is computed from the system's clock, which may be set right meanwhile.
_CLOCK_MOVES_S = 60.0


@contextmanager
def scratch_folder(needs: int = 0) -> Iterator[Path]:
    """A temporary folder, guarded until the block ends; `needs` are bytes of memory, for others.

    It lies right under the system's temporary folder, or a shorter one: kernels and Ray put sockets
    into it, whose whole path may have 107 characters at most.
    """
    sweep()
    draft = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=_above()))
    me = psutil.Process()
    owner = _Owner(me.pid, me.create_time(), needs)
    (draft / _OWNER).write_text(json.dumps(asdict(owner)), encoding="utf-8")
    # Only now does another run's sweep see it: with an owner.
    folder = draft.rename(draft.with_name(draft.name[1:]))
    _tell_guard(folder)
    try:
        yield folder
    finally:
        clean(folder)  # where this is cut short as well, the guard does it


def _tell_guard(folder: Path) -> None:
    """Have the guard of this process know a folder; who ended the last one has us start another."""
    line = os.fsencode(folder) + b"\n"
    try:
        _guard().write(line)
    except BrokenPipeError:
        _guard.cache_clear()
        _guard().write(line)


@cache
def _guard() -> IO[bytes]:
    """The standard input of this process's guard, which waits for its end."""
    guard = subprocess.Popen(
        [sys.executable, "-m", "verify.execute.guard"],
        stdin=subprocess.PIPE,
        bufsize=0,
        cwd=PACKAGE.parent,
        start_new_session=True,  # Ctrl-C and a killed process group must not reach it
    )
    atexit.register(_dismiss, guard)
    return cast("IO[bytes]", guard.stdin)


def _dismiss(guard: "subprocess.Popen[bytes]") -> None:
    if guard.stdin:
        guard.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        guard.wait(timeout=_PATIENCE_S + 5)


def environ_in(scratch: Path) -> dict[str, str]:
    """What the kernel and all that it starts find in their environment."""
    return {
        MARKER: str(scratch),
        "SPT_NOENV": "1",  # Ray's workers must keep the marker when they rename themselves
        "HOME": str(scratch),  # where loaders keep what they load, SecretFlow's among them
        "TMPDIR": str(scratch),
        "RAY_TMPDIR": str(scratch),
        "RAY_USAGE_STATS_ENABLED": "0",
        # What Ray's store has no room for it brings to the disk by four processes of 270 MiB, one
        # after the other on a few cores: one is enough.
        "RAY_max_io_workers": "1",
        # A page may say that it has 64 processors: a process for each, at once, fits no machine.
        "RAY_prestart_worker_first_driver": "0",
        "PYTHONHASHSEED": "0",
        "MPLCONFIGDIR": str(scratch),
        "IPYTHONDIR": str(scratch / "ipython"),
        "KERAS_HOME": str(scratch / "keras"),
        "TORCH_HOME": str(scratch / "torch"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def sweep() -> None:
    """Clean up after runs whose owner is gone."""
    for folder in _folders():
        if _owner(folder) is None:
            clean(folder)


def others() -> Iterator[tuple[Path, int]]:
    """The scratch folders of other processes' runs, each with the memory that it needs."""
    for folder in _folders():
        owner = _owner(folder)
        if owner and owner.pid != os.getpid():
            yield folder, owner.needs


@dataclass(frozen=True)
class _Owner:
    """The process that a scratch folder is of, when it was started, and the memory it needs."""

    pid: int
    started: float
    needs: int = 0


def _folders() -> Iterator[Path]:
    return _above().glob(f"{_PREFIX}*")


def _above() -> Path:
    """The folder of scratch folders."""
    told = tempfile.gettempdir()
    if len(told) <= _MOST_CHARACTERS:
        return Path(told)
    short = (one for one in _SHORT if os.access(one, os.W_OK | os.X_OK))
    return Path(next(short, told))


def _owner(folder: Path) -> _Owner | None:
    """Whose folder it is, if that still runs."""
    try:
        told = json.loads((folder / _OWNER).read_text(encoding="utf-8"))
        owner = _Owner(told["pid"], told["started"], told.get("needs", 0))
        moved = psutil.Process(owner.pid).create_time() - owner.started
    except (OSError, ValueError, KeyError, TypeError, AttributeError, psutil.Error):
        return None
    return owner if abs(moved) < _CLOCK_MOVES_S else None


def clean(folder: Path) -> None:
    """End every process that belongs to a scratch folder, then remove the folder."""
    end_processes(folder)
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # of folders within folders; the system's program needs none
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, capture_output=True)  # noqa: S607  # where it is differs


def end_processes(folder: Path) -> None:
    """End every process that belongs to a scratch folder."""
    deadline = time.monotonic() + _PATIENCE_S
    while (left := list(belonging(folder))) and time.monotonic() < deadline:
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        # Not longer: one whose parent is in no hurry to hear of it stays as a zombie.
        psutil.wait_procs(left, timeout=0.2)


def belonging(folder: Path) -> Iterator[psutil.Process]:
    """The processes that carry the folder's path, except the guard itself."""
    text = str(folder)
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.environ().get(MARKER) == text:
                yield process


def memory_of(folder: Path) -> int:
    """The bytes that these processes have, one that n of them share counted as an n-th in each.

    The system walks through all of it: that takes half a second for a dozen GiB.
    """
    return _sum(folder, lambda process: process.memory_full_info().pss)


def resident_of(folder: Path) -> int:
    """The same with what they share counted in each: more than they have, and known at once."""
    return _sum(folder, lambda process: process.memory_info().rss)


def _sum(folder: Path, size: Callable[[psutil.Process], int]) -> int:
    total = 0
    for process in belonging(folder):
        with suppress(psutil.Error, OSError):
            total += size(process)
    return total


def main() -> None:
    """Wait for the end of whoever holds the other end of standard input, then clean up.

    Until then each line names a folder; what is gone by then has been cleaned up.
    """
    told = sys.stdin.buffer.read().decode(sys.getfilesystemencoding(), "surrogateescape")
    for folder in filter(Path.exists, map(Path, told.splitlines())):
        clean(folder)


if __name__ == "__main__":
    main()
