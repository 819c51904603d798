"""How long documents took last time, for the estimate that a run shows."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, NonNegativeFloat, ValidationError

from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import Verdict
from verify.report.entries import Report
from verify.system import cache, kept

_WHOLE = (Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL)


class Took(BaseModel):
    """Seconds that a document's last whole run took on this machine, and each of its steps."""

    model_config = ConfigDict(frozen=True)

    whole: NonNegativeFloat
    steps: Mapping[str, NonNegativeFloat]

    def left_s(self, step: str, *, ended: bool) -> float | None:
        """How long a run takes from where a step ended, or began; None if it had no such step."""
        if step not in self.steps:
            return None
        at = list(self.steps).index(step) + ended
        return sum(list(self.steps.values())[at:])


def expected_s(contract: Contract, edition: Edition, profile: str) -> float:
    """The last run's duration on this machine, or what the contract expects."""
    last = remembered(contract, edition, profile)
    return last.whole if last else contract.profiles[profile].expected_s


def remembered(contract: Contract, edition: Edition, profile: str) -> Took | None:
    """What the last run took on this machine, if there was one."""
    try:
        return Took.model_validate(
            kept.table(_file())[_name(contract.name, edition.value, profile)]
        )
    except (KeyError, ValidationError):  # nobody noted it
        return None


def note(report: Report) -> None:
    """Remember how long whole runs took; an unwritable cache is no failure."""
    took = {
        _name(d.name, d.edition, d.profile): Took(
            whole=d.duration_s, steps={step.id: step.duration_s or 0.0 for step in d.steps}
        ).model_dump()
        for d in report.documents
        if d.verdict in _WHOLE
    }
    kept.write(_file(), kept.table(_file()) | took)


def _name(document: str, edition: str, profile: str) -> str:
    return f"{document}.{edition}.{profile}"


def _file() -> Path:
    return cache.cache_root() / "durations.json"
