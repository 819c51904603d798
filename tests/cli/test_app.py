"""The command line as a whole: its help, its versions, and how commands end."""

import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests import PROJECT
from tests.bilingual import words
from verify.cli import history
from verify.cli.app import COMMANDS, app
from verify.errors import ExitCode, ResourceError
from verify.system import cache

NAMES = [name for names in COMMANDS.values() for name in names]
_HEAVY = "pydantic pytest numpy rich libcst"


def ask(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


def start(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "verify", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / "cache"))


def test_every_file_of_a_command_is_in_a_group() -> None:
    files = (PROJECT / "verify/cli").glob("[!_]*.py")
    commands = [file.stem for file in files if "\ndef command(" in file.read_text("utf-8")]
    assert sorted(NAMES) == sorted(commands)


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_summed_up_by_the_first_sentence_of_its_help(name: str) -> None:
    _, whole = ask("-h")
    code, own = ask(name, "-h")
    assert code == 0
    assert "╭" not in own
    first = " ".join(own.split("\n\n")[1].split())
    (told,) = re.findall(rf"^  {name} +(.+(?:\n    +.+)*)", whole, re.MULTILINE)
    assert " ".join(told.split()) == first


def test_help_takes_no_time_and_loads_no_command() -> None:
    code = f"""
import sys
from verify.cli import app
try: app.app(["--help"])
finally: print([name for name in "{_HEAVY}".split() if name in sys.modules], file=sys.stderr)
"""
    took = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.stderr == "[]\n"
    assert min(took) < 0.3


def test_help_says_how_it_was_called_and_the_version_is_told() -> None:
    out, _ = start("-h").communicate()
    assert out.startswith("Usage: python -m verify [OPTIONS] COMMAND")
    assert re.fullmatch(r"secretflow-docs-verify \S+ \(Python 3\.\S+\)\n", ask("--version")[1])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chekc"], "No such command 'chekc'. Did you mean 'check'?"),
        (["check", "--nothing", "."], "No such option"),
        (["run", "--jobs", "0"], "--jobs 0: a number of documents, or auto"),
        (["run", "--tutorials", "/nothing"], "does not exist"),
    ],
)
def test_bad_usage_is_told_in_a_sentence(arguments: list[str], says: str) -> None:
    code, out = ask(*arguments)
    assert code == ExitCode.USAGE
    assert says in out.splitlines()[-1]


def test_a_folder_without_documents_is_bad_usage(tmp_path: Path) -> None:
    for command in ("run", "patch", "matrix"):
        code, out = ask(command, "--tutorials", str(tmp_path))
        assert code == ExitCode.USAGE
        assert out == f"{tmp_path}: holds no document, that is no NAME/contract.toml.\n"


@pytest.mark.parametrize(
    ("problem", "code", "says"),
    [
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
        (ResourceError(words("The moon is away.")), 3, "The moon is away.\n"),
        (
            KeyError("sun"),
            3,
            "Our own fault (KeyError: 'sun'), and no verdict on any page: please open an issue ",
        ),
    ],
)
def test_whatever_a_command_ends_with_has_its_code_and_a_sentence(
    monkeypatch: pytest.MonkeyPatch, problem: BaseException, code: int, says: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(history, "show", fail)
    ended, out = ask("history")
    assert ended == code
    assert out.startswith(says)
    assert out.count("\n") == 1


def test_of_what_nobody_expected_the_traceback_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(history, "show", lambda *_, **__: next(iter([])))
    _, out = ask("history")
    (file,) = (tmp_path / "cache" / "tracebacks").iterdir()
    assert f"attach {file}, the traceback" in out
    assert "StopIteration" in file.read_text()
    monkeypatch.setenv(cache.ROOT_VARIABLE, "/dev/null/cache")
    elsewhere = re.search(r"attach (\S+), the traceback", ask("history")[1])
    assert elsewhere
    Path(elsewhere[1]).unlink()


@pytest.mark.parametrize("arguments", [["history"], ["matrix"], ["list"], ["-h"], ["--version"]])
def test_a_reader_who_leaves_is_told_nothing(arguments: list[str]) -> None:
    with start(*arguments) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_a_quiet_command_says_what_it_found_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# A page\n\nSee [that](missing.md).\n")
    for quiet, silent in (([], False), (["-q"], True)):
        out, said = start("check", "--env", "none", *quiet, str(tmp_path)).communicate()
        assert "broken-link" in out
        assert (said == "") is silent
