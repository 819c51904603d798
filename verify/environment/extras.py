"""Packages beside a release: what pages tell their readers to install, each with its own lock.

`<folder>/<release>/<name>.txt` says what is asked of pip, and holds the packages that this adds to
the release's, which keeps all of its own. What cannot be installed so has the reason instead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from verify.environment import environment as environments
from verify.environment import uv_runs
from verify.environment.environment import Environment
from verify.errors import ResourceError, UsageError
from verify.system import cache, digests
from verify.system.cache import Notify
from verify.system.words import Text, Words

_OTHERS = Words(zh="里面的软件包与它的依赖锁不同", en="it holds other packages than its lock")

_INSTALLING = Words(zh="正在 {name} 旁边安装 {what}。", en="Installing {what} beside {name}.")
_RESOLVING = Words(
    zh="正在为 {name} 旁边的 {what} 选定版本。", en="Resolving {what} beside {name}."
)

_KEY = re.compile(r"^# (install|beside|conflict|other|warning): (.+)$", re.MULTILINE)
# A package's lines in a lock: its pin, and the digests below.
_BLOCK = re.compile(r"^[A-Za-z0-9].*(?:\n[ \t]+.*)*\n", re.MULTILINE)
_NO_SOLUTION = "No solution found"
_WARNING = re.compile(r"^warning: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Extra:
    """A package beside a release.

    `requirement` is what pip is asked for, `beside` the digest of the release's lock that it was
    made for. `conflict` is why it cannot be installed there, in uv's words, and `other` why not if
    it goes with the release, though with other versions than are locked; `warning` is what uv had
    to say although it can be installed.
    """

    requirement: str
    lock: Path
    beside: str
    conflict: str
    other: str
    warning: str
    packages: Mapping[str, str] = field(hash=False)
    prefix: Path

    @property
    def name(self) -> str:
        """The package that is asked for."""
        return canonicalize_name(Requirement(self.requirement).name)

    def serves(self, wanted: Requirement) -> bool:
        """Whether this is what somebody gets who asks pip for that."""
        mine, version = requirement(self.requirement), self.packages.get(self.name)
        if canonicalize_name(wanted.name) != self.name or wanted.extras != mine.extras:
            return False
        if wanted.specifier == mine.specifier:
            return True
        # The newest of all that go with the release is also the newest of fewer.
        return not mine.specifier and version is not None and wanted.specifier.contains(version)


def of(environment: Environment) -> list[Extra]:
    """The packages beside a release.

    Raises:
        UsageError: a file does not say what is asked of pip, or beside which lock.
    """
    folder = environments.FOLDER / environment.name
    return [_read(lock) for lock in sorted(folder.glob("*.txt"))]


def serving(extras: list[Extra], wanted: Requirement) -> Extra | None:
    """The one that serves a requirement, rather one of the very same specifier."""
    found = [extra for extra in extras if extra.serves(wanted)]
    # One without a specifier is the shortest.
    return max(found, key=lambda extra: len(extra.requirement), default=None)


def _read(lock: Path) -> Extra:
    content = lock.read_text(encoding="utf-8")
    keys = dict(_KEY.findall(content))
    if missing := {"install", "beside"} - keys.keys():
        raise UsageError(
            Words(
                zh='{lock} 里缺少类似 "# {missing}: …" 的一行。',
                en='{lock} lacks a line such as "# {missing}: …".',
            ).filled(lock=lock, missing=min(missing))
        )
    return Extra(
        requirement=keys["install"],
        lock=lock,
        beside=keys["beside"],
        conflict=keys.get("conflict", ""),
        other=keys.get("other", ""),
        warning=keys.get("warning", ""),
        packages=environments.pinned(content),
        prefix=cache.location("extras", f"{lock.stem}-{digests.of(content)[:12]}"),
    )


def ensure(extra: Extra, environment: Environment, notify: Notify) -> Path:
    """Return the folder of a package's modules, built first if it is missing or damaged.

    It is empty for what cannot be installed.

    Raises:
        ResourceError: it cannot be built.
    """

    def build(folder: Path) -> None:
        log = folder.with_name(f"{folder.name}.log")
        log.write_text("", encoding="utf-8")
        if not extra.packages:
            return
        what = f"{extra.requirement} beside {environment.name}"
        notify(_INSTALLING.filled(what=extra.requirement, name=environment.name))
        # The release brings what else it requires.
        options = ("--no-deps", "--require-hashes", "--compile-bytecode")
        python = ("--python", str(environment.python))
        into = ("--target", str(folder))
        lock = ("-r", str(extra.lock))
        uv_runs.install(what, log, notify, "pip", "install", *options, *python, *into, *lock)

    return cache.obtain(
        "extras", extra.prefix.name, build=build, intact=partial(_damage, extra), notify=notify
    )


def _damage(extra: Extra, folder: Path) -> Text | None:
    infos = (info.stem.partition("-") for info in folder.glob("*.dist-info"))
    if {canonicalize_name(name): number for name, _, number in infos} != extra.packages:
        return _OTHERS
    return next((why for _, why in environments.misfits(folder)), None)


def lock(environment: Environment, text: str, notify: Notify) -> Extra:
    """Write the lock of a package beside a release, or why it cannot be installed there.

    Args:
        environment: the release's; it keeps all that its own lock names.
        text: what pages ask pip for, such as `name[extra]==1.0`.
        notify: hears of uv's progress.

    Raises:
        UsageError: that is no requirement, or the release has it already.
        ResourceError: uv could not say, for want of a network for instance.
    """
    wanted = requirement(text)
    here = environment.packages.get(canonicalize_name(wanted.name))
    if here and not wanted.extras and wanted.specifier.contains(here, prereleases=True):
        raise UsageError(
            Words(
                zh="{text}：{name} 里已有 {package} {here}。",
                en="{text}: {name} has {package} {here} already.",
            ).filled(text=text, name=environment.name, package=wanted.name, here=here)
        )
    notify(_RESOLVING.filled(what=wanted, name=environment.name))
    lines = [f"# install: {wanted}", f"# beside: {environment.lock_sha256}"]
    lines += _resolved(environment, str(wanted), notify)
    path = environments.FOLDER / environment.name / f"{_stem(wanted)}.txt"
    path.parent.mkdir(exist_ok=True)
    cache.write_whole(path, "\n".join(lines) + "\n")
    return _read(path)


def requirement(text: str) -> Requirement:
    """Read what pip is asked for.

    Raises:
        UsageError: it is no package by its name.
    """
    try:
        wanted = Requirement(text)
    except InvalidRequirement as error:
        raise UsageError(
            Words(
                zh="{text}：不是软件包的名字（{error}）。",
                en="{text}: is no package by its name ({error}).",
            ).filled(text=text, error=error)
        ) from error
    if wanted.url or wanted.marker:
        raise UsageError(
            Words(
                zh="{text}：不是只有名字和版本的软件包。",
                en="{text}: is no package by its name alone.",
            ).filled(text=text)
        )
    return wanted


def _stem(wanted: Requirement) -> str:
    return re.sub(r"[^\w.]+", "-", str(wanted)).strip("-").lower()


def _resolved(environment: Environment, text: str, notify: Notify) -> Iterator[str]:
    """What a lock says of a requirement."""
    with TemporaryDirectory() as folder:
        source, compiled, log = (Path(folder, name) for name in ("a.in", "a.txt", "uv.log"))
        source.write_text(f"{text}\n", encoding="utf-8")
        arguments = [
            *("pip", "compile", str(source), "-o", str(compiled)),
            *("--generate-hashes", "--no-header", "--no-annotate"),
            *("--python", environments.find_python(environment, notify)),
            *("--python-platform", "x86_64-unknown-linux-gnu"),
        ]
        locked = ("--constraint", str(environment.lock))
        failure = uv_runs.run([*arguments, *locked], log, notify)
        if failure is None:
            for warning in _WARNING.findall(log.read_text("utf-8")):
                yield f"# warning: {warning}"
            yield from _beyond(environment, compiled.read_text("utf-8"))
        elif _NO_SOLUTION in failure and not uv_runs.is_offline(failure):
            # The lock is one of the ways to have the release: a reader may have another.
            anyhow = (str(environment.lock.with_suffix(".in")), "--prerelease", "allow")
            key = "conflict" if uv_runs.run([*arguments, *anyhow], log, notify) else "other"
            yield f"# {key}: {uv_runs.why(failure)}"
        else:
            raise ResourceError(
                Words(
                    zh="{text}：uv 说不出它在 {name} 之外还需要什么（{why}）。",
                    en="{text}: uv cannot say what it takes beside {name} ({why}).",
                ).filled(text=text, name=environment.name, why=uv_runs.why(failure))
            )


def _beyond(environment: Environment, compiled: str) -> Iterator[str]:
    """The blocks of a lock that the release does not have."""
    for block in _BLOCK.findall(compiled):
        if not environments.pinned(block).keys() & environment.packages.keys():
            yield block.rstrip("\n")
