"""Files that parties still write: what a page's shell line reads, a reader finds there.

A party's work goes on while the page's next cells run. People come to the next cell later than a
run does, so a run that did not wait would blame the page for how busy the machine is.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path, PurePath

from docprobe.importing import running_ray

# Programs that do no more than read the files which they are given.
_READERS = {"cat", "file", "head", "ls", "md5sum", "sha256sum", "stat", "tail", "wc"}
_PATIENCE_S = 120.0
_BETWEEN_S = 0.05
_ENDS_A_COMMAND = re.compile(r"[|;&\n]+")
# No file's name but an option or its number, or a name that only the shell can make out.
_UNCLEAR = re.compile(r"^-|^\+?\d+$|[*?\[\]{}$`'\"\\~]")


def wait(command: str) -> None:
    """Wait until the files that a command reads are there, and no longer grow.

    A file that never comes costs the command two minutes; it then ends as it would have.
    """
    if running_ray() is None:
        return
    until = time.monotonic() + _PATIENCE_S
    for file in _read_by(command):
        size = -1
        while not file.is_dir() and time.monotonic() < until:
            before, size = size, file.stat().st_size if file.exists() else -1
            if size == before >= 0:
                break
            time.sleep(_BETWEEN_S)


def _read_by(command: str) -> Iterator[Path]:
    for part in _ENDS_A_COMMAND.split(command):
        program, *arguments = part.split() or [""]
        if PurePath(program).name in _READERS and ">" not in part:
            yield from (Path(word) for word in arguments if not _UNCLEAR.search(word))
