"""What is not needed is not imported: judging takes no kernel, and help is there at once."""

import subprocess
import sys

import pytest

_LOADED = "print(*sys.modules)"
_HELP = f"""
import io, runpy, sys
sys.argv = ["verify", "--help"]
out, sys.stdout = sys.stdout, io.StringIO()
try:
    runpy.run_module("verify", run_name="__main__")
finally:
    sys.stdout = out
    {_LOADED}
"""


@pytest.mark.parametrize(
    ("program", "needless"),
    [
        (
            f"import sys, verify.checks; {_LOADED}",
            "nbclient nbmake IPython psutil docutils nbformat jupytext scipy.stats pytest",
        ),
        (_HELP, "pytest nbformat docutils pydantic jupytext IPython numpy"),
    ],
    ids=["checks", "help"],
)
def test_what_is_not_needed_is_not_loaded(program: str, needless: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    loaded = done.stdout.decode().split()
    assert "verify" in loaded
    assert set(needless.split()).isdisjoint(loaded)
