"""One report of several runs, each of which left its own output folder."""

import shutil
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from pathlib import Path

from rich.console import Console

from verify import history
from verify.errors import UsageError, unwritable
from verify.history import durations
from verify.report import model
from verify.report.model import Report


def write(parts: Sequence[Path], out: Path, told: Console, past: Path | None = None) -> None:
    """Bring the runs' files together and write the report of them all.

    Args:
        parts: the output folders of the runs; one without a report is named and left out.
        out: the folder for all of them.
        told: hears what is left out, and what is wrong with the history.
        past: the history to which the runs are added, if they are not in it yet.

    Raises:
        UsageError: none of them has a report.
    """
    reports = []
    for part in parts:
        if not (part / "report.json").is_file():
            told.print(f"{part}: left out, for it holds no report.", soft_wrap=True)
            continue
        reports.append(model.read(part / "report.json"))
        try:
            for folder in filter(Path.is_dir, part.iterdir()):
                shutil.copytree(folder, out / folder.name, dirs_exist_ok=True)
        except OSError as error:
            raise unwritable(out, error) from error
    if not reports:
        raise UsageError("None of these folders holds a report; name output folders of runs.")
    report = reduce(_together, reports)
    for problem in history.follow(report, past) if past else ():
        told.print(problem, soft_wrap=True, markup=False)
    model.write(report, out)
    durations.note(report)


def _together(one: Report, other: Report) -> Report:
    started = min(one.started, other.started)
    ended = max(each.started + timedelta(seconds=each.duration_s) for each in (one, other))
    documents = sorted((*one.documents, *other.documents), key=lambda each: each.run)
    return one.model_copy(
        update={
            "started": started,
            "duration_s": (ended - started).total_seconds(),
            "environments": one.environments | other.environments,
            "documents": documents,
        }
    )
