"""Stored outputs can come from the source and the versions of their page."""

import ast
import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
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
        meant = any(map(_MAY_BE_MEANT.match, errors)) or _is_put_aside(code)
        yield Finding(
            page.path,
            code.line,
            code.cell,
            FindingKind.IMPOSSIBLE_OUTPUT,
            Severity.WARNING if meant else Severity.ERROR,
            why,
            _CORRECT if errors else RUN_AGAIN,
        )


def _is_put_aside(code: Block) -> bool:
    """Whether the cell is nothing but code in comments, which was run and costs too much again."""
    lines = code.source.strip().split("\n")
    if not all(line.startswith("#") for line in lines):
        return False
    tree = parsing.tree_of("\n".join(re.sub("^# ?", "", line) for line in lines))
    return tree is not None and any(isinstance(one, ast.Call) for one in ast.walk(tree))
