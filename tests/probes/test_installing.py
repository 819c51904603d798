"""`pip` during a run: what is there comes into sight, nothing else happens."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from docprobe import installing
from docprobe.hiding import hide

from tests.probes.builders import write_module

FORMS = (
    "pip install kit",
    "pip3 install -U kit",
    f"{sys.executable} -m pip install -q --timeout 3 'kit>=1' -i https://index.invalid/simple",
)


def package(modules: Path, name: str, version: str, *requires: str) -> None:
    info = modules / f"{name}-{version}.dist-info"
    info.mkdir()
    told = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {r}" for r in requires)]
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *told, ""]))


@pytest.fixture
def shell(modules: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit that needs screws, and paint for its extra, and none of them in sight."""
    for variable in ("PATH", "PYTHONPATH", "VERIFY_BROUGHT"):
        monkeypatch.setenv(variable, os.environ.get(variable, ""))
    monkeypatch.setenv("PYTHONPATH", str(modules))
    paint = 'paint; extra == "colour"'
    package(modules, "kit", "1.5", "screws>=2", paint, 'nails; sys_platform == "none"')
    package(modules, "screws", "2.0")
    package(modules, "paint", "3.0")
    write_module(modules, "watched")
    write_module(modules, "watched_tools")
    hide({"kit": ["watched"], "screws": ["watched_tools"]})
    installing.begin()
    return modules


def run(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", FORMS)
def test_however_it_is_called_it_brings_a_package_and_what_that_requires(
    shell: Path, command: str
) -> None:
    before = sorted(shell.rglob("*"))
    with pytest.raises(ModuleNotFoundError):
        import_module("watched")
    done = run(command)
    assert (done.returncode, done.stderr) == (0, "")
    assert installing.brought() == {"kit", "screws"}
    import_module("watched")
    import_module("watched_tools")
    assert [file for file in sorted(shell.rglob("*")) if "__pycache__" not in str(file)] == before


def test_an_extra_brings_what_it_asks_for(shell: Path) -> None:
    assert shell.is_dir()
    assert run("pip install 'kit[colour]'").returncode == 0
    assert installing.brought() == {"kit", "screws", "paint"}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("pip install glue", "ERROR: glue is not in the documented environment's lock.\n"),
        ("pip install kit==1.4", "ERROR: kit==1.4: the documented environment has 1.5.\n"),
        (
            "pip install -r all.txt",
            "ERROR: -r all.txt: only packages by their names are known.\n",
        ),
        ("pip install ./kit", "ERROR: ./kit: only packages by their names are known.\n"),
        ("pip uninstall kit", "ERROR: pip uninstall does nothing while a page is verified.\n"),
    ],
)
def test_what_would_change_the_environment_is_refused(shell: Path, command: str, said: str) -> None:
    assert shell.is_dir()
    done = run(command)
    assert (done.returncode, done.stderr) == (1, said)
    assert not installing.brought()
