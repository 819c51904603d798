"""The edition states the facts that the official page states, declared errata aside."""

from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase

from verify.checks.case import Case, Check, Needs, of_official
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict
from verify.page.code import facts
from verify.page.code.facts import Fact


@of_official
def _subjects(contract: Contract) -> list[str]:
    return [step.id for step in contract.steps]


def _judge(case: Case, subject: str) -> Result:
    step = case.contract.step(subject)
    rules = case.contract.facts.free
    page = _bound((f for cell in step.cells for f in case.pins.facts.get(cell, ())), rules)
    stated = facts.of_notebook(case.notebook)
    cells = case.notebook.cells_of_step(subject)
    ours = _bound((f for cell in cells for f in stated[cell.index]), rules)
    errata = [erratum for erratum in case.contract.errata if subject in erratum.steps]
    for erratum in errata:
        page = page - Counter(erratum.page) + Counter(erratum.ours)
    missing, added = page - ours, ours - page
    repaired = ", ".join(erratum.id for erratum in errata)
    verdict = Verdict.ERRATUM if errata else Verdict.PASS
    return Result(
        CHECK.id(subject),
        CheckKind.FACTS,
        Verdict.FAIL if missing or added else verdict,
        says=_listed(missing) if missing or added else "",
        observed=_listed(added) + _where(case, subject) if missing or added else "",
        reason=f"repaired as erratum {repaired} says" if errata and not (missing or added) else "",
        step=subject,
        cells=tuple(step.cells),
        errata=tuple(erratum.id for erratum in errata),
    )


def _bound(stated: Iterable[Fact], rules: list[str]) -> Counter[str]:
    """The facts that an edition is bound to, counted."""
    return Counter(str(fact) for fact in stated if not _free(fact.target, rules))


def _free(target: str, rules: list[str]) -> bool:
    free = False
    for rule in rules:
        if fnmatchcase(target, rule.lstrip("!")):
            free = not rule.startswith("!")
    return free


def _listed(some: Counter[str]) -> str:
    return "; ".join(f"{fact}" for fact in some.elements()) or "nothing of the kind"


def _where(case: Case, subject: str) -> str:
    cells = case.notebook.cells_of_step(subject)
    return f" ({case.notebook.path.name}:{cells[0].line})" if cells else ""


CHECK = Check(CheckKind.FACTS, _subjects, _judge, Needs.TEXT, editions=(Edition.CORRECTED,))
