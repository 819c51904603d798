"""The file of the history: a line of JSON for each run of a document.

Each line begins and ends with a line break, so that a line that a killed process left unfinished
spoils no other, and files are merged by writing one behind the other. Blank lines, repeated lines
and the order of lines say nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic_core import from_json

from verify.history.record import RunRecord
from verify.system import cache, regular_files
from verify.system.complaints import why
from verify.system.words import Text, Words

_UNREADABLE = Words(
    zh="{path}：历史无法读取（{why}）。", en="{path}: the history cannot be read ({why})."
)
_NEWER = Words(
    zh="{path}：其中 {count} 次运行由本工具的更新版本写入，所以什么也没有加入；请更新工具，或用 "
    "--history 换一个文件。",
    en="{path}: {count} of its runs were written by a newer version of this tool, so that "
    "nothing is added; renew the tool, or name another file with --history.",
)
_NONE = Words(
    zh="{path}：不是运行的历史；请用 --history 换一个文件。",
    en="{path}: is no history of runs; name another file with --history.",
)
_DAMAGED = Words(
    zh="{path}：其中 {count} 行被截断或已损坏，已略去。",
    en="{path}: {count} of its lines were cut short or damaged and are left out.",
)
_IN_USE = Words(
    zh="{path}：另一个进程正在使用；这次运行没有加入历史。",
    en="{path}: is in use by another process; this run was not added to the history.",
)
_NOT_ADDED = Words(
    zh="{path}：这次运行没有加入历史（{why}）。",
    en="{path}: this run was not added to the history ({why}).",
)

KEPT = 100  # runs of a document in an edition and profile: three months of nights
NAME = "history.jsonl"

_SCHEMA = 1
_BEGIN = b'{"schema":'
_PATIENCE_S = 30.0


def default() -> Path:
    """Where the history of this machine is."""
    return cache.cache_root() / NAME


@dataclass(frozen=True)
class History:
    """What a file holds: its runs, the oldest first; a sentence on what is wrong with it, if any.

    Nothing may be added to one that is not `ours`.
    """

    runs: list[RunRecord]
    problem: Words | None = None
    ours: bool = True


def read(path: Path) -> History:
    """Read a history; a file that is not there yet has no runs."""
    try:
        content = regular_files.content(path, linked=True)
        lines = [line for line in content.split(b"\n") if line.strip()]
    except FileNotFoundError:
        return History([])
    except OSError as error:
        return History([], _UNREADABLE.filled(path=path, why=why(error)), ours=False)
    known = {line: run for line in lines if (run := _run(line))}
    runs = [known[line] for line in sorted(known, key=lambda line: (known[line].started, line))]
    unknown = [line for line in lines if line not in known]
    if newer := sum(map(_is_newer, unknown)):
        return History(runs, _NEWER.filled(path=path, count=newer), ours=False)
    if unknown and not known and not _begins(unknown[0]):
        return History([], _NONE.filled(path=path), ours=False)
    return History(runs, _DAMAGED.filled(path=path, count=len(unknown)) if unknown else None)


def append(path: Path, runs: Sequence[RunRecord]) -> Text:
    """Add runs, and forget the oldest where there are more than `KEPT`; what went wrong, if any."""
    path = path.resolve()  # of a link, it is the file itself that is replaced
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=_PATIENCE_S):
            with path.open("ab") as file:
                file.write(_written(runs))
            known = read(path)
            few = kept(known.runs)
            if known.ours and (known.problem or len(few) < len(known.runs)):
                cache.write_whole(path, _written(few))
    except Timeout:
        return _IN_USE.filled(path=path)
    except OSError as error:
        return _NOT_ADDED.filled(path=path, why=why(error))
    return ""


def kept(runs: Iterable[RunRecord]) -> list[RunRecord]:
    """The last `KEPT` of each document, edition and profile."""
    by_key = defaultdict(list)
    for run in runs:
        by_key[run.key].append(run)
    return [run for some in by_key.values() for run in some[-KEPT:]]


def _written(runs: Iterable[RunRecord]) -> bytes:
    return b"".join(b"\n%s\n" % run.model_dump_json(by_alias=True).encode() for run in runs)


def _run(line: bytes) -> RunRecord | None:
    try:
        return RunRecord.model_validate_json(line)
    except ValueError:
        return None


def _is_newer(line: bytes) -> bool:
    try:
        found = from_json(line)
    except ValueError:
        return False
    schema = found.get("schema") if isinstance(found, dict) else None
    return isinstance(schema, int) and schema > _SCHEMA


def _begins(line: bytes) -> bool:
    """Whether this is, or could have become, a line of a history."""
    return line.startswith(_BEGIN) or _BEGIN.startswith(line)
