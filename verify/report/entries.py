"""The report as data. `report.schema.json` beside this file is its JSON Schema."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, computed_field

from verify.contract.contract import PageReference
from verify.contract.steps import Step
from verify.document import Document
from verify.errors import ExitCode, UsageError
from verify.evidence.evidence import Applied
from verify.evidence.failure import LackError, Need
from verify.execute.receipt import Receipt
from verify.execute.session import Session
from verify.finding import CheckKind, Finding, Result, Severity, Verdict, worst
from verify.ledger.erratum import Erratum
from verify.report import combination_table as combinations
from verify.report import (
    covered,
    found,
    outcome,
    published,
    releases,
    repeated,
    rerun,
    training_entries,
)
from verify.report.combination_table import CombinationEntry
from verify.report.covered import Coverage
from verify.report.observed import Observed
from verify.report.outcome import Outcome
from verify.report.releases import FirstBreak
from verify.report.repeated import RepeatEntry
from verify.report.training_entries import TrainingEntry
from verify.system import cache, regular_files
from verify.system.complaints import why
from verify.system.words import Text, Words

_MISSING = Words(
    zh="{folder}：还没有报告；`docs-verify run` 会在那里写出，或用 --out 指明另一次运行的文件夹。",
    en="{folder}: holds no report yet; `docs-verify run` writes one there, or name the folder of "
    "another run with --out.",
)
_NO_FOLDER = Words(zh="{path}：不是文件夹。", en="{path}: is no folder.")
_OTHER = Words(
    zh="{path}：不是本版本的报告（{reason}）。",
    en="{path}: is no report of this version ({reason}).",
)

_NOT_SELECTED = Words(zh="未选择", en="not selected")
# The check that is of no step: whether the document as a whole came to a judgement.
WHOLE = "document"
SCHEMA_FILE = Path(__file__).with_name("report.schema.json")


class StepEntry(BaseModel):
    """One step as it ran, with the errata that it met and passed.

    `needs` is what it lacked, `follows` the cells from whose failure its own follows.
    """

    id: str
    says: Text
    cells: list[int]
    verdict: Verdict
    duration_s: float | None
    observed: Text = ""
    reason: Text = ""
    errata: list[str] = []
    needs: Need | None = None
    follows: list[int] = []


class TrendEntry(BaseModel):
    """What only the history shows: of a check, a step (`run:` and its id), or a number."""

    id: str
    kind: Literal["failing", "flaky", "drift"]
    message: Text


class DocumentEntry(BaseModel):
    """One document in one edition and profile; one of ours has a write-up, and no `upstream`.

    `run` is how its files are called: `runs/<run>/`, `notebooks/<run>.ipynb`. `started` is of an
    entry that an earlier run left in the report, `observed` of one that was judged from a kept
    run. `cell_lines` are the lines of the official file at which its cells begin. `derived` says
    that its contract was derived from the page alone. `proposed` are errata that the run came upon:
    no ledger has them, and the page goes on with their repairs.
    """

    name: str
    run: str = ""
    started: datetime | None = None
    observed: Observed | None = None
    derived: bool = False
    environment: str = ""
    title: Text
    edition: str
    profile: str
    profile_says: Text
    upstream: PageReference | None
    cell_lines: list[int] = []
    write_up: str = ""
    verdict: Verdict
    outcome: Outcome
    duration_s: float
    peak_memory_bytes: int
    steps: list[StepEntry]
    checks: list[Result]
    findings: list[Finding]
    overrides: list[Applied]
    undecided: dict[str, Text]
    errata: list[Erratum]
    proposed: list[Erratum] = []
    trainings: list[TrainingEntry]
    combinations: list[CombinationEntry] = []
    coverage: Coverage
    receipt: Receipt | None
    repeat: RepeatEntry | None = None
    trends: list[TrendEntry] = []

    @property
    def errors(self) -> list[Finding]:
        """What was found, known errata and mere warnings apart."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def notebook(self) -> Path:
        """Where its executed notebook is, below the output folder."""
        # Reports of before a run had a name of its own: they know one environment.
        name = self.run or f"{self.name}.{self.edition}.{self.profile}"
        return Path("notebooks", f"{name}.ipynb")

    @property
    def place(self) -> str:
        """The official page's path; of a document of ours its name."""
        return self.upstream.path if self.upstream else self.name

    @property
    def called(self) -> Text:
        """How people know it: a title that was derived says less than the path."""
        return self.place if self.derived else self.title

    @property
    def command(self) -> str:
        """What runs this again."""
        return rerun.command(self)


