"""What contradicts, what the ledger knows, and what it should no longer hold."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from tests.aggregators.cells import CELL
from tests.bilingual import in_both, words
from verify.aggregators.judging import TrialOutcome
from verify.aggregators.laboratory import Setting
from verify.aggregators.properties import PROPERTIES
from verify.aggregators.rows import APART_ROWS, ROWS
from verify.aggregators.survey import merged, stale, survey
from verify.aggregators.trial import Aggregator, Answer, Trial, TrialRaised, TrialResult
from verify.environment import environment
from verify.errors import UsageError
from verify.ledger import ledger as ledgers
from verify.ledger.ledger import Defect, Ledger

NOTHING = Ledger(defects=[])
NAMES = {one.name for one in (*PROPERTIES, *ROWS, *APART_ROWS)}


def numpy_only(case: Trial) -> Answer:
    """An aggregator that NumPy's average is, and that knows nothing else."""
    try:
        layers = [
            np.stack(arrays).astype(np.float64) for arrays in zip(*case.by_party, strict=True)
        ]
        if case.operation == "sum":
            results = [layer.sum(axis=case.axis) for layer in layers]
        else:
            results = [
                np.average(layer, axis=case.axis, weights=cast(Any, case.weights))
                for layer in layers
            ]
    except (ValueError, TypeError, ZeroDivisionError, IndexError) as error:
        return TrialRaised(type(error).__name__, str(error), own=True)
    return TrialResult(tuple(map(np.asarray, results)), case.bare)


def known(*found: str) -> Ledger:
    return Ledger(
        defects=[
            Defect(
                id="one", says=words("lost"), instead=words("kept"), found=list(found), symptom=""
            )
        ]
    )


def test_a_good_aggregator_contradicts_nothing() -> None:
    with np.errstate(all="ignore"):
        cells = list(survey(numpy_only, Setting.TOGETHER, 5, NOTHING, lambda _: None))
    assert [(cell.key, cell.detail) for cell in cells if cell.contradicts] == []
    sparse = [cell for cell in cells if cell.aggregator is Aggregator.SPARSE]
    assert {cell.name for cell in sparse} == {one.name for one in (*PROPERTIES, *ROWS)}
    assert all(cell.rounds == 5 for cell in sparse if cell.name in ("averages", "sums"))


def test_one_that_returns_zeros_contradicts_almost_everything() -> None:
    def zeros(case: Trial) -> Answer:
        return TrialResult(tuple(np.zeros(layer.shape) for layer in case.by_party[0]), case.bare)

    cells = list(survey(zeros, Setting.APART, 20, known("spu/sums"), lambda _: None))
    by_key = {cell.key: cell for cell in cells}
    assert by_key["spu/averages"].is_new
    assert by_key["spu/sums"].contradicts
    assert not by_key["spu/sums"].is_new
    assert by_key["secure/party-dies"].is_new
    assert "secure/nan" not in by_key, "awkward rounds are for where they take no time"


def test_the_worst_of_several_settings_counts_and_all_of_their_rounds() -> None:
    wrong = replace(CELL, rounds=3, ratio=0.7, contradicts=True, outcome=TrialOutcome.SILENT)
    for cells in ([CELL, wrong], [wrong, CELL]):
        (cell,) = merged(cells)
        assert (cell.outcome, cell.rounds, cell.ratio) == (TrialOutcome.SILENT, 13, 0.7)


def test_what_no_longer_shows_is_stale() -> None:
    assert stale([CELL], known("plain/sums")) == ["plain/sums"]
    assert stale([replace(CELL, contradicts=True)], known("plain/sums")) == []


def test_an_unknown_key_of_a_ledger_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "FOLDER", tmp_path)
    folder = ledgers.FOLDER / "some"
    folder.mkdir()
    text = '[[defects]]\nid = "a"\nsays = "lost"\nshould = ""\nfound = []\nsymptom = ""\n'
    (folder / "ledger.toml").write_text(in_both(text), encoding="utf-8")
    with pytest.raises(UsageError, match=r"ledger.toml:4: defects.0.should: "):
        ledgers.read("some")
    assert ledgers.read("another") == NOTHING


@pytest.mark.parametrize("folder", sorted(ledgers.FOLDER.iterdir()), ids=lambda one: one.name)
def test_every_defect_has_a_program_and_rounds_that_exist(folder: Path) -> None:
    ledger = ledgers.read(folder.name)
    assert folder.name in environment.names()
    programs = {path.stem for path in folder.glob("*.py")}
    # What pip is asked for beside the release is not there for a program by itself.
    shown = {
        erratum.id
        for erratum in ledger.errata
        if erratum.kind == "runtime" and not any(edit.instead for edit in erratum.apply)
    }
    assert programs == {defect.id for defect in ledger.defects} | shown
    keys = [key for defect in ledger.defects for key in defect.found]
    assert len(keys) == len(set(keys))
    assert {key.partition("/")[2] for key in keys} <= NAMES
    assert {key.partition("/")[0] for key in keys} <= {one.key for one in Aggregator}
