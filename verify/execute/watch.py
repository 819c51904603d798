"""Who looks at what a run uses up while it runs, and ends it before the machine suffers."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from verify.evidence.failure import Need
from verify.execute import guard
from verify.system.words import Words

_EVERY_S = 0.5
_ADD_UP_EVERY_S = 2.0
# It is added up exactly where it may have grown by as much, or so many times nobody has done so.
_GROWTH = 1.05
_ALL_THE_SAME = 10
# With less than this left the system begins to end processes of its own choice.
_LEAST_MEMORY = 400 * 2**20
_LEAST_DISK = 2**30
# More than any page of SecretFlow's writes: the largest, with its data sets, comes to some 3 GiB.
_MOST_WRITTEN = 20 * 2**30
# A party of Ray's is about ten, so that pages have a hundred.
_MOST_PROCESSES = 1_000
_GIB = 2**30
_NO_MEMORY = Words(
    zh="内存不足：运行已占用 {peak:.1f} GiB，为避免系统任意终止程序，已将它停止；"
    "请关闭其他程序，或换用更大的机器",
    en="memory ran out: the run had {peak:.1f} GiB, so it was stopped before the system would have "
    "ended programs of its own choice; close other programs, or take a larger machine",
)
_NOT_ALLOWED = Words(
    zh="运行已占用 {peak:.1f} GiB 内存，超过 --memory 所允许的 {most:g} GiB，已被停止",
    en="the run had {peak:.1f} GiB of memory, more than the {most:g} that --memory allows, and was "
    "stopped",
)
_NO_DISK = Words(
    zh="运行开始以来磁盘减少了 {wrote:.1f} GiB，还剩 {left:.1f} GiB，因此运行被停止；"
    "一个页面至多可写 {most} GiB",
    en="the disk lost {wrote:.1f} GiB since the run began, and has {left:.1f} GiB left, so the run "
    "was stopped; a page may write {most} GiB",
)
_FLOOD = Words(
    zh="页面有超过 {most:,} 个进程，已被停止",
    en="the page had more than {most:,} processes, and was stopped",
)


@dataclass(frozen=True)
class Stopped:
    """Why a run was ended, and what it lacked; nothing if it is the page that is to blame."""

    sentence: Words
    needs: Need | None = None


class Watch:
    """Looks at memory, disk and processes until it is stopped.

    Of memory it adds up the processes' proportional set sizes, and keeps the peak: the proportional
    size counts a page shared by n processes as one n-th in each, so that Ray's shared object store
    is counted once. That costs much; so it is done where what is resident has grown. `stopped` says
    why it ended all that the run started, if it did.
    """

    def __init__(self, scratch: Path, most: int | None = None) -> None:
        """Begin to look.

        Args:
            scratch: the folder that the run's processes belong to.
            most: the bytes of memory that it may have, if that is not all that is free.
        """
        self.peak_bytes = 0
        self._most = most
        self.stopped: Stopped | None = None
        self._resident = self._unseen = 0
        self._scratch = scratch
        self._free_at_first = shutil.disk_usage(scratch).free
        self._others = _processes()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        rounds = 0
        while not self._ended.wait(_EVERY_S):
            if rounds % round(_ADD_UP_EVERY_S / _EVERY_S) == 0:
                self._add_up()
            rounds += 1
            if self.stopped is None and (why := next(self._excesses(), None)):
                self.stopped = why
                guard.end_processes(self._scratch)

    def _add_up(self) -> None:
        resident, self._unseen = guard.resident_of(self._scratch), self._unseen + 1
        if resident > _GROWTH * self._resident or self._unseen >= _ALL_THE_SAME:
            self._resident, self._unseen = max(resident, self._resident), 0
            own = psutil.Process().memory_info().rss
            self.peak_bytes = max(self.peak_bytes, own + guard.memory_of(self._scratch))

    def _excesses(self) -> Iterator[Stopped]:
        if psutil.virtual_memory().available < _LEAST_MEMORY:
            yield Stopped(
                _NO_MEMORY.filled(peak=self.peak_bytes / _GIB),
                Need.MEMORY,
            )
        if self._most and self.peak_bytes > self._most:
            most, peak = self._most / _GIB, self.peak_bytes / _GIB
            yield Stopped(_NOT_ALLOWED.filled(peak=peak, most=most), Need.MEMORY)
        free = shutil.disk_usage(self._scratch).free
        if free < _LEAST_DISK or self._free_at_first - free > _MOST_WRITTEN:
            wrote = (self._free_at_first - free) / _GIB
            yield Stopped(
                _NO_DISK.filled(wrote=wrote, left=free / _GIB, most=_MOST_WRITTEN // _GIB),
                Need.DISK,
            )
        if _processes() - self._others > _MOST_PROCESSES:
            own = sum(1 for _ in guard.belonging(self._scratch))
            if own > _MOST_PROCESSES:
                yield Stopped(_FLOOD.filled(most=_MOST_PROCESSES))


def _processes() -> int:
    with suppress(OSError):
        return sum(one.name.isdigit() for one in Path("/proc").iterdir())  # cheap, in a flood too
    return len(psutil.pids())
