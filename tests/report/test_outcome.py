"""What became of a page is told in one of a few words, the worst that is true."""

from collections.abc import Collection, Sequence

import pytest

from verify.contract.steps import Step
from verify.evidence.evidence import StepRun
from verify.evidence.failure import Failure, Need
from verify.finding import CheckKind, Result, Verdict
from verify.report import outcome
from verify.report.outcome import Outcome
from verify.system.words import Words

PASS, ERRATUM, UNCHECKED, FAIL, ERROR = Verdict


def _check(verdict: Verdict) -> Result:
    return Result("claim:apples", CheckKind.CLAIM, verdict)


def test_a_known_defect_that_no_rewriting_mends_is_a_break_of_its_own() -> None:
    steps, checks = [PASS, ERRATUM, UNCHECKED], [_check(PASS)]
    assert outcome.of(steps, checks, needs=(), unmended=True) is Outcome.KNOWN
    assert outcome.of(steps, checks, needs=()) is Outcome.NOT_RUN
    assert outcome.of([*steps, FAIL], checks, needs=(), unmended=True) is Outcome.BREAKS


@pytest.mark.parametrize(
    ("steps", "checks", "needs", "skipped", "became"),
    [
        ([PASS, PASS], [PASS], (), 0, Outcome.WELL),
        ([PASS, PASS], [UNCHECKED], (), 0, Outcome.WELL),
        ([PASS, UNCHECKED], [PASS], (), 1, Outcome.WELL),
        ([PASS, UNCHECKED], [PASS], (), 0, Outcome.NOT_RUN),
        ([], [PASS], (), 0, Outcome.NOT_RUN),
        ([PASS, ERRATUM], [PASS], (), 0, Outcome.REPAIRED),
        ([PASS], [ERRATUM], (), 0, Outcome.REPAIRED),
        ([PASS, ERROR], [PASS], {Need.ADDRESS}, 0, Outcome.NEEDS),
        ([PASS, ERROR], [PASS], (), 0, Outcome.OURS),
        ([PASS], [ERROR], (), 0, Outcome.OURS),
        ([PASS, UNCHECKED], [PASS], {Need.CLUSTER}, 0, Outcome.NEEDS),
        ([FAIL, UNCHECKED], [PASS], {Need.CLUSTER}, 0, Outcome.BREAKS),
        ([PASS, ERRATUM], [FAIL], (), 0, Outcome.CONTRADICTED),
        ([PASS, ERROR], [FAIL], {Need.ADDRESS}, 0, Outcome.CONTRADICTED),
        ([FAIL, UNCHECKED], [FAIL], (), 0, Outcome.BREAKS),
        ([FAIL, ERROR], [PASS], {Need.ADDRESS}, 0, Outcome.BREAKS),
    ],
)
def test_the_worst_that_is_true_is_told(
    steps: Sequence[Verdict],
    checks: Sequence[Verdict],
    needs: Collection[Need],
    skipped: int,
    became: Outcome,
) -> None:
    assert outcome.of(steps, list(map(_check, checks)), needs=needs, skipped=skipped) is became


def test_nothing_is_skipped_and_nothing_unmended_unless_it_is_said() -> None:
    assert outcome.of([PASS], [], needs=()) is Outcome.WELL
    assert outcome.of([PASS, UNCHECKED], [], needs=()) is Outcome.NOT_RUN


def test_pieces_of_a_program_are_left_out_beside_steps_that_run() -> None:
    why = Words(zh="后面继续", en="goes on below")
    runs, piece = Step(id="apples"), Step(id="plums", not_run=why)
    lacks = Step(id="pears", not_run=why, needs="cluster")
    assert outcome.divided([runs, piece, lacks]) == ([piece], [runs, lacks])
    assert outcome.divided([piece]) == ([], [piece])  # then it is what the page has
    assert outcome.divided([]) == ([], [])


@pytest.mark.parametrize(
    ("failure", "follows", "skipped", "well"),
    [
        (None, (), (), True),
        (None, (), (3,), False),
        (Failure(FAIL, "no such tree"), (), (), False),
        (Failure(ERRATUM, "no such tree", erratum="no-tree"), (), (), True),
        (Failure(FAIL, "no such tree"), (1,), (), True),
    ],
)
def test_a_step_ends_well_if_whatever_stopped_it_is_known(
    failure: Failure | None, follows: tuple[int, ...], skipped: tuple[int, ...], *, well: bool
) -> None:
    run = StepRun("pears", 0, 1, "", failure, follows=follows, skipped=skipped)
    assert outcome.ended_well(run) is well


def test_what_a_step_lacks_is_known_before_it_runs_or_once_it_has() -> None:
    ran = StepRun("apples", 0, 1, "", None)
    lacked = Failure(ERROR, "memory ran out", needs=Need.MEMORY)
    told = Step(id="apples", needs="cluster")
    assert outcome.lack_of(told, None) is Need.CLUSTER
    assert outcome.lack_of(told, ran) is None
    assert outcome.lack_of(Step(id="apples"), None) is None
    failed = StepRun("apples", 0, 1, "", lacked)
    assert outcome.lack_of(Step(id="apples"), failed) is Need.MEMORY


@pytest.mark.parametrize("need", list(Need))
def test_what_a_run_can_lack_is_said_in_both_languages(need: Need) -> None:
    assert isinstance(need.words, Words)
