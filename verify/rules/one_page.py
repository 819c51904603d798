"""What a page says against itself, beside a run of it: its numbers, metrics and conclusions.

From which run its stored outputs come is not asked here: they are put beside those of this run.
"""

from pathlib import Path

from verify.finding import Finding, Severity
from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.rules.numbers import arithmetic, contradicted
from verify.rules.outputs import comparison, degenerate

_CHECKS = (
    arithmetic.check,
    contradicted.check,
    degenerate.check,
    comparison.check,
)


def contradictions(page: Page) -> tuple[Finding, ...]:
    """The findings of rules that need no environment and no other page, warnings left out."""
    site = Site(Path(), (page,))
    found = (finding for check in _CHECKS for finding in check(site))
    return tuple(sorted(one for one in set(found) if one.severity is Severity.ERROR))
