"""The page does not contradict itself, as far as rules can tell that need no run.

Where the ledger knows a slip of the text in a cell, that is the erratum's to tell.
"""

from verify.checks.case import Case, Check, Needs, listed, verdict
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Finding, Result
from verify.system.words import Words, joined

_LINE = Words(zh="第 {line} 行", en="line {line}")
_CELL = Words(zh="单元格 {cell}", en="cell {cell}")


def _judge(case: Case, _: str) -> Result:
    errata = (erratum for erratum in case.contract.errata if erratum.kind == "text")
    known = {cell for erratum in errata for cell in erratum.cells}
    found = [one for one in case.contradictions if one.cell not in known]
    cells = sorted({one.cell for one in found if one.cell is not None})
    return Result(
        CHECK.id(""),
        CheckKind.RULES,
        verdict(not found),
        observed=listed([joined((_where(one), one.message), zh="：", en=": ") for one in found]),
        cells=tuple(cells),
    )


def _where(one: Finding) -> Words:
    return _LINE.filled(line=one.line) if one.cell is None else _CELL.filled(cell=one.cell)


def _subjects(contract: Contract) -> list[str]:
    """The whole of a page of which nobody has said what it claims."""
    return [""] if contract.derived else []


CHECK = Check(CheckKind.RULES, _subjects, _judge, Needs.TEXT, editions=(Edition.PUBLISHED,))
