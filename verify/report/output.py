"""The output folder: the same result in every form that people and programs read."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from verify.errors import UsageError
from verify.report import html, junit, summary
from verify.report.entries import Report
from verify.report.findings import as_sarif
from verify.system.complaints import unwritable
from verify.system.words import Language, Words

_UNFINISHED = ".unfinished"
_Writer = Callable[[Report, Path, Language], None]


def _summary(report: Report, path: Path, language: Language) -> None:
    path.write_text(summary.render(report, language=language), encoding="utf-8")


def _sarif(report: Report, path: Path, language: Language) -> None:
    text = as_sarif.render(report.findings, language=language)
    path.write_text(text, encoding="utf-8")


def _html(report: Report, path: Path, _: Language) -> None:
    """The page says all of it in both."""
    html.write(report, path)


WRITERS: dict[str, _Writer] = {
    "report.html": _html,
    "summary.md": _summary,
    "junit.xml": junit.write,
    "report.sarif": _sarif,
}


def take(out: Path) -> FileLock:
    """Have an output folder to ourselves until the lock is released, or this process ends.

    Raises:
        UsageError: another run has it: each would take the other's evidence for its own.
        ResourceError: it cannot be written.
    """
    lock = FileLock(out / ".lock")
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise UsageError(
            Words(
                zh="{out}：另一次运行正在写入；请等它结束，或用 --out（pytest 下为 "
                "--verify-out）换一个文件夹。",
                en="{out}: another run is writing there; wait for its end, or choose another "
                "folder with --out (--verify-out under pytest).",
            ).filled(out=out)
        ) from error
    except OSError as error:
        raise unwritable(out, error) from error
    return lock


def begin(out: Path) -> None:
    """Note that a run has begun; what reports lie there are of an earlier one until it ends."""
    with suppress(OSError):  # then its end cannot be written either, and says so
        (out / _UNFINISHED).touch()


def end(out: Path) -> None:
    """Note that its report has been written.

    Raises:
        OSError: that cannot be written.
    """
    (out / _UNFINISHED).unlink(missing_ok=True)


def is_unfinished(out: Path) -> bool:
    """Whether a run began there that has not come to its report."""
    return (out / _UNFINISHED).exists()


def write(report: Report, out: Path, language: Language = Language.ENGLISH) -> None:
    """Write all forms of a report but `report.json`, from which they can be made again.

    Args:
        report: the report.
        out: the output folder.
        language: that of the forms that are in one alone.

    Raises:
        ResourceError: one of them cannot be written; the others have been.
    """
    problems = [_problem(writer, report, out / name, language) for name, writer in WRITERS.items()]
    for problem in filter(None, problems):
        raise unwritable(out, problem) from problem


def _problem(writer: _Writer, report: Report, path: Path, language: Language) -> OSError | None:
    try:
        writer(report, path, language)
    except OSError as error:
        return error
    return None
