"""The cache: folders that are built once, by one process, and checked whenever they are used."""

import errno
import fcntl
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from verify.errors import ResourceError
from verify.system.complaints import why
from verify.system.words import Tell, Text, Words

_CUT_SHORT = Words(zh="上一次构建中途停止", en="its last build was cut short")
_AGAIN = Words(zh="重新构建 {key}：{why}。", en="Building {key} again: {why}.")
_WAITING = Words(
    zh="等待正在构建或使用 {name} 的另一个进程。",
    en="Waiting for another process that builds or uses {name}.",
)
_CHANGED = Words(
    zh="{folder} 在使用中被改动（{why}）：请等所有运行结束后再试。",
    en="{folder} was changed while it was in use ({why}): try again once all runs have ended.",
)

ROOT_VARIABLE = "SECRETFLOW_DOCS_VERIFY_CACHE"
NOT_BUILT = "not built"

Notify = Tell
Build = Callable[[Path], None]
Intact = Callable[[Path], Text | None]

_MARKER = ".complete"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SAYS_FULL = re.compile(r"No space left on device|Disk quota exceeded|OutOfDiskError")
_UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)
_REMOVAL_PATIENCE_S = 10.0

_used: list[Path] = []  # by this process


def cache_root() -> Path:
    """Return the folder under which everything that can be built again is kept.

    Raises:
        ResourceError: nobody says where, and the user has no home.
    """
    told = os.environ.get(ROOT_VARIABLE)
    try:
        if told:
            return Path(told).expanduser().absolute()
        return platformdirs.user_cache_path("secretflow-docs-verify")
    except RuntimeError as error:  # of a user whom the system does not know
        raise ResourceError(
            Words(
                zh="没有可放缓存的主目录：请设置 HOME，或把 {variable} 设为一个文件夹。",
                en="There is no home folder for the cache: set HOME, or {variable} to a folder.",
            ).filled(variable=ROOT_VARIABLE)
        ) from error


def home() -> Path:
    """The user's home; of a user without one a folder that is not there."""
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.devnull, "home")


def location(kind: str, key: str) -> Path:
    """Return where the folder of a key is, or will be.

    Whoever comes to it through links has to find the path that its content was built for.
    """
    return (cache_root() / kind).resolve() / key


def unfit(folder: Path, intact: Intact) -> Text | None:
    """Return why a folder cannot be used as it is: NOT_BUILT, or its damage; None if it can."""
    return intact(folder) if (folder / _MARKER).is_file() else NOT_BUILT


def obtain(
    kind: str, key: str, build: Build, intact: Intact, notify: Notify = lambda _: None
) -> Path:
    """Return the finished folder of a key, built anew if it is missing, unfinished or damaged.

    The key says what the content depends on. `build` fills an empty folder, which never moves
    afterwards; `intact` says why a folder is damaged, or None; `notify` hears what takes time.
    """
    folder = location(kind, key)
    # Without the lock first: a finished cache may be read-only, and its users need no queue.
    if (found := unfit(folder, intact)) is not None:
        if folder in _used:  # nobody can wait for himself
            raise ResourceError(_CHANGED.filled(folder=folder, why=found))
        with locked(folder, notify):
            reason = unfit(folder, intact)
            if reason is not None and folder.exists():
                cause = _CUT_SHORT if reason == NOT_BUILT else reason
                notify(_AGAIN.filled(key=key, why=cause))
            if reason is not None:
                _build(folder, build, intact)
    return folder


def says_full(text: str) -> bool:
    """Whether a program's own words say that a disk is full, where no error number tells."""
    return _SAYS_FULL.search(text) is not None


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there as a whole, or as it was before.

    Raises:
        OSError: it cannot be written; nothing is left of the attempt.
    """
    # Of each process its own: two may write the same at a time.
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def disk_full(folder: Path) -> ResourceError:
    """Return the error for a disk that filled up while the folder was written."""
    free = shutil.disk_usage(next(path for path in folder.parents if path.exists())).free / 1e6
    return ResourceError(
        Words(
            zh="{folder} 所在的磁盘已满（剩 {free:,.0f} MB）：请腾出空间，或把 {variable} "
            "设为更大磁盘上的文件夹。",
            en="The disk of {folder} is full ({free:,.0f} MB free): free some space, or "
            "set {variable} to a folder on a larger disk.",
        ).filled(folder=folder, free=free, variable=ROOT_VARIABLE)
    )


@contextmanager
def in_use(folder: Path, notify: Notify) -> Iterator[None]:
    """Have a folder stay as it is for a while, beside others: who builds it again has to wait."""
    try:
        opened = os.open(_lock_of(folder), os.O_RDONLY)
    except OSError:  # it was not built here, but came with its cache
        yield
        return
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            notify(_WAITING.filled(name=folder.name))
            fcntl.flock(opened, fcntl.LOCK_SH)
        _used.append(folder)
        try:
            yield
        finally:
            _used.remove(folder)
    finally:
        os.close(opened)  # and the lock with it


@contextmanager
def locked(folder: Path, notify: Notify) -> Iterator[None]:
    """Have a folder of the cache to ourselves; `notify` hears that another process has it now."""
    # The operating system drops this lock with the process that holds it: none can go stale.
    lock = FileLock(_lock_of(folder))
    with _explained(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            notify(_WAITING.filled(name=folder.name))
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _build(folder: Path, build: Build, intact: Intact) -> None:
    try:
        with _explained(folder):  # before the removal below makes space
            _remove(folder)
            folder.mkdir()
            build(folder)
            if damage := intact(folder):
                raise ResourceError(  # noqa: TRY301
                    Words(
                        zh="{folder} 已构建，但已损坏：{damage}。",
                        en="{folder} was built but is damaged: {damage}.",
                    ).filled(folder=folder, damage=damage)
                )
            (folder / _MARKER).touch()  # empty, so that it is there as a whole or not at all
    except BaseException:
        with suppress(OSError):  # without its marker, what remains counts as unfinished anyway
            _remove(folder)
        raise


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full(folder) from error
        if error.errno in _UNWRITABLE:
            raise ResourceError(
                Words(
                    zh="缓存 {cache} 无法写入（{error}）：请把 {variable} 设为可以写入的文件夹。",
                    en="The cache {cache} cannot be written ({error}): set {variable} to a folder "
                    "that can.",
                ).filled(cache=cache_root(), error=why(error), variable=ROOT_VARIABLE)
            ) from error
        raise


def _remove(folder: Path) -> None:
    # First of all, so that a removal that is cut short does not look finished.
    (folder / _MARKER).unlink(missing_ok=True)
    # A child of a build that was killed may still write for a moment.
    patience = time.monotonic() + _REMOVAL_PATIENCE_S
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=time.monotonic() < patience)
        time.sleep(0.01)
