"""One report in every form that programs read."""

import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import sarif_pydantic
from junitparser import JUnitXml
from rich.console import Console

from tests import sample_documents
from tests.report.test_entries import check, closed, report_of, results_of
from verify.cli import report as cli_report
from verify.errors import UsageError, VerifyError
from verify.finding import CheckKind, Finding, Result, Severity, Verdict
from verify.report import entries, junit, output, published, summary, terminal
from verify.report.entries import Report
from verify.report.findings import as_github, as_sarif
from verify.report.formats import ReportFormat
from verify.report.harmless import plain
from verify.system.words import Language, said


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """One check of each verdict, two of them that fail."""
    document = sample_documents.read("pears")
    results = [check(verdict, reason="why") for verdict in [*Verdict, Verdict.FAIL]]
    return report_of(
        closed(document, results_of(document, *results), tmp_path_factory.mktemp("out"))
    )


def finding(number: int, severity: Severity = Severity.ERROR, *, ours: bool = False) -> Finding:
    return Finding(
        Path("docs/a,b.ipynb"),
        number,
        None,
        CheckKind.CLAIM,
        severity,
        f"100% wrong\nno. {number}",
        ours=ours,
    )


def test_annotations_name_file_and_line_and_put_errors_first() -> None:
    warning, error = finding(3, Severity.WARNING), finding(7)
    assert as_github.render([warning, error], "elsewhere").split("\n") == [
        "::error file=docs/a%2Cb.ipynb,line=7,title=not as the page says::100%25 wrong%0Ano. 7",
        "::warning file=docs/a%2Cb.ipynb,line=3,title=not as the page says::100%25 wrong%0Ano. 3",
    ]


@pytest.mark.parametrize(("number", "lines"), [(0, 0), (10, 10), (11, 11), (5000, 11)])
def test_ten_annotations_at_most_point_to_the_rest(number: int, lines: int) -> None:
    text = as_github.render([finding(n) for n in range(number)], "report.html has them all")
    shown = text.split("\n") if text else []
    assert len(shown) == lines
    if number > 10:
        rest = f"::notice title=more findings::{number - 10} more; report.html has them all."
        assert shown[-1] == rest


def test_annotations_tell_a_fault_of_ours_from_one_of_the_page() -> None:
    (line,) = as_github.render([finding(1, ours=True)], "").split("\n")
    assert "title=no fault of the page::" in line


def test_a_file_below_the_current_folder_is_named_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = Finding(tmp_path / "a b.md", 1, None, CheckKind.RUN, Severity.ERROR, "Wrong.")
    assert "file=a b.md," in as_github.render([here], "")
    (result,) = json.loads(as_sarif.render([here]))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.md"


def test_sarif_holds_what_pages_get_wrong_and_notes_what_went_wrong_here(report: Report) -> None:
    log = json.loads(as_sarif.render(report.findings))
    sarif_pydantic.Sarif.model_validate(log)
    (run,) = log["runs"]
    levels = Counter(result["level"] for result in run["results"])
    assert levels["error"] == sum(one.severity.value == "error" for one in report.findings) - 1
    rules = run["tool"]["driver"]["rules"]
    assert "loss" in {rules[result["ruleIndex"]]["id"] for result in run["results"]}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (note,) = invocation["toolExecutionNotifications"]
    assert "Cause: why." in note["message"]["text"]


def test_junit_tells_wrong_pages_from_faults_of_ours_and_passes_nothing_undecided(
    report: Report, tmp_path: Path
) -> None:
    junit.write(report, tmp_path / "junit.xml")
    suites = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    (suite,) = suites
    steps = len(report.documents[0].steps)
    counts = (suite.tests, suite.failures, suite.errors, suite.skipped)
    assert counts == (steps + 9, 2, 1, 5)  # with three errata that no check came upon
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == counts
    undecided = [case for case in suite if any(r.type == "unchecked" for r in case.result)]
    assert [case.name for case in undecided] == ["loss:head"]
    assert undecided[0].result[0].message == "why"
    told = {p.name: p.value for p in suite.properties()}  # type: ignore[no-untyped-call]
    assert told["published"].startswith("The page as published")
    assert told["repaired"].startswith("With our repairs: ")
    assert sum(case.time or 0 for case in suite) == steps


