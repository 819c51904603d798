"""Modules that stand for libraries, each for one test alone."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docprobe import intact, recording

from verify.evidence.records import Records, kept_in

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
    functions, codes = dict(intact._functions), dict(intact._codes)
    yield
    intact._functions.clear()  # those of the faked modules are gone with them
    intact._functions.update(functions)
    intact._codes.clear()
    intact._codes.update(codes)
    sys.meta_path[:] = finders
    for name in set(sys.modules) - modules:
        if name.split(".")[0] in _FAKED:
            del sys.modules[name]


@pytest.fixture(autouse=True)
def records(tmp_path: Path) -> Iterator[Records]:
    """The tool listens in `tmp_path`, and keeps there what the probes record."""
    with kept_in(tmp_path, listening=tmp_path) as kept:
        yield kept
        for link in recording._links.values():
            if link._socket is not None:
                link._socket.close()
        recording._links.clear()
        recording._told.clear()


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of modules that can be imported."""
    folder = tmp_path / "modules"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder
