"""The page brings nothing into the open but what its contract gives a reason for."""

from verify.checks.case import OF_PARTIES, Case, Check, verdict
from verify.contract.contract import Contract
from verify.evidence.evidence import Reveal
from verify.finding import CheckKind, Result, Verdict
from verify.system.words import Text, Words, enumerated, joined

_NOT_ENDED = Words(zh="运行没有结束", en="the run did not come to its end")
_SAYS = Words(zh="在 {steps} 中有揭示", en="it reveals something in {steps}")
_SAYS_NOTHING = Words(zh="没有揭示任何内容", en="nothing is revealed")
_REVEALS = Words(zh="步骤 {step} 揭示了 {bytes:,} 字节", en="step {step} reveals {bytes:,} bytes")
_STEP = Words(zh="步骤 {step}", en="step {step}")
_LIBRARY = Words(zh="库自身（{caller}）", en="the library itself ({caller})")
_TIMES = Words(
    zh="{by} {count} 次，每次至多 {bytes:,} 字节", en="{by} {count} times up to {bytes:,} bytes"
)
_NOTHING = Words(zh="无", en="nothing")
_NOBODY_SAID = Words(
    zh="尚无人写明哪些明文揭示是必要的", en="nobody has written down which revelations are needed"
)


def _subjects(contract: Contract) -> list[str]:
    of_parties = any(training.kind in OF_PARTIES for training in contract.trainings)
    return [""] if of_parties or contract.derived else []


def _last_step(contract: Contract, _: str) -> str:
    return contract.steps[-1].id


def _judge(case: Case, _: str) -> Result:
    known = {reveal.step: reveal.reason for reveal in case.contract.reveals}
    seen = case.evidence.reveals if case.evidence else ()
    needless = [one for one in seen if one.by_page and one.step not in known]
    runs = case.evidence.steps if case.evidence else {}
    to_run = [step for step in case.contract.steps if not step.not_run]
    if not needless and len(runs) < len(to_run):
        last = case.contract.steps[-1].id
        reason = case.left_out(last) or _NOT_ENDED
        return Result(CHECK.id(""), CheckKind.REVEALS, Verdict.UNCHECKED, reason=reason)
    if needless and case.contract.derived:
        return Result(
            CHECK.id(""),
            CheckKind.REVEALS,
            Verdict.UNCHECKED,
            observed=_all(seen),
            reason=_NOBODY_SAID,
        )
    return Result(
        CHECK.id(""),
        CheckKind.REVEALS,
        verdict(not needless),
        says=_SAYS.filled(steps=enumerated(known)) if known else _SAYS_NOTHING,
        observed=_listed(needless) if needless else _all(seen),
        step=needless[0].step if needless else None,
        cells=tuple(case.contract.step(needless[0].step).cells) if needless else (),
    )


def _listed(some: list[Reveal]) -> Text:
    return joined(_REVEALS.filled(step=one.step, bytes=one.bytes) for one in some)


def _all(seen: tuple[Reveal, ...]) -> Text:
    sizes: dict[Words, list[int]] = {}
    for one in seen:
        by = _STEP.filled(step=one.step) if one.by_page else _LIBRARY.filled(caller=one.caller)
        sizes.setdefault(by, []).append(one.bytes)
    return (
        enumerated(
            _TIMES.filled(by=by, count=len(some), bytes=max(some)) for by, some in sizes.items()
        )
        or _NOTHING
    )


CHECK = Check(CheckKind.REVEALS, _subjects, _judge, step_of=_last_step)
