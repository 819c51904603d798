"""Finding a Python that is already on this machine."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from subprocess import SubprocessError, run

import uv

from verify.system import cache

# Says which interpreter really runs behind a shim, a link or another virtual environment.
# Python 3.10 has no reliable sys._base_executable.
_INTRODUCE = """
import os, platform, sys
real = os.path.realpath(sys.executable)
print("%d.%d" % sys.version_info[:2], platform.python_implementation(), real)
"""


def existing(wanted: str) -> str | None:
    """Return a base interpreter of a version such as 3.10: on PATH, of pyenv, or of uv."""
    for candidate in _candidates(wanted):
        if base := introduce(candidate, wanted):
            return base
    return None


def introduce(python: Path, wanted: str) -> str | None:
    """Return the interpreter that really runs, if it runs and is the one wanted."""
    said = _output([python, "-I", "-c", _INTRODUCE]).split(maxsplit=2)
    return said[2] if said[:2] == [wanted, "CPython"] else None


def version_of(python: Path) -> str | None:
    """Return the version of an interpreter, such as 3.10, if it runs."""
    return next(iter(_output([python, "-I", "-c", _INTRODUCE]).split()), None)


def pyenv() -> Path:
    """Return the folder in which pyenv keeps its versions."""
    return Path(os.environ.get("PYENV_ROOT") or cache.home() / ".pyenv", "versions")


def _candidates(wanted: str) -> Iterator[Path]:
    # All of PATH: the first hit may be a shim of pyenv that refuses, with a real one behind it.
    yield from (Path(folder, f"python{wanted}") for folder in os.get_exec_path())
    yield from sorted(
        pyenv().glob(f"{wanted}*/bin/python{wanted}"),
        key=lambda path: [int(number) for number in re.findall(r"\d+", path.parts[-3])],
        reverse=True,
    )
    find = ["python", "find", "--system", "--managed-python", "--no-python-downloads", wanted]
    find += ["--no-config", "--no-project"]
    yield Path(_output([uv.find_uv_bin(), *find]))


def _output(command: list[str | Path]) -> str:
    """Return what a short command prints; nothing if it fails.

    It is started in the root, for the folder that we are in may be a page's, with settings of its
    own.
    """
    try:
        done = run(
            command,
            cwd=os.sep,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=True,
        )
        return done.stdout.strip()
    except (OSError, SubprocessError):
        return ""
