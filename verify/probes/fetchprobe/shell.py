"""`wget` and `curl` of a page's shell lines: first they ask here, then do as they always do."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from fetchprobe.asking import asked

__all__ = ["elsewhere", "put"]


def put(folder: Path) -> None:
    """Put programs of these names into a folder, for each that the machine has."""
    for name in ("wget", "curl"):
        if real := shutil.which(name):
            program = folder / name
            call = f'exec "{sys.executable}" -m fetchprobe.shell "{real}" "$@"'
            program.write_text(f"#!/bin/sh\n{call}\n", encoding="utf-8")
            program.chmod(0o755)


def elsewhere(arguments: Sequence[str]) -> list[str]:
    """Arguments with other addresses in place of those that the run has files for."""
    found = ((argument, asked(argument)) for argument in arguments)
    return [answer.address if answer else argument for argument, answer in found]


if __name__ == "__main__":
    _, program, *arguments = sys.argv
    os.execv(program, [program, *elsewhere(arguments)])  # noqa: S606
