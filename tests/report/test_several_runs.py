"""Reports of several machines become one; the site and its badges outlive each run."""

import json
import re
import shutil
from datetime import timedelta
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import sample_documents
from tests.hearing import Heard
from tests.history import builders
from tests.report.test_entries import closed, report_of, results_of
from verify.cli import report as cli_report
from verify.cli import track as cli_track
from verify.contract.edition import Edition
from verify.errors import ExitCode, ResourceError, UsageError
from verify.finding import Verdict
from verify.history import durations, file, merged
from verify.report import entries, web_site
from verify.report.entries import EnvironmentEntry, Report
from verify.report.formats import ReportFormat
from verify.system import cache as store

OWN = "secretflow-1.11.0b1"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.ROOT_VARIABLE, str(tmp_path / "cache"))


def run_of(name: str, verdict: Verdict, folder: Path) -> Report:
    """The report of a document in a folder of its own, with an executed notebook."""
    document = sample_documents.read("pears")
    report = report_of(closed(document, results_of(document), folder))
    run = f"{name}.corrected.embedded"
    report.documents = [
        report.documents[0].model_copy(update={"name": name, "run": run, "verdict": verdict})
    ]
    report.environments = {
        OWN: EnvironmentEntry(python="3.10", lock_sha256="", packages={"secretflow": "1.11.0b1"})
    }
    for kind, content in (("notebooks", "{}"), ("runs", "evidence")):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        (folder / kind / run).write_text(content)
    entries.write(report, folder)
    return report


def test_runs_of_several_machines_make_one_report(tmp_path: Path) -> None:
    one = run_of("pears", Verdict.FAIL, tmp_path / "a")
    other = run_of("apples", Verdict.PASS, tmp_path / "b")
    other.started += timedelta(seconds=90)
    entries.write(other, tmp_path / "b")
    out = tmp_path / "out"
    merged.write([tmp_path / "a", tmp_path / "b"], out, Heard().hear)
    report = entries.read(out / "report.json")
    assert [d.name for d in report.documents] == ["apples", "pears"]
    assert (report.started, report.duration_s) == (one.started, 150)
    assert report.exit_code is ExitCode.CONTRADICTED
    assert {file.name for file in (out / "notebooks").iterdir()} == {
        "pears.corrected.embedded",
        "apples.corrected.embedded",
    }


@pytest.mark.parametrize(
    ("left", "code", "says"),
    [
        (None, ExitCode.USAGE, ": is missing in this report, for there is no such folder."),
        ("", ExitCode.OURS, ": is missing in this report, for it holds no report of its own."),
        ("{", ExitCode.OURS, "/report.json: is no report of this version ("),
    ],
)
def test_a_machine_that_left_no_report_is_missed_in_that_of_the_others(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    left: str | None,
    code: ExitCode,
    says: str,
) -> None:
    run_of("pears", Verdict.PASS, tmp_path / "a")
    lost, out = tmp_path / "b", tmp_path / "out"
    if left is not None:
        lost.mkdir()
    if left:
        (lost / "report.json").write_text(left)
    parts = [tmp_path / "a", lost]
    assert cli_report.show(out, ReportFormat.TEXT, parts) is code
    captured = capsys.readouterr()
    assert captured.err.startswith(f"{lost}{says}")
    assert f"{lost}{says}" in captured.out
    table, _, _ = (out / "summary.md").read_text().partition("\n## ")
    assert table.count("\n- ") == 3  # the totals, and what is missing
    report = entries.read(out / "report.json")
    assert [document.name for document in report.documents] == ["pears"]
    assert [*map(str, report.missing)] == [captured.err.rstrip("\n")]
    assert report.verdict is Verdict.ERROR
    assert cli_report.show(out, ReportFormat.JSON) is ExitCode.OURS  # it stays known
    again = cli_report.show(tmp_path / "more", ReportFormat.JSON, [out, tmp_path / "a"])
    assert again is ExitCode.OURS
    state = cli_track.news("nightly", report, [], "")
    assert state.title == "Verification nightly: 1 could not be checked"
    with pytest.raises(UsageError, match="None of these folders holds a report"):
        merged.write([lost], out, Heard().hear)


def test_all_parts_together_verify_what_they_verify(tmp_path: Path) -> None:
    for name in ("pears", "apples"):
        run_of(name, Verdict.PASS, tmp_path / name)
    parts = [tmp_path / "pears", tmp_path / "apples"]
    assert cli_report.show(tmp_path / "out", ReportFormat.JSON, parts) is ExitCode.VERIFIED


