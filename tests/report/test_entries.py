"""The report says what happened, keeps to its schema, and never says more than was checked."""

import json
import math
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from tests import sample_documents
from verify.contract import pins
from verify.contract.contract import Contract
from verify.errors import ExitCode, UsageError
from verify.evidence.evidence import Applied, StepRun
from verify.evidence.failure import Failure
from verify.execute.run_options import Options
from verify.execute.session import Session
from verify.finding import Basis, CheckKind, Finding, Result, Severity, Verdict, worst
from verify.page import reader
from verify.report import entries, harmless, judged, output, summary, terminal, undecided
from verify.report.entries import DocumentFile, Report
from verify.system import moments
from verify.system.words import Words

# What the page of the pears has stored.
STORED = 4
STARTED = moments.of(1_700_000_000)


@pytest.fixture(scope="module")
def document() -> Contract:
    return sample_documents.read("pears")


def step_runs(document: Contract, ran: int, failing: int | None = None) -> dict[str, StepRun]:
    """The first steps as they ran, one of them perhaps badly."""
    failure = Failure(Verdict.FAIL, "the code raised ValueError: no")
    return {
        step.id: StepRun(step.id, 100.0 + i, 1.0, "", failure if i == failing else None)
        for i, step in enumerate(document.steps[:ran])
    }


class Ran(Session):
    """A run that changed one argument of the page."""

    @property
    def applied(self) -> tuple[Applied, ...]:
        return (Applied("epochs", 8, "train-head", "20", "2", "time"),)


def closed(
    document: Contract,
    results: Sequence[Result],
    out: Path,
    *,
    ran: int | None = None,
    failing: int | None = None,
) -> DocumentFile:
    """The entry of a document of which `ran` steps (all unless told) ran."""
    session = Ran(document, Options(out=out), print)
    session.steps = step_runs(document, len(document.steps) if ran is None else ran, failing)
    session.started, session.ended = 100.0, 160.0
    return entries.of_session(session, list(results))


def results_of(document: Contract, *more: Result, upto: int | None = None) -> list[Result]:
    """A passing result for each step that ran, and more."""
    steps = document.steps[:upto]
    run = [Result(f"run:{s.id}", CheckKind.RUN, Verdict.PASS, step=s.id) for s in steps]
    return [*run, *more]


def check(verdict: Verdict, **fields: Any) -> Result:
    """A judgement of the training of the head."""
    said = {"says": "one thing", "observed": "another", "step": "train-head", "cells": (7,)}
    return Result("loss:head", CheckKind.LOSS, verdict, **said | fields)


def report_of(*files: DocumentFile) -> Report:
    return Report(
        schema=2,
        tool="secretflow-docs-verify 0",
        started=STARTED,
        duration_s=60.0,
        environments={},
        documents=[file.document for file in files],
    )


def with_verdicts(file: DocumentFile, *verdicts: Verdict) -> Report:
    documents = [file.document.model_copy(update={"verdict": verdict}) for verdict in verdicts]
    return report_of(*(DocumentFile(document=one, environment={}) for one in documents))


# Verdicts.


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], Verdict.UNCHECKED),
        ([Verdict.PASS, Verdict.PASS], Verdict.PASS),
        ([Verdict.PASS, Verdict.ERRATUM], Verdict.ERRATUM),
        ([Verdict.ERRATUM, Verdict.UNCHECKED, Verdict.PASS], Verdict.UNCHECKED),
        ([Verdict.FAIL, Verdict.UNCHECKED], Verdict.FAIL),
        ([Verdict.FAIL, Verdict.ERROR, Verdict.PASS], Verdict.ERROR),
    ],
)
def test_the_whole_is_as_bad_as_its_worst_part(verdicts: list[Verdict], expected: Verdict) -> None:
    assert worst(verdicts) is expected
    assert worst(verdicts[::-1]) is expected


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([Verdict.PASS], ExitCode.VERIFIED),
        ([Verdict.PASS, Verdict.PASS], ExitCode.VERIFIED),
        ([], ExitCode.OURS),
        ([Verdict.UNCHECKED], ExitCode.OURS),
        ([Verdict.PASS, Verdict.UNCHECKED], ExitCode.OURS),
        ([Verdict.PASS, Verdict.ERRATUM], ExitCode.VERIFIED),
        ([Verdict.ERRATUM, Verdict.UNCHECKED], ExitCode.OURS),
        ([Verdict.PASS, Verdict.FAIL], ExitCode.CONTRADICTED),
        ([Verdict.FAIL, Verdict.UNCHECKED], ExitCode.CONTRADICTED),
        ([Verdict.ERROR, Verdict.PASS], ExitCode.OURS),
        ([Verdict.FAIL, Verdict.ERROR], ExitCode.OURS),
    ],
)
def test_exit_codes_follow_the_worst_document(
    document: Contract, tmp_path: Path, verdicts: list[Verdict], code: ExitCode
) -> None:
    file = closed(document, results_of(document), tmp_path)
    assert with_verdicts(file, *verdicts).exit_code is code


