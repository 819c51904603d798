"""Kept runs as a file: to be judged where nobody ran them, by CI or by a colleague."""

import lzma
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from verify.errors import UsageError
from verify.execute import kept_runs
from verify.execute.kept_runs import KeptRun
from verify.system import digests
from verify.system.complaints import unwritable, why
from verify.system.words import Words

_FOLDER = re.compile(r"[0-9a-f]{32}")
_MOST_BYTES = 4 * 2**30
_MOST_FILES = 50_000
_MOST_PARTS = 4  # key/files/kernel/file
# What is no archive, cut, damaged, packed in a way that is not known here, or behind a password.
_NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)


def save(runs: Iterable[KeptRun], file: Path) -> None:
    """Write kept runs into one file.

    Raises:
        ResourceError: it cannot be written.
    """
    draft = file.with_name(f".{file.name}.draft")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for run in runs:
                for one in sorted(run.folder.rglob("*")):
                    if one.is_file():
                        archive.write(one, f"{run.key}/{one.relative_to(run.folder)}")
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise unwritable(file, error) from error


def load(file: Path) -> int:
    """Take the kept runs of a file, each checked by its digests and named as that file's.

    One that is kept already stays as it is.

    Returns:
        How many there are in it.

    Raises:
        UsageError: it is no such file, or a run of it is not whole.
        ResourceError: the cache cannot be written.
    """
    if not file.exists():
        raise UsageError(
            Words(zh="{file}：没有这个文件。", en="{file}: no such file.").filled(file=file)
        )
    if not file.is_file():  # a device may have no end
        raise UsageError(
            Words(
                zh="{file}：不是保留的运行的文件。", en="{file}: is no file of kept runs."
            ).filled(file=file)
        )
    try:
        with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory() as folder:
            _see(file, archive)
            archive.extractall(folder)
            found = [KeptRun(one) for one in sorted(Path(folder).iterdir())]
            for one in found:
                _see_that_it_is_whole(file, one)
            source = f"{file.name} (SHA-256 {digests.of_file(file)[:12]})"
            for one in found:
                kept_runs.take(one, source)
    except (OSError, *_NO_ARCHIVE) as error:
        raise UsageError(
            Words(
                zh="{file}：不是保留的运行的文件（{error}）。",
                en="{file}: is no file of kept runs ({error}).",
            ).filled(file=file, error=why(error))
        ) from error
    return len(found)


def _see_that_it_is_whole(file: Path, run: KeptRun) -> None:
    try:
        run.recording()
    except UsageError as error:  # it names where it was unpacked, which nobody has seen
        zh, en = (
            said.removeprefix(f"{run.folder.parent}/") for said in (error.says.zh, error.says.en)
        )
        raise UsageError(Words(zh=f"{file}：{zh}", en=f"{file}: {en}")) from error


def _see(file: Path, archive: zipfile.ZipFile) -> None:
    """See that what is in it can be taken out: it may be a stranger's."""
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if not 0 < len(members) <= _MOST_FILES or total > _MOST_BYTES:
        raise UsageError(
            Words(
                zh="{file}：是空的，或多于 {most_files:,} 个文件，或大于 {most_bytes} GiB。",
                en="{file}: holds nothing, more than {most_files:,} files, or more than "
                "{most_bytes} GiB.",
            ).filled(file=file, most_files=_MOST_FILES, most_bytes=_MOST_BYTES // 2**30)
        )
    for member in members:
        parts = PurePosixPath(member.filename).parts
        below = 0 < len(parts) <= _MOST_PARTS and ".." not in parts
        if not below or not _FOLDER.fullmatch(parts[0]):
            raise UsageError(
                Words(
                    zh="{file}：{filename!r} 不属于任何保留的运行。",
                    en="{file}: {filename!r} belongs to no kept run.",
                ).filled(file=file, filename=member.filename)
            )
