"""What tells one state of an environment's files from another, however it was brought about.

Versions do not: what is installed from a folder in place, or edited where it lies, changes under
the same one.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlparse

from verify.system import digests

_READ = (".py", ".pyi", ".so", ".pyd", ".pth", ".json", ".txt", "RECORD", "METADATA")
_LEFT_OUT = {"__pycache__", "node_modules", "build", "dist"}
_PATHS = re.compile(r"'(/[^'\n]+)'")


def digest(site: Path) -> str:
    """The digest of the names, sizes and times of what Python reads in `site-packages`."""
    folders = [site, *sorted(set(_elsewhere(site)))]
    lines = [line for folder in folders for line in sorted(_lines(folder))]
    return digests.of("\n".join(lines))


def _elsewhere(site: Path) -> Iterator[Path]:
    """The folders and files that packages in place are read from."""
    for file in site.glob("*.dist-info/direct_url.json"):
        with suppress(OSError, ValueError, KeyError, AttributeError):
            told = json.loads(file.read_text(encoding="utf-8"))
            if told.get("dir_info", {}).get("editable"):
                yield Path(unquote(urlparse(told["url"]).path))
    for file in (*site.glob("*.pth"), *site.glob("__editable__*.py")):
        text = file.read_text(encoding="utf-8", errors="replace")
        named = _PATHS.findall(text) if file.suffix == ".py" else text.split("\n")
        yield from (path for line in named if (path := Path(line.strip())).is_absolute())


def _lines(path: Path) -> Iterator[str]:
    if path.is_file():
        yield _line(str(path), path.stat())
        return
    for folder, folders, files in os.walk(path):
        folders[:] = [one for one in folders if one not in _LEFT_OUT and not one.startswith(".")]
        for name in files:
            if name.endswith(_READ):
                file = os.path.join(folder, name)  # noqa: PTH118  # 50 000 of them
                yield _line(file, os.lstat(file))


def _line(name: str, told: os.stat_result) -> str:
    return f"{name}\0{told.st_size}\0{told.st_mtime_ns}"
