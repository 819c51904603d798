"""A run that needs more memory than there is does not begin, and ends before the machine does."""

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen
from types import SimpleNamespace

import psutil
import pytest

from tests import waiting
from verify.evidence.failure import LackError, Need
from verify.execute import guard, memory, watch
from verify.system import cache

_GIB = 2**30


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "cache_root", lambda: tmp_path / "cache")


def _free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free))


def test_what_needed_more_than_is_free_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    _free(monkeypatch, 8 * _GIB)
    memory.refuse("orchard")  # nobody knows yet
    memory.note("orchard", 9 * _GIB)
    with pytest.raises(LackError, match=r"^orchard: needed 9.0 GiB .* 8.0 GiB are free") as raised:
        memory.refuse("orchard")
    assert raised.value.needs is Need.MEMORY
    memory.refuse("meadow")
    _free(monkeypatch, 10 * _GIB)
    memory.refuse("orchard")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[tuple[Path, "Popen[bytes]"]]:
    """A process that belongs to a scratch folder."""
    environ = {guard.MARKER: str(tmp_path)}
    with Popen([sys.executable, "-c", "input()"], stdin=-1, stdout=DEVNULL, env=environ) as running:
        yield tmp_path, running
        running.kill()


def test_a_run_is_ended_where_hardly_any_memory_is_left(
    program: tuple[Path, "Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, running = program
    monkeypatch.setattr(watch, "_EVERY_S", 0.05)
    looking = watch.Watch(folder)
    waiting.until(lambda: looking.peak_bytes > 0, "nobody looked")
    assert (running.poll(), looking.stopped) == (None, None)
    _free(monkeypatch, 2**20)
    waiting.until(lambda: running.poll() is not None, "the process was not ended")
    looking.stop()
    assert looking.stopped
    assert looking.stopped.needs is Need.MEMORY
