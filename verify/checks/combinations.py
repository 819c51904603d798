"""Each pair of a strategy and an aggregator works, is refused, or breaks, as the contract says.

Of those that work: every aggregate is the mean of what the parties handed over, within the bound
of its aggregator, so that it is judged for gradients and updates, too; who saw a party's own
numbers; whether all parties end with the same network. What the strategy makes of the aggregate
beyond that is not judged.
"""

import re
from collections.abc import Iterator

from verify.checks.case import Case, Check, listed, verdict, who
from verify.contract.contract import Contract
from verify.contract.training_terms import Combination, CombinationOutcome
from verify.evidence import combination_outcomes
from verify.evidence.combination_outcomes import Attempt
from verify.finding import CheckKind, Result, Verdict
from verify.ledger import ledger as ledgers
from verify.system.words import Text, Words, joined

_NO_DEFECT = Words(zh="勘误表中没有缺陷 {defect}", en="the ledger has no defect {defect}")
_DEFECT = Words(zh="缺陷 {defect}", en="defect {defect}")
_NOT_TRAINED = Words(zh="步骤 {step} 没有训练它们", en="step {step} did not train them")
_TOLERANCE = Words(
    zh="由聚合器的计算方式得出的上界",
    en="the bound that follows from how the aggregator computes",
)
_TRIED = Words(zh="试了 {count} 个组合", en="{count} pairs are tried")
_ALSO = Words(zh="还有 {pairs}", en="also {pairs}")
_PAIRS = Words(zh="{count} 个组合", en="{count} pairs")
_IN_STEP = Words(zh="步骤 {step} 中，{what}", en="in step {step} {what}")
_ENDS_WITH = Words(zh="以 {symptom} 结束", en="it ends with {symptom}")
_NOTHING_ELSE = Words(zh="没有其他问题", en="nothing else is wrong")
_BOUNDS = {
    True: Words(zh="聚合结果在上界之内", en="aggregates within the bound"),
    False: Words(zh="聚合结果超出上界", en="aggregates outside the bound"),
    None: Words(zh="聚合结果没有上界", en="aggregates of no bound"),
}
_IN_THE_CLEAR = Words(zh="能看到参与方自己的明文", en="a party's own numbers seen in the clear")
_HIDDEN = Words(zh="看不到参与方自己的明文", en="a party's own numbers not seen in the clear")
_UNKNOWN = Words(
    zh="无法判断聚合结果是否正确（{why}）",
    en="nobody can tell whether the aggregates are right ({why})",
)
_OFF = Words(
    zh="聚合结果的偏差至多为上界的 {ratio:.2g}",
    en="the aggregates are off by at most {ratio:.2g} of the bound",
)
_SAW = Words(zh="{parties}看到了参与方自己的数", en="{parties} saw a party's own numbers")


def _subjects(contract: Contract) -> list[str]:
    pairs = [pair.id for one in contract.combinations for pair in one.pairs]
    return ["", *pairs] if pairs else []


def _judge(case: Case, subject: str) -> Result:
    if not subject:
        return _none_more(case)
    said, pair = case.contract.combination(subject)
    tried = combination_outcomes.of(case.evidence, pair) if case.evidence else []
    missing = [step for step in said.step if step not in {one.step for one in tried}]
    problems = [problem for one in tried for problem in _problems(said, one)]
    if said.defect and not _is_known(case, said.defect):
        problems.append(_NO_DEFECT.filled(defect=said.defect))
    how = Verdict.ERRATUM if said.defect else Verdict.PASS
    known = _DEFECT.filled(defect=said.defect) if said.defect else None
    reason = joined((known, said.undecidable))
    if problems:
        how = Verdict.FAIL
    elif missing:
        how = Verdict.UNCHECKED
        reason = case.left_out(missing[0]) or _NOT_TRAINED.filled(step=missing[0])
    return Result(
        CheckKind.COMBINATION.id_of(subject),
        CheckKind.COMBINATION,
        how,
        says=_said(said),
        observed=listed(problems) or joined(dict.fromkeys(map(_seen, tried))),
        tolerance=_TOLERANCE if said.within else "",
        reason=reason,
        step=said.step[-1],
    )


def _none_more(case: Case) -> Result:
    known = {pair for one in case.contract.combinations for pair in one.pairs}
    tried = combination_outcomes.tried(case.evidence) if case.evidence else {}
    more = sorted(pair.id for pair in tried.keys() - known)
    observed = _ALSO.filled(pairs=listed(more)) if more else _PAIRS.filled(count=len(tried))
    return Result(
        CheckKind.COMBINATION.value,
        CheckKind.COMBINATION,
        verdict(not more),
        says=_TRIED.filled(count=len(known)),
        observed=observed,
        step=_last_step(case.contract, ""),
    )


def _problems(said: Combination, seen: Attempt) -> Iterator[Words]:
    """What came out otherwise than is said, each with the step."""
    for what in _otherwise(said, seen):
        yield _IN_STEP.filled(step=seen.step, what=what)


def _otherwise(said: Combination, seen: Attempt) -> Iterator[Text]:
    if seen.outcome is not said.outcome:
        yield _seen(seen)
        return
    if said.symptom:
        wanted = ".*".join(map(re.escape, said.symptom.split("*")))
        if not re.fullmatch(wanted, seen.symptom, re.DOTALL):
            yield _ENDS_WITH.filled(symptom=seen.symptom)
        return
    if seen.is_within is not said.within:
        yield _bound(seen)
    if bool(seen.seen_by) != said.plaintext:
        yield _plaintext(seen)
    if set(seen.flaws) != set(said.flaws):
        yield joined(flaw.words for flaw in seen.flaws) or _NOTHING_ELSE


def _said(said: Combination) -> Text:
    if said.outcome is not CombinationOutcome.WORKS:
        return joined((said.outcome.words, said.symptom), zh="：", en=": ")
    parts = [said.outcome.words, _BOUNDS[said.within], _IN_THE_CLEAR if said.plaintext else _HIDDEN]
    return joined([*parts, *(flaw.words for flaw in said.flaws)])


def _seen(seen: Attempt) -> Text:
    if seen.outcome is not CombinationOutcome.WORKS:
        return joined((seen.outcome.words, seen.symptom), zh="：", en=": ")
    parts = [seen.outcome.words, _bound(seen), _plaintext(seen)]
    return joined([*parts, *(flaw.words for flaw in seen.flaws)])


def _bound(seen: Attempt) -> Words:
    if seen.ratio is None:
        return _UNKNOWN.filled(why=seen.why)
    return _OFF.filled(ratio=seen.ratio)


def _plaintext(seen: Attempt) -> Words:
    return _SAW.filled(parties=who(seen.seen_by))


def _is_known(case: Case, defect: str) -> bool:
    ledger = ledgers.read(case.contract.environment.name)
    return any(known.id == defect for known in ledger.defects)


def _last_step(contract: Contract, subject: str) -> str:
    if subject:
        said, _ = contract.combination(subject)
        chosen = said.step
    else:
        chosen = [step for one in contract.combinations for step in one.step]
    return max(chosen, key=[step.id for step in contract.steps].index)


CHECK = Check(CheckKind.COMBINATION, _subjects, _judge, step_of=_last_step)
