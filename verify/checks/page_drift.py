"""The published page is still the one that was pinned, so that the contract speaks of it."""

from collections import Counter

from verify.checks.case import Case, Check, Needs, verdict
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict
from verify.page.code import facts


def _subjects(contract: Contract) -> list[str]:
    return [step.id for step in contract.steps]


def _judge(case: Case, subject: str) -> Result:
    step = case.contract.step(subject)
    changed = [cell for cell in step.cells if _digest(case, cell) != case.pins.digests[cell]]
    if repairs := case.repairs(changed):
        return Result(
            CHECK.id(subject),
            CheckKind.DRIFT,
            Verdict.PASS,
            observed=repairs,
            step=subject,
            cells=tuple(step.cells),
        )
    stated = facts.of_notebook(case.notebook)
    was = Counter(str(fact) for cell in changed for fact in case.pins.facts.get(cell, ()))
    now = Counter(str(fact) for cell in changed for fact in stated.get(cell, ()))
    cells = ", ".join(map(str, changed))
    return Result(
        CHECK.id(subject),
        CheckKind.DRIFT,
        verdict(not changed),
        says=_listed(was - now) if changed else "",
        observed=f"in cell {cells} {_listed(now - was)}" if changed else "",
        reason="the page has changed since it was pinned: see `python -m verify pin`"
        if changed
        else "",
        step=subject,
        cells=tuple(step.cells),
    )


def _digest(case: Case, index: int) -> str | None:
    cells = case.notebook.cells
    return cells[index].sha256 if index < len(cells) else None


def _listed(some: Counter[str]) -> str:
    return "; ".join(some.elements()) or "other words"


CHECK = Check(CheckKind.DRIFT, _subjects, _judge, Needs.TEXT, editions=(Edition.PUBLISHED,))
