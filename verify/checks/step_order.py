"""Every documented step is there, once, in the documented order."""

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
    present = [step for step in case.notebook.steps if step in documented]
    expected = [step for step in documented if step in present]
    observed = ""
    if subject not in present:
        observed = f"no cell of {case.notebook.path.name} carries out this step"
    elif present.index(subject) != expected.index(subject):
        before = present[present.index(subject) - 1] if present.index(subject) else "nothing"
        observed = f"it comes after {before}"
    step = case.contract.step(subject)
    place = documented.index(subject)
    said = _AFTER if place else _FIRST
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


CHECK = Check(CheckKind.STEPS, _subjects, _judge, Needs.TEXT)
