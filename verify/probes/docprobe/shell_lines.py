"""Shell lines that fail: IPython lets them pass, and notes no more than a number in a variable."""

from importlib import import_module
from typing import Any


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
        returned = system(command)
        if code := shell.user_ns.get("_exit_code"):
            _failed.append((command, int(code)))
        return returned

    shell.system = watched


def tell() -> None:
    """Raise what the lines since the last call came to.

    Raises:
        ShellLineError: one of them failed; the message has its exit code, and then the line.
    """
    if _failed:
        command, code = _failed[0]
        _failed.clear()
        raise ShellLineError(f"{code} {' '.join(command.split())}")
