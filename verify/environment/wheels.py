"""The sources of SecretFlow as its wheel has them, to be read without an environment of 8 GB."""

import re
import sys
from pathlib import Path

from verify.environment import uv_runs
from verify.environment.environment import Environment
from verify.errors import UsageError
from verify.system import cache, digests
from verify.system.words import Text, Words

_NO_LIST = Words(zh="它的文件清单缺失", en="its list of files is missing")

_BRINGING = Words(zh="正在取来 {release}。", en="Bringing {release}.")

DISTRIBUTION = "secretflow"
_SOURCES = "unpacked"
# What locks are made for.
_PLATFORM = "x86_64-unknown-linux-gnu"


def sources(environment: Environment, notify: cache.Notify) -> Path:
    """The folder of the unpacked wheel that an environment's lock names, brought if missing.

    Raises:
        UsageError: the lock has none.
        ResourceError: it could not be brought.
    """
    pinned = _pinned(environment)
    folder = cache.obtain(
        "wheels",
        f"{environment.name}-{digests.key(pinned)}",
        build=lambda folder: _bring(environment, pinned, folder, notify),
        intact=_damage,
        notify=notify,
    )
    return folder / _SOURCES


def _pinned(environment: Environment) -> str:
    """The lines of a lock that name the distribution and its digests."""
    lock = environment.lock.read_text(encoding="utf-8")
    found = re.search(rf"^{DISTRIBUTION}==(?:.*\\\n)*.*$", lock, re.MULTILINE)
    if found is None:
        raise UsageError(
            Words(
                zh="{lock}：里面没有 {distribution}。", en="{lock}: has no {distribution}."
            ).filled(lock=environment.lock, distribution=DISTRIBUTION)
        )
    return f"{found[0]}\n"


def _bring(environment: Environment, pinned: str, folder: Path, notify: cache.Notify) -> None:
    """Unpack the wheel alone, without what it requires."""
    wanted = folder / "wanted.txt"
    wanted.write_text(pinned, encoding="utf-8")
    release = pinned.partition(" ")[0]
    notify(_BRINGING.filled(release=release))
    alone = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "--python", sys.executable)
    of = ("--python-version", environment.python_version, "--python-platform", _PLATFORM)
    to = ("--target", str(folder / _SOURCES), "-r", str(wanted))
    log = folder.with_name(f"{folder.name}.log")
    uv_runs.install(release, log, notify, "pip", "install", *alone, *of, *to)


def _damage(folder: Path) -> Text | None:
    there = any((folder / _SOURCES).glob(f"{DISTRIBUTION}*.dist-info/RECORD"))
    return None if there else _NO_LIST
