"""How much of a page a run looked at, and what it left out."""

from collections.abc import Collection, Sequence

from pydantic import BaseModel

from verify.contract import coverage
from verify.contract.coverage import ProseNumber
from verify.contract.pins import Pins
from verify.execute.session import Session
from verify.finding import CheckKind, Result, Verdict
from verify.page.code.facts import FactKind
from verify.page.stated import FIXED


class Covered(BaseModel):
    """How many of some things were looked at; `open` names those left, `reason` says why."""

    of: int
    done: int
    open: list[str] = []
    reason: str = ""


class Coverage(BaseModel):
    """How much of the page the run looked at.

    `prose_numbers` are claimed or waived. `stored_outputs` are those that no profile changes,
    compared with the run's. `calls` are carried out, and all that the page gives them has been
    read; one with an argument that reading alone does not know is left open, by name.
    `claims` and `checks` count verdicts.
    """

    steps: int
    steps_run: int
    code_cells: int
    code_cells_run: int
    prose_numbers: Covered
    stored_outputs: Covered
    calls: Covered
    links: Covered
    claims: dict[str, int]
    checks: dict[str, int]


def of_session(session: Session, judged: list[Result]) -> Coverage:
    """What a run has looked at, by the results judged so far."""
    contract, pins = session.contract, session.pins
    ran = [step for step in contract.steps if step.id in session.steps]
    well = {cell for step in ran if not session.steps[step.id].failure for cell in step.cells}
    numbers = coverage.prose_numbers(contract, pins)
    fixed = [cell for cell, facts in pins.stated.items() if FIXED & {fact.kind for fact in facts}]
    compared = {
        cell
        for result in judged
        if result.kind is CheckKind.OUTPUTS and result.verdict is not Verdict.UNCHECKED
        for cell in result.cells
    }
    links = sum(fact.kind is FactKind.LINK for some in pins.stated.values() for fact in some)
    return Coverage(
        steps=len(contract.steps),
        steps_run=len(ran),
        code_cells=len(pins.code_cells),
        code_cells_run=sum(len(step.cells) for step in ran),
        prose_numbers=Covered(
            of=len(numbers),
            done=sum(not one.is_open for one in numbers),
            open=[f"cell {one.cell}: {one.number}" for one in numbers if one.is_open],
            reason=_waived(numbers),
        ),
        stored_outputs=_covered(fixed, compared),
        calls=_calls(pins, well),
        links=Covered(
            of=links,
            done=0,
            reason="a run asks for no link: `python -m verify check` does" if links else "",
        ),
        claims=_counted([result for result in judged if result.kind is CheckKind.CLAIM]),
        checks=_counted(judged),
    )


def _calls(pins: Pins, well: Collection[int]) -> Covered:
    """The calls of a page, of which those are done that ran and were read whole."""
    calls = [(c, f) for c, some in pins.facts.items() for f in some if f.kind is FactKind.CALL]
    unread = [f"cell {cell}: {fact.told_unknown}" for cell, fact in calls if fact.unknown]
    ran = _covered([cell for cell, _ in calls], well)
    done = sum(cell in well and not fact.unknown for cell, fact in calls)
    told = f"{len(unread)} have an argument that reading alone does not know" if unread else ""
    reason = "; ".join(filter(None, (ran.reason, told)))
    return Covered(
        of=len(calls), done=done, open=[*ran.open, *dict.fromkeys(unread)], reason=reason
    )


def _covered(cells: list[int], done: Collection[int]) -> Covered:
    """Things by their cells, of which those in some cells are done."""
    left = sorted({cell for cell in cells if cell not in done})
    return Covered(
        of=len(cells),
        done=sum(cell in done for cell in cells),
        open=[f"cell {cell}" for cell in left],
        reason="this run did not come to their steps" if left else "",
    )


def _waived(numbers: Sequence[ProseNumber]) -> str:
    waived = sum(one.waived is not None and not one.claims for one in numbers)
    return f"{waived} waived with a reason" if waived else ""


def _counted(results: list[Result]) -> dict[str, int]:
    return {v.value: sum(result.verdict is v for result in results) for v in Verdict}
