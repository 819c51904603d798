"""What a command costs in processor time and in waiting, with all that it starts.

wait(2) tells the processor time of children that somebody waited for. What is killed together with
its namespace, as a sandbox's processes are, nobody waits for: the kernel forgets what they used. So
a control group of version 2 counts, where we may make one: see `cpu.stat` in the Linux kernel's
"Control Group v2". Where we may not, wait(2) does, and the page says so.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.bilingual import words
from verify.errors import ResourceError
from verify.system.terminal_text import last_line

_JOIN = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
_MICRO = 1e-6
_SAID = 1500


@dataclass(frozen=True)
class Cost:
    """Seconds: of all processors together, and of waiting."""

    cpu_s: float
    wall_s: float


@dataclass(frozen=True)
class Meter:
    """Counts what commands cost; without a group of its own, only what is waited for."""

    group: Path | None
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def cost(self, command: Sequence[str], log: Path, codes: Sequence[int] = (0,)) -> Cost:
        """Run a command to its end.

        Args:
            command: what is run.
            log: the file that has what it says.
            codes: how it may end.

        Raises:
            ResourceError: it ended in another way, so that what it cost means nothing.
        """
        joined = ["sh", "-c", _JOIN, str(self.group), *command] if self.group else command
        before, began = self._counted(), time.monotonic()
        with log.open("wb") as said:
            process = subprocess.Popen(
                joined, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=self.environ
            )
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for
        counted = self._counted() - before if self.group else usage.ru_utime + usage.ru_stime
        self.end_rest()
        if process.returncode not in codes:
            text = log.read_text(encoding="utf-8", errors="replace")[-_SAID:]
            raise ResourceError(
                words(f"{command}: ended with {process.returncode}: {last_line(text)}")
            )
        return Cost(counted, wall)

    def _counted(self) -> float:
        if not self.group:
            return 0.0
        lines = (self.group / "cpu.stat").read_text(encoding="utf-8").splitlines()
        return int(dict(line.split() for line in lines)["usage_usec"]) * _MICRO

    def end_rest(self) -> None:
        """End what the command left running, so that it is not counted as the next one's."""
        if self.group and (kill := self.group / "cgroup.kill").exists():
            kill.write_text("1", encoding="utf-8")
            while (self.group / "cgroup.procs").read_text(encoding="utf-8"):
                time.sleep(0.01)


@contextmanager
def meter(environ: Mapping[str, str]) -> Iterator[Meter]:
    """A meter with a control group of its own for a while, if one can be made."""
    one = Meter(_new_group(), environ)
    try:
        yield one
    finally:
        if one.group:
            one.end_rest()
            one.group.rmdir()


def _new_group() -> Path | None:
    with suppress(OSError, StopIteration):
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
        mount = next(line.split()[1] for line in mounts if line.split()[2] == "cgroup2")
        ours = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        own = next(line.removeprefix("0::/") for line in ours if line.startswith("0::/"))
        group = Path(mount, own, f"docs-verify-bench-{os.getpid()}")
        group.mkdir()
        (group / "cpu.stat").read_bytes()
        return group
    return None
