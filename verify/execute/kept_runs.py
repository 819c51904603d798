"""Runs that are kept in the cache by what they depend on, so that they need not run again.

Each is a folder: the key's parts, the recording, the executed notebook, what the probes wrote, and
the digest of each of these files. What does not fit its digest is as if it were not there.
"""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

from verify.errors import ResourceError, UsageError
from verify.execute import recording as recordings
from verify.execute import run_key
from verify.execute.recording import Recording
from verify.execute.run_key import Part, Parts
from verify.execute.run_setting import RunSetting
from verify.system import cache, digests, moments
from verify.system.cache import Notify
from verify.system.complaints import why
from verify.system.resources import EVIDENCE_VARIABLE
from verify.system.words import Text, Words

_UNREADABLE = Words(zh="{file}：缺失或无法读取。", en="{file}: is missing or unreadable.")
_CHANGED = Words(zh="{file}：与记录时不同。", en="{file}: is not as it was recorded.")

_LABEL, _RECORDING, _NOTEBOOK, _FILES = "label.json", "recording.json", "notebook.ipynb", "files"
_ANSWERS, _DIGESTS = "answers", "digests.json"
_MOST_BYTES = 2 * 2**30
_MOST_READ = 2**28
_TOLD = TypeAdapter(dict[str, str])


class Label(BaseModel):
    """What a kept run is: `observed` in seconds since 1970; `source` the file that brought it."""

    run: str
    title: Text
    parts: dict[Part, str]
    observed: moments.Moment
    tool: str
    source: str = ""


@dataclass(frozen=True)
class KeptRun:
    """A folder of the cache; nobody has looked yet whether it is whole."""

    folder: Path

    @property
    def key(self) -> str:
        """The digest of what it depends on."""
        return self.folder.name

    @cached_property
    def label(self) -> Label | None:
        """What it is, if that can be read."""
        try:
            file = self.folder / _LABEL
            return _label(file, file.stat().st_mtime_ns)
        except (OSError, ValidationError):
            return None

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        try:
            return _size(self.folder, (self.folder / _LABEL).stat().st_mtime_ns)
        except OSError:
            return 0  # another process has just removed it

    @property
    def used(self) -> float:
        """When it was taken last, or made; in seconds since 1970."""
        return self.folder.stat().st_mtime

    def recording(self) -> Recording:
        """What it left.

        Raises:
            UsageError: a file of it is missing, changed, or of another run.
        """
        for damage in self._damages():
            raise UsageError(damage)
        if self.label is None or run_key.key(self.label.parts) != self.key:
            raise UsageError(
                Words(
                    zh="{folder}：里面的运行与它的名字不符。",
                    en="{folder}: is of another run than its name says.",
                ).filled(folder=self.folder)
            )
        try:
            recording = recordings.of_json(_small(self.folder / _RECORDING))
        except OSError as error:
            raise UsageError(
                Words(
                    zh="{file}：无法读取（{error}）。", en="{file}: cannot be read ({error})."
                ).filled(file=self.folder / _RECORDING, error=why(error))
            ) from error
        left = {_NOTEBOOK, *(f"{_FILES}/{name}" if name else _FILES for name in recording.kernels)}
        for name in sorted(left):
            if ".." in name or "//" in name or not (self.folder / name).exists():
                raise UsageError(
                    Words(zh="{file}：缺失。", en="{file}: is missing.").filled(
                        file=self.folder / name
                    )
                )
        return recording

    @property
    def is_whole(self) -> bool:
        """Whether each of its files is as it was recorded."""
        return not any(self._damages())

    def _damages(self) -> Iterator[Words]:
        try:
            told = _TOLD.validate_json(_small(self.folder / _DIGESTS))
            there = dict(_digests_of(self.folder))
        except (OSError, ValueError):
            yield _UNREADABLE.filled(file=self.folder / _DIGESTS)
            return
        for name in sorted({*there, *told}):
            if there.get(name) != told.get(name):
                yield _CHANGED.filled(file=self.folder / name)

    def lay_out(self, to: Path, executed: Path) -> None:
        """Put evidence and executed notebook where a run puts them."""
        shutil.copytree(self.folder / _FILES, to, dirs_exist_ok=True)
        executed.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.folder / _NOTEBOOK, executed)

    def answer(self, name: str) -> Path:
        """The file of what the environment was asked, which need not be there."""
        return self.folder / _ANSWERS / name

    def touch(self) -> None:
        """Note that it was taken now; nothing follows where the cache is read-only."""
        with suppress(OSError):
            self.folder.touch()


