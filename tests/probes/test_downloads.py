"""Torch asks for weights where it is told to, in the page's process and in all that it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from docprobe import downloads

from verify.system.resources import PROBES

# Stands for torch, which the tool's environment has not: it only says where it was asked to ask.
_HUB = """\
def load_state_dict_from_url(url, **settings):
    return url, settings
"""
_ELSEWHERE = {"https://weights.invalid/barn-11111111.pth": "http://127.0.0.1:9/barn-22222222.pth"}
_ASK = """\
import torch.hub
print(torch.hub.load_state_dict_from_url("https://weights.invalid/barn-11111111.pth")[0])
"""


@pytest.fixture
def torch(modules: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (modules / "torch").mkdir()
    (modules / "torch" / "__init__.py").write_text("from torch import hub as hub\n")
    (modules / "torch" / "hub.py").write_text(_HUB)
    monkeypatch.setitem(os.environ, downloads.VARIABLE, "{}")
    return modules


def ask(modules: Path, **environ: str) -> str:
    """Where torch asks in a new process that finds our probes as the parties' processes do."""
    path = os.pathsep.join([str(PROBES), str(modules)])
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        env=os.environ | {"PYTHONPATH": path} | environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_torch_asks_at_the_other_address_with_the_pages_own_settings(torch: Path) -> None:
    downloads.redirect(_ELSEWHERE)
    assert torch.is_dir()
    from torch.hub import load_state_dict_from_url as load  # noqa: PLC0415

    assert load("https://weights.invalid/barn-11111111.pth", check_hash=True) == (
        "http://127.0.0.1:9/barn-22222222.pth",
        {"check_hash": True},
    )
    untold = "https://weights.invalid/mill-33333333.pth"
    assert load(untold, progress=False) == (untold, {"progress": False})


def test_processes_that_the_page_starts_ask_there_as_well(torch: Path) -> None:
    downloads.redirect(_ELSEWHERE)
    assert ask(torch) == "http://127.0.0.1:9/barn-22222222.pth"


def test_without_an_address_torch_asks_where_it_always_does(torch: Path) -> None:
    del os.environ[downloads.VARIABLE]
    assert ask(torch) == "https://weights.invalid/barn-11111111.pth"
