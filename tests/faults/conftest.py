"""Where the rows of the matrix put what they have seen, and which of them stay together."""

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.documents.folder import DocumentFolder
from tests.faults import matrix
from tests.faults.scene import Scene


def pytest_addoption(parser: pytest.Parser) -> None:
    """All rows are run on demand; what each has seen is kept for the table."""
    parser.addoption("--faults", type=Path, default=None, metavar="DIR", help="run all rows")


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Rows that share a run stay with one worker, also where xdist's own groups are not heard."""
    return _Scheduling(config, log) if config.getoption("faults") else None


class _Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist publishes no such types
    """Keeps together what `Fault.group` says, whatever pytest calls the rows."""

    groups = {one.id: one.group for one in matrix.faults()}

    def _split_scope(self, nodeid: str) -> str:
        row = nodeid.rpartition("[")[2].removesuffix("]")
        return self.groups.get(row, nodeid)


@pytest.fixture
def scene(documents: DocumentFolder, short_folder: Path) -> Scene:
    """A folder for one fault."""
    documents.tutorials.mkdir()
    return Scene(documents, short_folder)
