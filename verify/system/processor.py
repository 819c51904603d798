"""The processor that we run on, as Linux tells of it."""

import os
import platform
from functools import cache
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")


def name() -> str:
    """What it is called."""
    return _told("model name") or platform.processor() or "unknown"


def features() -> str:
    """The instructions that it has beyond the common ones; empty where nobody tells."""
    return _told("flags") or _told("Features")  # the latter on ARM


def cores() -> int:
    """How many of its cores this process may use."""
    return len(os.sched_getaffinity(0))


@cache
def _told(what: str) -> str:
    """The first value of that name."""
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == what:
                return value.strip()
    return ""
