"""The published page is still the one that was pinned, so that the contract speaks of it."""

from verify.checks.case import Case, Check, Needs, verdict
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict
from verify.page.code import comparing, facts
from verify.page.code.facts import Fact
from verify.system.words import Text, Words, enumerated, joined

_NOW = Words(zh="单元格 {cells} 中是 {facts}", en="in cell {cells} {facts}")
_OTHER = Words(zh="别的文字", en="other words")
_CHANGED = Words(
    zh="页面在记录之后有改动：见 `python -m verify pin`",
    en="the page has changed since it was pinned: see `python -m verify pin`",
)


def _subjects(contract: Contract) -> list[str]:
    return [step.id for step in contract.steps]


def _judge(case: Case, subject: str) -> Result:
    step = case.contract.step(subject)
    changed = [cell for cell in step.cells if _digest(case, cell) != case.pins.digests[cell]]
    if repairs := case.repairs(changed):
        return Result(
            CHECK.id(subject),
            CheckKind.DRIFT,
            Verdict.PASS,
            observed=repairs,
            step=subject,
            cells=tuple(step.cells),
        )
    stated = facts.of_notebook(case.notebook)
    was = [fact for cell in changed for fact in case.pins.facts.get(cell, ())]
    now = [fact for cell in changed for fact in stated.get(cell, ())]
    went, came = comparing.difference(was, now)
    return Result(
        CHECK.id(subject),
        CheckKind.DRIFT,
        verdict(not changed),
        says=_listed(went) if changed else "",
        observed=_NOW.filled(cells=enumerated(changed), facts=_listed(came)) if changed else "",
        reason=_CHANGED if changed else "",
        step=subject,
        cells=tuple(step.cells),
    )


def _digest(case: Case, index: int) -> str | None:
    cells = case.notebook.cells
    return cells[index].sha256 if index < len(cells) else None


def _listed(some: list[Fact]) -> Text:
    return joined(map(str, some)) or _OTHER


CHECK = Check(CheckKind.DRIFT, _subjects, _judge, Needs.TEXT, editions=(Edition.PUBLISHED,))
