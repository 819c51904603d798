"""The facts among what a page has stored, and among what our edition of it prints."""

from collections.abc import Iterable, Mapping, Sequence

from verify.checks.case import NONE_SUCH, Case
from verify.checks.explained_outputs import Explanations
from verify.contract.steps import Step
from verify.evidence.evidence import StepRun
from verify.page import stated
from verify.page.code.facts import Fact, FactKind
from verify.page.outputs.output_reading import Reading, Slot
from verify.system.words import Text, joined

_TELLING = (Slot.PRINTED, Slot.RESULT)


def of(case: Case, step: Step, run: StepRun) -> tuple[list[Fact], list[Fact]]:
    """What the page has stored, and what the run prints of the kind.

    Besides what no reduction of cost changes, counts of known things, if no change reaches them: of
    each such thing that our edition counts at all, the page's number must be among its numbers.
    """
    stored = [fact for cell in step.cells for fact in case.pins.stated.get(cell, ())]
    documented = [fact for fact in stored if fact.kind in stated.FIXED]
    printed = list(stated.fixed(run.output))
    changed = Explanations(case).changes
    if not any(cell.index in changed for cell in case.notebook.cells_of_step(step.id)):
        counts = list(stated.counted(run.output))
        for fact in (fact for fact in stored if fact.kind is FactKind.QUANTITY):
            if alike := [count for count in counts if count.target == fact.target]:
                documented.append(fact)
                printed += [fact] if fact in alike else alike
    return _in_order(documented), _in_order(printed)


def telling(case: Case, stored: Mapping[int, Sequence[Reading]]) -> list[Reading]:
    """The stored outputs that have such facts."""
    cells = {c for c in stored if stated.FIXED & {f.kind for f in case.pins.stated.get(c, ())}}
    return [one for cell in cells for one in stored[cell] if one.slot in _TELLING]


def listed(facts: Sequence[Fact]) -> Text:
    """The facts for people."""
    return joined(f"{fact.kind.value} {_told(fact)}" for fact in facts) or NONE_SUCH


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Each fact once, those of a kind in their order: an edition may print them otherwise."""
    return sorted(dict.fromkeys(facts), key=lambda fact: fact.kind.value)


def _told(fact: Fact) -> str:
    return f"{fact.target}: {', '.join(fact.arguments)}" if fact.arguments else fact.target
