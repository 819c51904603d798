"""Environments are found, built from their locks alone, checked, and described when they fail."""

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from tests import PROJECT, waiting
from tests.hearing import Heard, nothing
from verify.cli import env
from verify.environment import environment, programs, uv_runs
from verify.environment.environment import Environment
from verify.errors import ResourceError, UsageError
from verify.system.resources import FIXTURES

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
BASE = Path(getattr(sys, "_base_executable", sys.executable))
LOCK = """\
six==1.17.0 \\
    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274 \\
    --hash=sha256:ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81
    # via -r tiny.in
"""
REFUSES = "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n"
RUNS = '#!/bin/sh\necho "3.10 CPython $0"\n'
OTHER_VERSION = '#!/bin/sh\necho "3.9 CPython $0"\n'
OTHER_KIND = '#!/bin/sh\necho "3.10 PyPy $0"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of environments in place of the repository's, and an empty cache."""
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "tiny.in").write_text(f"# python: {RUNNING}\nsix\n")
    (folder / "tiny.txt").write_text(LOCK)
    (folder / "tool.txt").write_text(LOCK)
    monkeypatch.setattr(environment, "FOLDER", folder)
    return folder


@pytest.fixture
def located() -> Environment:
    return environment.locate("tiny")


@pytest.fixture
def imitation(located: Environment) -> Environment:
    """A finished environment made by hand, without uv and without the network."""
    info = located.modules / "six-1.17.0.dist-info"
    info.mkdir(parents=True)
    (info.parent / "six.py").write_text("# six\n")
    (info / "RECORD").write_text(
        "six.py,sha256=x,6\n__pycache__/six.cpython.pyc,sha256=x,9\nsix-1.17.0.dist-info/RECORD,,\n"
    )
    located.python.parent.mkdir()
    located.python.symlink_to(BASE)
    kernel, content = environment._kernel(located)
    kernel.parent.mkdir(parents=True)
    kernel.write_text(content)
    (located.prefix / ".complete").touch()
    return located


def script(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    path.chmod(0o755)


def fake_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    script(tmp_path / "uv", f"#!/bin/sh\n{content}")
    monkeypatch.setattr("uv.find_uv_bin", lambda: str(tmp_path / "uv"))


# What there is


def test_the_locks_with_sources_are_the_environments() -> None:
    assert environment.names() == ["tiny"]


def test_an_environment_is_described_without_being_built(folder: Path, tmp_path: Path) -> None:
    digest = sha256(LOCK.encode()).hexdigest()
    prefix = tmp_path / "cache" / "environments" / f"tiny-py{RUNNING}-{digest[:12]}"
    assert environment.locate("tiny") == Environment(
        name="tiny",
        lock=folder / "tiny.txt",
        lock_sha256=digest,
        python_version=RUNNING,
        prefix=prefix,
        python=prefix / "bin" / "python",
        kernel_name="tiny",
        jupyter_path=prefix / "share" / "jupyter",
        log=prefix.parent / f"{prefix.name}.log",
        packages={"six": "1.17.0"},
    )
    assert not prefix.parent.exists()


@pytest.mark.parametrize(
    ("name", "change"),
    [("tiny.txt", "\n"), ("tiny.in", "# python: 3.99\n")],
    ids=["lock", "Python"],
)
def test_another_lock_or_python_is_another_place(folder: Path, name: str, change: str) -> None:
    before = environment.locate("tiny").prefix
    old = (folder / name).read_text()
    (folder / name).write_text(change + old)
    assert environment.locate("tiny").prefix != before
    (folder / name).write_text(old)
    assert environment.locate("tiny").prefix == before


@pytest.mark.parametrize("name", ["tool", "tinyy", "../tiny", ""])
def test_an_unknown_name_is_told_the_known_ones(folder: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        environment.ensure(name, print)
    assert str(caught.value) == f'There is no environment "{name}" in {folder}; known are: tiny.'


def test_a_folder_without_environments_is_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    with pytest.raises(UsageError, match="holds no environment"):
        environment.names()


def test_sources_must_say_which_python(folder: Path) -> None:
    (folder / "tiny.in").write_text("six\n")
    with pytest.raises(UsageError) as caught:
        environment.locate("tiny")
    assert str(caught.value) == f'{folder / "tiny.in"} lacks a line such as "# python: 3.10".'


def test_this_repository_s_own_environment_is_the_documented_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = FIXTURES / "environments"
    monkeypatch.setattr(environment, "FOLDER", here)
    assert "secretflow-1.11.0b1" in environment.names()
    documented = environment.locate("secretflow-1.11.0b1")
    assert documented.python_version == "3.10"
    assert documented.packages["secretflow"] == "1.11.0b1"
    assert {"ipykernel", "tensorflow", "typing-extensions"} <= documented.packages.keys()


# Which Python


@pytest.mark.parametrize(
    ("there_is", "found"),
    [
        pytest.param({"path/python3.10": RUNS}, "path/python3.10", id="on PATH"),
        pytest.param(
            {"path/python3.10": REFUSES, "path2/python3.10": RUNS},
            "path2/python3.10",
            id="behind a shim that refuses",
        ),
        pytest.param(
            {"path/python3.10": OTHER_VERSION, "path2/python3.10": OTHER_KIND}
            | {"pyenv/versions/3.10.13/bin/python3.10": RUNS},
            "pyenv/versions/3.10.13/bin/python3.10",
            id="not of another version or kind",
        ),
        pytest.param(
            {f"pyenv/versions/{v}/bin/python3.10": RUNS for v in ("3.10.9", "3.10.13", "3.10.2")},
            "pyenv/versions/3.10.13/bin/python3.10",
            id="the newest of pyenv",
        ),
        pytest.param(
            {"path/python3.10": RUNS, "pyenv/versions/3.10.13/bin/python3.10": RUNS},
            "path/python3.10",
            id="PATH before pyenv",
        ),
        pytest.param({"managed/python3.10": RUNS}, "managed/python3.10", id="managed by uv"),
        pytest.param({"downloaded/python3.10": RUNS}, "managed/python3.10", id="downloaded by uv"),
    ],
)
def test_python_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    located: Environment,
    there_is: dict[str, str],
    found: str,
) -> None:
    for path, content in there_is.items():
        script(tmp_path / path, content)
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:{tmp_path / 'path2'}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    fake_uv(
        tmp_path,
        monkeypatch,
        f"""cd {tmp_path}
