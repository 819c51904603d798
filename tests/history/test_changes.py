"""What changed between two runs: everything that matters, and nothing else."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.history.builders import (
    ERRATUM,
    ERROR,
    FAIL,
    PASS,
    UNCHECKED,
    claim,
    entry,
    receipt,
    report,
    run,
    training,
)
from verify.cli import app
from verify.contract.contract import PageReference
from verify.evidence.evidence import Applied
from verify.finding import Verdict
from verify.history import changes, file
from verify.history.changes import ChangeKind, ComparedRun, RunChange
from verify.history.record import RunRecord
from verify.report import entries
from verify.report.entries import Report, StepEntry
from verify.system import cache
from verify.system.words import Words

ORCHARD = "orchard (corrected, profile embedded)"
CALLED = Words(zh="orchard（修正版，配置 embedded）", en=ORCHARD)


def found(a: Report, b: Report) -> list[RunChange]:
    return changes.between(ComparedRun.of("a", a), ComparedRun.of("b", b))


def kinds(a: Report, b: Report) -> set[tuple[str, ChangeKind]]:
    return {(str(change.id), change.kind) for change in found(a, b)}


def with_claim(verdict: Verdict, observed: str = "") -> Report:
    return report(entry(PASS, checks=[claim(verdict, observed)]))


def override(used: str) -> Applied:
    return Applied("archive", 1, "pick", "the orchard's", used, "offline")


def step(verdict: Verdict = PASS, seconds: float = 12.5) -> StepEntry:
    return StepEntry(id="pick", says="picks", cells=[1], verdict=verdict, duration_s=seconds)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (PASS, FAIL, ChangeKind.FAILS),
        (ERRATUM, FAIL, ChangeKind.FAILS),
        (UNCHECKED, FAIL, ChangeKind.FAILS),
        (ERROR, FAIL, ChangeKind.FAILS),
        (FAIL, PASS, ChangeKind.PASSES),
        (FAIL, ERRATUM, ChangeKind.PASSES),
        (FAIL, UNCHECKED, ChangeKind.UNDECIDED),
        (PASS, ERROR, ChangeKind.UNDECIDED),
        (UNCHECKED, PASS, ChangeKind.VERDICT),
        (PASS, ERRATUM, ChangeKind.VERDICT),
        (UNCHECKED, ERROR, ChangeKind.VERDICT),
    ],
)
def test_verdicts_of_checks_and_steps(before: Verdict, after: Verdict, kind: ChangeKind) -> None:
    assert kinds(with_claim(before), with_claim(after)) == {("claim:ripe", kind)}
    steps = [report(entry(steps=[step(verdict)])) for verdict in (before, after)]
    assert kinds(*steps) == {("run:pick", kind)}


@pytest.mark.parametrize("verdict", Verdict)
def test_the_same_verdict_is_no_change(verdict: Verdict) -> None:
    assert found(with_claim(verdict), with_claim(verdict)) == []


def test_what_newly_fails_says_what_was_observed() -> None:
    (change,) = found(with_claim(PASS, "0.7"), with_claim(FAIL, "0.2"))
    assert change == RunChange(ChangeKind.FAILS, CALLED, "claim:ripe", "pass", "fail", "0.2")


@pytest.mark.parametrize(
    ("verdict", "observed", "reason", "note"),
    [
        (FAIL, "0.2", "the sea is rough", "0.2"),
        (FAIL, "", "the sea is rough", "the sea is rough"),
        (UNCHECKED, "0.2", "the sea is rough", "the sea is rough"),
        (UNCHECKED, "0.2", "", "0.2"),
    ],
)
def test_a_note_says_first_what_explains_the_verdict(
    verdict: Verdict, observed: str, reason: str, note: str
) -> None:
    check = replace(claim(verdict, observed), reason=reason)
    (change,) = found(with_claim(PASS), report(entry(PASS, checks=[check])))
    assert change.note == note


def test_checks_and_documents_come_and_go() -> None:
    none, one = report(entry(checks=[])), report(entry(checks=[claim()]))
    assert kinds(none, one) == {("claim:ripe", ChangeKind.NEW)}
    assert kinds(one, none) == {("claim:ripe", ChangeKind.GONE)}
    more = report(entry(), entry(FAIL, name="meadow", checks=[claim(FAIL)]))
    assert kinds(report(), more) == {("document", ChangeKind.NEW), ("claim:ripe", ChangeKind.FAILS)}
    assert kinds(more, report()) == {("document", ChangeKind.GONE)}
    other_profile = report(entry(profile="real"))
    assert kinds(report(), other_profile) == {
        ("document", ChangeKind.NEW),
        ("document", ChangeKind.GONE),
    }


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        ("accuracy 0.6400 of pears", "accuracy 0.6150 of pears", "0.6400 → 0.6150 (-0.025)"),
        ("1,728 bytes, twice", "1,152 bytes, twice", "1,728 → 1,152 (-576)"),
        ("3 of 5 ripe", "4 of 5 ripe", "3 → 4 (+1)"),
        ("off by 3e-06", "off by 4e-06", "3e-06 → 4e-06 (+1e-06)"),
        ("1.11.0b1", "1.12.0b0", ""),
        ("accuracy 0.6 of pears", "pears has no accuracy", ""),
    ],
)
def test_what_was_observed_otherwise_and_by_how_much(was: str, now: str, difference: str) -> None:
    (change,) = found(with_claim(PASS, was), with_claim(PASS, now))
    assert (change.kind, change.was, change.now) == (ChangeKind.OBSERVED, was, now)
    assert change.difference == difference
    assert str(change.note) == "tolerance: at least 0.5"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            report(entry(trainings=[training(accuracy=0.5)])),
            {("pears.accuracy", ChangeKind.OBSERVED)},
        ),
        (report(entry(trainings=[training(accuracy=0.63)])), set()),
        (report(entry(trainings=[training(accuracy=None)])), set()),
        (report(entry(peak_memory_bytes=int(2.3 * 2**30))), set()),
        (report(entry(peak_memory_bytes=3 * 2**30)), {("peak-memory-gib", ChangeKind.OBSERVED)}),
        (report(entry(duration_s=85.0)), set()),
        (report(entry(duration_s=95.0)), {("document", ChangeKind.TIME)}),
        (report(entry(steps=[step(seconds=17.4)])), set()),
        (report(entry(steps=[step(seconds=30.0)])), {("run:pick", ChangeKind.TIME)}),
        (
            report(entry(duration_s=95.0, receipt=receipt(cpu="Slide rule"))),
            {("machine", ChangeKind.ENVIRONMENT)},
        ),
        (report(entry(receipt=receipt(python="3.11"))), {("Python", ChangeKind.ENVIRONMENT)}),
        (report(entry(receipt=receipt(lock_sha256="2" * 64))), {("lock", ChangeKind.ENVIRONMENT)}),
        (
            report(entry(upstream=PageReference(ref="v1", path="orchard.ipynb", blob="c" * 40))),
            {("blob", ChangeKind.PAGE)},
        ),
        (
            report(entry(upstream=PageReference(ref="v2", path="orchard.ipynb", blob="b" * 40))),
            {("version", ChangeKind.PAGE)},
        ),
        (report(entry(overrides=[override("ours")])), {("archive of pick", ChangeKind.OVERRIDE)}),
        (report(night=3), set()),
    ],
)
def test_one_thing_that_changed_is_told_once(
    other: Report, expected: set[tuple[str, ChangeKind]]
) -> None:
    assert kinds(report(), other) == expected


def test_packages_that_are_known_of_both_sides_are_compared() -> None:
    before, after = report(numpy="2.0", pip="1"), report(numpy="2.1", pandas="2", pip="1")
    assert [(change.id, change.was, change.now) for change in found(before, after)] == [
        ("numpy", "2.0", "2.1"),
        ("pandas", "", "2"),
    ]
    assert found(report(), after) == []


def test_a_stand_in_that_was_built_anew_is_no_change_and_another_one_is() -> None:
    one, again, other = (
        report(entry(overrides=[override(f"built by {program} (SHA-256 {digest})")]))
        for program, digest in (("grow.py", "0a1b"), ("grow.py", "2c3d"), ("draw.py", "0a1b"))
    )
    assert found(one, again) == []
    assert [change.kind for change in found(one, other)] == [ChangeKind.OVERRIDE]


def test_what_documents_share_is_said_once() -> None:
    def both(python: str) -> Report:
        rest = receipt(python=python)
        return report(entry(receipt=rest), entry(name="meadow", receipt=rest))

    assert len(found(both("3.10"), both("3.11"))) == 1


def test_digests_are_told_by_their_first_twelve_digits() -> None:
    page = PageReference(ref="v1", path="orchard.ipynb", blob="c" * 40)
    lock = receipt(lock_sha256="2" * 64)
    told = {
        str(change.id): (change.was, change.now)
        for change in found(report(), report(entry(upstream=page, receipt=lock)))
    }
    assert told["blob"] == ("b" * 12, "c" * 12)
    assert told["lock"] == ("1" * 12, "2" * 12)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (60, 90, []),
        (60, 91, ["1.5 times"]),
        (2, 7, []),
        (2, 7.1, ["3.5 times"]),
        (4, 8, []),
        (95, 60, ["0.63 times"]),
    ],
)
def test_where_little_is_known_a_time_is_another_by_a_factor_and_seconds(
    before: float, after: float, told: list[str]
) -> None:
    a, b = (ComparedRun("", {o.key: o}) for o in (run(duration_s=before), run(duration_s=after)))
    assert [str(change.note) for change in changes.between(a, b)] == told


def test_a_number_that_stays_nothing_is_no_change() -> None:
    a, b = (ComparedRun("", {o.key: o}) for o in (run(numbers={"pears.loss": 0.0}), run(1)))
    same = run(numbers={"pears.loss": 0.0})
    assert changes.between(a, ComparedRun("", {same.key: same})) == []
    assert changes.between(a, b) == []


def test_errata_come_and_go() -> None:
    a, b = (
        ComparedRun("", {one.key: one}) for one in (run(errata=["worms"]), run(errata=["wasps"]))
    )
    worms, wasps = (Words(zh=f"勘误 {name}", en=f"erratum {name}") for name in ("worms", "wasps"))
    assert changes.between(a, b) == [
        RunChange(ChangeKind.GONE, CALLED, worms, "known", ""),
        RunChange(ChangeKind.NEW, CALLED, wasps, "", "known"),
    ]


def test_times_beyond_the_noise_that_the_history_knows() -> None:
    quiet = [run(night, duration_s=60 + 0.1 * (night % 3)) for night in range(8)]
    noisy = [run(night, duration_s=60 + 9.0 * (night % 3)) for night in range(8)]

    def seen(known: list[RunRecord], seconds: float) -> bool:
        a, b = (ComparedRun("", {one.key: one}) for one in (run(), run(9, duration_s=seconds)))
        return bool(changes.between(a, b, known))

    assert [seen(quiet, s) for s in (70, 75, 95)] == [False, True, True]
    assert [seen(noisy, s) for s in (70, 75, 95)] == [False, False, False]
    assert [seen(quiet[:5], s) for s in (70, 75, 95)] == [False, False, True]
    assert [seen(quiet[:6], s) for s in (70, 75, 95)] == [False, True, True]
    other = [one.model_copy(update={"machine": "other"}) for one in quiet]
    assert [seen(other, s) for s in (70, 75, 95)] == [False, False, True]


# The command.


def compare(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app.app, ["compare", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / "cache"))


@pytest.fixture
def reports(tmp_path: Path) -> tuple[Path, Path]:
    good, bad = tmp_path / "good", tmp_path / "bad"
    entries.write(with_claim(PASS, "0.7"), good)
    entries.write(with_claim(FAIL, "0.2"), bad)
    return good, bad


def test_the_exit_code_says_whether_something_newly_fails(reports: tuple[Path, Path]) -> None:
    good, bad = reports
    assert compare(good, bad) == (
        1,
        (
            f"From {good} to {bad}: 1 newly failing.\n\n{ORCHARD}\n"
            "  newly failing: claim:ripe: pass → fail (0.2)\n"
        ),
    )
    assert compare(bad, good)[0] == 0
    assert compare(bad, bad) == (0, f"Nothing changed from {bad} to {bad}.\n")
    assert compare(good / "report.json", good)[0] == 0


def test_changes_as_markdown_and_for_programs(reports: tuple[Path, Path]) -> None:
    code, text = compare(*reports, "--format", "markdown")
    assert code == 1
    assert text.endswith(f"## {ORCHARD}\n\n- newly failing: claim:\u200bripe: pass → fail (0.2)\n")
    code, text = compare(*reports, "--format", "json")
    assert code == 1
    (change,) = json.loads(text)["changes"]
    assert change == {
        "kind": "newly failing",
        "document": ORCHARD,
        "id": "claim:ripe",
        "was": "pass",
        "now": "fail",
        "note": "0.2",
        "difference": "",
    }


def test_changes_in_chinese(reports: tuple[Path, Path]) -> None:
    _, text = compare(*reports, "--language", "zh")
    good, bad = reports
    assert text == (
        f"从 {good} 到 {bad}：新出现的不符 1 项。\n\n{CALLED.zh}\n"
        "  新出现的不符：claim:ripe：属实 → 不符（0.2）\n"
    )


def test_what_a_page_prints_is_harmless_in_markdown(tmp_path: Path) -> None:
    for name, printed in (("a", "0.7"), ("b", "<b>@pears")):
        entries.write(with_claim(PASS, printed), tmp_path / name)
    _, text = compare(tmp_path / "a", tmp_path / "b", "--format", "markdown")
    assert "@pears" not in text
    assert "<b>" not in text


@pytest.mark.parametrize(
    ("a", "b", "code"),
    [
        ("v1", "v2", 1),
        ("1", "2", 1),
        ("v2", "v1", 0),
        ("2030-01-01", "2030-01-02", 1),
        ("2030-01-01 03:00", "2030-01-02T03:00", 1),
        ("2030-01", "v1", 2),
        ("v3", "v1", 2),
    ],
)
def test_versions_and_dates_are_found_in_the_history(
    tmp_path: Path, a: str, b: str, code: int
) -> None:
    path = tmp_path / "history.jsonl"
    # The run that was cut short says nothing of v2.
    file.append(path, [run(0), run(1, FAIL, ref="v2"), run(2, ERROR, ref="v2", verdicts={})])
    done = CliRunner().invoke(app.app, ["compare", a, b, "--history", str(path)])
    if code == 2:
        assert done.exit_code == 2
        assert done.output.endswith(f"is in the history {path} (versions there: v1, v2).\n")
    else:
        assert done.exit_code == code, done.output


def test_what_is_no_report_is_bad_input(tmp_path: Path) -> None:
    done = CliRunner().invoke(app.app, ["compare", str(tmp_path), str(tmp_path)])
    assert done.exit_code == 2
    assert f"{tmp_path}: holds no report yet" in done.output


def test_the_last_runs_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    none = CliRunner().invoke(app.app, ["history", "--history", str(path)])
    assert none.output == "No run is known yet; `docs-verify run` adds its own.\n"
    file.append(path, [run(0), run(1, FAIL), run(2, ERROR), run(0, document="meadow")])
    shown = CliRunner().invoke(app.app, ["history", "--history", str(path), "orchard"]).output
    assert "meadow" not in shown
    assert "█▁!" in shown
    assert "2030-01-03" in shown
    missing = CliRunner().invoke(app.app, ["history", "--history", str(path), "lake"])
    assert missing.output == f"lake: no run is in the history {path}.\n"
