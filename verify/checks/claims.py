"""What the page says is so: each claim of the ledger against the observation that decides it."""

from typing import Any

from verify.checks import measured, observed
from verify.checks.case import Case, Check, Needs, verdict
from verify.checks.observed import UnknownError
from verify.contract.claim import Claim, Scalar
from verify.contract.contract import Contract
from verify.finding import CheckKind, Result, Verdict
from verify.page.prose.numerals import plain
from verify.system.words import joined


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
        fields = {"verdict": Verdict.UNCHECKED, "reason": str(error)}
    if why := claim.undecided.get(case.profile_name):
        fields |= {"verdict": Verdict.UNCHECKED, "reason": why}
    elif claim.erratum:
        there = all(claim.erratum in case.repaired.get(cell, ()) for cell in claim.cells)
        fields |= _as_erratum(claim.erratum, fields["verdict"], repaired=there)
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


def _as_erratum(erratum: str, found: Verdict, *, repaired: bool) -> dict[str, Any]:
    """What is known to be wrong must be wrong, unless the page has it repaired."""
    if found is Verdict.FAIL and repaired:
        return {"verdict": Verdict.PASS, "reason": f"this page has erratum {erratum} repaired"}
    if found is Verdict.FAIL:
        return {"verdict": Verdict.ERRATUM, "reason": f"as erratum {erratum} says"}
    if found is Verdict.PASS:
        return {"verdict": Verdict.FAIL, "reason": f"the erratum {erratum} is stale"}
    return {}


def _judged(case: Case, claim: Claim) -> dict[str, Any]:
    if claim.evidence is None:
        raise UnknownError("nothing that a run shows could decide it")
    if claim.evidence.measured and claim.tolerance:
        return measured.judge(case, claim, claim.evidence.measured, claim.tolerance)
    seen = observed.values(case, claim.evidence)
    own = claim.profiles.get(case.profile_name)
    documented: list[Scalar] = [own.value] if own else claim.values
    margin = claim.tolerance.margin if claim.tolerance else 0.0
    is_limit = claim.relation != "=" and len(documented) == 1  # for everything that was observed
    wanted = documented * len(seen) if is_limit else documented
    agrees = len(seen) == len(wanted) > 0 and all(
        _agree(a, b, claim.relation, margin) for a, b in zip(seen, wanted, strict=True)
    )
    limit = f"{claim.relation} {', '.join(map(_shown, documented))}"
    sources = own.origin if own else None, claim.tolerance.source if claim.tolerance else None
    source = joined(sources)
    return {
        "verdict": verdict(agrees),
        "observed": ", ".join(map(_shown, seen)) or "nothing of the kind",
        "tolerance": joined((f"{limit} ± {margin:g}", source), zh="：", en=": ")
        if source
        else f"{limit}, exactly",
    }


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
