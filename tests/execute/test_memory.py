"""A run that needs more memory than there is does not begin, and ends before the machine does."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen
from types import SimpleNamespace

import psutil
import pytest

from tests import waiting
from tests.hearing import Heard
from verify.evidence.failure import LackError, Need
from verify.execute import guard, memory, watch
from verify.system import cache

_GIB = 2**30


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "cache_root", lambda: tmp_path / "cache")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where others have no runs
    monkeypatch.setattr(guard, "_above", lambda: tmp_path)  # not elsewhere, as its path is long


def _free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free))


def _begins(run: str, expected: int | None = None, most: int | None = None) -> None:
    with memory.scratch_with_room(run, expected, print, most) as folder:
        assert folder.is_dir()


def test_what_needed_more_than_is_free_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    _free(monkeypatch, 8 * _GIB)
    _begins("orchard")  # nobody knows yet
    memory.note("orchard", 9 * _GIB)
    with pytest.raises(LackError, match=r"^orchard: needed 9.0 GiB .* 8.0 GiB are free") as raised:
        _begins("orchard")
    assert raised.value.needs is Need.MEMORY
    _begins("meadow")
    _free(monkeypatch, 10 * _GIB)
    _begins("orchard")


def test_what_a_run_needed_on_one_day_alone_is_not_what_it_needs() -> None:
    for peak in (9, 4, 5, 4, 5, 9):  # the last three count
        memory.note("orchard", peak * _GIB)
    assert memory.remembered("orchard") == 5 * _GIB
    memory.note("meadow", 3 * _GIB)
    assert memory.remembered("meadow") == 3 * _GIB
    (cache.cache_root() / "memory.json").write_text('{"orchard": 5}')  # as it was before
    assert memory.remembered("orchard") is None


def test_what_is_expected_to_need_more_than_is_free_does_not_begin_until_it_needed_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _free(monkeypatch, 8 * _GIB)
    _begins("orchard", 7 * _GIB)
    with pytest.raises(LackError, match=r"^orchard: needs some 9.0 GiB .* 8.0 GiB are free"):
        _begins("orchard", 9 * _GIB)
    memory.note("orchard", 6 * _GIB)
    _begins("orchard", 9 * _GIB)


def test_what_needs_more_than_is_allowed_does_not_begin(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _free(monkeypatch, 20 * _GIB)
    _begins("orchard", most=6 * _GIB)  # nobody knows yet
    memory.note("orchard", 6 * _GIB)
    _begins("orchard", most=6 * _GIB)
    memory.note("meadow", 7 * _GIB)
    with pytest.raises(LackError, match=r"^meadow: needs 7.0 GiB .* --memory allows 6.0") as raised:
        _begins("meadow", most=6 * _GIB)
    assert raised.value.needs is Need.MEMORY
    with pytest.raises(LackError, match=r"^brook: needs 7.0 GiB"):
        _begins("brook", 7 * _GIB, most=6 * _GIB)
    # Beside another run that has a third of it, it waits for that one's end.
    monkeypatch.setattr(memory, "_LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(guard, "memory_of", lambda _: 2 * _GIB)
    others = iter([[(tmp_path, 2 * _GIB)], []])
    monkeypatch.setattr(guard, "others", lambda: next(others))
    _begins("orchard", most=6 * _GIB)
    assert next(others, None) is None


@pytest.mark.parametrize(("told_every_s", "times"), [(25.0, 1), (0.0, 2)])
def test_what_has_no_room_beside_another_run_waits_for_its_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told_every_s: float, times: int
) -> None:
    _free(monkeypatch, 10 * _GIB)
    monkeypatch.setattr(memory, "_LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(memory, "_TELL_EVERY_S", told_every_s)
    memory.note("orchard", 6 * _GIB)
    others = iter([[(tmp_path, 5 * _GIB)], [(tmp_path, 5 * _GIB)], [(tmp_path, 4 * _GIB)]])
    monkeypatch.setattr(guard, "others", lambda: next(others))
    told = Heard()
    with memory.scratch_with_room("orchard", None, told.hear):
        assert told == ["Waiting for 6.0 GiB of memory, which other runs have."] * times
    assert next(others, None) is None  # the third look was the one that found room


def test_as_many_run_at_once_as_memory_and_cores_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(3)))
    _free(monkeypatch, 20 * _GIB)
    assert memory.at_once([14 * _GIB, 13 * _GIB, 2 * _GIB]) == 2  # the largest waits
    assert memory.at_once([14 * _GIB, 13 * _GIB, 12 * _GIB]) == 1
    assert memory.at_once([9 * _GIB, 9 * _GIB, 3 * _GIB]) == 2
    assert memory.at_once([None] * 9) == 3
    assert memory.at_once([30 * _GIB]) == 1  # it says so itself that it has no room
    assert memory.at_once([]) == 1


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


def test_a_run_is_ended_where_it_has_more_than_is_allowed(
    program: tuple[Path, "Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, running = program
    monkeypatch.setattr(watch, "_EVERY_S", 0.05)
    enough = watch.Watch(folder, 100 * _GIB)
    waiting.until(lambda: enough.peak_bytes > 0, "nobody looked")
    enough.stop()
    assert (running.poll(), enough.stopped) == (None, None)
    looking = watch.Watch(folder, 2**20)
    waiting.until(lambda: running.poll() is not None, "the process was not ended")
    looking.stop()
    assert looking.stopped
    assert looking.stopped.needs is Need.MEMORY
    assert "that --memory allows" in looking.stopped.sentence.en


@pytest.mark.parametrize(
    ("resident", "looks"),
    [
        ([5, 5, 5, 5], 1),  # nothing grows
        ([5, 6, 7, 8], 4),  # each time by more than a twentieth
        ([100, 104, 90, 100, 104], 1),  # up and down below what was looked at
        ([100, 90, 106], 2),
        ([5] * 24, 3),  # all the same it is looked at now and then: less may be shared
    ],
)
def test_memory_is_added_up_exactly_only_where_it_may_be_more_than_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resident: list[int], looks: int
) -> None:
    looking = watch.Watch(tmp_path)
    looking.stop()
    looking.peak_bytes, coming, exact = 0, iter(resident), iter(range(1, 99))
    monkeypatch.setattr(guard, "resident_of", lambda _: next(coming) * _GIB)
    monkeypatch.setattr(guard, "memory_of", lambda _: next(exact) * _GIB)
    for _ in resident:
        looking._add_up()  # its thread is for its times alone
    assert next(exact) == looks + 1
    own = psutil.Process().memory_info().rss  # which the tests before may have made large
    assert round((looking.peak_bytes - own) / _GIB) == looks  # and the largest is kept


def test_what_processes_share_is_counted_in_each_where_it_is_not_added_up_exactly(
    program: tuple[Path, "Popen[bytes]"],
) -> None:
    folder, _ = program
    assert 0 < guard.memory_of(folder) <= guard.resident_of(folder)
