"""A shell line finds what parties still write, as a reader who comes a moment later does."""

import threading
from pathlib import Path

import pytest
from docprobe import party_files

LINES = ["cat {}", "head -n 2 {} | sort", "ls -l\nwc {}"]


@pytest.fixture(autouse=True)
def _parties(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(party_files, "running_ray", lambda: "parties at work")
    monkeypatch.setattr(party_files, "_PATIENCE_S", 60.0)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was slept; the file is written meanwhile, a row each time, five rows in all."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if 3 < len(slept) < 9:
            with Path("plums.csv").open("a") as file:
                file.write(f"{len(slept)}\n")

    monkeypatch.setattr("time.sleep", sleep)
    return slept


@pytest.mark.usefixtures("slept")
@pytest.mark.parametrize("line", LINES)
def test_what_a_line_reads_is_waited_for_until_all_is_there(line: str) -> None:
    party_files.wait(line.format("plums.csv"))
    assert len(Path("plums.csv").read_text().splitlines()) == 5


@pytest.mark.parametrize(
    "line", ["cat plum*", "echo plums.csv", "sort > plums.csv", "cat a > plums.csv", "ls -l", ""]
)
def test_what_a_line_does_not_read_is_not_waited_for(line: str, slept: list[float]) -> None:
    party_files.wait(line)
    assert not slept


def test_what_is_there_is_read_at_once(slept: list[float]) -> None:
    Path("pears.csv").write_text("1\n")
    Path("pears").mkdir()
    party_files.wait("cat pears.csv; ls pears")
    assert len(slept) == 1


def test_what_never_comes_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(party_files, "_PATIENCE_S", 0.2)
    waiting = threading.Thread(target=party_files.wait, args=["cat nowhere.csv"])
    waiting.start()
    waiting.join(60)
    assert not waiting.is_alive()


def test_without_parties_nobody_waits(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    monkeypatch.setattr(party_files, "running_ray", lambda: None)
    party_files.wait("cat plums.csv")
    assert not slept
