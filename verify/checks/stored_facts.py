"""The facts among what a page has stored, and among what our edition of it prints."""

from collections.abc import Iterable, Mapping, Sequence

from verify.checks.case import Case
from verify.contract.contract import Step
from verify.evidence.evidence import StepRun
from verify.page import stated
from verify.page.code.facts import Fact
from verify.page.outputs.reading import Reading, Slot

_TELLING = (Slot.PRINTED, Slot.RESULT)


def of(case: Case, step: Step, run: StepRun) -> tuple[list[Fact], list[Fact]]:
    """What no reduction of cost changes: as the page has it stored, and as the run prints it."""
    stored = [fact for cell in step.cells for fact in case.pins.stated.get(cell, ())]
    documented = (fact for fact in stored if fact.kind in stated.FIXED)
    return _in_order(documented), _in_order(stated.fixed(run.output))


def telling(case: Case, stored: Mapping[int, Sequence[Reading]]) -> int:
    """How many stored outputs have such facts."""
    cells = {c for c in stored if stated.FIXED & {f.kind for f in case.pins.stated.get(c, ())}}
    return sum(any(one.slot in _TELLING for one in stored[cell]) for cell in cells)


def listed(facts: Sequence[Fact]) -> str:
    """The facts for people."""
    return "; ".join(f"{fact.kind.value} {_told(fact)}" for fact in facts) or "nothing of the kind"


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Each fact once, those of a kind in their order: an edition may print them otherwise."""
    return sorted(dict.fromkeys(facts), key=lambda fact: fact.kind.value)


def _told(fact: Fact) -> str:
    return f"{fact.target}: {', '.join(fact.arguments)}" if fact.arguments else fact.target
