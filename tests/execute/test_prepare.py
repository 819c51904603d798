"""The notebook that runs is told where the run's files are, and has what its profile changes."""

from pathlib import Path

import pytest

from tests import sample_documents
from verify.environment import environment
from verify.execute import prepare
from verify.execute.page_packages import PagePackages
from verify.execute.prepare import Prepared
from verify.page import reader

FILES = "http://127.0.0.1:9"


def prepared(name: str, profile: str, folder: Path) -> Prepared:
    document = sample_documents.read(name)
    documented = environment.locate(document.environment.name)
    return prepare.prepare(
        reader.read(document.edition_path),
        document,
        profile,
        documented,
        {},
        files=FILES,
        hidden={},
        beside=PagePackages(documented, asked=[], at_first=[], notify=print),
        watch=True,
        to=folder / "prepared.ipynb",
        evidence=folder / "evidence",
        scratch=folder / "scratch",
    )


@pytest.mark.parametrize(("profile", "seed"), [("embedded", 3), ("real", None)])
def test_the_probes_ask_the_run_for_files(profile: str, seed: int | None, tmp_path: Path) -> None:
    made = prepared("plums", profile, tmp_path)
    assert made.path == tmp_path / "prepared.ipynb"
    assert made.path.is_file()
    assert made.probes.seed == seed
    assert f"files={FILES!r}" in made.node.cells[0].source
    assert made.applied == ()


def test_a_profile_changes_what_it_declares_and_no_other_does(tmp_path: Path) -> None:
    assert {(a.parameter, a.used) for a in prepared("pears", "embedded", tmp_path).applied} == {
        ("epochs", "2")
    }
    assert prepared("pears", "full", tmp_path).applied == ()
