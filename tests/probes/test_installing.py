"""`pip` during a run: what is there comes into sight, what is locked beside it comes along."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from docprobe import installing
from docprobe.hiding import hide

from tests.probes.builders import write_module
from verify.system.resources import PROBES

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


def offer(**told: str) -> dict[str, str]:
    return dict.fromkeys(("folder", "conflict", "other", "warning"), "") | told


@pytest.fixture
def shell(modules: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit that needs screws, and paint for its extra, and none of them in sight."""
    for variable in ("PATH", "VERIFY_PIP"):
        monkeypatch.setenv(variable, os.environ.get(variable, ""))
    monkeypatch.setenv("PYTHONPATH", f"{PROBES}{os.pathsep}{modules}")
    monkeypatch.setattr(sys, "path", [*sys.path])
    paint = 'paint; extra == "colour"'
    package(modules, "kit", "1.5", "screws>=2", paint, 'nails; sys_platform == "none"')
    package(modules, "screws", "2.0")
    package(modules, "paint", "3.0")
    write_module(modules, "watched")
    write_module(modules, "watched_tools")
    hide({"kit": ["watched"], "screws": ["watched_tools"]})
    beside = modules.parent / "beside"
    for number in (1, 2):
        folder = beside / f"glue-{number}"
        folder.mkdir(parents=True)
        package(folder, "glue", f"{number}.0", "kit")
        write_module(folder, "sticky", f"value = {number}\n")
        write_module(folder, f"sticky_parts.part_{number}")
        record = folder / f"glue-{number}.0.dist-info" / "RECORD"
        files = [file.relative_to(folder) for file in folder.rglob("*") if file.is_file()]
        record.write_text("".join(f"{file},,\n" for file in [*files, "../outside.py"]))
        (folder / ".complete").touch()
    (folder / "bin").mkdir()
    (folder / "bin" / "gluing").write_text("#!/bin/sh\necho glued\n")
    (folder / "bin" / "gluing").chmod(0o755)
    installing.begin(
        {
            "glue==1": offer(folder=f"{beside}/glue-1"),
            "glue==2": offer(folder=f"{beside}/glue-2"),
            "glue[all]==1": offer(folder=f"{beside}/glue-1", warning="no all"),
            "kit==9": offer(conflict="Because kit is 1.5"),
            "kit==8": offer(other="Because kit is 1.5 here"),
        }
    )
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


def in_another_process(source: str) -> str:
    command = [sys.executable, "-c", source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout or done.stderr.splitlines()[-1]


def test_what_is_locked_beside_the_environment_is_there_once_it_is_installed(shell: Path) -> None:
    with pytest.raises(ModuleNotFoundError):
        import_module("sticky")
    assert "No module named 'sticky'" in in_another_process("import sticky")
    assert run("pip install glue==1").stdout == "Successfully installed glue==1\n"
    assert installing.brought() == {"glue", "kit", "screws"}  # hidden until something needs them
    assert import_module("sticky").value == 1
    assert in_another_process("import sticky; print(sticky.value)") == "1\n"
    assert in_another_process("import watched; print(watched.value)") == "1\n"
    assert not (shell / "sticky.py").exists()


def test_another_version_takes_the_place_of_the_first(shell: Path) -> None:
    outside = Path(os.environ["VERIFY_PIP"]) / "outside.py"
    outside.touch()
    assert run("pip install glue==1").returncode == 0
    assert run("pip install glue==2").returncode == 0
    said = "import sticky, sticky_parts.part_2; from importlib.metadata import version\n"
    said += "print(sticky.value, version('glue'))"
    assert in_another_process(said) == "2 2.0\n"
    assert "No module named" in in_another_process("import sticky_parts.part_1")
    assert run("pip install glue==1").returncode == 0
    assert "No module named" in in_another_process("import sticky_parts.part_2")
    assert run("pip install glue==2").returncode == 0
    assert run("gluing").stdout == "glued\n"
    assert outside.exists()
    assert shell.is_dir()


def test_a_repair_has_the_other_version_imported_anew(shell: Path) -> None:
    assert shell.is_dir()
    installing.bring(["glue==1"])
    first, kept = import_module("sticky"), import_module("json")
    installing.bring(["glue==1"])  # what is there stays as it is
    assert import_module("sticky") is first
    installing.bring(["glue==2"])
    assert import_module("sticky").value == 2
    assert import_module("json") is kept


def test_what_the_resolver_warned_of_is_said(shell: Path) -> None:
    assert shell.is_dir()
    assert run("pip install 'glue[all]==1'").stderr == "WARNING: no all\n"


def test_a_reader_may_have_something_from_the_start(shell: Path) -> None:
    assert shell.is_dir()
    installing.bring(["glue==2", "kit"])
    assert import_module("sticky").value == 2
    import_module("watched")


def test_what_is_refused_is_noted_with_whether_anybody_can_have_it(shell: Path) -> None:
    assert shell.is_dir()
    for command in (
        "pip install paste",
        "pip install kit==9",
        "pip install kit==8",
        "pip install kit",
    ):
        run(command)
    notes = Path(os.environ["VERIFY_PIP"], "refused.jsonl").read_text().splitlines()
    assert [(note["what"], note["conflict"]) for note in map(json.loads, notes)] == [
        ("paste", False),
        ("kit==9", True),
        ("kit==8", False),
    ]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("pip install kit==9", "ERROR: kit==9: Because kit is 1.5.\n"),
        ("pip install paste", "ERROR: paste: it is not in the documented environment's lock.\n"),
        ("pip install kit==1.4", "ERROR: kit==1.4: the documented environment has 1.5.\n"),
        (
            "pip install -r all.txt",
            "ERROR: -r all.txt: only packages by their names are known.\n",
        ),
        ("pip install ./kit", "ERROR: ./kit: only packages by their names are known.\n"),
        ("pip uninstall kit", "ERROR: pip uninstall: does nothing while a page is verified.\n"),
    ],
)
def test_what_would_change_the_environment_is_refused(shell: Path, command: str, said: str) -> None:
    assert shell.is_dir()
    done = run(command)
    assert (done.returncode, done.stderr) == (1, said)
    assert not installing.brought()
