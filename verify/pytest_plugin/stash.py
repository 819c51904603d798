"""What the parts of the plugin share: typed places in pytest's configuration, and two questions."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from verify.contract import contract
from verify.contract.edition import Edition
from verify.execute.run_options import Options
from verify.execute.session import Session
from verify.report.asked import Asked
from verify.report.entries import Report
from verify.system.cache import Notify

OPTIONS = pytest.StashKey[Options]()
EDITIONS = pytest.StashKey[tuple[Edition, ...]]()
NOTIFY = pytest.StashKey[Notify]()
STARTED = pytest.StashKey[tuple[float, float]]()
# Runs that were looked at before, where this process makes the plan.
PLANNED = pytest.StashKey[Sequence[Session]]()
# Whether pages of ours are run where only a folder above them is named, and which were not.
OURS_TOO = pytest.StashKey[bool]()
LEFT_OUT = pytest.StashKey[list[str]]()
# What is to be judged, as far as that is known before pytest looks for it.
ASKED = pytest.StashKey[Asked]()
# What this run has come to, without what earlier ones left in the output folder.
REPORT = pytest.StashKey[Report]()
# The output folder's, once we have it to ourselves.
LOCK = pytest.StashKey[FileLock]()


def is_selection(config: pytest.Config) -> bool:
    """Whether pytest was asked for some items of documents, or to stop before it has them all."""
    chosen = ("keyword", "markexpr", "deselect", "maxfail", "lf", "stepwise")
    return any(getattr(config.option, name, None) for name in chosen) or any(
        "::" in argument for argument in config.args
    )


def is_document(path: Path) -> bool:
    """Whether a file is a document: an edition beside its contract, or a contract without one."""
    if path.name == contract.FILE_NAME:
        return not path.with_name(contract.EDITION_NAME).exists()
    return path.name == contract.EDITION_NAME and path.with_name(contract.FILE_NAME).exists()


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is one of xdist's workers."""
    return hasattr(config, "workerinput")
