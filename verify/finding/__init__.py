"""What checks say: results of a run, and one finding object for every renderer."""

from verify.finding.kinds import CheckKind, FindingKind, Worded
from verify.finding.results import Basis, Finding, Result, Severity, Verdict, worst

__all__ = [
    "Basis",
    "CheckKind",
    "Finding",
    "FindingKind",
    "Result",
    "Severity",
    "Verdict",
    "Worded",
    "worst",
]
