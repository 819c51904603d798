"""Memory of everything that a run started: its peak, what it needed last time, what is left."""

import threading
from contextlib import suppress
from pathlib import Path

import psutil

from verify.evidence.failure import LackError, Need
from verify.execute import guard
from verify.system import cache, kept

_EVERY_S = 2.0
# With less than this left the system begins to end processes of its own choice.
_LEAST_BYTES = 400 * 2**20


class MemoryWatch:
    """Adds up the processes' proportional set sizes every two seconds and keeps the peak.

    The proportional size counts a page shared by n processes as one n-th in each, so that Ray's
    shared object store is counted once. Where hardly any memory is left, all that the run started
    is ended, and `stopped` says so.
    """

    def __init__(self, scratch: Path) -> None:
        self.peak_bytes = 0
        self.stopped = False
        self._scratch = scratch
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY_S):
            total = psutil.Process().memory_info().rss
            for process in guard.belonging(self._scratch):
                with suppress(psutil.Error, OSError):
                    total += process.memory_full_info().pss
            self.peak_bytes = max(self.peak_bytes, total)
            if psutil.virtual_memory().available < _LEAST_BYTES and not self.stopped:
                self.stopped = True
                guard.end_processes(self._scratch)


def refuse(run: str) -> None:
    """See that there is as much memory as a run of this name needed last time.

    Raises:
        LackError: there is not.
    """
    needed, free = _known().get(run, 0), psutil.virtual_memory().available
    if needed > free:
        raise LackError(
            Need.MEMORY,
            f"{run}: needed {_gib(needed)} of memory when it ran last, and {_gib(free)} are free; "
            "close other programs, or take a larger machine.",
        )


def note(run: str, peak_bytes: int) -> None:
    """Remember what a run needed; an unwritable cache is no failure."""
    kept.write(_file(), _known() | {run: peak_bytes})


def told(peak_bytes: int) -> str:
    """Why a run was stopped that had come to this peak."""
    return (
        f"memory ran out: the run had {_gib(peak_bytes)}, so it was stopped before the system "
        "would have ended programs of its own choice; close other programs, or take a larger "
        "machine"
    )


def _known() -> dict[str, int]:
    try:
        return {str(run): int(peak) for run, peak in kept.read(_file()).items()}
    except (ValueError, TypeError, AttributeError):  # it is missing, or not ours
        return {}


def _file() -> Path:
    return cache.cache_root() / "memory.json"


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
