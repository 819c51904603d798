"""A file of kept runs may be a stranger's: whatever it holds, it is taken whole or refused."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from verify.errors import UsageError
from verify.execute import evidence_files, kept_runs, run_key
from verify.execute.run_key import Part
from verify.system import digests, resources

KEY = "0" * 32
PARTS = dict.fromkeys(Part, "a")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of our own."""
    monkeypatch.setenv(resources.EVIDENCE_VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


def archive(folder: Path, members: dict[str, str], how: int = zipfile.ZIP_DEFLATED) -> Path:
    file = folder / "runs.zip"
    with zipfile.ZipFile(file, "w", how) as there:
        for name, content in members.items():
            there.writestr(name, content)
    return file


def refused(file: Path) -> str:
    with pytest.raises(UsageError) as told:
        evidence_files.load(file)
    assert kept_runs.every() == []
    return str(told.value)


NAMES = {
    "the folder itself": "./",
    "a path from the root": "/etc/x",
    "a path that leads out": f"{KEY}/../../x",
    "no kept run": "readme.txt",
    "folders without end": f"{KEY}/" + "x/" * 3000,
    "a command": "x\n::error::y",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_that_is_of_no_kept_run_is_refused(tmp_path: Path, name: str) -> None:
    said = refused(archive(tmp_path, {name: ""}))
    assert "belongs to no kept run" in said
    assert "\n" not in said


ODD = ("[1]", "null", "7", '"x"', "NaN", "[" * 100_000, "9" * 5000, '{"a": 1}', "\0")


@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_digests_that_are_none_are_refused(tmp_path: Path, content: str) -> None:
    assert "missing or unreadable" in refused(archive(tmp_path, {f"{KEY}/digests.json": content}))


def sealed(folder: Path, **files: str) -> Path:
    """A file with a run of the key that its label says, and of these files."""
    label = {"run": "a.b.c", "title": "A", "parts": PARTS, "observed": 1.0, "tool": "1"}
    key = run_key.key(PARTS)
    there = folder / key
    for name, content in ({"label.json": json.dumps(label)} | files).items():
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_text(content)
    kept_runs.seal(there)
    names = [one for one in there.rglob("*") if one.is_file()]
    return archive(folder, {f"{key}/{one.relative_to(there)}": one.read_text() for one in names})


def test_a_recording_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(sealed(tmp_path))
    for number, content in enumerate(ODD):
        (folder := tmp_path / str(number)).mkdir()
        assert "no recording" in refused(sealed(folder, **{"recording.json": content}))


@pytest.mark.parametrize("observed", ["1e300", "-1e300", "NaN", "Infinity"])
def test_a_moment_that_no_calendar_has_is_refused(tmp_path: Path, observed: str) -> None:
    label = json.dumps({"run": "a.b.c", "title": "A", "parts": PARTS, "observed": 1.0, "tool": "1"})
    odd = label.replace("1.0", observed)
    assert "of another run" in refused(sealed(tmp_path, **{"label.json": odd}))


def test_what_would_fill_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_runs, "_MOST_READ", 1000)
    said = refused(sealed(tmp_path, **{"recording.json": " " * 1001}))
    assert "File too large" in said


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_files, "_MOST_BYTES", 10_000)
    assert "holds nothing" in refused(archive(tmp_path, {f"{KEY}/x": "x" * 10_001}))
    monkeypatch.setattr(evidence_files, "_MOST_FILES", 2)
    assert "more than 2 files" in refused(archive(tmp_path, {f"{KEY}/{n}": "" for n in range(3)}))


def _cut(whole: bytearray) -> None:
    del whole[-300:]


def _damaged(whole: bytearray) -> None:
    whole[70:100] = b"\xff" * 30


def _locked(whole: bytearray) -> None:
    """Behind a password, as both headers say."""
    whole[6] |= 1
    whole[whole.find(b"PK\x01\x02") + 8] |= 1


def _packed_otherwise(whole: bytearray) -> None:
    whole[8] = 97
    whole[whole.find(b"PK\x01\x02") + 10] = 97


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("harm", [_cut, _damaged, _locked, _packed_otherwise])
def test_a_damaged_archive_is_refused(tmp_path: Path, how: int, harm: Any) -> None:
    text = "".join(map(digests.key, map(str, range(2000))))
    file = archive(tmp_path, {f"{KEY}/x": text}, how)
    whole = bytearray(file.read_bytes())
    harm(whole)
    file.write_bytes(whole)
    assert "is no file of kept runs" in refused(file)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    for path in (Path("/dev/zero"), tmp_path):
        assert "is no file of kept runs" in refused(path)
    assert refused(tmp_path / "gone").endswith("gone: no such file.")
