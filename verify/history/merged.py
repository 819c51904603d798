"""One report of several runs, each of which left its own output folder."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import reduce
from pathlib import Path

from verify import history
from verify.errors import ExitCode, UsageError
from verify.history import durations
from verify.report import earlier, entries
from verify.report.entries import DocumentEntry, Report
from verify.system.complaints import unwritable, why
from verify.system.words import Tell, Text, Words


def write(parts: Sequence[Path], out: Path, tell: Tell, past: Path | None = None) -> ExitCode:
    """Bring the runs' files together and write the report of them all.

    Args:
        parts: the output folders of the runs; one without a report is named, and missed in the
            report of the others. Of the same run of a document the newest counts.
        out: the folder for all of them; what it holds already stays in the report.
        tell: hears what is missing, and what is wrong with the history.
        past: the history to which the runs are added, if they are not in it yet.

    Returns:
        Whether all were there: VERIFIED, or else USAGE where there is no such folder, and OURS
        where it holds no report.

    Raises:
        UsageError: none of them has a report.
    """
    held, problem = earlier.read(out)
    reports, missing = _gathered(parts, out, held)
    for one in [problem, *missing]:
        if one:
            tell(one)
    if not reports:
        raise UsageError(
            Words(
                zh="这些文件夹里都没有报告；请给出运行的输出文件夹。",
                en="None of these folders holds a report; name output folders of runs.",
            )
        )
    report = reduce(_together, reports)
    report.missing += missing
    for one in history.follow(report, past) if past else ():
        tell(one)
    if held:  # what was missing then is here now, or is missed anew
        there = tuple(f"{part}: " for part in parts)
        held.missing = [one for one in held.missing if not str(one).startswith(there)]
    durations.note(report)
    report = earlier.joined(report, held)
    try:
        entries.write(report, out)
    except OSError as error:
        raise unwritable(out, error) from error
    if not all(part.exists() for part in parts):
        return ExitCode.USAGE
    return ExitCode.OURS if missing else ExitCode.VERIFIED


def _gathered(
    parts: Sequence[Path], out: Path, held: Report | None
) -> tuple[list[Report], list[Text]]:
    """The reports of the parts, their files brought together; and what there is no report of."""
    reports: list[Report] = []
    missing: list[Text] = []
    for part in parts:
        try:
            read = _read(part)
        except UsageError as error:
            missing.append(why(error))
            continue
        renamed = _renamed(read, [*filter(None, [held]), *reports])
        reports.append(read)
        try:
            for folder in () if part.resolve() == out.resolve() else part.iterdir():
                if folder.is_dir():
                    _copy(folder, out / folder.name, renamed)
        except OSError as error:
            raise unwritable(out, error) from error
    return reports, missing


def _read(part: Path) -> Report:
    if not part.exists():
        raise UsageError(
            Words(
                zh="{part}：不在这份报告里，因为没有这个文件夹。",
                en="{part}: is missing in this report, for there is no such folder.",
            ).filled(part=part)
        )
    if not (part / "report.json").is_file():
        raise UsageError(
            Words(
                zh="{part}：不在这份报告里，因为其中没有报告。",
                en="{part}: is missing in this report, for it holds no report of its own.",
            ).filled(part=part)
        )
    return entries.read(part / "report.json")


def _renamed(report: Report, before: Sequence[Report]) -> dict[str, str]:
    """Give runs of a release names of their own where another release's run has them already."""
    taken = {d.run: d.environment for other in before for d in other.documents}
    renamed = {}
    for document in report.documents:
        if taken.get(document.run, document.environment) != document.environment:
            renamed[document.run] = f"{document.run}.{document.environment}"
            document.run = renamed[document.run]
    return renamed


def _copy(source: Path, target: Path, renamed: Mapping[str, str]) -> None:
    """Copy a folder in which each run has a file or folder that begins with its name."""
    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        run = next((run for run in renamed if run in (path.name, path.stem)), None)
        name = path.name if run is None else renamed[run] + path.name.removeprefix(run)
        if path.is_dir():
            shutil.copytree(path, target / name, dirs_exist_ok=True)
        else:
            shutil.copy2(path, target / name)


def _together(one: Report, other: Report) -> Report:
    started = min(one.started, other.started)
    ended = max(each.started + timedelta(seconds=each.duration_s) for each in (one, other))
    newest: dict[str, DocumentEntry] = {}
    for report in (one, other):
        for document in report.documents:
            last = newest.get(document.run)
            if last is None or report.started_of(last) <= report.started_of(document):
                newest[document.run] = report.dated(document)
    documents = sorted(newest.values(), key=lambda each: each.run)
    return one.model_copy(
        update={
            "started": started,
            "duration_s": (ended - started).total_seconds(),
            "environments": one.environments | other.environments,
            "documents": documents,
            "missing": [*one.missing, *other.missing],
        }
    )
