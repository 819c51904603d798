"""Command lines in workflows and documentation: whether there are such commands and options."""

import re
import shlex

from typer.testing import CliRunner

from tests import PROJECT
from verify.cli import app

# Up to what ends a command, or to one inside it, which is another.
_OURS = re.compile(r"(python3? -m verify|python3? -m nox|docs-verify) ((?:(?!\$\()[^\n)|>#&`])*)")
# What the arguments of a session of nox go to.
_SESSIONS = {"verify": ["run"], "check": ["check"], "tool": []}


def of_text(text: str) -> list[tuple[str, str]]:
    """The commands of ours in a text: the program, and its arguments."""
    found = _OURS.findall(text)
    return [("nox" if "nox" in program else "verify", words.strip()) for program, words in found]


def assert_known(program: str, arguments: str) -> None:
    """Fail if there is no such command, session or option; values are not looked at."""
    command, *words = shlex.split(arguments)
    if program == "nox":
        assert command == "-s"
        session, *rest = words
        assert f"\ndef {session}(" in (PROJECT / "noxfile.py").read_text(encoding="utf-8")
        if session not in _SESSIONS:
            return
        command, *words = [*_SESSIONS[session], *rest[1:]]  # what follows --
    # Help is given once all options are known to be ours, and before their values are looked at.
    done = CliRunner().invoke(app.app, [command, *words, "--help"])
    assert done.exit_code == 0, done.output
