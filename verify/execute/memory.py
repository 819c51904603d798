"""Memory that runs needed when they ran last, and whether as much is free."""

from pathlib import Path

import psutil

from verify.evidence.failure import LackError, Need
from verify.system import cache, kept
from verify.system.words import Words

_NEEDED = Words(
    zh="{run}：上次运行时需要 {needed} 内存，现有 {free}；请关闭其他程序，或换用更大的机器。",
    en="{run}: needed {needed} of memory when it ran last, and {free} are free; close other "
    "programs, or take a larger machine.",
)


def refuse(run: str) -> None:
    """See that there is as much memory as a run of this name needed last time.

    Raises:
        LackError: there is not.
    """
    needed, free = _known().get(run, 0), psutil.virtual_memory().available
    if needed > free:
        raise LackError(
            Need.MEMORY,
            _NEEDED.filled(run=run, needed=_gib(needed), free=_gib(free)),
        )


def remembered(run: str) -> int | None:
    """What a run of this name needed last time, in bytes, if that is known."""
    return _known().get(run)


def note(run: str, peak_bytes: int) -> None:
    """Remember what a run needed; an unwritable cache is no failure."""
    kept.write(_file(), _known() | {run: peak_bytes})


def _known() -> dict[str, int]:
    try:
        return {str(run): int(peak) for run, peak in kept.read(_file()).items()}
    except (ValueError, TypeError, AttributeError):  # it is missing, or not ours
        return {}


def _file() -> Path:
    return cache.cache_root() / "memory.json"


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
