"""Each claim stands where the page says it: an edited sentence is seen, whatever it says now."""

from verify.checks.case import Case, Check, Needs, of_official, verdict
from verify.contract import claim_anchors
from verify.contract.claim import Claim
from verify.contract.contract import Contract
from verify.finding import CheckKind, Result, Verdict
from verify.system.words import Words, enumerated

_NOT_STORED = Words(
    zh="论断依据单元格 {cells} 的已存输出，而本页面没有存输出",
    en="it is about the stored output of cell {cells}, and this page stores none",
)
_READ_AGAIN = Words(
    zh="请重读页面，再改正论断及其锚：`python -m verify pin --sentences` 会列出句子",
    en="read the page again, then correct the claim and its anchor: "
    "`python -m verify pin --sentences` lists them",
)


@of_official
def _subjects(contract: Contract) -> list[str]:
    return [claim.id for claim in contract.claims]


def _judge(case: Case, subject: str) -> Result:
    claim = case.contract.claim(subject)
    if _was_stored(case, claim):
        reason = _NOT_STORED.filled(cells=enumerated(claim.cells))
        return Result(
            CHECK.id(subject), CheckKind.ANCHOR, Verdict.UNCHECKED, reason=reason, cells=claim.cells
        )
    why = claim_anchors.broken(claim, case.pins, case.page)
    repairs = case.repairs(claim.cells) if why else ""
    if repairs:
        why = ""
    return Result(
        CHECK.id(subject),
        CheckKind.ANCHOR,
        verdict(not why),
        says=claim.says,
        observed=why or repairs,
        reason=_READ_AGAIN if why else "",
        cells=claim.cells,
    )


def _was_stored(case: Case, claim: Claim) -> bool:
    """Whether a claim is about an output that the published page has no longer stored."""
    if claim.anchor or case.seen is None or not claim_anchors.broken(claim, case.pins, case.seen):
        return False
    cells, was, now = case.notebook.cells, case.pins.digests, case.seen.digests
    return all(was[at : at + 1] == now[at : at + 1] for at in claim.cells) and not any(
        cells[at].outputs for at in claim.cells
    )


CHECK = Check(CheckKind.ANCHOR, _subjects, _judge, Needs.TEXT)
