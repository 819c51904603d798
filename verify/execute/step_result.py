"""What a step came to, as a result."""

from verify.contract.steps import Step
from verify.evidence.evidence import StepRun
from verify.finding import CheckKind, Result, Verdict
from verify.system.words import Text, Words, enumerated, joined

_SAYS = Words(zh="这一步{says}", en="it {says}")
_FOLLOWS = Words(zh="由单元格 {cells} 的失败引起", en="follows from the failure of cell {cells}")
_NOT_MENDED = Words(
    zh="与勘误 {erratum} 所述一致；改写页面无法修正，运行继续",
    en="as erratum {erratum} says; no rewriting mends it, and the run went on",
)
NOT_STARTED = Words(zh="运行无法开始", en="the run could not start")
NOTHING_MORE = Words(
    zh="步骤 {step} 之后，一切都无法运行", en="after step {step} nothing could run any more"
)
_NO_CELL = Words(zh="没有执行这一步的单元格", en="no cell carries out this step")
_AFTER = Words(zh="在修正 {errata} 之后", en="after the repair of {errata}")
_SKIPPED = Words(
    zh="单元格 {cells} 带有 skip-execution 标签，因此没有运行",
    en="cell {cells}: tagged skip-execution, so it did not run",
)
_REPAIRED = Words(
    zh="与勘误 {errata} 所述一致；修正后运行继续",
    en="as erratum {errata} says; repaired, and the run went on",
)
_PROPOSED = Words(
    zh="新缺陷；按建议的勘误 {erratum} 修正后运行继续",
    en="a new defect; with the proposed repair, {erratum}, the run went on",
)


def said(step: Step) -> Words:
    """What the page says of a step."""
    return _SAYS.filled(says=step.says)


def of(step: Step, run: StepRun | None, *, carried_out: bool, why_not: Text) -> Result:
    """The result of a step.

    Args:
        step: the step.
        run: how it ran, None if it did not.
        carried_out: whether any cell stands for it.
        why_not: what hindered it, if anything did.
    """
    errata = tuple(shown for shown in run.errata if not shown.proposed) if run else ()
    proposed = [shown for shown in run.errata if shown.proposed] if run else []
    known = enumerated(shown.erratum for shown in errata)
    verdict = Verdict.PASS
    observed: Text = ""
    reason: Text = ""
    at: tuple[int, int] | None = None
    if run is None and not (carried_out or why_not):
        verdict, observed = Verdict.FAIL, _NO_CELL
    elif run is None:
        verdict, reason = Verdict.UNCHECKED, why_not
    elif run.failure and run.failure.erratum:
        verdict, observed, at = Verdict.ERRATUM, run.failure.sentence, run.failure.at
        reason = _NOT_MENDED.filled(erratum=run.failure.erratum)
    elif run.failure and run.follows:
        verdict, observed, at = Verdict.UNCHECKED, run.failure.sentence, run.failure.at
        reason = _FOLLOWS.filled(cells=enumerated(run.follows))
    elif run.failure:
        verdict, observed, at = run.failure.verdict, run.failure.sentence, run.failure.at
        reason = _AFTER.filled(errata=known) if errata else ""
    elif proposed:
        verdict, observed = Verdict.FAIL, joined(shown.sentence for shown in proposed)
        reason = _PROPOSED.filled(erratum=enumerated(shown.erratum for shown in proposed))
        at = (proposed[0].cell, proposed[0].line)
    elif run.skipped:
        verdict, reason = Verdict.UNCHECKED, _SKIPPED.filled(cells=enumerated(run.skipped))
    elif errata:
        verdict, observed = Verdict.ERRATUM, joined(shown.sentence for shown in errata)
        reason = _REPAIRED.filled(errata=known)
        at = (errata[0].cell, errata[0].line)
    return Result(
        f"run:{step.id}",
        CheckKind.RUN,
        verdict,
        says=said(step),
        observed=observed,
        reason=reason,
        step=step.id,
        cells=tuple(step.cells),
        at=at,
        errata=tuple(shown.erratum for shown in errata),
    )
