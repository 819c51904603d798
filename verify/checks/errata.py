"""Known errata are still there, exactly as the ledger describes them.

An erratum that the release or the page has repaired is stale: its entry, and our repair, must go.
A published run shows runtime errata by itself; beside our edition, where they are repaired, a small
program of each shows it in the documented environment.
"""

from verify.checks.case import Case, Check, Needs
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict
from verify.ledger import repairing
from verify.ledger.erratum import Erratum
from verify.system.words import Text, Words, clause, enumerated, joined

_REPAIRED = Words(zh="本页面已按勘误表修正", en="this page has it repaired as the ledger does")
_REPAIRED_RAN = Words(
    zh="本页面已按勘误表修正，且运行正常",
    en="this page has it repaired as the ledger does, and ran well",
)
_NOT_HERE = Words(
    zh="勘误表的模式与单元格 {cells} 相符，但运行正常：该模式对本页面过宽",
    en="the ledger's pattern fits cell {cells}, which ran well: it is too wide for this page",
)
_LEDGER = Words(
    zh="发布之后，勘误表中的这一条应当删去",
    en="once that is published, the ledger's entry has to go",
)
_OF_TEXT = Words(
    zh="这是页面文字的问题：由 `run --edition published` 读取官方原文来判定",
    en="it is a matter of the page's text: `run --edition published` reads that",
)
_NO_PROGRAM = Words(zh="没有用来重现它的程序 {program}", en="there is no {program} to show it")
_ENDS_WELL = Words(
    zh="{program} 正常结束：该勘误已过时", en="{program} ends well: the erratum is stale"
)
_SHOWS = Words(zh="{program} 重现了它", en="{program} shows it")
_FAILS_OTHERWISE = Words(
    zh="{program} 的失败与之不同：{failure}", en="{program} fails otherwise: {failure}"
)
_RAN_WELL = Words(
    zh="单元格 {cells} 运行正常：该勘误已过时", en="cell {cells} ran well: the erratum is stale"
)
_NOT_REACHED = Words(zh="运行没有到达这里", en="the run did not get there")
_WENT_ON = Words(zh="确实如此；修正后运行继续", en="so it was; repaired, and the run went on")
_NOT_MENDED = Words(
    zh="确实如此；改写页面无法修正，运行继续",
    en="so it was; no rewriting mends it; the run went on",
)
_WRITTEN = Words(zh="页面确实这样写", en="so it is written")
_NO_TEXT = Words(zh="页面没有这样的文字：该勘误已过时", en="no such text: the erratum is stale")


def _all(contract: Contract) -> list[str]:
    return [erratum.id for erratum in contract.errata]


def _runtime(contract: Contract) -> list[str]:
    return [erratum.id for erratum in contract.errata if erratum.kind == "runtime"]


def _text(contract: Contract) -> list[str]:
    return [erratum.id for erratum in contract.errata if erratum.kind == "text"]


def _reproduced(case: Case, subject: str) -> Result:
    erratum = case.contract.erratum(subject)
    if erratum.kind == "text":
        return _result(erratum, Verdict.UNCHECKED, reason=_OF_TEXT)
    program = case.contract.reproducer(erratum)
    if case.reproduce is None or not program.is_file():
        reason = _NO_PROGRAM.filled(program=program.name)
        return _result(erratum, Verdict.UNCHECKED, reason=reason)
    failure = case.reproduce(erratum)
    if failure is None:
        return _result(erratum, Verdict.FAIL, _ENDS_WELL.filled(program=program.name))
    if failure.shows(str(erratum.symptom)):
        return _result(erratum, Verdict.ERRATUM, _SHOWS.filled(program=program.name))
    # Where the program lacked something, such as memory, that is no fault of the page.
    observed = _FAILS_OTHERWISE.filled(program=program.name, failure=failure.sentence)
    return _result(erratum, failure.verdict, observed)


def _shown(case: Case, subject: str) -> Result:
    erratum = case.contract.erratum(subject)
    runs = case.evidence.steps.values() if case.evidence else ()
    shown = {at.cell for run in runs for at in run.errata if at.erratum == erratum.id}
    repaired = {cell for cell, ids in case.repaired.items() if erratum.id in ids}
    steps = {cell: case.contract.step_of_cell(cell) for cell in erratum.cells}
    ended_well = {run.id for run in runs if run.failure is None and not run.follows}
    ran = {cell for cell, step in steps.items() if step and step.id in ended_well}
    if healthy := sorted(ran - shown - repaired):
        cells = enumerated(healthy)
        if case.contract.derived:  # nobody has said that it shows on this page
            return _result(erratum, Verdict.UNCHECKED, reason=_NOT_HERE.filled(cells=cells))
        return _result(erratum, Verdict.FAIL, _RAN_WELL.filled(cells=cells))
    if not (shown | ran & repaired).issuperset(steps):
        return _result(erratum, Verdict.UNCHECKED, reason=_NOT_REACHED)
    if not shown:
        return _result(erratum, Verdict.PASS, _REPAIRED_RAN, _LEDGER)
    return _result(erratum, Verdict.ERRATUM, _WENT_ON if erratum.apply else _NOT_MENDED)


def _written(case: Case, subject: str) -> Result:
    erratum = case.contract.erratum(subject)
    repaired = {cell for cell, ids in case.repaired.items() if erratum.id in ids}
    open_ = set(erratum.cells) - repaired
    cells = [cell for cell in case.notebook.cells if cell.index in open_]
    if any(repairing.finds(edit, cell) for edit in erratum.apply for cell in cells):
        return _result(erratum, Verdict.ERRATUM, _WRITTEN)
    if repaired:
        return _result(erratum, Verdict.PASS, _REPAIRED, _LEDGER)
    return _result(erratum, Verdict.FAIL, _NO_TEXT)


def _last_step(contract: Contract, subject: str) -> str:
    erratum = contract.erratum(subject)
    ids = [step.id for step in contract.steps if set(step.cells).intersection(erratum.cells)]
    return ids[-1]


def _result(erratum: Erratum, verdict: Verdict, observed: Text = "", reason: Text = "") -> Result:
    return Result(
        CheckKind.ERRATUM.id_of(erratum.id),
        CheckKind.ERRATUM,
        verdict,
        observed=observed,
        reason=reason or joined((erratum.id, clause(erratum.symptom)), zh="：", en=": "),
        cells=tuple(erratum.cells),
        errata=(erratum.id,),
    )


REPRODUCED = Check(
    CheckKind.ERRATUM, _all, _reproduced, Needs.ENVIRONMENT, editions=(Edition.CORRECTED,)
)
SHOWN = Check(
    CheckKind.ERRATUM, _runtime, _shown, step_of=_last_step, editions=(Edition.PUBLISHED,)
)
WRITTEN = Check(CheckKind.ERRATUM, _text, _written, Needs.TEXT, editions=(Edition.PUBLISHED,))