def test_exit_codes_are_the_documented_ones() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 130]


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ([], Verdict.PASS),
        ([check(Verdict.PASS)], Verdict.PASS),
        ([check(Verdict.ERRATUM)], Verdict.PASS),
        ([check(Verdict.UNCHECKED)], Verdict.PASS),
        ([check(Verdict.PASS), check(Verdict.FAIL)], Verdict.FAIL),
        ([check(Verdict.FAIL), check(Verdict.ERROR)], Verdict.ERROR),
    ],
)
def test_a_document_whose_steps_all_ran_is_as_good_as_its_checks(
    document: Contract, tmp_path: Path, more: list[Result], verdict: Verdict
) -> None:
    file = closed(document, results_of(document, *more), tmp_path)
    assert file.document.verdict is verdict


@pytest.mark.parametrize("ran", [0, 1, 10])
@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ([], Verdict.UNCHECKED),
        ([check(Verdict.PASS), check(Verdict.ERRATUM)], Verdict.UNCHECKED),
        ([check(Verdict.FAIL)], Verdict.FAIL),
        ([check(Verdict.ERROR)], Verdict.ERROR),
    ],
)
def test_an_unfinished_document_is_never_a_pass(
    document: Contract, tmp_path: Path, ran: int, more: list[Result], verdict: Verdict
) -> None:
    file = closed(document, results_of(document, *more, upto=ran), tmp_path, ran=ran)
    assert file.document.verdict is verdict
    assert file.document.coverage.steps_run == ran
    assert file.document.coverage.steps == len(document.steps)


def test_a_last_step_that_broke_is_no_pass_even_if_nobody_asked_for_its_result(
    document: Contract, tmp_path: Path
) -> None:
    last = len(document.steps) - 1
    file = closed(document, [check(Verdict.UNCHECKED)], tmp_path, failing=last)
    assert file.document.verdict is Verdict.UNCHECKED


# Entries.


def test_steps_that_did_not_run_are_listed_as_such(document: Contract, tmp_path: Path) -> None:
    steps = closed(document, results_of(document, upto=1), tmp_path, ran=1).document.steps
    assert [step.id for step in steps] == [step.id for step in document.steps]
    assert (steps[0].verdict, steps[0].duration_s) == (Verdict.PASS, 1.0)
    assert (steps[1].verdict, steps[1].duration_s, str(steps[1].reason)) == (
        Verdict.UNCHECKED,
        None,
        "not selected",
    )


@pytest.mark.parametrize(
    ("verdict", "severity", "suggestion"),
    [
        (
            Verdict.FAIL,
            Severity.ERROR,
            "compare the page with what was observed, and correct whichever is wrong",
        ),
        (
            Verdict.ERROR,
            Severity.ERROR,
            "nothing is known to be wrong with the page; mend what the reason names, run again",
        ),
        (
            Verdict.ERRATUM,
            Severity.WARNING,
            (
                "known and repaired in our edition; repair the page. "
                "Say 720; our edition states no total."
            ),
        ),
    ],
)
def test_a_finding_names_file_line_and_official_cell(
    document: Contract, tmp_path: Path, verdict: Verdict, severity: Severity, suggestion: str
) -> None:
    errata = ("pear-count",) if verdict is Verdict.ERRATUM else ()
    file = closed(document, results_of(document, check(verdict, errata=errata)), tmp_path)
    (finding,) = file.document.findings
    pinned = pins.read(document.folder / "pins.json")
    english = {"message": str(finding.message), "suggestion": str(finding.suggestion)}
    assert Finding(**{**vars(finding), **english}) == Finding(
        file=Path(document.official.path),
        line=pinned.lines[7],
        cell=7,
        kind=CheckKind.LOSS,
        severity=severity,
        message="step train-head, official cell 7: expected: one thing; observed another",
        suggestion=suggestion,
        check="loss:head",
        ours=verdict is Verdict.ERROR,
    )


