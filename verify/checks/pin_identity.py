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


def _judge(case: Case, _: str) -> Result:
    page = case.contract.page
    problems = [*_of_official(case, page)] if page else []
    known = {step.id for step in case.contract.steps}
    problems += [
        f"{case.notebook.path.name}:{cell.line}: a code cell without a documented step"
        for cell in case.notebook.cells
        if cell.runs and cell.step not in known
    ]
    says = "a page of ours, each code cell of which is a documented step"
    if page:
        blob, cells = page.blob[:12], len(case.pins.code_cells)
        says = f"{page.path} at {page.ref}, blob {blob}, {cells} code cells"
    return Result(
        CHECK.id(""),
        CheckKind.PINS,
        verdict(not problems),
        says=says,
        observed="; ".join(problems),
        reason="see `python -m verify pin`, the contract and the edition" if problems else "",
    )


def _of_official(case: Case, page: PageReference) -> Iterator[str]:
    """What is wrong with the contract as that of an official page."""
    pins = case.pins
    covered = Counter(cell for step in case.contract.steps for cell in step.cells)
    if (page.ref, page.path, page.blob) != (pins.ref, pins.path, pins.blob):
        yield f"the pins are of {pins.path} at {pins.ref}, blob {pins.blob[:12]}"
    yield from (f"no step covers cell {cell}" for cell in pins.code_cells if not covered[cell])
    yield from (f"cell {cell} belongs to {n} steps" for cell, n in covered.items() if n > 1)
    yield from (f"cell {cell} is no code cell" for cell in covered if cell not in pins.code_cells)
    if case.edition is Edition.PUBLISHED:
        yield from (f"cell {cell} is not the one that was pinned" for cell in _drifted(case))


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
