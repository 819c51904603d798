"""The documented environment: exactly what a page's version tells its reader to install."""

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path

from packaging.utils import canonicalize_name

from verify.environment import installed_files, uv_runs
from verify.errors import ResourceError, UsageError
from verify.system import cache, digests, interpreter
from verify.system.resources import ENVIRONMENTS
from verify.system.words import Text, Words, enumerated

_NO_START = Words(zh="它的解释器无法启动", en="its interpreter does not start")
_NO_KERNEL = Words(
    zh="它的内核说明缺失或已改变", en="its kernel specification is missing or changed"
)
_OTHER = Words(
    zh="{package} 是 {found}，而依赖锁写的是 {locked}",
    en="{package} is {found} where its lock says {locked}",
)
_ABSENT = Words(zh="没有", en="absent")
_ADDED = Words(
    zh="里面有 {added}，依赖锁里没有哪个软件包带有它",
    en="{added} is there, and no package of its lock has it",
)
_SIZE = Words(
    zh="{path} 有 {found} 字节，而 {record} 写的是 {size}",
    en="{path} has {found} bytes where {record} says {size}",
)
_UNREADABLE = Words(
    zh="{record} 的 {path} 缺失或无法读取", en="{path} of {record} is missing or unreadable"
)

_INSTALLING = Words(
    zh="正在用 {python} 为 {name} 安装 {count} 个包。",
    en="Installing {count} packages for {name} with {python}.",
)
_AGAIN = Words(
    zh="重新获取 {packages}，因为 uv 的缓存里的已损坏。",
    en="Fetching {packages} again, for uv's cache holds a damaged copy.",
)
_LOOKING = Words(zh="正在寻找 Python {wanted}。", en="Looking for Python {wanted}.")
_DOWNLOADING = Words(
    zh="正在用 uv 下载 Python {wanted}。", en="Downloading Python {wanted} with uv."
)

# The release that our tutorials document.
DEFAULT = "secretflow-1.11.0b1"
FOLDER = ENVIRONMENTS

