"""What is kept of one run of a document: verdicts, numbers and times, and what they rest on."""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from statistics import fmean
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from verify.contract.edition import Edition
from verify.execute.receipt import Receipt
from verify.finding import CheckKind, Verdict
from verify.report import glance
from verify.report.entries import DocumentEntry, Report
from verify.system import digests
from verify.system.words import Words

DECIDED = (Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL)
DOCUMENT = "document"  # as a whole, among the times of its steps
MEMORY = "peak-memory-gib"
STEP = f"{CheckKind.RUN.value}:"
Key = tuple[str, str, str]

_CALLED = Words(
    zh="{name}（{edition}，配置 {profile}）", en="{name} ({edition}, profile {profile})"
)
_SECRETFLOW = "secretflow-"  # then a version: how documented environments are called


class RunRecord(BaseModel):
    """One run of a document in one edition and profile; no text of any page.

    `inputs` is a digest of what else a run rests on: the edition with its contract, the tool's
    code, fixtures and seed. A run that came to no environment has none, and no `machine`.
    `verdicts` are the ids of checks and steps, `numbers` what trainings and claims ended with, the
    worst error of aggregation as a share of its bound, and memory; `seconds` are of steps.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    schema_version: Literal[1] = Field(1, alias="schema")
    started: datetime
    tool: str
    document: str
    edition: str
    profile: str
    ref: str
    blob: str
    environment: str
    python: str
    lock: str
    inputs: str
    machine: str
    verdict: Verdict
    duration_s: float
    verdicts: dict[Verdict, list[str]]
    numbers: dict[str, float]
    seconds: dict[str, float]
    errata: list[str]

    @classmethod
    def of(cls, report: Report, document: DocumentEntry) -> "RunRecord":
        """What is kept of a document of a report."""
        page, receipt = document.upstream, document.receipt
        verdicts = defaultdict(list)
        for step in document.steps:
            verdicts[step.verdict].append(f"{STEP}{step.id}")
        for check in document.checks:
            verdicts[check.verdict].append(check.id)
        return cls(
            started=report.started_of(document),
            tool=report.tool,
            document=document.name,
            edition=document.edition,
            profile=document.profile,
            ref=page.ref if page else "",
            blob=page.blob if page else "",
            environment=receipt.environment if receipt else "",
            python=receipt.python if receipt else "",
            lock=receipt.lock_sha256 if receipt else "",
            inputs=_digest(receipt) if receipt and receipt.edition_sha256 else "",
            machine=_machine(receipt) if receipt else "",
            verdict=document.verdict,
            duration_s=_short(document.duration_s),
            verdicts=dict(verdicts),
            numbers={name: _short(n) for name, n in _numbers(document) if math.isfinite(n)},
            seconds={s.id: _short(s.duration_s) for s in document.steps if s.duration_s},
            errata=[erratum.id for erratum in document.errata],
        )

    @property
    def key(self) -> Key:
        """What runs must share to be runs of the same."""
        return self.document, self.edition, self.profile

    @property
    def called(self) -> Words:
        """The same in words."""
        edition = glance.edition(self.edition)
        return _CALLED.filled(name=self.document, edition=edition, profile=self.profile)

    @property
    def release(self) -> str:
        """What it ran against: the version of the official text, or, with our own, SecretFlow's."""
        version = self.environment.removeprefix(_SECRETFLOW)
        ours = self.edition != Edition.PUBLISHED.value and version != self.environment
        return f"v{version}" if ours else self.ref

    @property
    def known_as(self) -> set[str]:
        """What people may call the version that it ran against."""
        version = self.release.removeprefix("v")
        return {self.release, version, self.environment}

    @property
    def times(self) -> dict[str, float]:
        """The seconds of steps, and of the document as a whole."""
        return {DOCUMENT: self.duration_s} | {f"{STEP}{k}": s for k, s in self.seconds.items()}

    @property
    def whole(self) -> bool:
        """Whether it says something about the page: not cut short, and no fault of ours."""
        return self.verdict in DECIDED

    @property
    def rests_on(self) -> tuple[str, ...]:
        """All that may change what comes out, the time it takes included."""
        page = self.ref, self.blob
        return *self.key, *page, self.tool, self.lock, self.inputs, self.machine

    @cached_property
    def by_id(self) -> dict[str, Verdict]:
        """The verdict of each check and step."""
        return {one: verdict for verdict, ids in self.verdicts.items() for one in ids}

    def fails(self, one: str) -> bool:
        """Whether a check or step failed."""
        return self.by_id.get(one) is Verdict.FAIL

    @property
    def decided(self) -> dict[str, Verdict]:
        """Those of `by_id` that say something about the page."""
        return {one: verdict for one, verdict in self.by_id.items() if verdict in DECIDED}


def _numbers(document: DocumentEntry) -> Iterator[tuple[str, float]]:
    ends: dict[str, list[float]] = defaultdict(list)
    for training in document.trainings:
        for series, values in training.history.items():
            ends[f"{training.id}.{series}"] += [v for v in values[-1:] if v is not None]
        ratios = [ratio for ratio in training.ratios if ratio is not None]
        ends[f"{training.id}.aggregation-error-of-bound"] += [max(ratios)] if ratios else []
    yield from ((name, fmean(values)) for name, values in ends.items() if values)  # over its seeds
    yield from ((check.id, _number(str(check.observed))) for check in document.checks)
    if document.peak_memory_bytes:
        yield MEMORY, document.peak_memory_bytes / 2**30


def _number(observed: str) -> float:
    """What was observed, where that is one number."""
    try:
        return float(observed)
    except ValueError:
        return math.nan


def _digest(receipt: Receipt) -> str:
    rest = {"tool_version", "tool_sha256", "edition_sha256", "fixtures_sha256", "seed"}
    return digests.key(receipt.model_dump_json(include=rest))


def _machine(receipt: Receipt) -> str:
    memory = round(receipt.memory_bytes / 2**30)
    return f"{receipt.cpu}, {receipt.threads} threads, {memory} GiB"


def _short(number: float) -> float:
    """Six digits tell apart all that is ever compared."""
    return float(f"{number:.6g}")
