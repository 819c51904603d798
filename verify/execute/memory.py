"""Peak memory of everything that a run started."""

import threading
from contextlib import suppress
from pathlib import Path

import psutil

from verify.execute import guard

_EVERY_S = 2.0


class MemoryWatch:
    """Adds up the processes' proportional set sizes every two seconds and keeps the peak.

    The proportional size counts a page shared by n processes as one n-th in each, so that Ray's
    shared object store is counted once.
    """

    def __init__(self, scratch: Path) -> None:
        self.peak_bytes = 0
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