_LOOKED_AT: set[Path] = set()
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_PYTHON_WANTED = re.compile(r"^# python: (\d+\.\d+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Environment:
    """What the documented environment of a name consists of, and where it is or will be."""

    name: str
    lock: Path
    lock_sha256: str
    python_version: str
    prefix: Path
    python: Path
    kernel_name: str
    jupyter_path: Path
    log: Path
    packages: Mapping[str, str] = field(repr=False, hash=False)

    @cached_property
    def content(self) -> str:
        """What answers are kept by: the digest of the lock, or of what others have installed."""
        ours = self.lock.parent != self.prefix
        return self.lock_sha256 if ours else installed_files.digest(self.modules)

    @property
    def modules(self) -> Path:
        """The folder that packages are installed into."""
        return self.prefix / "lib" / f"python{self.python_version}" / "site-packages"


def names() -> list[str]:
    """Return the names of the environments that can be built.

    Raises:
        UsageError: there is none.
    """
    found = sorted(lock.stem for lock in FOLDER.glob("*.txt") if lock.with_suffix(".in").is_file())
    if not found:
        raise UsageError(
            Words(
                zh="{folder}：没有环境，即没有 NAME.txt 和配套的 NAME.in。",
                en="{folder}: holds no environment, that is no NAME.txt with its NAME.in.",
            ).filled(folder=FOLDER)
        )
    return found


def of_release(tags: Iterable[str]) -> str:
    """The environment of the first release that has one, by its tags, or else the default one."""
    known = names()
    wanted = (f"secretflow-{tag.removeprefix('v')}" for tag in tags)
    return next((name for name in wanted if name in known), DEFAULT)


def locate(name: str) -> Environment:
    """Return the environment of a name without building it."""
    if name not in names():
        raise UsageError(
            Words(
                zh="{folder} 里没有环境“{name}”；已有的是：{known}。",
                en='There is no environment "{name}" in {folder}; known are: {known}.',
            ).filled(name=name, folder=FOLDER, known=enumerated(names()))
        )
    lock, sources = FOLDER / f"{name}.txt", FOLDER / f"{name}.in"
    wanted = _PYTHON_WANTED.search(sources.read_text(encoding="utf-8"))
    if wanted is None:
        raise UsageError(
            Words(
                zh='{sources} 里缺少类似 "# python: 3.10" 的一行。',
                en='{sources} lacks a line such as "# python: 3.10".',
            ).filled(sources=sources)
        )
    content = lock.read_bytes()
    digest = digests.of(content)
    prefix = cache.location("environments", f"{name}-py{wanted[1]}-{digest[:12]}")
    return Environment(
        name=name,
        lock=lock,
        lock_sha256=digest,
        python_version=wanted[1],
        prefix=prefix,
        python=prefix / "bin" / "python",
        kernel_name=name,
        jupyter_path=prefix / "share" / "jupyter",
        log=prefix.with_name(f"{prefix.name}.log"),
        packages=pinned(content.decode()),
    )


@lru_cache(maxsize=64)  # of each run, the same few locks are read again and again
def pinned(lock: str) -> Mapping[str, str]:
    """The versions that a lock names, by package."""
    return {canonicalize_name(pin[1]): pin[2] for pin in _PIN.finditer(lock)}


def of_prefix(prefix: Path) -> Environment:
    """Return an environment that somebody else has installed into a folder.

    Raises:
        UsageError: the folder holds no Python.
    """
    python = prefix.absolute() / "bin" / "python"
    version = interpreter.version_of(python)
    if version is None:
        raise UsageError(
            Words(
                zh="{prefix}：不是环境，因为里面没有能启动的 bin/python。",
                en="{prefix}: no environment, for it has no bin/python that starts.",
            ).filled(prefix=prefix)
        )
    site = prefix.absolute() / "lib" / f"python{version}" / "site-packages"
    infos = (info.stem.partition("-") for info in site.glob("*.dist-info"))
    packages: dict[str, str] = {canonicalize_name(package): number for package, _, number in infos}
    listed = "\n".join(f"{package}=={packages[package]}" for package in sorted(packages))
    return Environment(
        name=f"secretflow-{packages['secretflow']}" if "secretflow" in packages else prefix.name,
        lock=prefix.absolute() / "pyvenv.cfg",
        lock_sha256=digests.of(listed),
        python_version=version,
        prefix=prefix.absolute(),
        python=python,
        kernel_name=prefix.name,
        jupyter_path=prefix.absolute() / "share" / "jupyter",
        log=prefix.with_name(f"{prefix.name}.log"),
        packages=packages,
    )


def ensure(name: str, notify: cache.Notify) -> Environment:
    """Return the environment of a name, built first if it is missing or damaged."""
    environment = locate(name)
    cache.obtain(
        "environments",
        environment.prefix.name,
        build=lambda _: _build(environment, notify),
        intact=lambda _: next(_damages(environment), None),
        notify=notify,
    )
    return environment


def ensure_once(name: str, notify: cache.Notify) -> Environment:
    """The same, but of files that nothing here can write to, so that one look will do.

    That is so of documents that run in the sandbox one after the other: 50 000 files take a third
    of a second, as long as a small page's run.
    """
    environment = locate(name)
    if environment.prefix not in _LOOKED_AT:
        _LOOKED_AT.add(ensure(name, notify).prefix)
    return environment


def ensure_built(name: str, notify: cache.Notify) -> Environment:
    """Return the environment of a name, built first if it is missing; see `is_built`."""
    environment = locate(name)
    return environment if is_built(environment) else ensure(name, notify)


def is_built(environment: Environment) -> bool:
    """Whether it is there; files are not looked at.

    For who reads what was once asked of it, and must not wait for 50 000 files.
    """
    return cache.unfit(environment.prefix, lambda _: None) is None


def state(environment: Environment) -> Text | None:
    """Return why an environment cannot be used: cache.NOT_BUILT, or its damage; None if it can."""
    return cache.unfit(environment.prefix, lambda _: next(_damages(environment), None))


def _build(environment: Environment, notify: cache.Notify) -> None:
    environment.log.write_text("", encoding="utf-8")
    base = find_python(environment, notify)
    count = len(environment.packages)
    notify(_INSTALLING.filled(count=count, name=environment.name, python=base))
    install = partial(uv_runs.install, environment.name, environment.log, notify)
    install("venv", "--no-project", "--python", base, str(environment.prefix))
    # Synchronising resolves nothing: the lock is complete, and every file of it has its digest.
    # Pages find it read-only: what is not compiled now, each of their processes would compile.
    options = ("--require-hashes", "--compile-bytecode", "--python", str(environment.python))
    sync = ("pip", "sync", *options)
    install(*sync, str(environment.lock))
    # uv links files to its own cache: what was edited in place is damaged there as well.
    if spoilt := [package for package, _ in misfits(environment.modules)]:
        notify(_AGAIN.filled(packages=enumerated(spoilt)))
        fresh = (f"--reinstall-package={package}" for package in spoilt)
        install(*sync, *fresh, str(environment.lock))
    kernel, content = _kernel(environment)
    kernel.parent.mkdir(parents=True)
    kernel.write_text(content, encoding="utf-8")


def find_python(environment: Environment, notify: cache.Notify) -> str:
    """Return a base interpreter of the version wanted; uv downloads one if there is none."""
    wanted = environment.python_version
    notify(_LOOKING.filled(wanted=wanted))
    if base := interpreter.existing(wanted):
        return base
    notify(_DOWNLOADING.filled(wanted=wanted))
    failure = uv_runs.run(["python", "install", "--no-bin", wanted], environment.log, notify)
    if failure is None and (base := interpreter.existing(wanted)):
        return base
    raise ResourceError(
        Words(
            zh="PATH 和 {pyenv} 里都没有 Python {wanted}，uv 也无法下载（{why}）：请安装它"
            "并让 PATH 里有 python{wanted}，或让 uv 能访问网络。",
            en="Python {wanted} is neither on PATH nor in {pyenv}, and uv could not "
            "download it ({why}): install it so that python{wanted} is on PATH, or "
            "give uv access to the network.",
        ).filled(wanted=wanted, pyenv=interpreter.pyenv(), why=uv_runs.why(failure or ""))
    )


def _kernel(environment: Environment) -> tuple[Path, str]:
    """Return the file that offers the kernel to Jupyter, and its content."""
    python = str(environment.python)
    content = {
        "argv": [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"{environment.name} (Python {environment.python_version})",
        "language": "python",
        # As in clean_environ, for whoever starts the kernel; Jupyter fills in ${PATH}, and
        # Python takes an empty variable for one that is not set.
        "env": {
            "PATH": f"{environment.python.parent}{os.pathsep}${{PATH}}",
            "PYTHONHOME": "",
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": "",
        },
    }
    folder = environment.jupyter_path / "kernels" / environment.kernel_name
    return folder / "kernel.json", json.dumps(content, indent=2)


def _damages(environment: Environment) -> Iterator[Text]:
    """Say what is wrong, quickest checks first; nothing of the environment is imported."""
    if not interpreter.introduce(environment.python, environment.python_version):
        yield _NO_START
    kernel, content = _kernel(environment)
    if not kernel.is_file() or kernel.read_text(encoding="utf-8") != content:
        yield _NO_KERNEL
    infos = (info.stem.partition("-") for info in environment.modules.glob("*.dist-info"))
    installed: dict[str, str] = {canonicalize_name(name): version for name, _, version in infos}
    for package, _ in sorted(installed.items() ^ environment.packages.items()):
        found, locked = (one.get(package, _ABSENT) for one in (installed, environment.packages))
        yield _OTHER.filled(package=package, found=found, locked=locked)
    yield from (why for _, why in misfits(environment.modules))
    for added in _additions(environment.modules):
        yield _ADDED.filled(added=added)


def _additions(site: Path) -> Iterator[str]:
    """What Python would run at its start, or import, and no package has recorded."""
    recorded: set[str] = set()
    for record in site.glob("*.dist-info/RECORD"):
        with record.open(encoding="utf-8", errors="replace", newline="") as rows:
            recorded.update(row[0].split("/")[0] for row in csv.reader(rows) if row)
    for path in sorted(site.iterdir()):
        runs = path.suffix in (".pth", ".py", ".so") or (path / "__init__.py").exists()
        if runs and path.name not in recorded:
            yield path.name


def misfits(site: Path) -> Iterator[tuple[str, Text]]:
    """Say which packages have a file that is not as it was recorded, and which file."""
    for info in sorted(site.glob("*.dist-info")):
        if why := _misfit(site, info / "RECORD"):
            yield canonicalize_name(info.stem.partition("-")[0]), why


def _misfit(site: Path, record: Path) -> Text | None:
    path = record.name
    try:
        with record.open(encoding="utf-8", newline="") as rows:
            for path, _, size in csv.reader(rows):
                # Compiled files come and go as they please. A plain stat, for there are 50 000.
                if size and not path.endswith(".pyc"):
                    found = os.stat(f"{site}/{path}").st_size  # noqa: PTH116
                    if found != int(size):
                        return _SIZE.filled(
                            path=path, found=found, record=record.parent.name, size=size
                        )
    except (OSError, ValueError):
        return _UNREADABLE.filled(path=path, record=record.parent.name)
    return None
