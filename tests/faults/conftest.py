"""Where the rows of the matrix put what they have seen."""

from pathlib import Path

import pytest

from tests.documents.folder import DocumentFolder
from tests.faults.scene import Scene


def pytest_addoption(parser: pytest.Parser) -> None:
    """All rows are run on demand; what each has seen is kept for the table."""
    parser.addoption("--faults", type=Path, default=None, metavar="DIR", help="run all rows")


@pytest.fixture
def scene(documents: DocumentFolder, tmp_path: Path) -> Scene:
    """A folder for one fault."""
    temporary = tmp_path / "t"
    temporary.mkdir()
    documents.tutorials.mkdir()
    return Scene(documents, temporary)