def test_runs_of_other_machines_are_added_to_the_history_and_held_against_it(
    tmp_path: Path,
) -> None:
    past = tmp_path / "history.jsonl"
    for day in range(2):
        run = run_of("pears", Verdict.FAIL, tmp_path / "a")
        run.started += timedelta(days=day)
        run.documents[0].steps[0].verdict = Verdict.FAIL
        entries.write(run, tmp_path / "a")
        merged.write([tmp_path / "a"], tmp_path / "out", Heard().hear, past)
    assert [run.started.day for run in file.read(past).runs] == [14, 15]
    (trend,) = entries.read(tmp_path / "out" / "report.json").documents[0].trends
    assert (trend.kind, trend.id) == ("failing", f"run:{run.documents[0].steps[0].id}")


@pytest.mark.parametrize(
    ("verdict", "known"), [(Verdict.FAIL, True), (Verdict.UNCHECKED, False), (Verdict.ERROR, False)]
)
def test_the_time_that_whole_runs_took_is_expected_of_the_next(
    tmp_path: Path, verdict: Verdict, *, known: bool
) -> None:
    document = sample_documents.read("pears")
    run_of(document.name, verdict, tmp_path / "a")
    merged.write([tmp_path / "a"], tmp_path / "out", Heard().hear)
    declared = document.profiles["embedded"].expected_s
    expected = durations.expected_s(document, Edition.CORRECTED, "embedded")
    assert expected == (60.0 if known else declared)


def put(report: Report, out: Path, to: Path) -> dict[str, str]:
    """Put a report on a site; return the badge of pears."""
    (out / "report.html").write_text(f"<p>{report.verdict.value}")
    web_site.add(report, out, to)
    badge = json.loads((to / "badges" / "pears.corrected.embedded.json").read_text())
    assert badge["schemaVersion"] == 1
    return {key: badge[key] for key in ("label", "message", "color")}


@pytest.mark.parametrize(
    ("verdict", "message", "colour"),
    [
        (Verdict.PASS, "verified 2023-11-14, SecretFlow 1.11.0b1", "#2e7d32"),
        (Verdict.ERRATUM, "known errata only 2023-11-14, SecretFlow 1.11.0b1", "#8d6e00"),
        (Verdict.FAIL, "contradicted 2023-11-14, SecretFlow 1.11.0b1", "#c62828"),
        (Verdict.UNCHECKED, "not judged yet", "#616161"),
        (Verdict.ERROR, "not judged yet", "#616161"),
    ],
)
def test_a_badge_says_verdict_day_and_release(
    tmp_path: Path, verdict: Verdict, message: str, colour: str
) -> None:
    report = run_of("pears", verdict, tmp_path / "out")
    badge = put(report, tmp_path / "out", tmp_path / "site" / "nightly")
    assert badge == {"label": "pears", "message": message, "color": colour}
    svg = (tmp_path / "site/nightly/badges/pears.corrected.embedded.svg").read_text()
    assert f"<title>pears: {message}</title>" in svg
    assert colour in svg


def test_a_run_that_could_not_judge_leaves_the_badge_as_it_was(tmp_path: Path) -> None:
    out, to = tmp_path / "out", tmp_path / "site" / "nightly"
    before = put(run_of("pears", Verdict.PASS, out), out, to)
    later = run_of("pears", Verdict.ERROR, out)
    later.started += timedelta(days=3)
    assert put(later, out, to) == before
    later.documents[0].verdict = Verdict.FAIL
    assert put(later, out, to)["message"].startswith("contradicted 2023-11-17")


def test_the_site_keeps_the_other_kinds_of_run_and_links_to_all(tmp_path: Path) -> None:
    out, root = tmp_path / "out", tmp_path / "site"
    put(run_of("pears", Verdict.FAIL, out), out, root / "weekly")
    put(run_of("pears", Verdict.PASS, out), out, root / "nightly")
    assert (root / "weekly" / "index.html").read_text() == "<p>fail"
    page = (root / "index.html").read_text()
    targets = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert len(targets) == 4
    assert all((root / target).is_file() for target in targets)


def in_release(environment: str, folder: Path) -> Report:
    """The report of pears in an environment, with files that say which."""
    run = run_of("pears", Verdict.PASS, folder)
    run.documents[0].environment = environment
    for kept in folder.glob("*/pears*"):
        kept.rename(kept.with_name(f"{kept.name}.ipynb")).write_text(environment)
    (folder / "runs" / "pears.corrected.embedded.run-2").mkdir()
    entries.write(run, folder)
    return run


@pytest.mark.parametrize(
    ("other", "runs"),
    [
        ("secretflow-1.10", ["pears.corrected.embedded"]),  # of the same run the newest
        (
            "secretflow-1.12",
            ["pears.corrected.embedded", "pears.corrected.embedded.secretflow-1.12"],
        ),
    ],
)
def test_of_runs_of_several_releases_none_takes_the_files_of_another(
    tmp_path: Path, other: str, runs: list[str]
) -> None:
    in_release("secretflow-1.10", tmp_path / "a")
    in_release(other, tmp_path / "b")
    out = tmp_path / "out"
    merged.write([tmp_path / "a", tmp_path / "b"], out, Heard().hear)
    report = entries.read(out / "report.json")
    assert [document.run for document in report.documents] == runs
    for document in report.documents:
        assert (out / document.notebook).read_text() == document.environment
        assert (out / "runs" / f"{document.run}.run-2").is_dir()


