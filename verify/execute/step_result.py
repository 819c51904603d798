"""What a step came to, as a result."""

from verify.contract.steps import Step
from verify.evidence.evidence import StepRun
from verify.finding import CheckKind, Result, Verdict
from verify.system.words import Words

_SAYS = Words(zh="这一步{says}", en="it {says}")


def of(step: Step, run: StepRun | None, *, carried_out: bool, why_not: str) -> Result:
    """The result of a step.

    Args:
        step: the step.
        run: how it ran, None if it did not.
        carried_out: whether any cell stands for it.
        why_not: what hindered it, if anything did.
    """
    errata = run.errata if run else ()
    known = ", ".join(shown.erratum for shown in errata)
    verdict, observed, reason = Verdict.PASS, "", ""
    at: tuple[int, int] | None = None
    if run is None and not (carried_out or why_not):
        verdict, observed = Verdict.FAIL, "no cell carries out this step"
    elif run is None:
        verdict, reason = Verdict.UNCHECKED, why_not
    elif run.failure:
        verdict, observed, at = run.failure.verdict, run.failure.sentence, run.failure.at
        reason = f"after the repair of {known}" if errata else ""
    elif run.skipped:
        cells = ", ".join(map(str, run.skipped))
        verdict, reason = (
            Verdict.UNCHECKED,
            f"cell {cells}: tagged skip-execution, so it did not run",
        )
    elif errata:
        verdict, observed = Verdict.ERRATUM, "; ".join(shown.sentence for shown in errata)
        reason = f"as erratum {known} says; repaired, and the run went on"
        at = (errata[0].cell, errata[0].line)
    return Result(
        f"run:{step.id}",
        CheckKind.RUN,
        verdict,
        says=_SAYS.filled(says=step.says),
        observed=observed,
        reason=reason,
        step=step.id,
        cells=tuple(step.cells),
        at=at,
        errata=tuple(shown.erratum for shown in errata),
    )
