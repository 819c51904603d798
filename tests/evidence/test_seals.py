"""What was recorded may grow, and nothing else."""

from pathlib import Path

import pytest

from verify.evidence.seals import Seals


@pytest.fixture
def file(tmp_path: Path) -> Path:
    recorded = tmp_path / "kernel.jsonl"
    recorded.write_text('{"event": "started"}\n')
    return recorded


def test_what_grows_is_whole(file: Path) -> None:
    seals = Seals()
    for line in ('{"round": 1}\n', '{"round": 2}\n'):
        seals.set([file.parent])
        file.write_text(file.read_text() + line)
    seals.set([file.parent])
    assert list(seals.broken()) == []


@pytest.mark.parametrize("text", ['{"event": "forged!"}\n', "", '{"event": "started"}'])
def test_what_was_changed_is_broken_and_stays_so(file: Path, text: str) -> None:
    seals = Seals()
    seals.set([file.parent])
    file.write_text(text)
    assert list(seals.broken()) == [file]
    seals.set([file.parent])  # what is sealed is the first that was seen
    assert list(seals.broken()) == [file]


def test_what_was_removed_is_broken(file: Path) -> None:
    seals = Seals()
    seals.set([file.parent])
    file.unlink()
    assert list(seals.broken()) == [file]
