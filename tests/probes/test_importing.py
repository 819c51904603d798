"""An action comes as soon as the page has imported a module, and not before."""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docprobe.importing import after, versions

from tests.probes.builders import write_module


def test_an_action_comes_after_the_import_once_and_with_the_whole_module(modules: Path) -> None:
    write_module(modules)
    seen: list[int] = []
    finders = len(sys.meta_path)
    after("watched", lambda module: seen.append(module.value))
    assert seen == []
    assert "watched" not in sys.modules
    assert import_module("watched").value == 1
    import_module("watched")
    assert seen == [1]
    assert len(sys.meta_path) == finders


def test_an_action_on_what_is_imported_already_comes_at_once(modules: Path) -> None:
    write_module(modules)
    module = import_module("watched")
    seen: list[Any] = []
    after("watched", seen.append)
    assert seen == [module]


def test_two_actions_on_one_module_both_come(modules: Path) -> None:
    write_module(modules)
    seen: list[str] = []
    after("watched", lambda _: seen.append("one"))
    after("watched", lambda _: seen.append("two"))
    import_module("watched")
    assert sorted(seen) == ["one", "two"]


def test_asking_whether_a_module_is_there_does_not_use_up_the_action(modules: Path) -> None:
    write_module(modules)
    seen: list[int] = []
    after("watched", lambda module: seen.append(module.value))
    assert find_spec("watched") is not None
    assert find_spec("watched") is not None
    assert seen == []
    import_module("watched")
    assert seen == [1]


def test_a_module_inside_a_package_is_watched(modules: Path) -> None:
    write_module(modules, "watched.deep.inner")
    write_module(modules, "watched.deep.other", "value = 2\n")
    seen: list[int] = []
    after("watched.deep.inner", lambda module: seen.append(module.value))
    assert import_module("watched.deep.other").value == 2
    assert seen == []
    import_module("watched.deep.inner")
    assert seen == [1]


def test_a_missing_module_is_missing_as_ever(modules: Path) -> None:
    assert modules.exists()
    after("watched", lambda _: pytest.fail("there is nothing to act on"))
    with pytest.raises(ModuleNotFoundError, match="No module named 'watched'"):
        import_module("watched")


def test_a_module_that_breaks_breaks_as_ever_and_is_watched_when_it_is_repaired(
    modules: Path,
) -> None:
    write_module(modules, text="1 / 0\n")
    seen: list[int] = []
    after("watched", lambda module: seen.append(module.value))
    with pytest.raises(ZeroDivisionError):
        import_module("watched")
    assert seen == []
    write_module(modules, text="value = 1234\n")
    import_module("watched")
    assert seen == [1234]


def test_a_version_is_read_in_the_head_of_what_a_package_says_of_itself(modules: Path) -> None:
    told = modules / "ladder-2.1.dist-info" / "METADATA"
    told.parent.mkdir(parents=True)
    told.write_text("Metadata-Version: 2.1\nName: Ladder\nVersion: 2.1\n\nVersion: 9\nName: Rope\n")
    assert versions()["ladder"] == "2.1"
    assert "rope" not in versions()


def test_versions_are_those_of_what_is_installed() -> None:
    assert versions()["numpy"] == np.__version__
