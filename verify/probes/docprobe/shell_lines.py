"""Shell lines that fail: IPython lets them pass, and notes no more than a number in a variable."""

import subprocess
import sys
from importlib import import_module
from typing import Any

from docprobe import party_files


class ShellLineError(Exception):
    """A shell line of the page ended with another exit code than 0."""


_failed: list[tuple[str, int]] = []


def watch() -> None:
    """Note each line such as `!wget …` that fails; what it prints and returns stays as it is."""
    shell: Any = import_module("IPython").get_ipython()
    if shell is None:
        return
    system = shell.system

    def watched(command: str) -> object:
        party_files.wait(command)
        returned = system(command)
        if code := shell.user_ns.get("_exit_code"):
            _failed.append((command, int(code)))
        return returned

    shell.system = watched
    _watch_captured()


def _watch_captured() -> None:
    """Note what `%%!` and `%sx` run, too: IPython drops what it ends with.

    An assigned line (`found = !grep …`) is the page's to judge: it looks at what came out.
    """
    shells: Any = import_module("IPython.core.interactiveshell")
    common: Any = import_module("IPython.utils._process_common")

    def ended(process: Any) -> tuple[bytes, int]:  # a `Popen` of bytes
        said, _ = process.communicate()
        return said, process.returncode

    def captured(command: str) -> str:
        party_files.wait(command)
        # Interrupted, it has neither.
        said, code = common.process_handler(command, ended, subprocess.STDOUT) or (b"", 0)
        if code and sys._getframe(2).f_code.co_name == "sx":  # noqa: SLF001  # who calls us
            _failed.append((command, code))
        return str(common.py3compat.decode(said))

    if hasattr(shells, "getoutput"):
        shells.getoutput = captured


def tell() -> None:
    """Raise what the lines since the last call came to.

    Raises:
        ShellLineError: one of them failed; the message has its exit code, and then the line.
    """
    if _failed:
        command, code = _failed[0]
        _failed.clear()
        raise ShellLineError(f"{code} {' '.join(command.split())}")
