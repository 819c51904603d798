"""Each claim stands where the page says it: an edited sentence is seen, whatever it says now."""

from verify import anchors
from verify.checks.case import Case, Check, Needs, of_official, verdict
from verify.contract import Contract
from verify.finding import CheckKind, Result


@of_official
def _subjects(contract: Contract) -> list[str]:
    return [claim.id for claim in contract.claims]


def _judge(case: Case, subject: str) -> Result:
    claim = case.contract.claim(subject)
    why = anchors.broken(claim, case.pins, case.page)
    return Result(
        CHECK.id(subject),
        CheckKind.ANCHOR,
        verdict(not why),
        says=claim.says,
        observed=why,
        reason="read the page again, then correct the claim and its anchor: "
        "`python -m verify pin --sentences` lists them"
        if why
        else "",
        cells=claim.cells,
    )


CHECK = Check(CheckKind.ANCHOR, _subjects, _judge, Needs.TEXT)
