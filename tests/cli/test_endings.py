"""Wherever a command is run and wherever it writes to: a sentence, its exit code, no wrong data."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import platformdirs
import pytest
import typer

from tests import PROJECT
from tests.cli.test_app import ask
from verify.cli import ending, history
from verify.cli.console import CommandConsole
from verify.errors import ExitCode, ResourceError
from verify.system import cache

FULL = Path("/dev/full")
NARROW = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]
PAGE = "# 船\n\nSee [那里](没有.md) “here” 🛟.\n"


def run(
    *arguments: str, out: Path | None = None, environ: Mapping[str, str] = MappingProxyType({})
) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "verify", *arguments]
    given = {**os.environ, **environ}
    for name in ("LC_ALL", "LANG", "PYTHONIOENCODING", "PYTHONUTF8"):
        given = {k: v for k, v in given.items() if k != name or name in environ}
    with (out or Path(os.devnull)).open("wb") as file:
        return subprocess.run(
            command,
            cwd=PROJECT,
            env=given,
            stdout=file if out else subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    return tmp_path / "page.md"


@pytest.mark.parametrize("environ", NARROW)
def test_a_narrow_terminal_changes_no_data_and_no_exit_code(
    page: Path, environ: dict[str, str]
) -> None:
    given = ("check", "--env", "none", "--format", "json", "-q", str(page))
    wide, narrow = (run(*given, environ=some) for some in ({"PYTHONIOENCODING": "utf-8"}, environ))
    assert (narrow.returncode, narrow.stderr) == (wide.returncode, b"")
    assert narrow.stdout != wide.stdout
    told = [
        json.loads(done.stdout.decode("latin-1" if done is narrow else "utf-8"))["findings"]
        for done in (narrow, wide)
    ]
    assert told[0] == told[1] != []


@pytest.mark.parametrize(
    "arguments", [["-h"], ["--version"], ["run", "-h"], ["list"], ["list", "--json"], ["history"]]
)
def test_a_full_disk_is_said_and_is_no_fault_of_ours(arguments: list[str]) -> None:
    done = run(*arguments, out=FULL)
    assert done.returncode == ExitCode.OURS
    said = "The output cannot be written (No space left on device); send it to where there is room."
    assert done.stderr.decode() == f"{said}\n"


def test_of_bad_usage_the_exit_code_stays_although_nothing_can_be_written() -> None:
    assert run("run", "--quick", "--all", out=FULL).returncode == ExitCode.USAGE


def test_what_is_no_character_is_written_as_digits() -> None:
    ending.use_any_terminal()
    error = UnicodeEncodeError("ascii", "a✗🛟\udce4", 1, 4, "no")
    stream = io.TextIOWrapper(io.BytesIO(), "ascii", errors="verify.escaped")
    stream.write(error.object)
    stream.flush()
    written = stream.buffer.getvalue().decode()
    assert written == r"a\u2717\ud83d\udedf\udce4"
    assert json.loads(f'"{written}"') == error.object


@pytest.mark.parametrize(
    ("before", "code", "says"),
    [
        (KeyboardInterrupt, ExitCode.INTERRUPTED, "Interrupted."),
        (EOFError, ExitCode.USAGE, "Nobody answered the question, so nothing was done."),
    ],
)
def test_a_question_that_nobody_answers_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, before: type[BaseException], code: ExitCode, says: str
) -> None:
    def show(*_: object, **__: object) -> None:
        stopped = typer.Abort()
        stopped.__context__ = before()  # as where a question is broken off
        raise stopped

    monkeypatch.setattr(history, "show", show)
    assert ask("history") == (code, f"{says}\n")


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(*_: object) -> Path:
        raise RuntimeError

    monkeypatch.delenv(cache.ROOT_VARIABLE, raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_path", homeless)
    with pytest.raises(ResourceError, match="There is no home folder for the cache: set HOME"):
        cache.cache_root()
    monkeypatch.setattr(Path, "home", homeless)
    assert not cache.home().exists()


def test_a_pages_words_command_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    words = "a\x1b]0;title\x07\x1b[2J\x9b31m \u202eevil\u2066 \x00\rb \ud83d 船"
    CommandConsole().print(words, highlight=False)
    assert capsys.readouterr().out == "a31m evil b  船\n"


def test_in_a_log_no_sentence_and_no_path_is_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")  # as CI systems do
    sentence = " ".join(["/a/path/of/some/length"] * 40)
    CommandConsole().print(sentence, highlight=False)
    assert capsys.readouterr().out == f"{sentence}\n"
