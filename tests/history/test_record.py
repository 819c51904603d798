"""What is kept of a report."""

import pytest

from tests.history.builders import FAIL, PASS, UNCHECKED, claim, entry, receipt, report, training
from verify.execute.receipt import Receipt
from verify.history.record import RunRecord
from verify.report.entries import DocumentEntry, StepEntry


def kept(document: DocumentEntry) -> RunRecord:
    return RunRecord.of(report(document), document)


def test_verdicts_numbers_and_times_are_kept_and_no_text() -> None:
    one = kept(entry(FAIL, checks=[claim(FAIL)]))
    assert one.by_id == {"run:pick": PASS, "claim:ripe": FAIL}
    assert one.numbers == {
        "pears.accuracy": 0.64,
        "pears.aggregation-error-of-bound": 0.5,
        "peak-memory-gib": 2.0,
    }
    assert one.times == {"document": 60.0, "run:pick": 12.5}
    assert one.machine == "Abacus, 2 threads, 24 GiB"
    text = one.model_dump_json()
    assert "picks" not in text
    assert "accuracy 0.64" not in text


def test_a_step_that_did_not_run_has_no_time() -> None:
    step = StepEntry(id="pick", says="picks", cells=[1], verdict=UNCHECKED, duration_s=None)
    one = kept(entry(UNCHECKED, steps=[step]))
    assert one.times == {"document": 60.0}
    assert "run:pick" not in one.decided


def test_several_seeds_are_one_number_and_what_is_no_number_is_left_out() -> None:
    seeds = [training(accuracy=0.5), training(accuracy=0.7), training("plums", None)]
    checks = [claim(observed="nan"), claim(observed="True")]
    assert kept(entry(trainings=seeds, checks=checks)).numbers == {
        "pears.accuracy": pytest.approx(0.6),
        "pears.aggregation-error-of-bound": 0.5,
        "plums.aggregation-error-of-bound": 0.5,
        "peak-memory-gib": 2.0,
    }
    assert kept(entry(checks=[claim(observed="7")])).numbers["claim:ripe"] == 7


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (receipt(memory_bytes=24 * 2**30 + 1, platform="a newer Linux"), True),
        (receipt(cpu="Slide rule"), False),
        (receipt(threads=4), False),
        (receipt(lock_sha256="2" * 64), False),
        (receipt(tool_sha256="2" * 64), False),
        (receipt(edition_sha256="2" * 64), False),
        (receipt(fixtures_sha256={"photographs": "2" * 64}), False),
        (receipt(seed=8), False),
        (None, False),
    ],
)
def test_runs_rest_on_the_same_if_nothing_differs_that_could_matter(
    other: Receipt | None, alike: bool
) -> None:
    assert (kept(entry()).rests_on == kept(entry(receipt=other)).rests_on) is alike


def test_the_version_of_our_own_text_is_that_of_secretflow() -> None:
    ours = kept(entry(upstream=None, receipt=receipt(environment="secretflow-1.2.3b4")))
    assert ours.release == "v1.2.3b4"
    assert ours.known_as == {"v1.2.3b4", "1.2.3b4", "secretflow-1.2.3b4"}
    assert kept(entry()).known_as == {"v1", "1", "secretflow-1"}
    elsewhere = receipt(environment="secretflow-2")
    assert kept(entry(receipt=elsewhere)).release == "v2"
    assert kept(entry(receipt=elsewhere, edition="published")).release == "v1"
