"""The edition states the facts that the official page states, declared errata aside."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from verify.checks.case import Case, Check, Needs, of_official
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict
from verify.page.code import comparing, facts
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
    page, _ = _without(page, [text for erratum in errata for text in erratum.page])
    ours, lacking = _without(ours, [text for erratum in errata for text in erratum.ours])
    missing, added = comparing.difference(page, ours)
    wrong = bool(missing or added or lacking)
    repaired = ", ".join(erratum.id for erratum in errata)
    verdict = Verdict.ERRATUM if errata else Verdict.PASS
    return Result(
        CHECK.id(subject),
        CheckKind.FACTS,
        Verdict.FAIL if wrong else verdict,
        says=_listed([*map(str, missing), *lacking]) if wrong else "",
        observed=_listed(map(str, added)) + _where(case, subject) if wrong else "",
        reason=f"repaired as erratum {repaired} says" if errata and not wrong else "",
        step=subject,
        cells=tuple(step.cells),
        errata=tuple(erratum.id for erratum in errata),
    )


def _bound(stated: Iterable[Fact], rules: list[str]) -> list[Fact]:
    """The facts that an edition is bound to."""
    return [fact for fact in stated if not _free(fact.target, rules)]


def _without(stated: list[Fact], some: Iterable[str]) -> tuple[list[Fact], list[str]]:
    """The facts less those that read so, and the texts that no fact has."""
    left, lacking = list(stated), []
    for text in some:
        found = next((fact for fact in left if str(fact) == text), None)
        if found:
            left.remove(found)
        else:
            lacking.append(text)
    return left, lacking


def _free(target: str, rules: list[str]) -> bool:
    free = False
    for rule in rules:
        if fnmatchcase(target, rule.lstrip("!")):
            free = not rule.startswith("!")
    return free


def _listed(some: Iterable[str]) -> str:
    return "; ".join(some) or "nothing of the kind"


def _where(case: Case, subject: str) -> str:
    cells = case.notebook.cells_of_step(subject)
    return f" ({case.notebook.path.name}:{cells[0].line})" if cells else ""


CHECK = Check(CheckKind.FACTS, _subjects, _judge, Needs.TEXT, editions=(Edition.CORRECTED,))
