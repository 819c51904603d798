"""Waits for what other processes do, however busy the machine is.

What ends a wait in vain is the end of the process that was to bring what is awaited; the limit of
time is only for what hangs for good.
"""

import subprocess
import time
from collections.abc import Callable

PATIENCE_S = 1800.0


def until(
    condition: Callable[[], object], what: str, process: "subprocess.Popen[str] | None" = None
) -> None:
    """Wait until something is so.

    Args:
        condition: whether it is.
        what: what is wrong if it never is.
        process: who brings it about.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if process is not None and (code := process.poll()) is not None:
            assert condition(), f"{what}: its process ended with {code}"
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