def test_junit_survives_what_xml_does_not_allow(report: Report, tmp_path: Path) -> None:
    wrong = report.model_copy(deep=True)
    wrong.documents[0].steps[0].observed = "\x1b[31m\x00<&>\ufffe ]]>"
    wrong.documents[0].steps[0].verdict = Verdict.FAIL
    junit.write(wrong, tmp_path / "junit.xml")
    (suite,) = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert ": <&> ]]>" in next(iter(suite)).result[0].message


def long_claim(number: int) -> Result:
    """A contradiction that is long to tell, unlike any other."""
    return Result(f"claim:{number}", CheckKind.CLAIM, Verdict.FAIL, f"{number} " + "精" * 1_990)


@pytest.mark.parametrize("most", [3_000, 30_000])
def test_the_summary_keeps_within_githubs_limits(report: Report, most: int) -> None:
    many = report.model_copy(deep=True)
    many.documents = [many.documents[0].model_copy() for _ in range(8)]
    for document in many.documents:
        document.checks = [long_claim(n) for n in range(40)]
    text = summary.render(many, most)
    assert len(text.encode()) <= most
    assert "more lines do not fit here: see `report.html`" in text
    assert text.startswith("# Documents verified")


def test_what_was_captured_does_nothing_in_the_summary(report: Report) -> None:
    hostile = report.model_copy(deep=True)
    said = "@somebody closes #1 <img src=x>\n# heading | cell"
    hostile.documents[0].checks = [Result("claim:a", CheckKind.CLAIM, Verdict.FAIL, said)]
    text = summary.render(hostile)
    assert "@somebody" not in text
    assert "<img" not in text
    assert "\n# heading" not in text


def test_a_report_is_shown_again_in_every_format(
    report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries.write(report, tmp_path)
    begins = {
        ReportFormat.TEXT: "\n",
        ReportFormat.MARKDOWN: "# Documents verified",
        ReportFormat.JSON: '{\n "schema": 2',
        ReportFormat.GITHUB: "::error file=",
        ReportFormat.SARIF: "{",
    }
    for form in ReportFormat:
        for name in output.WRITERS:
            (tmp_path / name).unlink(missing_ok=True)
        assert cli_report.show(tmp_path, form) == report.exit_code
        assert capsys.readouterr().out.startswith(begins[form])
        assert all((tmp_path / name).stat().st_size for name in output.WRITERS)


def test_a_finding_keeps_to_the_schema(report: Report) -> None:
    data = json.loads(report.model_dump_json(by_alias=True))
    jsonschema.validate(data, json.loads(entries.schema()))
    first = data["documents"][0]["findings"][0]
    assert (first["kind"], first["severity"], first["cell"]) == ("loss", "warning", 7)
    assert entries.Report.model_validate(data) == report


def test_one_form_that_cannot_be_written_loses_no_other(report: Report, tmp_path: Path) -> None:
    (tmp_path / "summary.md").symlink_to("/dev/full")
    with pytest.raises(VerifyError, match="No space left"):
        output.write(report, tmp_path)
    assert (tmp_path / "report.sarif").stat().st_size


def test_no_report_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no report yet"):
        cli_report.show(tmp_path, ReportFormat.TEXT)


@pytest.mark.parametrize("language", Language)
def test_each_finding_is_the_same_sentence_in_the_terminal_junit_and_sarif(
    report: Report, tmp_path: Path, language: Language
) -> None:
    warned = Result("repeat:dig", CheckKind.REPEAT, Verdict.PASS, says="all alike", warns=True)
    known = report.model_copy(deep=True)
    (document,) = known.documents
    document.checks = [replace(one, id=f"{one.id}-{n}") for n, one in enumerate(document.checks)]
    document.checks.append(warned)
    junit.write(known, tmp_path / "junit.xml", language)
    cases = [case for suite in JUnitXml.fromfile(str(tmp_path / "junit.xml")) for case in suite]
    in_junit = [case.result[0].message for case in cases if case.result]
    in_junit += [case.system_out for case in cases if case.system_out]
    log = json.loads(as_sarif.render(known.findings, language=language))["runs"][0]
    told = [*log["results"], *log["invocations"][0]["toolExecutionNotifications"]]
    in_sarif = [one["message"]["text"] for one in told]
    screen = io.StringIO()
    terminal.show(known, Console(file=screen, width=100_000), language)
    sentences = [
        plain(said(one.sentence, language))
        for page in published.of_all(known.documents)
        for one in page.defects
    ]
    assert len(sentences) >= 4
    for sentence in sentences:
        assert sentence in in_junit
        assert any(one in sentence or sentence in one for one in in_sarif)
        assert sentence in screen.getvalue()
