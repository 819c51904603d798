"""Stored outputs come from one run from top to bottom, as the execution counts tell it."""

from collections.abc import Iterator
from itertools import pairwise

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
from verify.rules.checked_site import Site
from verify.rules.outputs import vocabulary
from verify.system.words import Text, Words, joined

_NOT_ONE_RUN = Words(
    zh="{why}；这些输出不是从上到下一次运行的结果。",
    en="{why}; the outputs are not those of one run from top to bottom.",
)
_IN_ALL = Words(zh="（共 {count} 个单元格）", en="({count} cells in all)")
_RUN_ALL = Words(
    zh="请重启内核，运行全部单元格，并保存那次运行的输出。",
    en="Restart the kernel, run all cells, and store the outputs of that run.",
)
_NO_COUNT = Words(
    zh="单元格有已存输出，却没有执行序号",
    en="The cell has stored output but no execution count",
)
_OTHER_COUNT = Words(
    zh="单元格的执行序号是 {count}，它的输出却是 {shown}",
    en="The cell has the execution count {count}, its output has {shown}",
)
_AFTER = Words(
    zh="执行序号 {count} 排在 {highest} 之后",
    en="The execution count is {count} after {highest}",
)

_NEVER_RAN = Words(
    zh="这个单元格从未运行，而它前后的单元格都运行过。",
    en="This cell was never run, though those before and after it were.",
)
_NEVER_RAN_IN_ALL = Words(
    zh="这个单元格和另外 {more} 个单元格从未运行，而前后的单元格都运行过。",
    en="This cell and {more} more were never run, though those around them were.",
)
_RESTART = vocabulary.any_of("restart\\w*", "重启", "重新启动", "重新运行")


def check(site: Site) -> Iterator[Finding]:
    """Find the first cell of each notebook whose count does not follow those before it."""
    for page in site.pages:
        cells = [code for code in page.cells if code.runs]
        if not any(code.execution_count for code in cells):
            continue
        offending = list(_offending(page, cells))
        if not offending:
            yield from _never_run(page, cells)
            continue
        code, why = offending[0]
        more = _IN_ALL.filled(count=len(offending)) if len(offending) > 1 else ""
        yield Finding(
            page.path,
            code.line,
            code.cell,
            FindingKind.OUTPUT_ORDER,
            Severity.WARNING,
            _NOT_ONE_RUN.filled(why=joined((why, more), zh="", en=" ")),
            _RUN_ALL,
        )


def _never_run(page: Page, cells: list[Block]) -> Iterator[Finding]:
    """Cells that do something and have no count, between others that have one."""
    ran = [row for row, code in enumerate(cells) if code.execution_count]
    # Where numbers are left out between two cells, a tool has taken the counts of others away.
    joins = [(a, b) for a, b in pairwise(ran) if _count(cells[b]) == _count(cells[a]) + 1]
    left = [code for a, b in joins for code in cells[a + 1 : b] if _does_something(code)]
    if left:
        more = len(left) - 1
        message = _NEVER_RAN_IN_ALL.filled(more=more) if more else _NEVER_RAN
        kind, severity = FindingKind.OUTPUT_ORDER, Severity.WARNING
        yield Finding(page.path, left[0].line, left[0].cell, kind, severity, message, _RUN_ALL)


def _count(code: Block) -> int:
    return code.execution_count or 0


def _does_something(code: Block) -> bool:
    tree = parsing.tree_of(code.python)
    is_meant = code.may_raise or code.is_skipped
    return not is_meant and bool(tree.body if tree else code.source.strip())


def _offending(page: Page, cells: list[Block]) -> Iterator[tuple[Block, Text]]:
    highest, before = 0, None
    for code in cells:
        count = code.execution_count
        if count is None:
            if code.outputs:
                yield code, _NO_COUNT
            continue
        shown = {output.execution_count for output in code.outputs} - {None, count}
        if shown:
            yield code, _OTHER_COUNT.filled(count=count, shown=shown.pop())
        elif before and count <= highest and not _restarts(page, before, code):
            yield code, _AFTER.filled(count=count, highest=highest)
        before, highest = code, count


def _restarts(page: Page, before: Block, code: Block) -> bool:
    """Whether the page itself asks for a new kernel between two cells."""
    return any(
        before.line < piece.line < code.line and _RESTART.search(piece.text) for piece in page.prose
    )
