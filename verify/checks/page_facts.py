"""The edition states the facts that the official page states once its errata are repaired."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from verify.checks.case import NONE_SUCH, Case, Check, Needs, of_official
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.contract.steps import Step
from verify.finding import CheckKind, Result, Verdict
from verify.ledger.erratum import Erratum
from verify.page.code import comparing, facts
from verify.page.code.facts import Fact
from verify.system.words import Text, Words, enumerated, joined

_REPAIRED = Words(zh="已按勘误 {errata} 修正", en="repaired as erratum {errata} says")
_NOT_COMPARED = Words(zh="未比较：{facts}", en="not compared: {facts}")
_AT = Words(zh="{facts}（{file}:{line}）", en="{facts} ({file}:{line})")


@of_official
def _subjects(contract: Contract) -> list[str]:
    return [step.id for step in contract.steps]


def _judge(case: Case, subject: str) -> Result:
    step = case.contract.step(subject)
    stated = facts.of_notebook(case.notebook)
    cells = case.notebook.cells_of_step(subject)
    rules = case.contract.facts.free
    ours = _bound((f for cell in cells for f in stated[cell.index]), rules)
    page, repaired = (
        _bound((f for cell in step.cells for f in some.get(cell, ())), rules)
        for some in (case.pins.facts, case.pins.facts | case.pins.repaired)
    )
    errata = _repaired(case, step)
    differs = comparing.difference(repaired, ours)
    # What is only a matter of text an edition may leave as the page has it.
    if any(differs) and all(erratum.kind == "text" for erratum in errata):
        errata, differs = [], comparing.difference(page, ours)
    missing, added = differs
    wrong = bool(missing or added)
    ids = tuple(erratum.id for erratum in errata)
    unread = [fact for fact in repaired if fact.unknown]
    known = _REPAIRED.filled(errata=enumerated(ids)) if errata else ""
    told = _listed(fact.told_unknown for fact in unread)
    left = _NOT_COMPARED.filled(facts=told) if unread else ""
    verdict = Verdict.ERRATUM if errata else Verdict.PASS
    if unread and len(unread) == len(repaired):
        verdict = Verdict.UNCHECKED
    return Result(
        CHECK.id(subject),
        CheckKind.FACTS,
        Verdict.FAIL if wrong else verdict,
        says=_listed(map(str, missing)) if wrong else "",
        observed=_observed(case, subject, added) if wrong else "",
        reason="" if wrong else joined((known, left)),
        step=subject,
        cells=tuple(step.cells),
        errata=ids,
    )


def _repaired(case: Case, step: Step) -> list[Erratum]:
    """The errata whose repairs change what the cells of a step state."""
    changed = case.pins.repaired.keys() & set(step.cells)
    return [erratum for erratum in case.contract.errata if changed.intersection(erratum.cells)]


def _bound(stated: Iterable[Fact], rules: list[str]) -> list[Fact]:
    """The facts that an edition is bound to."""
    return [fact for fact in stated if not _free(fact.target, rules)]


def _free(target: str, rules: list[str]) -> bool:
    free = False
    for rule in rules:
        if fnmatchcase(target, rule.lstrip("!")):
            free = not rule.startswith("!")
    return free


def _listed(some: Iterable[Text]) -> Text:
    return joined(some) or NONE_SUCH


def _observed(case: Case, subject: str, added: Iterable[Fact]) -> Text:
    """What else the edition states, and where."""
    facts, cells = _listed(map(str, added)), case.notebook.cells_of_step(subject)
    if not cells:
        return facts
    return _AT.filled(facts=facts, file=case.notebook.path.name, line=cells[0].line)


CHECK = Check(CheckKind.FACTS, _subjects, _judge, Needs.TEXT, editions=(Edition.CORRECTED,))