def test_of_runs_that_began_together_the_last_named_counts() -> None:
    first, second = builders.report(), builders.report()
    for report, verdict in ((first, Verdict.FAIL), (second, Verdict.PASS)):
        report.documents = [builders.entry().model_copy(update={"verdict": verdict})]
    assert merged._together(first, second).documents[0].verdict is Verdict.PASS
    second.started -= timedelta(seconds=1)
    assert merged._together(first, second).documents[0].verdict is Verdict.FAIL
    assert merged._together(second, first).documents[0].verdict is Verdict.FAIL


def test_what_was_missed_is_missed_no_more_once_it_is_there(tmp_path: Path) -> None:
    there, lost, out = tmp_path / "a", tmp_path / "b", tmp_path / "out"
    run_of("pears", Verdict.PASS, there)
    merged.write([lost, there], out, Heard().hear)
    (missed,) = entries.read(out / "report.json").missing
    assert str(missed).startswith(f"{lost}: ")
    merged.write([there], out, Heard().hear)
    assert entries.read(out / "report.json").missing == [missed]
    run_of("apples", Verdict.PASS, lost)
    assert merged.write([lost], out, Heard().hear) is ExitCode.VERIFIED
    assert entries.read(out / "report.json").missing == []


def test_what_is_missing_is_said_as_it_is(tmp_path: Path) -> None:
    run_of("pears", Verdict.PASS, tmp_path / "a")
    out, lost = tmp_path / "out", tmp_path / f"[bold]7[/bold] {'b' * 90}"
    (out / "report.json").mkdir(parents=True)
    past = tmp_path / "history.jsonl"
    past.write_text("[bold]7[/bold]\n")
    heard = Heard()
    assert merged.write([lost, tmp_path / "a"], out, heard.hear, past) is ExitCode.USAGE
    aside, missing, *of_history = heard
    assert aside.startswith(f"{out / 'report.json'}: ")
    assert missing == f"{lost}: is missing in this report, for there is no such folder."
    assert of_history
    assert [one.name for one in entries.read(out / "report.json").documents] == ["pears"]


@pytest.mark.parametrize("copies", [True, False])
def test_where_no_report_can_be_written_is_said(tmp_path: Path, *, copies: bool) -> None:
    part, out = tmp_path / "a", tmp_path / "out"
    run_of("pears", Verdict.PASS, part)
    if not copies:
        for folder in (part / "notebooks", part / "runs"):
            shutil.rmtree(folder)
    out.write_text("a file")
    with pytest.raises(ResourceError, match=r"out: cannot be written \("):
        merged.write([part], out, Heard().hear)


@st.composite
def parts(draw: st.DrawFn) -> list[Report]:
    """Reports of some documents, of which others may tell, too; no two began together."""
    moments = draw(st.lists(st.integers(0, 99), min_size=2, max_size=5, unique=True))
    verdicts = st.sampled_from(list(Verdict))
    made = []
    for moment in moments:
        report = builders.report()
        report.started += timedelta(minutes=moment)
        report.duration_s = draw(st.floats(1, 1e4))
        named = draw(st.dictionaries(st.sampled_from("abcd"), verdicts, min_size=1))
        report.documents = [
            builders.entry().model_copy(update={"name": name, "run": name, "verdict": verdict})
            for name, verdict in named.items()
        ]
        report.missing = [*draw(st.lists(st.text("xyz"), max_size=2))]
        made.append(report)
    return made


def _known(report: Report) -> dict[str, object]:
    return report.model_dump() | {"missing": sorted(map(str, report.missing))}


@given(parts(), st.data())
def test_reports_are_merged_in_any_order_and_grouping(
    reports: list[Report], data: st.DataObject
) -> None:
    whole = reduce(merged._together, [one.model_copy(deep=True) for one in reports])
    newest = {d.run: one for one in sorted(reports, key=lambda r: r.started) for d in one.documents}
    assert {d.run for d in whole.documents} == set(newest)
    for document in whole.documents:
        (there,) = (d for d in newest[document.run].documents if d.run == document.run)
        assert document == newest[document.run].dated(there)
    assert sorted(map(str, whole.missing)) == sorted(str(m) for one in reports for m in one.missing)
    shuffled = data.draw(st.permutations(reports))
    at = data.draw(st.integers(1, len(shuffled)))
    grouped = [reduce(merged._together, half) for half in (shuffled[:at], shuffled[at:]) if half]
    assert _known(reduce(merged._together, grouped)) == _known(whole)
