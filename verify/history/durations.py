"""How long documents took last time, for the estimate that a run shows."""

import json
from pathlib import Path

from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import Verdict
from verify.report.entries import Report
from verify.system import cache

_WHOLE = (Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL)


def expected_s(contract: Contract, edition: Edition, profile: str) -> float:
    """The last run's duration on this machine, or what the contract expects."""
    try:
        noted = json.loads(_file().read_text(encoding="utf-8"))
        return float(noted[f"{contract.name}.{edition.value}.{profile}"])
    except (OSError, ValueError, KeyError, TypeError):
        return contract.profiles[profile].expected_s


def note(report: Report) -> None:
    """Remember how long whole runs took; an unwritable cache is no failure."""
    took = {
        f"{d.name}.{d.edition}.{d.profile}": d.duration_s
        for d in report.documents
        if d.verdict in _WHOLE
    }
    try:
        noted = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        noted = {}
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        cache.write_whole(_file(), json.dumps(noted | took, indent=1))
    except OSError:
        return


def _file() -> Path:
    return cache.cache_root() / "durations.json"
