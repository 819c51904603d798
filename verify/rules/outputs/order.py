"""Stored outputs come from one run from top to bottom, as the execution counts tell it."""

from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Block, Page
from verify.rules.checked_site import Site
from verify.rules.outputs import vocabulary

_RESTART = vocabulary.any_of("restart\\w*", "重启", "重新启动", "重新运行")


def check(site: Site) -> Iterator[Finding]:
    """Find the first cell of each notebook whose count does not follow those before it."""
    for page in site.pages:
        cells = [code for code in page.cells if code.runs]
        if not any(code.execution_count for code in cells):
            continue
        offending = list(_offending(page, cells))
        if not offending:
            continue
        code, why = offending[0]
        more = f" ({len(offending)} cells in all)" if len(offending) > 1 else ""
        yield Finding(
            page.path,
            code.line,
            code.cell,
            FindingKind.OUTPUT_ORDER,
            Severity.WARNING,
            f"{why}{more}; the outputs are not those of one run from top to bottom.",
            "Restart the kernel, run all cells, and store the outputs of that run.",
        )


def _offending(page: Page, cells: list[Block]) -> Iterator[tuple[Block, str]]:
    highest, before = 0, None
    for code in cells:
        count = code.execution_count
        if count is None:
            if code.outputs:
                yield code, "The cell has stored output but no execution count"
            continue
        shown = {output.execution_count for output in code.outputs} - {None, count}
        if shown:
            yield code, f"The cell has the execution count {count}, its output has {shown.pop()}"
        elif before and count <= highest and not _restarts(page, before, code):
            yield code, f"The execution count is {count} after {highest}"
        before, highest = code, count


def _restarts(page: Page, before: Block, code: Block) -> bool:
    """Whether the page itself asks for a new kernel between two cells."""
    return any(
        before.line < piece.line < code.line and _RESTART.search(piece.text) for piece in page.prose
    )
