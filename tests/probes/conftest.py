"""Modules that stand for libraries, each for one test alone."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_FAKED = (
    "keras",
    "sticky",
    "sticky_parts",
    "secretflow",
    "secretflow_fl",
    "tensorflow",
    "torch",
    "watched",
    "watched_tools",
)


@pytest.fixture(autouse=True)
def imports() -> Iterator[None]:
    """Forget the modules that a test imported, and whoever waited for one."""
    modules, finders = set(sys.modules), list(sys.meta_path)
    yield
    sys.meta_path[:] = finders
    for name in set(sys.modules) - modules:
        if name.split(".")[0] in _FAKED:
            del sys.modules[name]


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of modules that can be imported."""
    folder = tmp_path / "modules"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder
