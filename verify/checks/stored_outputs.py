"""What a step puts out is what the page has stored: every output, put beside the run's.

Of the published text all of it is compared. Our edition words its prints as it likes, so of that
only what is a fact is: shapes, types, keys, numbered lists, counts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from verify.checks import stored_facts
from verify.checks.case import Case, Check, verdict
from verify.checks.explained_outputs import Explanations
from verify.contract import pins
from verify.contract.contract import Contract, Step
from verify.contract.edition import Edition
from verify.errors import UsageError
from verify.evidence.evidence import StepRun
from verify.finding import CheckKind, Result, Verdict, worst
from verify.page.outputs import comparing, reading
from verify.page.outputs.comparing import Comparison, OutputClass
from verify.page.outputs.reading import Reading

_OWN_WORDS = "our edition prints it in its own words"
_NOT_ENDED = "the step did not come to its end in this run"
_VERDICTS = {
    OutputClass.DIFFERENT: Verdict.FAIL,
    OutputClass.DEPENDS: Verdict.UNCHECKED,
    OutputClass.UNCHECKED: Verdict.UNCHECKED,
}


def _subjects(contract: Contract) -> list[str]:
    """The steps of whose cells the page has any output stored."""
    if contract.page is None:
        return []
    try:
        stored = set(pins.read(contract.pins_path).outputs)
    except UsageError:  # there are none: the page itself tells
        return [step.id for step in contract.steps if step.cells]
    return [step.id for step in contract.steps if stored.intersection(step.cells)]


def _judge(case: Case, subject: str) -> Result:
    step = case.contract.step(subject)
    stored = _stored(case, step)
    if why := case.profile.undecided.get(CHECK.id(subject)):
        return _undecided(step, stored, why)
    run = case.evidence.steps.get(subject) if case.evidence else None
    if run is None or run.failure:
        return _undecided(step, stored, case.left_out(subject) or _NOT_ENDED)
    if case.edition is not Edition.PUBLISHED:
        return _of_facts(case, step, run, stored)
    found = list(_compared(case, step, run, stored))
    differing = [one for one in found if one[1].kind is OutputClass.DIFFERENT]
    classes = [one.kind for _, one in found]
    bands = dict.fromkeys(one.why for _, one in found if one.kind is OutputClass.WITHIN_BAND)
    fields: dict[str, Any] = {
        "verdict": worst([_VERDICTS.get(kind, Verdict.PASS) for kind in classes]),
        "tolerance": "; ".join(bands),
        "outputs": classes,
    }
    if differing:
        cell, first = differing[0]
        more = f"; and {len(differing) - 1} more outputs differ" if len(differing) > 1 else ""
        says = f"in the stored output of cell {cell} ({first.stored.slot.value}) {first.says}"
        return _result(step, says=says, observed=f"{first.observed}{more}", **fields)
    open_ = dict.fromkeys(one.why for _, one in found if one.kind in _VERDICTS)
    return _result(
        step, says=_told(classes), observed=_because(found), reason="; ".join(open_), **fields
    )


def _stored(case: Case, step: Step) -> dict[int, tuple[Reading, ...]]:
    """The stored outputs of a step's cells: with their text, where the page itself is at hand."""
    known = reading.of_page(case.notebook) if case.edition is Edition.PUBLISHED else {}
    known = known or case.page.outputs
    return {cell: known[cell] for cell in step.cells if cell in known}


def _compared(
    case: Case, step: Step, run: StepRun, stored: dict[int, tuple[Reading, ...]]
) -> Iterator[tuple[int, Comparison]]:
    explanations = Explanations(case)
    for cell, readings in stored.items():
        if cell in run.skipped or cell not in run.outputs:
            why = "the cell did not run"
            yield from ((cell, Comparison(OutputClass.UNCHECKED, one, why=why)) for one in readings)
            continue
        ours = reading.of_cell(run.outputs[cell], case.notebook.cells[cell].source)
        for one in comparing.compare(readings, ours, explanations.band_of):
            yield cell, explanations.of(one, step, cell)


def _of_facts(
    case: Case, step: Step, run: StepRun, stored: dict[int, tuple[Reading, ...]]
) -> Result:
    """Judge our edition: by the facts of what it prints."""
    documented, printed = stored_facts.of(case, step, run)
    count = sum(map(len, stored.values()))
    if not documented:
        return _undecided(step, stored, _OWN_WORDS)
    agrees = documented == printed
    decided = OutputClass.EQUAL if agrees else OutputClass.DIFFERENT
    telling = stored_facts.telling(case, stored)
    return _result(
        step,
        verdict=verdict(agrees),
        says=f"that it prints {stored_facts.listed(documented)}",
        observed=stored_facts.listed(printed),
        tolerance="none: no profile changes it",
        outputs=[decided] * telling + [OutputClass.UNCHECKED] * (count - telling),
    )


def _undecided(step: Step, stored: dict[int, tuple[Reading, ...]], why: str) -> Result:
    classes = [OutputClass.UNCHECKED for readings in stored.values() for _ in readings]
    return _result(step, verdict=Verdict.UNCHECKED, reason=why, outputs=classes)


def _told(classes: Sequence[OutputClass]) -> str:
    return f"in {len(classes)} stored output{'s' if len(classes) != 1 else ''} what a run shows"


def _because(found: Iterable[tuple[int, Comparison]]) -> str:
    """How many outputs came out how, and of those that are not simply equal why."""
    reasons: dict[OutputClass, dict[str, None]] = {}
    counts = Counter(one.kind for _, one in found)
    for _, one in found:
        reasons.setdefault(one.kind, {}).update({one.why: None} if one.why else {})
    return ", ".join(
        f"{count} {kind.value}" + (f" ({'; '.join(reasons[kind])})" if reasons[kind] else "")
        for kind, count in counts.items()
    )


def _result(step: Step, *, outputs: Iterable[OutputClass], **more: Any) -> Result:  # noqa: ANN401
    return Result(
        CHECK.id(step.id),
        CheckKind.OUTPUTS,
        step=step.id,
        cells=tuple(step.cells),
        outputs=tuple(kind.value for kind in outputs),
        **more,
    )


CHECK = Check(CheckKind.OUTPUTS, _subjects, _judge, step_of=lambda _, step: step)