def test_a_report_holds_words_of_the_contract_in_both_languages(
    document: Contract, tmp_path: Path
) -> None:
    fails = check(Verdict.FAIL, says=document.claim("pears").says)
    file = closed(document, results_of(document, fails), tmp_path)
    data = json.loads(report_of(file).model_dump_json(by_alias=True))["documents"][0]
    claim = {"zh": "有多少个梨", "en": "how many pears there are"}
    assert data["title"] == document.title.model_dump()
    assert [one["says"] for one in data["checks"] if one["id"] == "loss:head"] == [claim]
    (finding,) = data["findings"]
    where = "步骤 train-head，官方单元格 7：应当：有多少个梨；实测：another"
    assert finding["message"]["zh"] == where


@pytest.mark.parametrize("kind", CheckKind)
def test_every_kind_of_check_says_what_it_asserts_in_both_languages(kind: CheckKind) -> None:
    assert isinstance(kind.words, Words)
    assert kind.words.en == kind.sentence


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.UNCHECKED])
def test_what_agrees_or_is_undecided_is_no_finding(
    document: Contract, tmp_path: Path, verdict: Verdict
) -> None:
    assert closed(document, [check(verdict)], tmp_path).document.findings == []


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            Result("x", CheckKind.PINS, Verdict.PASS),
            "the contract covers the pinned page",
        ),
        (
            Result("x", CheckKind.RUN, Verdict.FAIL, observed="it broke", step="a", cells=(1, 2)),
            "step a, official cells 1, 2: every documented step ran; observed it broke",
        ),
        (
            Result(
                "x",
                CheckKind.LOSS,
                Verdict.FAIL,
                says="this",
                observed="that",
                tolerance="none",
                reason="why",
                cells=(3,),
            ),
            "official cell 3: expected: this; observed that; tolerance none (why)",
        ),
    ],
)
def test_a_sentence_names_step_cell_expected_and_observed(result: Result, sentence: str) -> None:
    assert result.sentence == sentence


# Files.


def test_the_schema_file_is_the_schema() -> None:
    assert entries.SCHEMA_FILE.read_text(encoding="utf-8") == entries.schema(), (
        "renew the file with model.schema()"
    )


def everything(document: Contract, tmp_path: Path) -> Report:
    results = [check(verdict) for verdict in Verdict]
    return report_of(
        closed(document, results_of(document, *results), tmp_path),
        closed(document, [], tmp_path, ran=0),
    )


def test_a_written_report_keeps_to_the_schema(document: Contract, tmp_path: Path) -> None:
    entries.write(everything(document, tmp_path), tmp_path / "out")
    written = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    schema = json.loads(entries.SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written, schema, jsonschema.Draft202012Validator)
    assert written["schema"] == 2


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["schema"], 1),
        (["documents", 0, "verdict"], "fine"),
        (["documents", 0, "findings", 0, "line"], "one"),
        (["documents", 0, "coverage"], None),
        (["documents", 0, "steps", 0, "cells"], "1"),
        (["duration_s"], "long"),
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(
    document: Contract, tmp_path: Path, keys: list[str | int], value: object
) -> None:
    entries.write(everything(document, tmp_path), tmp_path)
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    place = written
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, json.loads(entries.schema()))
    (tmp_path / "report.json").write_text(json.dumps(written), encoding="utf-8")
    with pytest.raises(UsageError, match="is no report of this version"):
        entries.read(tmp_path / "report.json")


def test_a_report_is_read_as_it_was_written(document: Contract, tmp_path: Path) -> None:
    report = everything(document, tmp_path)
    entries.write(report, tmp_path)
    assert entries.read(tmp_path / "report.json") == report


