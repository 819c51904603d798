"""What earlier runs left in an output folder stays there: a report loses no document to a run."""

from collections.abc import Collection
from pathlib import Path

from verify.errors import UsageError
from verify.report import entries
from verify.report.entries import Report
from verify.system.complaints import unwritable
from verify.system.words import Text, Words

_PUT_ASIDE = Words(zh="{why}它已改存为 {aside}。", en="{why} It was put aside as {aside}.")

_ASIDE = "report.unread.json"


def read(out: Path) -> tuple[Report | None, Text]:
    """The report that an output folder holds, and what there is to say about it.

    One that nobody can read any more is put aside: it may be of another version of this tool.

    Raises:
        ResourceError: it cannot be put aside.
    """
    file = out / "report.json"
    if not file.exists():
        return None, ""
    try:
        return entries.read(file), ""
    except UsageError as problem:
        try:
            aside = file.replace(out / _ASIDE)
        except OSError as error:
            raise unwritable(out, error) from error
        return None, _PUT_ASIDE.filled(why=problem, aside=aside)


def joined(now: Report, before: Report | None, unbegun: Collection[str] = ()) -> Report:
    """A report with the documents of an earlier one that it does not have itself.

    Args:
        now: the report of a run.
        before: what was in the folder.
        unbegun: runs of `now` that did not come to begin: of these, earlier ones say more.
    """
    if before is None:
        return now
    known = {one.run: before.started_of(one) for one in before.documents}
    own = [
        now.dated(one) if now.started < before.started else one
        for one in now.documents
        if one.run not in known
        or (one.run not in unbegun and known[one.run] <= now.started_of(one))
    ]
    there = {one.run for one in own}
    # What could not be read then is here now, or is missed anew.
    read = tuple(f"{one.upstream.path}: " for one in now.documents if one.upstream)
    missing = [one for one in before.missing if not str(one).startswith(read)]
    old = [before.dated(one) for one in before.documents if one.run not in there]
    return now.model_copy(
        update={
            "started": max(now.started, before.started),
            "environments": before.environments | now.environments,
            "documents": sorted((*own, *old), key=lambda one: one.run),
            "missing": [*now.missing, *(one for one in missing if one not in now.missing)],
        }
    )