class EnvironmentEntry(BaseModel):
    """A documented environment."""

    python: str
    lock_sha256: str
    packages: dict[str, str]


class Report(BaseModel):
    """One run over all its documents; `missing` says of what else there should be a report."""

    schema_version: Literal[2] = Field(2, alias="schema")
    tool: str
    started: datetime
    duration_s: float
    environments: dict[str, EnvironmentEntry]
    documents: list[DocumentEntry]
    missing: list[Text] = []

    model_config = {"populate_by_name": True}

    def started_of(self, document: DocumentEntry) -> datetime:
        """When the run began that a document's entry is of."""
        return document.started or self.started

    def dated(self, document: DocumentEntry) -> DocumentEntry:
        """A document's entry as it stands in another run's report."""
        return document.model_copy(update={"started": self.started_of(document)})

    @property
    def verdict(self) -> Verdict:
        """The worst of all documents; what is missing could not be judged."""
        lost = [Verdict.ERROR for _ in self.missing]
        return worst([*(document.verdict for document in self.documents), *lost])

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no property beneath a decorator
    @property
    def first_breaks(self) -> list[FirstBreak]:
        """Each break of each page, in the first release that shows it."""
        return releases.first_breaks(self.documents)

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with all documents, each thing once."""
        pages = published.of_all(self.documents)
        return [defect.finding for page in pages for defect in page.defects]

    @property
    def exit_code(self) -> ExitCode:
        """What a command that made this report ends with."""
        if self.verdict is Verdict.FAIL:
            return ExitCode.CONTRADICTED
        # A run that was cut short has not verified anything.
        explained = (Verdict.PASS, Verdict.ERRATUM)
        return ExitCode.VERIFIED if self.verdict in explained else ExitCode.OURS


class DocumentFile(BaseModel):
    """What one process writes about one document, for the report to gather.

    `judged` are the items of pytest that came to a result. One that has not `begun` says nothing
    that an earlier run does not know better.
    """

    document: DocumentEntry
    environment: dict[str, EnvironmentEntry]
    judged: list[str] = []
    begun: bool = True


def of_document(document: Document) -> DocumentFile:
    """The entry of a document whose runs have all been closed."""
    file = of_session(document.first, document.one_list)
    for again in document.runs[1:]:
        for damage in again.damages:
            not_judged(file.document, again.contract.edition_path, damage)
    if document.compared:
        file.document.repeat = repeated.of_document(document)
    return file


def of_session(session: Session, results: list[Result]) -> DocumentFile:
    """The entry of a document that has been closed, from the results judged so far."""
    contract = session.contract
    runs = {result.step: result for result in results if result.kind is CheckKind.RUN}
    steps = [_step(session, step, runs.get(step.id)) for step in contract.steps]
    judged = [result for result in results if result.kind is not CheckKind.RUN]
    evidence = session.evidence
    ran = [step for step in contract.steps if step.id in session.steps]
    pieces, to_run = outcome.divided(contract.steps_of(session.options.profile))
    ended_well = sum(outcome.ended_well(session.steps[step.id]) for step in ran)
    made = session.environment_made
    file = DocumentFile(
        document=DocumentEntry(
            name=contract.name,
            run=session.id,
            observed=Observed.of_session(session),
            derived=session.options.derives(contract.folder),
            environment=session.environment_name,
            title=contract.title,
            edition=session.options.edition.value,
            profile=session.options.profile,
            profile_says=session.profile.says,
            upstream=session.page,
            cell_lines=list(session.pins.lines) if session.page else [],
            write_up=contract.ours.write_up if contract.ours else "",
            verdict=_verdict(session, results, complete=ended_well == len(to_run)),
            outcome=outcome.of(
                [step.verdict for step in steps],
                judged,
                needs=_lacked(session, steps),
                skipped=sum(bool(session.steps[step.id].skipped) for step in ran) + len(pieces),
                unmended=any(run.failure.erratum for run in session.steps.values() if run.failure),
            ),
            duration_s=session.duration_s,
            peak_memory_bytes=evidence.peak_memory_bytes,
            steps=steps,
            checks=judged,
            findings=found.of_results(session, results),
            overrides=list(session.applied),
            undecided=dict(session.profile.undecided),
            errata=session.errata,
            proposed=list(session.proposed),
            trainings=training_entries.of(contract, evidence, session.options.profile),
            combinations=combinations.of(contract, evidence, judged),
            coverage=covered.of_session(session, judged),
            receipt=session.receipt(),
        ),
        environment={
            made.name: EnvironmentEntry(
                python=made.python_version,
                lock_sha256=made.lock_sha256,
                packages=dict(made.packages),
            )
        }
        if made
        else {},
    )
    for damage in session.damages:
        not_judged(file.document, contract.edition_path, damage)
    return file


def _lacked(session: Session, steps: Sequence[StepEntry]) -> set[Need]:
    """What the run lacked, before it began or on the way."""
    found = {step.needs for step in steps if step.needs}
    return found | ({session.problem.needs} if isinstance(session.problem, LackError) else set())


def _step(session: Session, step: Step, result: Result | None) -> StepEntry:
    run = session.steps.get(step.id)
    return StepEntry(
        id=step.id,
        says=step.says,
        cells=step.cells,
        verdict=result.verdict if result else Verdict.UNCHECKED,
        duration_s=run.duration_s if run else None,
        observed=result.observed if result else "",
        reason=result.reason if result else _NOT_SELECTED,
        errata=[shown.erratum for shown in run.errata] if run else [],
        needs=outcome.lack_of(step, run),
        follows=list(run.follows) if run and run.failure else [],
    )


def not_judged(document: DocumentEntry, file: Path, why: Text) -> None:
    """Say of a document that it could not be judged, whatever else is known of it."""
    result = Result(WHOLE, CheckKind.RUN, Verdict.ERROR, observed=why)
    document.verdict = worst([document.verdict, result.verdict])
    document.outcome = Outcome.OURS
    document.checks.append(result)
    document.coverage.checks[Verdict.ERROR.value] += 1
    document.findings.append(found.of_fault(result, file))


def _verdict(session: Session, results: list[Result], *, complete: bool) -> Verdict:
    """A document is verified if all its steps ran and everything that was decided agrees.

    Errata do not count against our edition, which repairs them; the published one has them.
    """
    counted = [Verdict.FAIL, Verdict.ERROR]
    counted += [Verdict.ERRATUM] if session.published else []
    judged = [r.verdict for r in results if r.verdict in counted]
    return worst([*judged, Verdict.PASS if complete else Verdict.UNCHECKED])


def gather(files: Sequence[DocumentFile], started: datetime, duration_s: float) -> Report:
    """The report over the documents that were asked for."""
    return Report(
        schema=2,
        tool=f"secretflow-docs-verify {version('secretflow-docs-verify')}",
        started=started,
        duration_s=duration_s,
        environments={name: e for file in files for name, e in file.environment.items()},
        documents=sorted((file.document for file in files), key=lambda one: one.run),
    )


def write(report: Report, out: Path) -> None:
    """Write `report.json`."""
    out.mkdir(parents=True, exist_ok=True)
    text = report.model_dump_json(by_alias=True, indent=1)
    cache.write_whole(out / "report.json", f"{text}\n")


def read(path: Path) -> Report:
    """Read a `report.json`.

    Raises:
        UsageError: it is missing or not of this schema.
    """
    if path.parent.is_file():
        raise UsageError(_NO_FOLDER.filled(path=path.parent))
    if not path.exists():
        raise UsageError(_MISSING.filled(folder=path.parent))
    try:
        return Report.model_validate_json(regular_files.content(path, linked=True))
    except (OSError, ValueError) as error:
        raise UsageError(_OTHER.filled(path=path, reason=why(error))) from error


def schema() -> str:
    """The JSON Schema of the report."""
    described = Report.model_json_schema(by_alias=True, mode="serialization")
    return json.dumps(described, indent=1) + "\n"