def test_a_loss_that_is_no_number_does_not_break_the_report(
    document: Contract, tmp_path: Path
) -> None:
    session = Session(document, Options(out=tmp_path), print)
    session.steps = step_runs(document, len(document.steps))
    session.parts = list(session.steps.values())
    session.folder.mkdir(parents=True)
    moment = session.steps["train-head"].started + 0.5
    event = {
        "event": "local-training",
        "time": moment,
        "samples": {},
        "history": {"loss": [2.0, math.nan, math.inf]},
        "layers": [],
        "before": [],
        "after": [],
        "changes": [],
    }
    (session.folder / "kernel.jsonl").write_text(json.dumps(event) + "\n")
    file = entries.of_session(session, [])
    file = DocumentFile.model_validate_json(file.model_dump_json())
    report = entries.gather([file], STARTED, 1.0)
    entries.write(report, tmp_path)
    (training,) = entries.read(tmp_path / "report.json").documents[0].trainings
    assert training.history == {"loss": [2.0, None, None]}
    written = json.loads((tmp_path / "report.json").read_text(), parse_constant=pytest.fail)
    jsonschema.validate(written, json.loads(entries.schema()))


def test_documents_of_several_processes_are_gathered(document: Contract, tmp_path: Path) -> None:
    files = [closed(document, [], tmp_path) for _ in range(2)]
    for file, name in zip(files, ("b", "a"), strict=True):
        file.document.name = file.document.run = name
    report = entries.gather(files, STARTED, 5.0)
    assert [one.name for one in report.documents] == ["a", "b"]
    assert (report.started, report.duration_s) == (STARTED, 5.0)
    assert re.fullmatch(r"secretflow-docs-verify \d.*", report.tool)


@pytest.mark.parametrize("before", [Verdict.PASS, Verdict.UNCHECKED, Verdict.FAIL])
def test_what_could_not_be_judged_outweighs_the_rest(
    document: Contract, tmp_path: Path, before: Verdict
) -> None:
    file = closed(document, results_of(document, check(before)), tmp_path)
    errors = file.document.coverage.checks["error"]
    entries.not_judged(file.document, document.edition_path, "the process was killed")
    assert file.document.verdict is Verdict.ERROR
    assert file.document.coverage.checks["error"] == errors + 1
    assert file.document.checks[-1].id == entries.WHOLE
    finding = file.document.findings[-1]
    assert (finding.severity, finding.ours) == (Severity.ERROR, True)
    assert str(finding.message) == "every documented step ran; observed the process was killed"
    assert report_of(file).exit_code is ExitCode.OURS


