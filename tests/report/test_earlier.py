"""A report loses no document to a later run, says how old each entry is, and what is no verdict."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests import sample_documents
from tests.report.test_several_runs import run_of
from verify.cli import closing
from verify.errors import ExitCode, ResourceError
from verify.finding import Verdict
from verify.history.record import RunRecord
from verify.ledger.erratum import Erratum
from verify.report import earlier, entries, notes, summary, terminal
from verify.report.entries import Report
from verify.report.html import render


@pytest.fixture
def before(tmp_path: Path) -> Report:
    report = run_of("pears", Verdict.FAIL, tmp_path / "before")
    apples = report.documents[0].model_copy(
        update={"name": "apples", "run": "apples.corrected.embedded"}
    )
    report.documents.append(apples)
    return report


def later(name: str, folder: Path, by: timedelta, verdict: Verdict = Verdict.PASS) -> Report:
    report = run_of(name, verdict, folder)
    report.started += by
    return report


def test_a_run_of_one_document_keeps_the_others_with_their_time(
    before: Report, tmp_path: Path
) -> None:
    now = later("pears", tmp_path / "now", timedelta(days=3))
    whole = earlier.joined(now, before)
    verdicts = {one.name: (one.verdict, whole.started_of(one)) for one in whole.documents}
    assert verdicts == {
        "apples": (Verdict.FAIL, before.started),
        "pears": (Verdict.PASS, now.started),
    }
    again = earlier.joined(later("pears", tmp_path / "now", timedelta(days=5)), whole)
    assert [again.started_of(one) for one in notes.earlier(again)] == [before.started]
    apples, pears = again.documents
    (said,) = notes.of(again, apples)
    assert said.en.endswith("UTC, 5 days before the last one in this report.")
    assert "早 5 天" in said.zh
    assert notes.of(again, pears) == []
    assert RunRecord.of(again, apples).started == before.started


def test_a_page_that_could_be_read_at_last_is_missed_no_more(
    before: Report, tmp_path: Path
) -> None:
    now = later("pears", tmp_path / "now", timedelta(days=1))
    page = now.documents[0].upstream
    assert page
    before.missing = [f"{page.path}: is no notebook.", "other.ipynb: is no notebook."]
    assert earlier.joined(now, before).missing == ["other.ipynb: is no notebook."]
    now.missing = [f"{page.path}: is no notebook."]
    assert len(earlier.joined(now, before).missing) == 2


@pytest.mark.parametrize(
    ("age", "says"),
    [(timedelta(seconds=3), "1 min"), (timedelta(hours=5), "5 h"), (timedelta(hours=47), "47 h")],
)
def test_the_age_is_as_people_say_it(
    before: Report, tmp_path: Path, age: timedelta, says: str
) -> None:
    whole = earlier.joined(later("plums", tmp_path / "now", age), before)
    assert f"UTC, {says} before" in notes.of(whole, whole.documents[0])[0].en


def test_a_document_that_a_stopped_run_did_not_begin_keeps_its_result(
    before: Report, tmp_path: Path
) -> None:
    now = later("pears", tmp_path / "now", timedelta(days=1), Verdict.UNCHECKED)
    begun = earlier.joined(now, before)
    assert begun.documents[1].verdict is Verdict.UNCHECKED
    unbegun = earlier.joined(now, before, [now.documents[0].run])
    assert unbegun.documents[1].verdict is Verdict.FAIL
    new = earlier.joined(now, None, [now.documents[0].run])
    assert new.documents[0].verdict is Verdict.UNCHECKED


def test_an_older_run_that_is_added_takes_the_place_of_no_newer_one(
    before: Report, tmp_path: Path
) -> None:
    now = later("pears", tmp_path / "now", -timedelta(days=1))
    whole = earlier.joined(now, before)
    assert [one.verdict for one in whole.documents] == [Verdict.FAIL, Verdict.FAIL]
    assert whole.started == before.started


def test_what_only_an_older_run_has_keeps_its_time(before: Report, tmp_path: Path) -> None:
    now = later("plums", tmp_path / "now", -timedelta(days=1))
    whole = earlier.joined(now, before)
    times = {one.name: whole.started_of(one) for one in whole.documents}
    assert times == {"apples": before.started, "pears": before.started, "plums": now.started}


def test_of_two_runs_at_one_moment_the_one_that_is_added_counts(
    before: Report, tmp_path: Path
) -> None:
    whole = earlier.joined(later("pears", tmp_path / "now", timedelta()), before)
    assert [one.verdict for one in whole.documents] == [Verdict.FAIL, Verdict.PASS]


def test_a_report_that_cannot_even_be_put_aside_is_told(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text('{"schema": 1}')
    (tmp_path / "report.unread.json").mkdir()
    with pytest.raises(ResourceError, match="cannot be written"):
        earlier.read(tmp_path)


def test_a_pipe_in_place_of_a_report_is_put_aside_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.json")
    report, said = earlier.read(tmp_path)
    assert report is None
    assert "No regular file" in str(said)


def test_a_report_that_nobody_can_read_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text('{"schema": 1}')
    report, said = earlier.read(tmp_path)
    assert report is None
    assert str(said).endswith(f"It was put aside as {tmp_path / 'report.unread.json'}.")
    assert (tmp_path / "report.unread.json").read_text() == '{"schema": 1}'
    assert earlier.read(tmp_path) == (None, "")


def shown(report: Report, out: Path) -> list[str]:
    """The report in each form for people."""
    console = Console(file=StringIO(), width=1000)
    terminal.show(report, console)
    assert isinstance(console.file, StringIO)
    return [console.file.getvalue(), summary.render(report), render(report, out)]


def test_each_form_says_what_is_old_and_what_is_quick(before: Report, tmp_path: Path) -> None:
    whole = earlier.joined(later("pears", tmp_path / "now", timedelta(days=3)), before)
    for text in shown(whole, tmp_path):
        assert text.count("3 days before the last one in this report") == 1
        assert "no verdict on any official page" not in text
    for document in whole.documents:
        document.profile = "quick"
    for text in shown(whole, tmp_path):
        assert text.count("it is no verdict on any official page") == 2
    assert "不是对任何官方页面的结论" in shown(whole, tmp_path)[2]


def test_known_errata_count_only_if_asked(tmp_path: Path) -> None:
    report = run_of("pears", Verdict.PASS, tmp_path)
    document = report.documents[0]
    known = list[Erratum](document.errata)
    assert known
    assert closing.exit_code(report, strict=False) is ExitCode.VERIFIED
    assert closing.exit_code(report, strict=True) is ExitCode.CONTRADICTED
    console = Console(file=StringIO(), width=60)
    closing.show(report, tmp_path, console, strict=True)
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().splitlines()
    assert lines[0] == f"Report: {tmp_path / 'report.html'}"
    assert "`docs-verify patch pears --out repairs.patch` repairs the known errata" in lines[1]
    assert lines[2].startswith(f"Exit code 1, for --strict: {len(known)} known errata in pears (")
    document.errata = []
    assert closing.exit_code(report, strict=True) is ExitCode.VERIFIED
    document.verdict = Verdict.ERROR
    document.errata = known
    assert closing.exit_code(report, strict=True) is ExitCode.OURS  # it is no verdict
    assert entries.read(tmp_path / "report.json").documents[0].name == "pears"
    assert sample_documents.read("pears").errata
