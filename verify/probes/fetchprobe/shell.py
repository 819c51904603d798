"""`wget` and `curl` of a page's shell lines: first they ask here, then do as they always do."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from fetchprobe.inquiry import asked, tell_unreached

__all__ = ["elsewhere", "put"]

# The exit codes by which they say so, after their manuals.
_NOT_REACHED = {"wget": (4,), "curl": (5, 6, 7, 28)}


def put(folder: Path) -> None:
    """Put programs of these names into a folder, for each that the machine has."""
    for name in _NOT_REACHED:
        if real := shutil.which(name):
            program = folder / name
            call = f'exec "{sys.executable}" -m fetchprobe.shell "{real}" "$@"'
            program.write_text(f"#!/bin/sh\n{call}\n", encoding="utf-8")
            program.chmod(0o755)


def elsewhere(arguments: Sequence[str]) -> list[str]:
    """Arguments with other addresses in place of those that the run has files for."""
    found = ((argument, asked(argument)) for argument in arguments)
    return [answer.address if answer else argument for argument, answer in found]


def main(program: str, *arguments: str) -> int:
    """Run the program itself, and tell the run if it reached nobody."""
    code = subprocess.call([program, *elsewhere(arguments)])
    if code in _NOT_REACHED[Path(program).name]:
        for argument in arguments:
            tell_unreached(argument)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
