"""What a step puts out is what the page has stored: every output, put beside the run's.

Of the published text all of it is compared. Our edition words its prints as it likes, so it has to
agree only in what is a fact: shapes, types, keys, numbered lists, counts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from verify.checks import stored_facts
from verify.checks.case import Case, Check, Needs, verdict
from verify.checks.explained_outputs import Explanations
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.contract.steps import Step
from verify.errors import UsageError
from verify.evidence.evidence import StepRun
from verify.finding import CheckKind, Result, Verdict, worst
from verify.page.outputs import output_comparison, output_reading
from verify.page.outputs.output_comparison import Comparison, OutputClass
from verify.page.outputs.output_reading import Reading
from verify.system.words import Text, Words, joined

_OWN_WORDS = Words(zh="修正版用自己的措辞输出", en="our edition prints it in its own words")
_NOT_ENDED = Words(
    zh="该步骤在本次运行中没有结束", en="the step did not come to its end in this run"
)
_NOTHING_STORED = Words(zh="页面在这里没有已存输出", en="the page has no output stored here")
_NOT_RUN = Words(zh="该单元格没有运行", en="the cell did not run")
_MORE = Words(zh="另有 {count} 个输出不同", en="and {count} more outputs differ")
_SAYS = Words(
    zh="单元格 {cell} 的已存输出（{slot}）为 {says}",
    en="in the stored output of cell {cell} ({slot}) {says}",
)
_PRINTS = Words(zh="应打印 {facts}", en="that it prints {facts}")
_FIXED = Words(zh="无：任何配置都不会改变它", en="none: no profile changes it")
_COUNTED = Words(zh="{count} 个{kind}", en="{count} {kind}")
_COUNTED_BECAUSE = Words(zh="{count} 个{kind}（{reasons}）", en="{count} {kind} ({reasons})")
_BLAMED = (OutputClass.DIFFERENT, OutputClass.DEPENDS)
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
        stored = set(contract.pins.outputs)
    except UsageError:  # there are none: the page itself tells
        return [step.id for step in contract.steps if step.cells]
    return [step.id for step in contract.steps if stored.intersection(step.cells)]


def _judge(case: Case, subject: str) -> Result:
    step = case.contract.step(subject)
    stored = _stored(case, step)
    run = case.evidence.steps.get(subject) if case.evidence else None
    if run is None or run.failure:
        return _undecided(step, stored, case.left_out(subject) or _NOT_ENDED)
    if case.edition is not Edition.PUBLISHED:
        return _of_facts(case, step, run, stored)
    if not stored:
        return _undecided(step, stored, _NOTHING_STORED)
    found = list(_compared(case, step, run, stored))
    differing = [one for one in found if one[1].kind is OutputClass.DIFFERENT]
    bands = (one.why for _, one in found if one.kind is OutputClass.WITHIN_BAND)
    fields: dict[str, Any] = {
        "verdict": _verdict([one for _, one in found]),
        "tolerance": joined(_once(bands)),
        "outputs": [one.kind for _, one in found],
    }
    if differing:
        cell, first = differing[0]
        more = _MORE.filled(count=len(differing) - 1) if len(differing) > 1 else None
        says = _SAYS.filled(cell=cell, slot=first.stored.slot.words, says=first.says)
        return _result(step, says=says, observed=joined((first.observed, more)), **fields)
    is_open = fields["verdict"] is Verdict.UNCHECKED
    reason = joined(_once(one.why for _, one in found if one.open and is_open))
    return _result(step, observed=_because(found), reason=reason, **fields)


def _verdict(found: Sequence[Comparison]) -> Verdict:
    """What the outputs decide together: what varies for a reason of its own decides nothing."""
    told = [Verdict.PASS for one in found if not one.open]
    told += [_VERDICTS[one.kind] for one in found if one.kind in _VERDICTS]
    return worst(told)


def _stored(case: Case, step: Step) -> dict[int, tuple[Reading, ...]]:
    """The stored outputs of a step's cells: with their text, where the page itself is at hand."""
    known = output_reading.of_page(case.notebook) if case.edition is Edition.PUBLISHED else {}
    known = known or case.page.outputs
    return {cell: known[cell] for cell in step.cells if cell in known}


