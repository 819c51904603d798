"""The static gate: every check over every page, less what the project waives."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from verify.static import syntax
from verify.static.finding import Finding, Severity
from verify.static.site import Site

StaticCheck = Callable[[Site], Iterable[Finding]]

# In the order of their cost, so that an interrupted run has said most.
CHECKS: tuple[StaticCheck, ...] = (syntax.check,)


@dataclass(frozen=True)
class Judgement:
    """What the gate says of a site."""

    site: Site
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings make the gate fail."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)


def judge(site: Site) -> Judgement:
    """Run every check."""
    found = set(site.unreadable)
    for check in CHECKS:
        found.update(check(site))
    return Judgement(site, tuple(sorted(found)))
