"""Beginning to ask the run for files, in this process and in all that it starts."""

import os
import tempfile
from pathlib import Path

from fetchprobe import clients, loaders, shell
from fetchprobe.inquiry import VARIABLE


def begin(address: str) -> None:
    """Have this process, and those that it starts, ask at this address for files."""
    os.environ[VARIABLE] = address
    for name in ("no_proxy", "NO_PROXY"):
        others = os.environ.get(name)
        os.environ[name] = ",".join(filter(None, (others, "127.0.0.1")))
    folder = Path(tempfile.mkdtemp(prefix="fetch-"))
    shell.put(folder)
    os.environ["PATH"] = os.pathsep.join(filter(None, (str(folder), os.environ.get("PATH"))))
    inherit()


def inherit() -> None:
    """Do as the process that started this one was told."""
    clients.inherit()
    loaders.inherit()