def _compared(
    case: Case, step: Step, run: StepRun, stored: dict[int, tuple[Reading, ...]]
) -> Iterator[tuple[int, Comparison]]:
    explanations = Explanations(case)
    for cell, readings in stored.items():
        if cell in run.skipped or cell not in run.outputs:
            yield from (
                (cell, Comparison(OutputClass.UNCHECKED, one, why=_NOT_RUN, open=True))
                for one in readings
            )
            continue
        ours = output_reading.of_cell(run.outputs[cell], case.notebook.cells[cell].source)
        for one in output_comparison.compare(readings, ours, explanations.band_of):
            yield cell, explanations.of(one, step, cell)


def _of_facts(
    case: Case, step: Step, run: StepRun, stored: dict[int, tuple[Reading, ...]]
) -> Result:
    """Judge our edition: by the facts of what it prints; of the rest it counts what is the same."""
    documented, printed = stored_facts.of(case, step, run)
    agrees = documented == printed
    found = list(_as_it_is(case, run, stored))
    if not documented:
        told = _verdict(found)
        reason = _OWN_WORDS if told is Verdict.UNCHECKED else ""
        return _result(step, verdict=told, reason=reason, outputs=[one.kind for one in found])
    telling = stored_facts.telling(case, stored)
    decided = OutputClass.EQUAL if agrees else OutputClass.DIFFERENT
    return _result(
        step,
        verdict=verdict(agrees),
        says=_PRINTS.filled(facts=stored_facts.listed(documented)),
        observed=stored_facts.listed(printed),
        tolerance=_FIXED,
        outputs=[decided if one.stored in telling else one.kind for one in found],
    )


def _as_it_is(
    case: Case, run: StepRun, stored: dict[int, tuple[Reading, ...]]
) -> Iterator[Comparison]:
    """What of a step our edition puts out as the page does; for other words it is not blamed."""
    cells = case.notebook.cells
    ours = [
        one
        for i, some in run.outputs.items()
        for one in output_reading.of_cell(some, cells[i].source)
    ]
    readings = [one for some in stored.values() for one in some]
    for one in output_comparison.compare(readings, ours, Explanations(case).band_of):
        blamed = one.kind in _BLAMED
        yield one.explained(OutputClass.UNCHECKED, _OWN_WORDS) if blamed else one


def _undecided(step: Step, stored: dict[int, tuple[Reading, ...]], why: Text) -> Result:
    classes = [OutputClass.UNCHECKED for readings in stored.values() for _ in readings]
    return _result(step, verdict=Verdict.UNCHECKED, reason=why, outputs=classes)


def _once(reasons: Iterable[Text]) -> list[Text]:
    """Each reason once, by its English words."""
    return list({str(reason): reason for reason in reasons}.values())


def _because(found: Sequence[tuple[int, Comparison]]) -> Text:
    """How many outputs came out how, and of those that are not simply equal why."""
    told = []
    for kind, count in Counter(one.kind for _, one in found).items():
        reasons = joined(_once(one.why for _, one in found if one.kind is kind))
        counted = _COUNTED_BECAUSE if reasons else _COUNTED
        told.append(counted.filled(count=count, kind=kind.brief, reasons=reasons))
    return joined(told, zh="，", en=", ")


def _result(step: Step, *, outputs: Iterable[OutputClass], **more: Any) -> Result:  # noqa: ANN401
    return Result(
        CHECK.id(step.id),
        CheckKind.OUTPUTS,
        step=step.id,
        cells=tuple(step.cells),
        outputs=tuple(kind.value for kind in outputs),
        **more,
    )


CHECK = Check(CheckKind.OUTPUTS, _subjects, _judge, Needs.RUNS, step_of=lambda _, step: step)
