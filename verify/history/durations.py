"""How long documents took last time, for the estimate that a run shows."""

from pathlib import Path

from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import Verdict
from verify.report.entries import Report
from verify.system import cache, kept

_WHOLE = (Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL)


def expected_s(contract: Contract, edition: Edition, profile: str) -> float:
    """The last run's duration on this machine, or what the contract expects."""
    last = remembered_s(contract, edition, profile)
    return contract.profiles[profile].expected_s if last is None else last


def remembered_s(contract: Contract, edition: Edition, profile: str) -> float | None:
    """The last run's duration on this machine, if there was one."""
    try:
        return float(kept.table(_file())[f"{contract.name}.{edition.value}.{profile}"])
    except (ValueError, KeyError, TypeError):  # nobody noted it
        return None


def note(report: Report) -> None:
    """Remember how long whole runs took; an unwritable cache is no failure."""
    took = {
        f"{d.name}.{d.edition}.{d.profile}": d.duration_s
        for d in report.documents
        if d.verdict in _WHOLE
    }
    kept.write(_file(), kept.table(_file()) | took)


def _file() -> Path:
    return cache.cache_root() / "durations.json"
