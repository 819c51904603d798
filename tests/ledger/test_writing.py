"""What a run proposes can be read again once it stands in a ledger."""

from pathlib import Path

import pytest

from verify.ledger import ledger, writing
from verify.ledger.erratum import Edit, Erratum, KnownErratum, Moved
from verify.system.words import Words


def _erratum(id_: str) -> KnownErratum:
    said = Words(zh="它在“别处”。", en='It is "elsewhere".')
    apply = [
        Edit(moved=Moved(was="garden.trees", names=["Apple"], now="garden.orchard")),
        Edit(find="$A.pick()", replace="$A.pick(\n    'all')"),
    ]
    symptom = "ImportError: cannot import name 'Apple' from 'garden.trees'*"
    return KnownErratum(
        id=id_, symptom=symptom, cause=said, since=said, repair=said, apply=apply, until=["f($$$)"]
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ledger, "FOLDER", tmp_path)
    return tmp_path


def test_errata_are_added_behind_what_there_is(folder: Path) -> None:
    first, second = _erratum("apple-moved"), _erratum("pear-moved")
    assert writing.add("garden-2", [first]) == str(folder / "garden-2" / "ledger.toml")
    assert ledger.read("garden-2").errata == [first]
    writing.add("garden-2", [first, second])
    assert ledger.read("garden-2").errata == [first, second]


def test_of_a_page_its_cells_are_left_to_the_pattern(folder: Path) -> None:
    known = _erratum("apple-moved")
    writing.add("garden-2", [Erratum(**known.model_dump(), cells=[3])])
    assert ledger.read("garden-2").errata == [known]
    assert "cells" not in (folder / "garden-2" / "ledger.toml").read_text()
