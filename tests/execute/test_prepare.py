"""What a run puts in place of downloads is found where the page, or torch for it, asks."""

import hashlib
from pathlib import Path

import pytest

from tests import sample_documents
from verify.environment import environment
from verify.execute import prepare
from verify.execute.prepare import Probes
from verify.page import reader

URL = "https://weights.example/models/plums-0123abcd.pth"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    kept = {"archive": tmp_path / "archive.tgz", "weights": tmp_path / "kept.pth"}
    for name, file in kept.items():
        file.write_text(name)
    return kept


def probes(profile: str, files: dict[str, Path], folder: Path) -> Probes:
    """Those of a run of the sample whose weights torch asks for."""
    document = sample_documents.read("plums")
    prepared = prepare.prepare(
        reader.read(document.edition_path),
        document,
        document.profiles[profile],
        environment.locate(document.environment.name),
        files,
        hidden={},
        watch=True,
        to=folder / "prepared.ipynb",
        evidence=folder / "evidence",
    )
    assert (folder / "prepared.ipynb").is_file()
    return prepared.probes


def test_a_stand_in_is_named_after_its_own_digest(files: dict[str, Path], tmp_path: Path) -> None:
    told = probes("embedded", files, tmp_path)
    name = f"plums-{hashlib.sha256(b'weights').hexdigest()[:8]}.pth"
    assert told.served == {"archive.tgz": files["archive"], name: files["weights"]}
    assert told.torch == {URL: f"http://127.0.0.1:{told.port}/{name}"}
    assert f"torch={dict(told.torch)!r}" in told.source


def test_what_torch_documents_keeps_the_name_by_which_torch_knows_it(
    files: dict[str, Path], tmp_path: Path
) -> None:
    told = probes("real", files, tmp_path)
    assert told.torch == {URL: f"http://127.0.0.1:{told.port}/plums-0123abcd.pth"}


def test_without_a_kept_file_torch_asks_where_it_always_does(
    files: dict[str, Path], tmp_path: Path
) -> None:
    told = probes("real", {"archive": files["archive"]}, tmp_path)
    assert told.torch == {}
    assert list(told.served) == ["archive.tgz"]
