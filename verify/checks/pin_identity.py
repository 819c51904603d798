"""The contract speaks of the page that was pinned, and covers each of its code cells once.

Of a page of ours, which has no official text, only the code cells of the edition are looked at.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from verify.checks.case import Case, Check, Needs, verdict
from verify.contract.contract import Contract, PageReference
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result
from verify.system.words import Words, joined

_NO_STEP = Words(
    zh="{file}:{line}：有代码单元格不属于页面所述的任何步骤",
    en="{file}:{line}: a code cell without a documented step",
)
_OURS = Words(
    zh="自编页面，每个代码单元格都是一个所述步骤",
    en="a page of ours, each code cell of which is a documented step",
)
_OFFICIAL = Words(
    zh="{path}，版本 {ref}，blob {blob}，{cells} 个代码单元格",
    en="{path} at {ref}, blob {blob}, {cells} code cells",
)
_SEE = Words(
    zh="见 `python -m verify pin`、契约和修正版",
    en="see `python -m verify pin`, the contract and the edition",
)
_OF_OTHERS = Words(
    zh="记录属于 {path}，版本 {ref}，blob {blob}",
    en="the pins are of {path} at {ref}, blob {blob}",
)
_NOT_COVERED = Words(zh="没有步骤涵盖单元格 {cell}", en="no step covers cell {cell}")
_SEVERAL = Words(zh="单元格 {cell} 属于 {count} 个步骤", en="cell {cell} belongs to {count} steps")
_NO_CODE = Words(zh="单元格 {cell} 不是代码", en="cell {cell} is no code cell")
_ANOTHER = Words(zh="单元格 {cell} 与记录的不同", en="cell {cell} is not the one that was pinned")


def _judge(case: Case, _: str) -> Result:
    page = case.contract.page
    problems = [*_of_official(case, page)] if page else []
    known = {step.id for step in case.contract.steps}
    problems += [
        _NO_STEP.filled(file=case.notebook.path.name, line=cell.line)
        for cell in case.notebook.cells
        if cell.runs and cell.step not in known
    ]
    says = _OURS
    if page:
        cells = len(case.pins.code_cells)
        says = _OFFICIAL.filled(path=page.path, ref=page.ref, blob=page.blob[:12], cells=cells)
    return Result(
        CHECK.id(""),
        CheckKind.PINS,
        verdict(not problems),
        says=says,
        observed=joined(problems),
        reason=_SEE if problems else "",
    )


def _of_official(case: Case, page: PageReference) -> Iterator[Words]:
    """What is wrong with the contract as that of an official page."""
    pins = case.pins
    covered = Counter(cell for step in case.contract.steps for cell in step.cells)
    if (page.ref, page.path, page.blob) != (pins.ref, pins.path, pins.blob):
        yield _OF_OTHERS.filled(path=pins.path, ref=pins.ref, blob=pins.blob[:12])
    code = pins.code_cells
    yield from (_NOT_COVERED.filled(cell=cell) for cell in code if not covered[cell])
    yield from (_SEVERAL.filled(cell=cell, count=n) for cell, n in covered.items() if n > 1)
    yield from (_NO_CODE.filled(cell=cell) for cell in covered if cell not in code)
    if case.edition is Edition.PUBLISHED:
        yield from (_ANOTHER.filled(cell=cell) for cell in _drifted(case))


def _drifted(case: Case) -> list[int]:
    """Cells without a step that differ from the pinned ones for no known reason, more, or fewer."""
    digests = [cell.sha256 for cell in case.notebook.cells]
    pairs = enumerate(zip_longest(digests, case.pins.digests))
    covered = {cell for step in case.contract.steps for cell in step.cells}
    known = covered | case.repaired.keys()
    return [index for index, (is_, was) in pairs if is_ != was and index not in known]


def _subjects(_: Contract) -> list[str]:
    return [""]


CHECK = Check(CheckKind.PINS, _subjects, _judge, Needs.TEXT)
