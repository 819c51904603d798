"""No rule that needs no run speaks against the page, as far as neither run nor ledger tells it."""

from verify.checks.case import Case, Check, listed
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict, worst
from verify.page.page import NOTEBOOKS
from verify.system.words import Words, joined

_LINE = Words(zh="第 {line} 行", en="line {line}")
_CELL = Words(zh="单元格 {cell}", en="cell {cell}")


def _judge(case: Case, _: str) -> Result:
    said = case.rules() if case.rules else None
    if isinstance(said, Words):
        return Result(CHECK.id(""), CheckKind.RULES, Verdict.UNCHECKED, reason=said)
    grave = [one for one in (said.of_rules if said else ()) if not one.warns]
    return Result(
        CHECK.id(""),
        CheckKind.RULES,
        worst([Verdict.PASS, *(one.verdict for one in grave)]),
        observed=listed(
            [joined((_where(case, one), one.observed), zh="：", en=": ") for one in grave]
        ),
        cells=tuple(sorted({cell for one in grave for cell in one.cells})),
    )


def _where(case: Case, one: Result) -> Words:
    """The cell of a notebook, the line of a text."""
    if one.cells and case.contract.official.path.endswith(NOTEBOOKS):
        return _CELL.filled(cell=one.cells[0])
    return _LINE.filled(line=one.place[1] if one.place else 1)


def _subjects(contract: Contract) -> list[str]:
    """The whole of an official page."""
    return [""] if contract.page else []


CHECK = Check(CheckKind.RULES, _subjects, _judge, editions=(Edition.PUBLISHED,))
