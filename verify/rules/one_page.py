"""What `verify check` says of one page, to be told beside a run of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from verify.environment.environment import Environment
from verify.finding import Finding
from verify.rules import baseline, checked_site, gate, project
from verify.system.cache import Notify


def findings(
    file: Path, root: Path, *, environment: Environment | None, notify: Notify
) -> tuple[Finding, ...]:
    """The findings of all rules, less those that the page's own project lives with.

    Args:
        file: the page.
        root: the folder that the findings' files are named from.
        environment: what the page documents, if it is there.
        notify: hears what takes time.

    Raises:
        UsageError: the project's settings are not as they have to be.
    """
    site = checked_site.open_site([file], environment=environment, notify=notify)
    settings = project.of_root(site.root)
    judgement = gate.judge(site, settings, date.today())  # noqa: DTZ011  # a waiver's day
    if settings.baseline and settings.baseline.exists():
        judgement = baseline.applied(judgement, settings.baseline)
    return tuple(replace(one, file=_below(root, one.file)) for one in judgement.findings)


def _below(root: Path, file: Path) -> Path:
    whole, top = file.resolve(), root.resolve()
    return whole.relative_to(top) if whole.is_relative_to(top) else file
