"""What the page says is so: each claim of the ledger against the observation that decides it."""

from typing import Any

from verify.checks import measured, observed, profile_changes
from verify.checks.case import NONE_SUCH, Case, Check, Needs, verdict
from verify.checks.measured import SaidReach
from verify.checks.observed import UnknownError
from verify.contract.claim import Claim, Measured, Scalar
from verify.contract.contract import Contract
from verify.finding import Basis, CheckKind, Result, Verdict
from verify.page.code.texts import UNKNOWN
from verify.page.outputs.metrics import is_loss
from verify.page.prose.numerals import plain
from verify.system.words import Text, Words, enumerated, joined


def _of_text(contract: Contract) -> list[str]:
    return [claim.id for claim in contract.claims if claim.of_text]


def _of_run(contract: Contract) -> list[str]:
    return [claim.id for claim in contract.claims if not claim.of_text]


def _step_of(contract: Contract, subject: str) -> str:
    """The last step that the claim rests on; a version shows as soon as anything has run."""
    needed = set(_steps(contract, contract.claim(subject)))
    steps = [step.id for step in contract.steps]
    return next((step for step in reversed(steps) if step in needed), steps[0])


def _steps(contract: Contract, claim: Claim) -> list[str]:
    seen = claim.evidence
    return [*seen.steps, *(contract.training(one).step for one in seen.trainings)] if seen else []


def _judge(case: Case, subject: str) -> Result:
    claim = case.contract.claim(subject)
    try:
        fields = _judged(case, claim)
    except UnknownError as error:
        fields = {"verdict": Verdict.UNCHECKED, "reason": error.why}
    if why := _not_the_pages(case, claim):
        fields |= {"verdict": Verdict.UNCHECKED, "reason": why}
    if claim.erratum:
        there = all(claim.erratum in case.repaired.get(cell, ()) for cell in claim.cells)
        fields |= _as_erratum(claim.erratum, fields["verdict"], repaired=there)
    if fields["verdict"] is Verdict.UNCHECKED:
        fields["basis"] = None
    steps = _steps(case.contract, claim)
    return Result(
        OF_RUN.id(subject),
        CheckKind.CLAIM,
        says=claim.says,
        step=steps[-1] if steps else None,
        cells=claim.cells,
        errata=(claim.erratum,) if claim.erratum else (),
        **fields,
    )


def _not_the_pages(case: Case, claim: Claim) -> Text:
    """What the profile changed of that which a claim rests on: then no number is the page's."""
    seen = claim.evidence
    changed: Text = ""
    if seen and seen.measured:
        changed = profile_changes.of_trainings(case, seen.trainings)
    elif seen and seen.printed and not seen.printed.fixed:
        changed = profile_changes.of_printing(case, seen.printed.step)
    return changed


def _as_erratum(erratum: str, found: Verdict, *, repaired: bool) -> dict[str, Any]:
    """What is known to be wrong must be wrong, unless the page has it repaired."""
    if found is Verdict.FAIL and repaired:
        return {"verdict": Verdict.PASS, "reason": _REPAIRED.filled(erratum=erratum)}
    if found is Verdict.FAIL:
        return {"verdict": Verdict.ERRATUM, "reason": _AS_ERRATUM.filled(erratum=erratum)}
    if found is Verdict.PASS:
        return {"verdict": Verdict.FAIL, "reason": _STALE.filled(erratum=erratum)}
    return {}


def _judged(case: Case, claim: Claim) -> dict[str, Any]:
    said = claim.evidence
    if said is None:
        raise UnknownError(_NO_EVIDENCE)
    if said.measured:
        return measured.judge(case, _question(claim, said.measured))
    seen = observed.values(case, said)
    documented = claim.values
    if not documented:
        raise UnknownError(_NOT_STATED)
    margin = claim.tolerance.margin or 0.0
    known = [value for value in seen if value != UNKNOWN]
    if len(known) < len(seen) and all(
        any(_agree(one, other, claim.relation, margin) for other in documented) for one in known
    ):
        raise UnknownError(_UNREAD)
    limit = claim.relation != "=" and len(documented) == 1  # for everything that was observed
    wanted = documented * len(seen) if limit else documented
    agrees = len(seen) == len(wanted) > 0 and all(
        _agree(a, b, claim.relation, margin) for a, b in zip(seen, wanted, strict=True)
    )
    source = claim.tolerance.source
    values = enumerated(map(_shown, documented))
    within = _WITHIN.filled(relation=claim.relation, values=values)
    if margin or source:
        within = _MARGIN.filled(within=within, margin=margin)
    elif claim.relation == "=":
        within = _EXACTLY.filled(within=within)
    return {
        "verdict": verdict(agrees),
        "observed": enumerated(map(_shown, seen)) or NONE_SUCH,
        "tolerance": joined((within, source), zh="：", en=": "),
        "basis": _BASES.get(said.kind, Basis.SHOWN),
    }


_REPAIRED = Words(zh="本页面已修正勘误 {erratum}", en="this page has erratum {erratum} repaired")
_AS_ERRATUM = Words(zh="与勘误 {erratum} 所述一致", en="as erratum {erratum} says")
_STALE = Words(zh="勘误 {erratum} 已过时", en="the erratum {erratum} is stale")
_NO_EVIDENCE = Words(zh="运行显示的内容都无法判定它", en="nothing that a run shows could decide it")
_NOT_STATED = Words(
    zh="所记录的页面没有这样的内容", en="the pinned page states nothing of the kind"
)
_UNREAD = Words(
    zh="只读代码，无法得知它写明的全部内容",
    en="reading the code does not tell all that it states",
)
_WITHIN = Words(zh="应 {relation} {values}", en="{relation} {values}")
_MARGIN = Words(zh="{within}（允许 ± {margin:g}）", en="{within} ± {margin:g}")
_EXACTLY = Words(zh="{within}，不许有差", en="{within}, exactly")
_BASES = {"stated": Basis.READ, "total_of": Basis.ADDED, "duration": Basis.MEASURED}


def _question(claim: Claim, seen: Measured) -> SaidReach:
    """What is asked of trainings; whether more or less is claimed, the metric itself tells."""
    relation = claim.relation
    if relation == "=":
        relation = "<=" if is_loss(seen.series) else ">="
    numbers = [value for value in claim.values if not isinstance(value, (bool, str))]
    value = float(numbers[0]) if len(numbers) == 1 and not seen.against else None
    return SaidReach(seen, relation, value, claim.tolerance)


def _agree(seen: Scalar, documented: Scalar, relation: str, margin: float) -> bool:
    if isinstance(documented, (bool, str)):
        return seen == documented
    try:
        difference = float(seen) - documented
    except ValueError:
        return False
    if relation == "=":
        return abs(difference) <= margin
    return (difference if relation == "<=" else -difference) <= margin


def _shown(value: Scalar) -> str:
    return plain(value) if isinstance(value, float) else str(value)


OF_TEXT = Check(CheckKind.CLAIM, _of_text, _judge, Needs.TEXT)
OF_RUN = Check(CheckKind.CLAIM, _of_run, _judge, step_of=_step_of)
