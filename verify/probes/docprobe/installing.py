"""`pip` for a page's cells: a stand-in that changes nothing, found wherever they look for it."""

import os
import sys
import tempfile
from pathlib import Path

__all__ = ["begin", "brought"]

_RECORD = "VERIFY_BROUGHT"
_STAND_INS = Path(__file__).parent.parent / "standins"


def begin() -> None:
    """Put the stand-in in place, for this process and those that it starts."""
    folder = Path(tempfile.mkdtemp(prefix="pip-"))
    for name in ("pip", "pip3"):
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pip "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    _first("PATH", folder)
    _first("PYTHONPATH", _STAND_INS)
    os.environ[_RECORD] = str(folder / "brought.txt")


def brought() -> frozenset[str]:
    """The packages that the page has installed so far, what they require included."""
    record = Path(os.environ.get(_RECORD, os.devnull))
    return frozenset(record.read_text("utf-8").split()) if record.exists() else frozenset()


def _first(variable: str, folder: Path) -> None:
    rest = os.environ.get(variable)
    os.environ[variable] = os.pathsep.join(filter(None, (str(folder), rest)))