def keep(setting: RunSetting, parts: Parts, recording: Recording, answers: Iterable[Path]) -> None:
    """Keep a run that has ended; an unwritable cache, or a full disk, is no failure.

    Args:
        setting: what ran.
        parts: what it depended on.
        recording: what it left.
        answers: files with what the environment was asked besides.
    """

    def write(draft: Path) -> None:
        _write(draft, setting, recording, parts)
        (there := draft / _ANSWERS).mkdir()
        for file in filter(Path.is_file, answers):
            shutil.copyfile(file, there / file.name)

    with suppress(OSError, ResourceError):
        _put(run_key.key(parts), write, setting.notify)
        prune(_MOST_BYTES)


def take(run: KeptRun, source: str) -> None:
    """Keep a run that a file has brought, and say so of it; one that is kept already stays.

    Raises:
        UsageError: it does not say what it is.
        ResourceError: the cache cannot be written.
    """
    if (label := run.label) is None:
        raise UsageError(
            Words(
                zh="{folder}：没有说明它是什么。", en="{folder}: does not say what it is."
            ).filled(folder=run.folder)
        )
    theirs = label.model_copy(update={"source": source})

    def write(draft: Path) -> None:
        shutil.copytree(run.folder, draft, dirs_exist_ok=True)
        _write_label(draft, theirs)

    if not place(theirs.parts).exists():
        _put(run.key, write, lambda _: None)


def _put(key: str, write: Callable[[Path], None], notify: Notify) -> None:
    """Have a run written aside and sealed, and put it where the one of its key is, if there is."""
    folder = _root() / key
    with (
        cache.locked(folder, notify),  # which makes the folder above
        tempfile.TemporaryDirectory(prefix=".draft-", dir=folder.parent) as aside,
    ):
        (draft := Path(aside, key)).mkdir()
        write(draft)
        seal(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)


def _write(draft: Path, setting: RunSetting, recording: Recording, parts: Parts) -> None:
    for name in recording.kernels:
        (into := draft / _FILES / name).mkdir(parents=True, exist_ok=True)
        for file in (setting.folder / name).iterdir():
            if file.suffix in (".jsonl", ".log"):
                shutil.copyfile(file, into / file.name)
    shutil.copyfile(setting.executed, draft / _NOTEBOOK)
    (draft / _RECORDING).write_bytes(recordings.to_json(recording))
    label = Label(
        run=setting.id,
        title=setting.contract.title,
        parts=parts,
        observed=recording.started,
        tool=recording.receipt.tool_version,
    )
    _write_label(draft, label)


def _write_label(folder: Path, label: Label) -> None:
    (folder / _LABEL).write_text(label.model_dump_json(), encoding="utf-8")


def seal(folder: Path) -> None:
    """Write the digest of each file of a kept run."""
    (folder / _DIGESTS).write_text(json.dumps(dict(_digests_of(folder))), encoding="utf-8")


@lru_cache(maxsize=4096)  # each document that nothing is kept of looks through all
def _label(file: Path, _changed: int) -> Label:
    return Label.model_validate_json(_small(file))


@lru_cache(maxsize=4096)  # likewise each that is kept, to make room
def _size(folder: Path, _changed: int) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def every() -> list[KeptRun]:
    """All kept runs, the last used first."""
    try:
        found = [KeptRun(one) for one in _root().iterdir() if (one / _LABEL).is_file()]
    except OSError:
        return []
    return sorted(found, key=lambda one: -one.used)


def remove(runs: Iterable[KeptRun]) -> None:
    """Remove kept runs."""
    for one in runs:
        shutil.rmtree(one.folder, ignore_errors=True)
        one.folder.with_name(f"{one.folder.name}.lock").unlink(missing_ok=True)


def prune(most_bytes: int) -> None:
    """Remove those that were not used for longest until no more than so many bytes are left."""
    total, old = 0, []
    for one in every():
        total += one.size
        if total > most_bytes:
            old.append(one)
    remove(old)


def place(parts: Parts) -> Path:
    """Where the run is kept that depends on just this."""
    return _root() / run_key.key(parts)


def _root() -> Path:
    told = os.environ.get(EVIDENCE_VARIABLE)
    return Path(told).expanduser().absolute() if told else cache.cache_root() / "evidence"


def _small(file: Path) -> bytes:
    """A file that is read whole; it may be a stranger's, and larger than the memory."""
    if file.stat().st_size > _MOST_READ:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))
    return file.read_bytes()


def _digests_of(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != _DIGESTS:
            yield file.relative_to(folder).as_posix(), digests.of_file(file)
