"""Command lines in workflows and documentation: whether there are such commands and options."""

import re
import shlex

from typer.testing import CliRunner

from tests import PROJECT
from verify.cli import app

# Up to what ends a command, or to one inside it, which is another.
_OURS = re.compile(
    r"(?:python3? -m (?P<module>verify|nox)|(?:uvx|pipx run) (?P<nox>nox)"
    r"|(?<![\w-])(?P<script>docs-verify)) (?P<arguments>(?:(?!\$\()[^\n)|>#&`])*)"
)
# What the arguments of a session of nox go to.
_SESSIONS = {"verify": ["run"], "check": ["check"], "tool": []}


def of_text(text: str) -> list[tuple[str, str]]:
    """The commands of ours in a text: the program, `verify` or `nox`, and its arguments."""
    return [
        (found["module"] or found["nox"] or "verify", found["arguments"].strip())
        for found in _OURS.finditer(text)
    ]


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
