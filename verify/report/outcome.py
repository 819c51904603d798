"""What became of one edition of a document, in one of a few words that a maintainer can sort by."""

from collections.abc import Collection, Sequence

from verify.contract.steps import Step
from verify.evidence.evidence import StepRun
from verify.evidence.failure import Need
from verify.finding import Result, Verdict, Worded


class Outcome(Worded):
    """What became of a page, the worst first."""

    OURS = "ours", "we could not judge it", "我们未能判断"
    BREAKS = "breaks", "it breaks", "运行出错"
    CONTRADICTED = "contradicted", "it runs, and says what is not so", "能运行，但所述与实际不符"
    KNOWN = "known", "it breaks, as the ledger knows", "运行出错，勘误表已收录"
    NEEDS = "needs", "it needs what is not there", "缺少所需条件"
    NOT_RUN = "not-run", "it was not run to its end", "未运行到结尾"
    REPAIRED = "repaired", "well once known errata are repaired", "修正已知勘误后正常"
    WELL = "well", "well as it is", "原样正常"


def of(
    steps: Sequence[Verdict],
    checks: Sequence[Result],
    *,
    needs: Collection[Need],
    skipped: int = 0,
    unmended: bool = False,
) -> Outcome:
    """What became of a page.

    Args:
        steps: how each of its steps came out.
        checks: what else was judged.
        needs: what its run lacked.
        skipped: how many of its steps their author wants no machine to run, or are only pieces.
        unmended: whether it breaks by a known defect that no rewriting mends.
    """
    judged = [check.verdict for check in checks]
    if Verdict.FAIL in steps:
        return Outcome.BREAKS
    if Verdict.FAIL in judged:
        return Outcome.CONTRADICTED
    if Verdict.ERROR in steps or Verdict.ERROR in judged:
        return Outcome.NEEDS if needs else Outcome.OURS
    if unmended:
        return Outcome.KNOWN
    undone = steps.count(Verdict.UNCHECKED) - skipped
    if undone > 0 or not steps:
        return Outcome.NEEDS if needs else Outcome.NOT_RUN
    return Outcome.REPAIRED if Verdict.ERRATUM in (*steps, *judged) else Outcome.WELL


def lack_of(step: Step, run: StepRun | None) -> Need | None:
    """What a step lacked: as its run came out, or as was known before it."""
    if step.needs and run is None:
        return next(need for need in Need if need.value == step.needs)
    return run.failure.needs if run and run.failure and not run.follows else None


def divided(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """The steps that are no more than pieces of a program, beside which others run, and these."""
    pieces = [step for step in steps if step.not_run and not step.needs]
    others = [step for step in steps if step not in pieces]
    return (pieces, others) if others else ([], pieces)


def ended_well(run: StepRun) -> bool:
    """Whether a step came to its end, or did not for a reason that is known."""
    if run.failure:  # what is known, and what follows from that, is explained
        return bool(run.failure.erratum or run.follows)
    return not run.skipped