def test_a_report_is_replaced_as_a_whole_or_not_at_all(
    document: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = everything(document, tmp_path)
    entries.write(report, tmp_path)
    before = (tmp_path / "report.json").read_text()

    def full(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[:9])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        entries.write(report, tmp_path)
    assert (tmp_path / "report.json").read_text() == before
    assert list(tmp_path.glob(".report.json.*")) == []


@pytest.mark.parametrize("text", ["", "{}", '{"schema": 1', "[]"])
def test_what_is_no_report_is_bad_input(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        entries.read(path)
    assert str(caught.value).startswith(f"{path}: is no report of this version (")


def test_a_missing_report_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"^{tmp_path}: holds no report yet; `docs-verify run`"):
        entries.read(tmp_path / "report.json")
    (tmp_path / "pears.md").touch()
    with pytest.raises(UsageError, match=r"pears\.md: is no folder"):
        entries.read(tmp_path / "pears.md" / "report.json")


# Coverage.


def outputs_of(document: Contract, verdict: Verdict, *classes: str, why: str = "") -> list[Result]:
    """Judgements of stored outputs of the first steps, one output each."""
    return [
        Result(
            f"outputs:{step.id}",
            CheckKind.OUTPUTS,
            verdict,
            reason=why,
            step=step.id,
            cells=tuple(step.cells),
            outputs=(kind,),
        )
        for step, kind in zip(document.steps, classes, strict=False)
    ]


def test_the_headline_says_how_many_claims_were_decided_and_how(
    document: Contract, tmp_path: Path
) -> None:
    def claimed(verdict: Verdict, basis: Basis | None = None) -> Result:
        return Result("claim:a", CheckKind.CLAIM, verdict, basis=basis)

    results = [
        claimed(Verdict.PASS, Basis.READ),
        claimed(Verdict.PASS, Basis.READ),
        claimed(Verdict.FAIL, Basis.MEASURED),
        claimed(Verdict.ERRATUM, Basis.ADDED),
        claimed(Verdict.UNCHECKED),
        Result("calibrated:a", CheckKind.CALIBRATED, Verdict.PASS, basis=Basis.MEASURED),
    ]
    entry = closed(document, results, tmp_path).document
    assert entry.coverage.decided == {"read": 2, "added": 1, "measured": 1, "shown": 0}
    assert str(judged.coverage_line(entry)).endswith(
        "; claims: 4 of 5 decided (2 read in the code, 1 added up on the page, 1 measured), "
        "2 pass, 1 erratum, 1 unchecked, 1 fail."
    )
    nothing = closed(document, [], tmp_path).document
    assert str(judged.coverage_line(nothing)).endswith("; claims: none.")


def test_coverage_says_how_much_of_the_page_was_looked_at(
    document: Contract, tmp_path: Path
) -> None:
    results = [
        *outputs_of(document, Verdict.PASS, "equal", "within band", "varies by nature"),
        Result("claim:a", CheckKind.CLAIM, Verdict.PASS),
        Result("claim:b", CheckKind.CLAIM, Verdict.UNCHECKED),
    ]
    seen = closed(document, results_of(document, *results), tmp_path).document.coverage
    assert (seen.code_cells_run, seen.code_cells) == (11, 11)
    assert (seen.stored_outputs.done, seen.stored_outputs.of) == (3, STORED)
    assert seen.outputs == {
        "equal": 1,
        "within band": 1,
        "depends on a change": 0,
        "varies by nature": 1,
        "different": 0,
        "unchecked": STORED - 3,
    }
    assert seen.calls.done == seen.calls.of - 2 > 20
    assert list(map(str, seen.calls.open)) == [
        "cell 11: tensorflow.keras.utils.image_dataset_from_directory: argument 1"
    ]
    assert str(seen.calls.reason) == "2 have an argument that reading alone does not know"
    assert (seen.prose_numbers.done, seen.prose_numbers.of) == (4, 4)
    assert str(seen.prose_numbers.reason) == "1 waived with a reason"
    assert (seen.links.done, seen.links.of) == (0, 2)
    assert str(seen.links.reason) == "a run asks for no link: `python -m verify check` does"
    assert seen.claims == {"pass": 1, "erratum": 0, "unchecked": 1, "fail": 0, "error": 0}


def test_what_a_run_left_out_is_not_covered(document: Contract, tmp_path: Path) -> None:
    results = outputs_of(
        document, Verdict.UNCHECKED, "depends on a change", "unchecked", "equal", why="epochs 9 → 2"
    )
    file = closed(document, results, tmp_path, ran=3, failing=2)
    seen = file.document.coverage
    assert seen.stored_outputs.done == 1
    first, second = (f"cell {cell}" for step in document.steps[:2] for cell in step.cells)
    assert list(map(str, seen.stored_outputs.open)) == [first, second]
    assert str(seen.stored_outputs.reason) == "epochs 9 → 2"
    line = str(judged.coverage_line(file.document))
    assert f"1 of {STORED} stored outputs compared, " in line
    assert first not in line
    assert 0 < seen.calls.done < seen.calls.of
    open_calls = list(map(str, seen.calls.open))
    assert "cell 1" not in open_calls
    assert "cell 6" in open_calls


def test_a_number_that_nobody_speaks_of_is_open(document: Contract, tmp_path: Path) -> None:
    silent = document.model_copy(update={"claims": [], "waived": []})
    file = closed(silent, [], tmp_path)
    numbers = file.document.coverage.prose_numbers
    assert (numbers.done, numbers.of) == (0, 4)
    assert list(map(str, numbers.open)) == ["cell 0: 702", "cell 0: 5", "cell 3: 64", "cell 9: 2"]
    line = str(judged.coverage_line(file.document))
    assert "0 of 4 numbers of the prose claimed or waived, " in line


# At the terminal, and as Markdown.

BRACKETS = "aggregate([secretflow.PYU('alice')], [/red], layers[:249])"


def test_the_summary_names_verdicts_findings_and_coverage(
    document: Contract, tmp_path: Path
) -> None:
    good = closed(document, results_of(document, check(Verdict.PASS)), tmp_path)
    bad = closed(
        document,
        results_of(document, check(Verdict.FAIL, observed=BRACKETS), upto=3),
        tmp_path,
        ran=3,
    )
    bad.document.name = "other"
    lines = summary.render(report_of(good, bad)).splitlines()
    assert lines[:2] == ["# Documents verified", ""]
    covered = next(line for line in lines if line.startswith("- Coverage: 11 of 11 code cells"))
    assert "4 of 4 numbers of the prose claimed or waived, " in covered
    told = lines[lines.index("## other (corrected)") :]
    assert told[2].startswith("**The page as published (by the ledger; not run this time): ")
    assert told[3] == "**With our repairs: runs, but one thing is not so.**  "
    (line,) = (line for line in told if "one thing; observed" in line)
    observed = harmless.inline(BRACKETS)
    assert line.startswith(f"- cell 7: expected: one thing; observed: {observed}. To do: ")
    at = pins.read(document.folder / "pins.json").lines[7]
    assert line.endswith(f"({harmless.inline(document.official.path)}:{at})")


def test_files_hold_no_ansi_codes(document: Contract, tmp_path: Path) -> None:
    report = everything(document, tmp_path)
    entries.write(report, tmp_path)
    output.write(report, tmp_path)
    console = Console(file=(tmp_path / "log.txt").open("w", encoding="utf-8"), width=100)
    terminal.show(report, console)
    console.file.close()
    for name in ("report.json", "log.txt", *output.WRITERS):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text
        assert "\x1b" not in text
        assert "\\u001b" not in text


def test_a_judgement_that_the_profile_leaves_open_is_said_once(
    document: Contract, tmp_path: Path
) -> None:
    unchecked = check(Verdict.UNCHECKED, reason="too few steps")
    file = closed(document, results_of(document, unchecked), tmp_path)
    head, other = {"loss:head": "too few steps"}, {"loss:other": "too few steps"}
    for open_, told in ((head, "1 curve of losses"), (head | other, "2 curves of losses")):
        entry = file.document.model_copy(update={"undecided": open_})
        assert [str(one.words) for one in undecided.of(entry)] == [f"{told}: too few steps"]


def shown(report: Report) -> str:
    text = StringIO()
    terminal.show(report, Console(file=text, width=160))
    return text.getvalue()


def test_everything_worth_reading_is_shown(document: Contract, tmp_path: Path) -> None:
    text = shown(everything(document, tmp_path))
    assert f"Official page: {document.official.path} at {document.official.ref}" in text
    assert re.search(r"epochs +train-head +20 +2 *\n", text)
    assert "Checks: 1 pass, 1 erratum, 1 unchecked, 1 fail, 1 error; " in text
    assert "  cell 7: expected: one thing; observed: another. To do: " in text
    for erratum in document.errata:
        assert str(erratum.symptom).split()[0] in text


def test_text_in_square_brackets_is_shown_as_it_is(document: Contract, tmp_path: Path) -> None:
    result = check(Verdict.FAIL, observed=BRACKETS)
    assert BRACKETS in shown(report_of(closed(document, [result], tmp_path)))


def test_one_sentence_a_document_for_plain_pytest(document: Contract, tmp_path: Path) -> None:
    results = [check(Verdict.PASS), check(Verdict.FAIL)]
    file = closed(document, results_of(document, *results, upto=3), tmp_path, ran=3)
    assert list(map(str, terminal.verdict_lines(report_of(file)))) == [
        (
            f"{document.name}: The page as published (by the ledger; not run this time): does "
            "not run on SecretFlow 1.11.0b1, stops at cell 14; 4 defects, 2 of them stop it. "
            "With our repairs: runs, but one thing is not so."
        )
    ]


@pytest.mark.parametrize("row", [1, 3, 99])
def test_a_step_that_broke_is_found_on_the_line_that_broke(
    document: Contract, tmp_path: Path, row: int
) -> None:
    lines = document.edition_path.read_text(encoding="utf-8").split("\n")
    (cell,) = [c for c in reader.read(document.edition_path).cells if c.step == "dataset-builder"]
    broken = check(Verdict.FAIL, step="dataset-builder", at=(cell.index, row))
    (finding,) = closed(document, [broken], tmp_path).document.findings
    last = cell.source.count("\n") + 1
    assert lines[finding.line - 1] == cell.source.split("\n")[min(row, last) - 1]
