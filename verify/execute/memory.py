"""Memory that runs needed when they ran last, and whether as much is free."""

import fcntl
import math
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median_high

import psutil

from verify.evidence.failure import LackError, Need
from verify.execute import guard
from verify.system import cache, kept, processor
from verify.system.cache import Notify
from verify.system.words import Words

_WAITING = Words(
    zh="等待其他运行让出 {size} 内存。", en="Waiting for {size} of memory, which other runs have."
)

# What a run gets of whose need nobody knows: more than most pages of SecretFlow's take.
_UNKNOWN = 4 * 2**30
_LOOK_EVERY_S, _TELL_EVERY_S = 2.0, 25.0
# Of so many runs the middle one tells the need: Ray takes more where more is free.
_LATELY = 3
_NEEDED = Words(
    zh="{run}：最近运行时需要 {needed} 内存，现有 {free}；请关闭其他程序，或换用更大的机器。",
    en="{run}: needed {needed} of memory when it ran lately, and {free} are free; close other "
    "programs, or take a larger machine.",
)
_EXPECTED = Words(
    zh="{run}：约需 {needed} 内存，现有 {free}；请关闭其他程序，或换用更大的机器。",
    en="{run}: needs some {needed} of memory, and {free} are free; close other programs, or take a "
    "larger machine.",
)
_ALLOWED = Words(
    zh="{run}：需要 {needed} 内存，而 --memory 只允许 {most}。",
    en="{run}: needs {needed} of memory, and --memory allows {most}.",
)


@contextmanager
def scratch_with_room(
    run: str, expected: int | None, notify: Notify, most: int | None = None
) -> Iterator[Path]:
    """A run's scratch folder, once there is as much memory as a run of this name needed lately.

    What other runs of ours have not yet taken of theirs is not free; it is waited for their end.

    Args:
        run: its name.
        expected: the bytes that its contract expects it to need; nobody may know.
        notify: hears that it waits.
        most: the bytes that all runs may have together, if that is not all that is free.

    Raises:
        LackError: there is not enough, though nobody else runs.
    """
    with ExitStack() as stack:
        with _alone():
            _wait(run, expected, notify, most)
            needed = remembered(run) or expected or _UNKNOWN
            folder = stack.enter_context(guard.scratch_folder(needed))
        yield folder


@contextmanager
def _alone() -> Iterator[None]:
    """Have the folder of all scratch folders to ourselves; no file is left of it."""
    folder = os.open(tempfile.gettempdir(), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _wait(run: str, expected: int | None, notify: Notify, most: int | None) -> None:
    told, last = -math.inf, remembered(run)
    if most and (needed := last or expected or 0) > most:
        says = _ALLOWED.filled(run=run, needed=_gib(needed), most=_gib(most))
        raise LackError(Need.MEMORY, says)
    while True:
        runs, free = list(guard.others()), psutil.virtual_memory().available
        if most:
            free = min(free, most - sum(guard.memory_of(folder) for folder, _ in runs))
        needed = last or expected or (_UNKNOWN if runs else 0)
        # What others have is added up only where it decides: that costs the system half a second.
        if needed <= free and needed + _promised(runs) <= free:
            return
        if not runs:
            says = _NEEDED if last else _EXPECTED
            raise LackError(Need.MEMORY, says.filled(run=run, needed=_gib(needed), free=_gib(free)))
        if time.monotonic() - told > _TELL_EVERY_S:
            notify(_WAITING.filled(size=_gib(needed)))
            told = time.monotonic()
        time.sleep(_LOOK_EVERY_S)


def _promised(runs: Iterable[tuple[Path, int]]) -> int:
    """What runs have not yet taken of what they need."""
    return sum(max(0, needs - guard.memory_of(folder)) for folder, needs in runs)


def at_once(peaks: Iterable[int | None]) -> int:
    """How many of some runs may go on at a time, each with a core.

    That the smallest fit beside each other is enough: a larger one waits for its memory.
    """
    free, count = psutil.virtual_memory().available, 0
    for peak in sorted(_UNKNOWN if one is None else one for one in peaks):
        free -= peak
        if free < 0:
            break
        count += 1
    return max(1, min(count, processor.cores()))


def remembered(run: str) -> int | None:
    """What runs of this name needed lately, in bytes, if that is known."""
    peaks = _known().get(run)
    return median_high(peaks) if peaks else None


def expected(run: str) -> int:
    """What a run of this name will need, in bytes, as far as anybody can tell."""
    return remembered(run) or _UNKNOWN


def note(run: str, peak_bytes: int) -> None:
    """Remember what a run needed; an unwritable cache is no failure."""
    known = _known()
    peaks = [*known.get(run, []), peak_bytes][-_LATELY:]
    kept.write(_file(), known | {run: peaks})


def _known() -> dict[str, list[int]]:
    try:
        return {run: list(map(int, peaks)) for run, peaks in kept.table(_file()).items()}
    except (ValueError, TypeError):  # it is missing, or not ours
        return {}


def _file() -> Path:
    return cache.cache_root() / "memory.json"


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
