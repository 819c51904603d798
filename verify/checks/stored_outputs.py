"""What a step printed is what the page has stored, as far as no profile changes it."""

from collections.abc import Iterable
from typing import Any

from verify.checks.case import Case, Check, verdict
from verify.contract.contract import Contract
from verify.finding import CheckKind, Result, Verdict
from verify.page import stated
from verify.page.code.facts import Fact


def _subjects(contract: Contract) -> list[str]:
    return [step.id for step in contract.steps if step.stored]


def _judge(case: Case, subject: str) -> Result:
    step = case.contract.step(subject)
    run = case.evidence.steps.get(subject) if case.evidence else None
    cells = tuple(step.cells)
    if run is None or run.failure:
        reason = "the step did not come to its end in this run"
        return _result(subject, cells, Verdict.UNCHECKED, reason=reason)
    stored = [fact for cell in cells for fact in case.pins.stated.get(cell, ())]
    documented = _in_order(fact for fact in stored if fact.kind in stated.FIXED)
    printed = _in_order(stated.fixed(run.output))
    return _result(
        subject,
        cells,
        verdict(bool(documented) and documented == printed),
        says=f"that it prints {_listed(documented)}",
        observed=_listed(printed),
        tolerance="none: no profile changes it",
    )


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Each fact once, those of a kind in their order: an edition may print them otherwise."""
    return sorted(dict.fromkeys(facts), key=lambda fact: fact.kind.value)


def _listed(facts: list[Fact]) -> str:
    return "; ".join(f"{fact.kind.value} {_told(fact)}" for fact in facts) or "nothing of the kind"


def _told(fact: Fact) -> str:
    return f"{fact.target}: {', '.join(fact.arguments)}" if fact.arguments else fact.target


def _result(subject: str, cells: tuple[int, ...], verdict_: Verdict, **more: Any) -> Result:  # noqa: ANN401
    return Result(CHECK.id(subject), CheckKind.OUTPUTS, verdict_, step=subject, cells=cells, **more)


CHECK = Check(CheckKind.OUTPUTS, _subjects, _judge, step_of=lambda _, step: step)
