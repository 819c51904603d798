"""Packages that a reader does not have are not there until they are brought."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from docprobe.hiding import hide
from docprobe.importing import after

from tests.probes.builders import write_module


def test_what_is_hidden_is_not_there_until_it_is_brought(modules: Path) -> None:
    write_module(modules, "watched", "from importlib.metadata import version\n")
    write_module(modules, "watched_tools.inner")
    info = modules / "Watched_Kit-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Watched_Kit\nVersion: 1.5\n")
    hide({"watched-kit": ["watched", "watched_tools"]})
    for name in ("watched", "watched_tools.inner"):
        with pytest.raises(ModuleNotFoundError) as caught:
            import_module(name)
        missing = name.partition(".")[0]
        assert (str(caught.value), caught.value.name) == (f"No module named {missing!r}", missing)
        assert find_spec(missing) is None
    with pytest.raises(PackageNotFoundError):
        version("watched-kit")
    assert version("numpy") == np.__version__
    hide({})
    assert import_module("watched").version("watched-kit") == "1.5"
    assert import_module("watched_tools.inner").value == 1


def test_an_action_after_a_hidden_import_comes_once_it_is_brought(modules: Path) -> None:
    write_module(modules)
    seen: list[int] = []
    hide({"watched": ["watched"]})
    after("watched", lambda module: seen.append(module.value))
    with pytest.raises(ModuleNotFoundError):
        import_module("watched")
    assert seen == []
    hide({})
    import_module("watched")
    assert seen == [1]
