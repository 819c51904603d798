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
from verify.system.words import Text, Words, clause, joined

_REPAIRED = "this page has it repaired as the ledger does"
_NOT_HERE = Words(
    zh="勘误表的模式与单元格 {cells} 相符，但运行正常：该模式在这里过宽",
    en="the ledger's pattern fits cell {cells}, which ran well: it is too wide for this page",
)
_LEDGER = "once that is published, the ledger's entry has to go"


def _all(contract: Contract) -> list[str]:
    return [erratum.id for erratum in contract.errata]


def _runtime(contract: Contract) -> list[str]:
    return [erratum.id for erratum in contract.errata if erratum.kind == "runtime"]


def _text(contract: Contract) -> list[str]:
    return [erratum.id for erratum in contract.errata if erratum.kind == "text"]


def _reproduced(case: Case, subject: str) -> Result:
    erratum = case.contract.erratum(subject)
    if erratum.kind == "text":
        reason = "it is a matter of the page's text: `run --edition published` reads that"
        return _result(erratum, Verdict.UNCHECKED, reason=reason)
    program = case.contract.reproducer(erratum)
    if case.reproduce is None or not program.is_file():
        return _result(erratum, Verdict.UNCHECKED, reason=f"there is no {program.name} to show it")
    failure = case.reproduce(erratum)
    if failure is None:
        return _result(erratum, Verdict.FAIL, f"{program.name} ends well: the erratum is stale")
    if failure.shows(str(erratum.symptom)):
        return _result(erratum, Verdict.ERRATUM, f"{program.name} shows it")
    # Where the program lacked something, such as memory, that is no fault of the page.
    observed = f"{program.name} fails otherwise: {failure.sentence}"
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
        cells = ", ".join(map(str, healthy))
        if case.contract.derived:  # nobody has said that it shows on this page
            return _result(erratum, Verdict.UNCHECKED, reason=_NOT_HERE.filled(cells=cells))
        return _result(erratum, Verdict.FAIL, f"cell {cells} ran well: the erratum is stale")
    if not (shown | ran & repaired).issuperset(steps):
        return _result(erratum, Verdict.UNCHECKED, reason="the run did not get there")
    if not shown:
        return _result(erratum, Verdict.PASS, f"{_REPAIRED}, and ran well", _LEDGER)
    how = "repaired, and the run" if erratum.apply else "no rewriting mends it; the run"
    return _result(erratum, Verdict.ERRATUM, f"so it was; {how} went on")


def _written(case: Case, subject: str) -> Result:
    erratum = case.contract.erratum(subject)
    repaired = {cell for cell, ids in case.repaired.items() if erratum.id in ids}
    open_ = set(erratum.cells) - repaired
    cells = [cell for cell in case.notebook.cells if cell.index in open_]
    if any(repairing.finds(edit, cell) for edit in erratum.apply for cell in cells):
        return _result(erratum, Verdict.ERRATUM, "so it is written")
    if repaired:
        return _result(erratum, Verdict.PASS, _REPAIRED, _LEDGER)
    return _result(erratum, Verdict.FAIL, "no such text: the erratum is stale")


def _last_step(contract: Contract, subject: str) -> str:
    erratum = contract.erratum(subject)
    ids = [step.id for step in contract.steps if set(step.cells).intersection(erratum.cells)]
    return ids[-1]


def _result(erratum: Erratum, verdict: Verdict, observed: str = "", reason: Text = "") -> Result:
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
