"""The page brings nothing into the open but what its contract gives a reason for."""

from verify.checks.case import OF_PARTIES, Case, Check, verdict
from verify.contract.contract import Contract
from verify.evidence.evidence import Reveal
from verify.finding import CheckKind, Result, Verdict
from verify.system.words import Words

_NOBODY_SAID = Words(
    zh="推导出的契约没有说明哪些揭示是必要的：{seen}",
    en="a derived contract does not say which of them are needed: {seen}",
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
        reason = case.left_out(last) or "the run did not come to its end"
        return Result(CHECK.id(""), CheckKind.REVEALS, Verdict.UNCHECKED, reason=reason)
    if needless and case.contract.derived:
        said = _NOBODY_SAID.filled(seen=_all(seen))
        return Result(CHECK.id(""), CheckKind.REVEALS, Verdict.UNCHECKED, reason=said)
    return Result(
        CHECK.id(""),
        CheckKind.REVEALS,
        verdict(not needless),
        says=f"it reveals something in {', '.join(known)}" if known else "nothing is revealed",
        observed=_listed(needless) if needless else _all(seen),
        step=needless[0].step if needless else None,
        cells=tuple(case.contract.step(needless[0].step).cells) if needless else (),
    )


def _listed(some: list[Reveal]) -> str:
    return "; ".join(f"step {one.step} reveals {one.bytes:,} bytes" for one in some)


def _all(seen: tuple[Reveal, ...]) -> str:
    sizes: dict[str, list[int]] = {}
    for one in seen:
        name = f"step {one.step}" if one.by_page else f"the library itself ({one.caller})"
        sizes.setdefault(name, []).append(one.bytes)
    told = [f"{name} {len(some)} times up to {max(some):,} bytes" for name, some in sizes.items()]
    return ", ".join(told) or "nothing"


CHECK = Check(CheckKind.REVEALS, _subjects, _judge, step_of=_last_step)
