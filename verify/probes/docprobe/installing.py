"""`pip` for a page's cells: a stand-in, found wherever they look for it.

What it installs is the same for all processes of a run, and lasts as long as that does: another
kernel finds it, too.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from importlib import invalidate_caches
from pathlib import Path

__all__ = ["begin", "bring", "brought"]

_FOLDER = "VERIFY_PIP"
_RUN = "VERIFY_SCRATCH"
_STAND_INS = Path(__file__).parent.parent / "standins"


def begin(offers: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """Put the stand-in in place, for this process and those that it starts.

    Args:
        offers: by what a page asks pip for: the `folder` of a package that the environment lacks,
            or the `conflict` that keeps it out, be it with an `other` way to have the release,
            and a `warning`.
    """
    folder = Path(os.environ.get(_RUN) or tempfile.mkdtemp(prefix="pip-"), "installed")
    for each in (folder, folder / "bin", folder / "site"):
        each.mkdir(exist_ok=True)
    for name in ("pip", "pip3"):
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pip "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    (folder / "offers.json").write_text(json.dumps(dict(offers or {})), encoding="utf-8")
    _first("PATH", folder / "bin")
    _first("PYTHONPATH", _STAND_INS)
    os.environ[_FOLDER] = str(folder)
    # Behind all the rest; other processes do so when they start.
    sys.path.append(str(folder / "site"))


def bring(wanted: Iterable[str]) -> None:
    """Install what a reader has before the page, or what a repair says.

    What was imported of other versions is forgotten, as by a reader who starts anew. What is
    refused the stand-in notes; the page fails by itself then.
    """
    before = _modules()
    command = (sys.executable, "-m", "pip", "install", *wanted)
    subprocess.run(command, capture_output=True, check=False)
    invalidate_caches()
    gone = {name for info in before.keys() - _modules().keys() for name in before[info]}
    for name in [name for name in sys.modules if name.partition(".")[0] in gone]:
        del sys.modules[name]


def _modules() -> dict[str, set[str]]:
    """The outermost modules of what has been installed, by how its folder of facts is called."""
    records = Path(os.environ[_FOLDER], "site").glob("*.dist-info/RECORD")
    return {
        record.parent.name: {re.split(r"[/.]", line)[0] for line in record.read_text().split("\n")}
        for record in records
    }


def brought() -> frozenset[str]:
    """The packages that have been installed so far, what they require included."""
    record = Path(os.environ.get(_FOLDER, os.devnull), "brought.txt")
    return frozenset(record.read_text("utf-8").split()) if record.exists() else frozenset()


def _first(variable: str, folder: Path) -> None:
    rest = os.environ.get(variable)
    os.environ[variable] = os.pathsep.join(filter(None, (str(folder), rest)))
