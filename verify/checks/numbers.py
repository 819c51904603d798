"""Every number of the pinned prose is claimed, or waived with a reason.

What is missing here is missing in our ledger, not on the page. It fails all the same, as a code
cell without a step does: pins change only where somebody renews them, who then is the one to say
what a new number means.
"""

from verify.checks.case import Case, Check, Needs, of_official, verdict
from verify.contract import coverage
from verify.contract.contract import Contract
from verify.finding import CheckKind, Result
from verify.system.words import Words, joined

_OPEN = Words(
    zh="单元格 {cell}：{number} 既无论断，也无豁免", en="cell {cell}: nothing is said of {number}"
)
_STALE = Words(
    zh="单元格 {cell}：{number} 已豁免，但已有论断，或已不在页面上",
    en="cell {cell}: {number} is waived, but claimed or not there",
)
_TO_DO = Words(zh="请写一条论断，或豁免这个数字", en="write a claim, or waive the number")


def _judge(case: Case, _: str) -> Result:
    numbers = coverage.prose_numbers(case.contract, case.pins)
    unclaimed = [one for one in numbers if one.is_open]
    problems = [_OPEN.filled(cell=one.cell, number=one.number) for one in unclaimed]
    problems += [
        _STALE.filled(cell=waived.cell, number=waived.number)
        for waived in coverage.stale_waivers(case.contract, case.pins)
    ]
    return Result(
        CHECK.id(""),
        CheckKind.NUMBERS,
        verdict(not problems),
        observed=joined(problems),
        reason=_TO_DO if problems else "",
        cells=tuple(sorted({one.cell for one in unclaimed})),
    )


@of_official
def _subjects(contract: Contract) -> list[str]:
    """The whole of a page of which something is claimed; of others coverage tells what is open."""
    return [""] if contract.claims or contract.waived else []


CHECK = Check(CheckKind.NUMBERS, _subjects, _judge, Needs.TEXT)
