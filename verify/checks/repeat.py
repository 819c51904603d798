"""Runs with the same seeds agree: exactly where nothing trains, within bands where something does.

Who is to blame decides the verdict. A difference that no training explains is the page's own, such
as an unseeded draw: the reader sees other results than the page shows. Of a training that does not
repeat itself bit for bit, threads and the order of sums are mostly the cause, and no page promises
otherwise unless its contract says so: that is worth a warning, not a contradiction.
"""

from verify.checks.case import Case, Check, Needs
from verify.contract.contract import Contract
from verify.evidence.repetition.likeness import Likeness
from verify.evidence.repetition.step_comparison import StepComparison
from verify.finding import CheckKind, Result, Verdict
from verify.system.words import Text, Words, enumerated, joined

_NO_PROMISE = Words(
    zh="页面没有承诺这个训练能逐位重复",
    en="the page does not promise that this training repeats itself bit for bit",
)
_NOT_RUN = Words(zh="第 {runs} 次运行没有执行该步骤", en="the step did not run in run {runs}")
_FOLLOWS = Words(
    zh="它依赖步骤 {step}，而该步骤自身就有差异",
    en="it follows step {step}, which differs itself",
)
_NOT_TRAINED = Words(
    zh="此时还没有训练，因此不能用训练来解释；请为每次随机抽取设种子",
    en="nothing has been trained by then, so no training explains it; seed every draw",
)
_PROMISED = Words(
    zh="页面承诺这个训练可以重复", en="the page promises that this training repeats itself"
)
_TRAINED_ALIKE = Words(
    zh="此前的每个训练在各次运行中都得到相同的权重，因此都不能解释它",
    en="each training by then came to the same weights in each run, so none explains it",
)


def _judge(case: Case, subject: str) -> Result:
    comparison = case.repeated[subject]
    verdict, reason, warns = (
        (Verdict.UNCHECKED, _NOT_RUN.filled(runs=enumerated(comparison.missing)), False)
        if comparison.likeness is None
        else _verdict(case, comparison)
    )
    differs = comparison.likeness if comparison.differences else None
    bands = dict.fromkeys(d.band for d in comparison.gravest if d.band)
    return Result(
        CHECK.id(subject),
        CheckKind.REPEAT,
        verdict,
        observed=joined((differs.brief, comparison.sentence), zh="：", en=": ") if differs else "",
        tolerance=joined(bands),
        reason=reason,
        step=subject,
        cells=tuple(case.contract.step(subject).cells),
        warns=warns,
    )


def _verdict(case: Case, comparison: StepComparison) -> tuple[Verdict, Text, bool]:
    """The verdict, its reason, and whether a maintainer should look at it nevertheless."""
    trainings = [t for t in case.contract.trainings if t.step == comparison.step]
    if comparison.likeness is Likeness.BIT_EQUAL:
        return Verdict.PASS, "", False
    if varies := case.contract.step(comparison.step).varies:
        return Verdict.UNCHECKED, varies, False
    promised = any(training.reproducible for training in trainings)
    if reason := _fault(comparison, promised=promised):
        return Verdict.FAIL, reason, False
    if comparison.likeness is Likeness.WITHIN_BAND:
        return Verdict.PASS, "", False
    if trainings or comparison.origin == comparison.step:
        return Verdict.UNCHECKED, _NO_PROMISE, True
    return Verdict.UNCHECKED, _FOLLOWS.filled(step=comparison.origin), False


def _fault(comparison: StepComparison, *, promised: bool) -> Text:
    """Why a step that differs contradicts the page; nothing if a training may explain it."""
    if not comparison.trained:
        return _NOT_TRAINED
    if promised:
        return _PROMISED
    if comparison.origin is None and comparison.likeness is Likeness.DIVERGENT:
        return _TRAINED_ALIKE
    return ""


def _subjects(contract: Contract) -> list[str]:
    return [step.id for step in contract.steps]


CHECK = Check(CheckKind.REPEAT, _subjects, _judge, Needs.REPETITIONS)
