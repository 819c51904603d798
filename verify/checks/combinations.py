"""Each pair of a strategy and an aggregator works, is refused, or breaks, as the contract says.

Of those that work: every aggregate is the mean of what the parties handed over, within the bound
of its aggregator, so that it is judged for gradients and updates, too; who saw a party's own
numbers; whether all parties end with the same network. What the strategy makes of the aggregate
beyond that is not judged.
"""

import re
from collections.abc import Iterator

from verify.checks.case import Case, Check, listed, verdict
from verify.contract.contract import Contract
from verify.contract.training_terms import Combination, CombinationOutcome
from verify.evidence import combination_outcomes
from verify.evidence.combination_outcomes import Attempt
from verify.finding import CheckKind, Result, Verdict
from verify.ledger import ledger as ledgers
from verify.system.words import joined


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
        problems.append(f"the ledger has no defect {said.defect}")
    how = Verdict.ERRATUM if said.defect else Verdict.PASS
    reason = joined((said.defect and f"defect {said.defect}", said.undecidable))
    if problems:
        how = Verdict.FAIL
    elif missing:
        how = Verdict.UNCHECKED
        reason = case.left_out(missing[0]) or f"step {missing[0]} did not train them"
    return Result(
        CheckKind.COMBINATION.id_of(subject),
        CheckKind.COMBINATION,
        how,
        says=_said(said),
        observed=listed(problems) or "; ".join(dict.fromkeys(map(_seen, tried))),
        tolerance="the bound that follows from how the aggregator computes" if said.within else "",
        reason=reason,
        step=said.step[-1],
    )


def _none_more(case: Case) -> Result:
    known = {pair for one in case.contract.combinations for pair in one.pairs}
    tried = combination_outcomes.tried(case.evidence) if case.evidence else {}
    more = sorted(pair.id for pair in tried.keys() - known)
    return Result(
        CheckKind.COMBINATION.value,
        CheckKind.COMBINATION,
        verdict(not more),
        says=f"{len(known)} pairs are tried",
        observed=f"also {listed(more)}" if more else f"{len(tried)} pairs",
        step=_last_step(case.contract, ""),
    )


def _problems(said: Combination, seen: Attempt) -> Iterator[str]:
    if seen.outcome is not said.outcome:
        yield f"in step {seen.step} {_seen(seen)}"
        return
    if said.symptom:
        wanted = ".*".join(map(re.escape, said.symptom.split("*")))
        if not re.fullmatch(wanted, seen.symptom, re.DOTALL):
            yield f"in step {seen.step} it ends with {seen.symptom}"
        return
    if seen.is_within is not said.within:
        yield f"in step {seen.step} {_bound(seen)}"
    if bool(seen.seen_by) != said.plaintext:
        yield f"in step {seen.step} {_plaintext(seen)}"
    if set(seen.flaws) != set(said.flaws):
        flaws = "; ".join(flaw.sentence for flaw in seen.flaws)
        yield f"in step {seen.step} {flaws or 'nothing else is wrong'}"


def _said(said: Combination) -> str:
    if said.outcome is not CombinationOutcome.WORKS:
        return f"{said.outcome.sentence}: {said.symptom}"
    bound = {True: "within the bound", False: "outside the bound", None: "of no bound"}[said.within]
    plain = "seen in the clear" if said.plaintext else "not seen in the clear"
    parts = [said.outcome.sentence, f"aggregates {bound}", f"a party's own numbers {plain}"]
    return "; ".join([*parts, *(flaw.sentence for flaw in said.flaws)])


def _seen(seen: Attempt) -> str:
    if seen.outcome is not CombinationOutcome.WORKS:
        return f"{seen.outcome.sentence}: {seen.symptom}"
    parts = [seen.outcome.sentence, _bound(seen), _plaintext(seen)]
    return "; ".join([*parts, *(flaw.sentence for flaw in seen.flaws)])


def _bound(seen: Attempt) -> str:
    if seen.ratio is None:
        return f"nobody can tell whether the aggregates are right ({seen.why})"
    return f"the aggregates are off by at most {seen.ratio:.2g} of the bound"


def _plaintext(seen: Attempt) -> str:
    return f"{', '.join(seen.seen_by) or 'nobody'} saw a party's own numbers"


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
