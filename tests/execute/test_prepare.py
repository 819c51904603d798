"""What a run puts in place of downloads is found where the page, or torch for it, asks."""

import hashlib
from pathlib import Path

import pytest

from verify.contract import contract
from verify.environment import environment
from verify.execute import prepare
from verify.execute.prepare import Probes
from verify.page import reader
from verify.system.resources import TUTORIALS

ALEXNET = TUTORIALS / "pytorch-finetune-alexnet"
URL = "https://download.pytorch.org/models/alexnet-owt-7be5be79.pth"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    kept = {"archive": tmp_path / "flowers.tgz", "weights": tmp_path / "kept.pth"}
    for name, file in kept.items():
        file.write_text(name)
    return kept


def probes(profile: str, files: dict[str, Path], folder: Path) -> Probes:
    """Those of a run of AlexNet's document."""
    document = contract.read(ALEXNET / contract.FILE_NAME)
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
    name = f"alexnet-owt-{hashlib.sha256(b'weights').hexdigest()[:8]}.pth"
    assert told.served == {"flowers.tgz": files["archive"], name: files["weights"]}
    assert told.torch == {URL: f"http://127.0.0.1:{told.port}/{name}"}
    assert f"torch={dict(told.torch)!r}" in told.source


def test_what_torch_documents_keeps_the_name_by_which_torch_knows_it(
    files: dict[str, Path], tmp_path: Path
) -> None:
    told = probes("real", files, tmp_path)
    assert told.torch == {URL: f"http://127.0.0.1:{told.port}/alexnet-owt-7be5be79.pth"}


def test_without_a_kept_file_torch_asks_where_it_always_does(
    files: dict[str, Path], tmp_path: Path
) -> None:
    told = probes("real", {"archive": files["archive"]}, tmp_path)
    assert told.torch == {}
    assert list(told.served) == ["flowers.tgz"]