case "$*" in
  *"python install"*) /bin/mv downloaded managed ;;
  *"python find"*) [ -e managed ] && echo "$PWD/managed/python3.10" ;;
esac
""",
    )
    located.log.parent.mkdir(parents=True)
    wanted = replace(located, python_version="3.10")
    assert environment.find_python(wanted, lambda _: None) == str(tmp_path / found)


def test_without_any_python_it_is_said_what_was_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (folder / "tiny.in").write_text("# python: 3.10\nsix\n")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    fake_uv(
        tmp_path,
        monkeypatch,
        "echo 'error: Failed to install' >&2; echo '  cause: offline.'; exit 1",
    )
    heard = Heard()
    with pytest.raises(ResourceError) as caught:
        environment.ensure("tiny", heard.hear)
    assert heard == ["Looking for Python 3.10.", "Downloading Python 3.10 with uv."]
    assert str(caught.value) == (
        f"Python 3.10 is neither on PATH nor in {tmp_path / 'pyenv' / 'versions'}, and uv could "
        "not download it (offline): install it so that python3.10 is on PATH, or give uv access "
        "to the network."
    )
    assert not environment.locate("tiny").prefix.exists()


def test_the_real_uv_may_be_forbidden_to_download_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (folder / "tiny.in").write_text("# python: 3.10\nsix\n")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "managed"))
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(
        ResourceError, match=r"uv could not download it .*downloads are not allowed"
    ):
        environment.ensure("tiny", lambda _: None)


# How a build fails

UNREACHABLE = """\
error: Failed to fetch: https://index.invalid/simple/six/
  cause: error sending request for url (https://index.invalid/simple/six/)
  cause: failed to lookup address information: Name or service not known
"""
OFFLINE = """\
error: No solution found when resolving dependencies
  cause: Because six was not found in the cache and you require six, you lose.

hint: Packages were unavailable because the network was disabled.
"""
OFFLINE_IN_UV_0_8 = """\
  \u00d7 No solution found when resolving dependencies:
  \u2570\u2500\u25b6 Because six was not found in the cache and you require six, you lose.

      hint: Packages were unavailable because the
      network was disabled.
"""
MISMATCH = """\
error: Failed to download `six==1.17.0`
  Caused by: Hash mismatch for `six==1.17.0`

Expected:
  sha256:0721
"""
FULL = "error: Failed to install: six\n  cause: No space left on device (os error 28)\n"


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        pytest.param(
            UNREACHABLE,
            "because the package index cannot be reached "
            "(failed to lookup address information: Name or service not known)",
            id="unreachable",
        ),
        pytest.param(
            OFFLINE,
            "because the package index cannot be reached "
            "(Because six was not found in the cache and you require six, you lose)",
            id="offline",
        ),
        pytest.param(
            OFFLINE_IN_UV_0_8,
            "because the package index cannot be reached "
            "(Because six was not found in the cache and you require six, you lose)",
            id="offline in uv 0.8",
        ),
        pytest.param(
            MISMATCH, "because uv failed (Hash mismatch for `six==1.17.0`)", id="another digest"
        ),
        pytest.param("Segfault\n", "because uv failed (Segfault)", id="no cause"),
        pytest.param("", "because uv failed (uv did not say why)", id="nothing"),
    ],
)
def test_a_failed_build_says_why_and_where_to_read_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    located: Environment,
    output: str,
    problem: str,
) -> None:
    (tmp_path / "output").write_text(output)
    fake_uv(tmp_path, monkeypatch, f"cat {tmp_path / 'output'} >&2; exit 2")
    monkeypatch.setenv("PATH", f"{BASE.parent}:{os.environ['PATH']}")
    with pytest.raises(ResourceError) as caught:
        environment.ensure("tiny", lambda _: None)
    assert str(caught.value) == (
        f"The environment tiny could not be built {problem}; the whole output is in {located.log}."
    )
    assert located.log.read_text() == output
    assert not located.prefix.exists()


def test_a_disk_that_uv_fills_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, located: Environment
) -> None:
    (tmp_path / "output").write_text(FULL)
    fake_uv(tmp_path, monkeypatch, f"cat {tmp_path / 'output'}; exit 2")
    monkeypatch.setenv("PATH", f"{BASE.parent}:{os.environ['PATH']}")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=4e6))
    with pytest.raises(ResourceError) as caught:
        environment.ensure("tiny", lambda _: None)
    assert str(caught.value) == (
        f"The disk of {located.prefix} is full (4 MB free): free some space, "
        "or set SECRETFLOW_DOCS_VERIFY_CACHE to a folder on a larger disk."
    )


# What is damaged


def remove(path: str) -> Callable[[Environment], None]:
    return lambda built: next(built.prefix.glob(path)).unlink()


def write(path: str, content: str) -> Callable[[Environment], None]:
    def overwrite(built: Environment) -> None:
        next(built.prefix.glob(path)).write_text(content)

    return overwrite


def add(name: str) -> Callable[[Environment], None]:
    def put(built: Environment) -> None:
        file = built.modules / name
        file.parent.mkdir(exist_ok=True)
        file.touch()

    return put


def lose_base(built: Environment) -> None:
    built.python.unlink()
    built.python.symlink_to(built.prefix / "removed" / "python3")


def rename_info(name: str) -> Callable[[Environment], None]:
    def rename(built: Environment) -> None:
        info = built.modules / "six-1.17.0.dist-info"
        info.rename(info.with_name(name))

    return rename


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda _: None, None, id="nothing"),
        pytest.param(remove(".complete"), "not built", id="marker"),
        pytest.param(lose_base, "its interpreter does not start", id="base interpreter"),
        pytest.param(
            remove("share/jupyter/kernels/tiny/kernel.json"),
            "its kernel specification is missing or changed",
            id="kernel removed",
        ),
        pytest.param(
            write("share/jupyter/kernels/tiny/kernel.json", "{}"),
            "its kernel specification is missing or changed",
            id="kernel changed",
        ),
        pytest.param(
            remove("lib/*/site-packages/six.py"),
            "six.py of six-1.17.0.dist-info is missing or unreadable",
            id="file removed",
        ),
        pytest.param(
            write("lib/*/site-packages/six.py", ""),
            "six.py has 0 bytes where six-1.17.0.dist-info says 6",
            id="file cut short",
        ),
        pytest.param(
            remove("lib/*/site-packages/*/RECORD"),
            "RECORD of six-1.17.0.dist-info is missing or unreadable",
            id="record removed",
        ),
        pytest.param(
            rename_info("six-1.16.0.dist-info"),
            "six is 1.16.0 where its lock says 1.17.0",
            id="another version",
        ),
        pytest.param(
            rename_info("six.removed"),
            "six is absent where its lock says 1.17.0",
            id="package gone",
        ),
        pytest.param(
            lambda built: (built.modules / "a_b.c-2.dist-info").mkdir(),
            "a-b-c is 2 where its lock says absent",
            id="package added",
        ),
        *(
            pytest.param(
                add(name),
                f"{name.split('/')[0]} is there, and no package of its lock has it",
                id=name,
            )
            for name in ("planted.pth", "sitecustomize.py", "numpy.py", "json/__init__.py")
        ),
        pytest.param(add("notes.txt"), None, id="what Python does not look at"),
    ],
)
def test_damage_is_seen_and_named(
    imitation: Environment, spoil: Callable[[Environment], None], why: str | None
) -> None:
    spoil(imitation)
    state = environment.state(imitation)
    assert (state and str(state)) == why


def test_a_cache_that_was_moved_is_damaged(
    imitation: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment.state(imitation) is None
    (tmp_path / "cache").rename(tmp_path / "moved")
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(tmp_path / "moved"))
    moved = environment.locate("tiny")
    assert str(environment.state(moved)) == "its kernel specification is missing or changed"


def test_what_is_intact_is_not_built_again(imitation: Environment) -> None:
    heard = Heard()
    assert environment.ensure("tiny", heard.hear) == imitation
    assert heard == []


def test_files_that_nothing_can_write_to_are_looked_at_once(
    imitation: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Environment] = []

    def undamaged(one: Environment) -> Iterator[str]:
        looked.append(one)
        return iter(())

    monkeypatch.setattr(environment, "_damages", undamaged)
    for ensure, times in ((environment.ensure_once, 1), (environment.ensure, 2)):
        looked.clear()
        assert [ensure("tiny", nothing) for _ in range(2)] == [imitation] * 2
        assert len(looked) == times


# How its programs are run


def test_programs_see_neither_our_modules_nor_our_settings(
    imitation: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "/nowhere")
    program = tmp_path / "program.py"
    program.write_text(
        "import os, sys\n"
        "print(sorted(name for name in os.environ if name.startswith('PYTHON')), sys.argv[1:])\n"
        "print(os.environ['TF_CPP_MIN_LOG_LEVEL'], os.environ['PATH'].split(':')[0])\n"
        "sys.exit('enough')\n"
    )
    done = programs.run_program(imitation, program, "one", "two", timeout=300)
    assert done.stdout == (f"['PYTHONNOUSERSITE'] ['one', 'two']\n3 {imitation.prefix / 'bin'}\n")
    assert (done.returncode, done.stderr) == (1, "enough\n")


def test_a_program_that_does_not_end_is_ended_with_what_it_started(
    imitation: Environment, tmp_path: Path
) -> None:
    program, started = tmp_path / "program.py", tmp_path / "started"
    program.write_text(
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "open(sys.argv[1], 'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    with pytest.raises(ResourceError) as caught:
        programs.run_program(imitation, program, str(started), timeout=3)
    assert str(caught.value) == f"{program} did not end within 3 s."
    # On a busy machine it may have been ended before it started anything.
    child = int(started.read_text() or 0) if started.exists() else 0
    waiting.until(lambda: not is_alive(child), "its child still lives")


def is_alive(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state) and not state.startswith("Z")


# How they are shown


def shown(*, build: bool, names: list[str]) -> list[str]:
    console = Console(file=StringIO(), width=120, color_system=None)
    env.show(names, [], build, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def row(lines: list[str]) -> list[str]:
    return [cell.strip() for cell in lines[3].strip("\u2502").split("\u2502")]


def test_the_table_of_what_is_intact(imitation: Environment) -> None:
    lines = shown(build=True, names=[])
    digest = imitation.lock_sha256[:12]
    assert row(lines) == ["tiny", RUNNING, "1", digest, "intact", "0.0 GB"]
    assert lines[-1] == f"tiny: {imitation.prefix}"


def test_the_table_of_what_is_not_built(located: Environment) -> None:
    lines = shown(build=False, names=["tiny"])
    assert row(lines)[-2:] == ["not built", ""]
    assert not located.prefix.exists()


def test_the_table_of_what_is_damaged(imitation: Environment) -> None:
    imitation.python.unlink()
    assert row(shown(build=False, names=[]))[4] == "damaged: its interpreter does not start"


# For real


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{BASE.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))


@pytest.mark.slow
@pytest.mark.usefixtures("real")
def test_a_real_environment_is_built_and_used(tmp_path: Path) -> None:
    heard = Heard()
    built = environment.ensure("tiny", heard.hear)
    assert heard[0] == f"Looking for Python {RUNNING}."
    assert re.fullmatch(r"Installing 1 packages for tiny with /.*python.*\.", heard[1])
    assert re.fullmatch(r"Installed 1 package in .*s\.", heard[-2])
    assert re.fullmatch(r"Bytecode compiled \d+ files? in .*s\.", heard[-1])
    assert [*built.prefix.glob("lib/*/site-packages/__pycache__/six.*.pyc")]
    assert " + six==1.17.0\n" in built.log.read_text()
    program = tmp_path / "program.py"
    program.write_text("import six, sys; print(six.__version__, sys.prefix)")
    done = programs.run_program(built, program, timeout=300)
    assert done.stdout == f"1.17.0 {built.prefix}\n"
    assert environment.ensure("tiny", nothing) == built


@pytest.mark.slow
@pytest.mark.usefixtures("real")
def test_a_file_edited_in_place_is_mended_although_uv_links_it_to_its_cache() -> None:
    built = environment.ensure("tiny", lambda _: None)
    module = built.modules / "six.py"
    size = module.stat().st_size
    module.write_text("# edited")
    heard = Heard()
    environment.ensure("tiny", heard.hear)
    assert module.stat().st_size == size
    assert heard[0] == (
        f"Building {built.prefix.name} again: "
        f"six.py has 8 bytes where six-1.17.0.dist-info says {size}."
    )


@pytest.mark.slow
@pytest.mark.usefixtures("real")
def test_a_file_of_another_digest_is_refused(folder: Path, located: Environment) -> None:
    (folder / "tiny.txt").write_text(re.sub("sha256:..", "sha256:00", LOCK))
    with pytest.raises(
        ResourceError, match=r"because uv failed .Hash mismatch for `six==1.17.0`.;"
    ):
        environment.ensure("tiny", lambda _: None)
    assert not located.prefix.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("real")
def test_without_the_network_it_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(
        ResourceError, match=r"because the package index cannot be reached .Because"
    ):
        environment.ensure("tiny", lambda _: None)


def test_downloads_are_told_with_what_has_come_and_how_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, located: Environment
) -> None:
    fake_uv(
        tmp_path,
        monkeypatch,
        """echo 'Resolved 4 packages in 3ms'
echo 'Downloading pear (512.0KiB)'; echo 'Downloading plum (1.5GiB)'
echo ' Downloaded pear'
echo 'Downloading fig (63.5MiB)'
echo ' Downloaded kiwi'
echo ' Downloaded plum'; echo ' Downloaded fig'
echo 'Bytecode compiled 20 files in 1s'
""",
    )
    clock = itertools.count(100.0, 8.0)
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    heard = Heard()
    located.log.parent.mkdir(parents=True)
    assert uv_runs.run([], located.log, heard.hear) is None
    assert heard == [
        "Downloading pear (512.0KiB).",
        "Downloading plum (1.5GiB).",
        "Downloaded pear: 0 of 1,536 MiB so far, 0.1 MiB/s.",
        "Downloading fig (63.5MiB).",
        "Downloaded kiwi.",  # a small one, of which uv told no size
        "Downloaded plum: 1,536 of 1,600 MiB so far, 96.0 MiB/s.",
        "Downloaded fig: 1,600 of 1,600 MiB so far, 66.7 MiB/s.",
        "Bytecode compiled 20 files in 1s.",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_uv_ends_when_its_builder_is_killed(tmp_path: Path, located: Environment) -> None:
    script(tmp_path / "uv-binary", f"#!/bin/sh\necho $$ > {tmp_path / 'pid'}\nexec sleep 60\n")
    located.log.parent.mkdir(parents=True)
    builder = (
        "import sys\nfrom pathlib import Path\nfrom verify.environment import uv_runs\n"
        "uv_runs.uv.find_uv_bin = lambda: sys.argv[1]\n"
        "uv_runs.run([], Path(sys.argv[2]), print)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", builder, str(tmp_path / "uv-binary"), str(located.log)],
        cwd=PROJECT,
        text=True,
    ) as process:
        pid = tmp_path / "pid"
        waiting.until(lambda: pid.exists() and pid.read_text(), "uv was not started", process)
        process.kill()
    waiting.until(lambda: not is_alive(int(pid.read_text())), "uv still lives")
