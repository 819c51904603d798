"""Stored outputs can come from the source and the versions of their page."""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.rules.advice import RUN_AGAIN
from verify.rules.checked_site import Site
from verify.rules.outputs import impossible, logged, stale
from verify.system.words import Words

_CORRECT = Words(
    zh="请改正示例，重新运行页面，并保存那次运行的输出。",
    en="Correct the sample, run the page again and store the outputs of that run.",
)

# The end of a kernel has no name.
_MAY_BE_MEANT = re.compile(r"(?!ModuleNotFoundError|ImportError|KeyboardInterrupt)\w+: ")


def check(site: Site) -> Iterator[Finding]:
    """Find outputs that cannot come from the page as it is; the first finding of each cell."""
    for page in site.pages:
        if not any(code.outputs for code in page.python_cells):
            continue
        told = set()
        for finding in (*stale.of_page(page, site.environment), *_impossible(page)):
            if finding.cell not in told:
                told.add(finding.cell)
                yield finding


def _impossible(page: Page) -> Iterator[Finding]:
    for code, why in (*impossible.of_page(page), *logged.of_page(page)):
        errors = [output.text for output in code.outputs if output.name == "error"]
        # A page may show a failure on purpose, but not that something is not installed.
        meant = any(map(_MAY_BE_MEANT.match, errors))
        yield Finding(
            page.path,
            code.line,
            code.cell,
            FindingKind.IMPOSSIBLE_OUTPUT,
            Severity.WARNING if meant else Severity.ERROR,
            why,
            _CORRECT if errors else RUN_AGAIN,
        )
