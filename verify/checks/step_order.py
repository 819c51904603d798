"""Every documented step is there, in one place, in the documented order.

A run carries out the cells as they stand in the file. So a step in two places, or in another place
than the contract says, is another run.
"""

from itertools import groupby

from verify.checks.case import Case, Check, Needs, verdict
from verify.contract.contract import Contract
from verify.finding import CheckKind, Result
from verify.system.words import Words

_FIRST = Words(
    zh="共 {of} 步，第 {number} 步{says}",
    en="step {number} of {of} {says}",
)
_AFTER = Words(
    zh="共 {of} 步，第 {number} 步在 {before} 之后，{says}",
    en="step {number} of {of} after {before} {says}",
)


def _subjects(contract: Contract) -> list[str]:
    return [step.id for step in contract.steps]


def _judge(case: Case, subject: str) -> Result:
    documented = _subjects(case.contract)
    step = case.contract.step(subject)
    place = documented.index(subject)
    said = _AFTER if place else _FIRST
    observed = _wrong(case, documented, subject)
    return Result(
        CHECK.id(subject),
        CheckKind.STEPS,
        verdict(not observed),
        says=said.filled(
            number=place + 1, of=len(documented), before=documented[place - 1], says=step.says
        ),
        observed=observed,
        step=subject,
        cells=tuple(step.cells),
    )


def _wrong(case: Case, documented: list[str], subject: str) -> str:
    """What is wrong with the place of a step; empty if nothing is."""
    placed = [one.step for one in case.notebook.stretches if one.step in documented]
    placed = [step for step, _ in groupby(placed)]
    if subject not in placed:
        return f"no cell of {case.notebook.path.name} carries out this step"
    if placed.count(subject) > 1:
        between = dict.fromkeys(placed[placed.index(subject) + 1 : _last(placed, subject)])
        others = ", ".join(step for step in between if step != subject)
        return f"it stands in {placed.count(subject)} places, with {others} between them"
    present = list(dict.fromkeys(placed))
    expected = [step for step in documented if step in present]
    if present.index(subject) == expected.index(subject):
        return ""
    before = present[present.index(subject) - 1] if present.index(subject) else "nothing"
    return f"it comes after {before}"


def _last(placed: list[str], subject: str) -> int:
    return len(placed) - 1 - placed[::-1].index(subject)


CHECK = Check(CheckKind.STEPS, _subjects, _judge, Needs.TEXT)
