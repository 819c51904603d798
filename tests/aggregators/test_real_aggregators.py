"""The real aggregators of the documented environment, and the ledger of their defects."""

import signal
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from verify.aggregators import laboratory
from verify.aggregators.laboratory import Laboratory, Setting
from verify.aggregators.survey import Cell, survey
from verify.aggregators.trial import Aggregator, Died, Trial, TrialResult
from verify.environment import environment
from verify.execute import reproducer
from verify.ledger import ledger as ledgers

pytestmark = pytest.mark.slow

# Rounds for each property: as many as two minutes and a half allow.
EXAMPLES = {Setting.TOGETHER: 40, Setting.APART: 40}


@pytest.fixture(scope="module")
def documented() -> environment.Environment:
    return environment.ensure(environment.DEFAULT, print)


@pytest.fixture(scope="module")
def together(documented: environment.Environment) -> Iterator[Laboratory]:
    with laboratory.opened(documented, Setting.TOGETHER) as secretflow:
        yield secretflow


def judged(secretflow: Laboratory, setting: Setting) -> list[Cell]:
    ledger = ledgers.read(environment.DEFAULT)
    cells = list(survey(secretflow, setting, EXAMPLES[setting], ledger, print))
    assert [f"{cell.key}: {cell.detail}" for cell in cells if cell.is_new] == []
    healed = [cell.key for cell in cells if cell.defect and not cell.contradicts]
    assert healed == []
    return cells


def test_all_parties_together(together: Laboratory) -> None:
    cells = judged(together, Setting.TOGETHER)
    rounds = {cell.key: cell.rounds for cell in cells if not cell.contradicts}
    for aggregator in ("secure", "plain", "sparse"):
        for name in ("averages", "sums", "extremes"):
            assert rounds[f"{aggregator}/{name}"] == EXAMPLES[Setting.TOGETHER]


def test_a_round_that_does_not_end_in_time_is_an_answer_and_the_next_one_works(
    together: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Trial(Aggregator.PLAIN, ((np.array([1.0]),), (np.array([3.0]),)))
    assert isinstance(together(case), TrialResult)
    process = together._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)  # however fast the machine is, no answer comes
    with monkeypatch.context() as impatient:
        impatient.setattr(together, "_limit_s", 0)
        stopped = together(case)
    assert isinstance(stopped, Died)
    assert str(stopped.how) == "no answer within 0 s"
    answer = together(replace(case, weights=[3, 1]))
    assert isinstance(answer, TrialResult)
    assert answer.layers[0].tolist() == [1.5]


def test_each_party_in_a_process_of_its_own(documented: environment.Environment) -> None:
    with laboratory.opened(documented, Setting.APART) as secretflow:
        cells = judged(secretflow, Setting.APART)
    by_key = {cell.key: cell for cell in cells}
    assert by_key["spu/averages"].rounds == EXAMPLES[Setting.APART] // 2
    assert by_key["secure/averages"].rounds == EXAMPLES[Setting.APART] // 5
    assert str(by_key["secure/party-dies"].detail).startswith("RayActorError")


def test_every_known_defect_still_shows(documented: environment.Environment) -> None:
    ledger = ledgers.read(environment.DEFAULT).defects
    programs = [ledgers.program(environment.DEFAULT, defect.id) for defect in ledger]
    failures = reproducer.run_all(documented, programs)
    wrong = {
        defect.id: failure.raised if failure else "it ends well: the entry is stale"
        for defect, failure in zip(ledger, failures, strict=True)
        if failure is None or not failure.shows(defect.symptom)
    }
    assert wrong == {}
