"""Every documented step is there, in one place, in the documented order.

A run carries out the cells as they stand in the file. So a step in two places, or in another place
than the contract says, is another run.
"""

from itertools import groupby

from verify.checks.case import Case, Check, Needs, verdict
from verify.contract.contract import Contract
from verify.finding import CheckKind, Result
from verify.system.words import Text, Words, enumerated

_FIRST = Words(
    zh="共 {of} 步，第 {number} 步{says}",
    en="step {number} of {of} {says}",
)
_NO_CELL = Words(zh="{file} 中没有执行这一步的单元格", en="no cell of {file} carries out this step")
_APART = Words(
    zh="它分在 {count} 处，中间隔着 {others}",
    en="it stands in {count} places, with {others} between them",
)
_COMES_AFTER = Words(zh="它排在 {before} 之后", en="it comes after {before}")
_COMES_FIRST = Words(zh="它排在最前", en="it comes first")
_AFTER = Words(
    zh="共 {of} 步，第 {number} 步在 {before} 之后，{says}",
    en="step {number} of {of} after {before} {says}",
)


def _subjects(contract: Contract) -> list[str]:
    return [step.id for step in contract.steps]


def _judge(case: Case, subject: str) -> Result:
    documented = _subjects(case.contract)
    step = case.contract.step(subject)
    place = documented.index(subject)
    said = _AFTER if place else _FIRST
    observed = _wrong(case, documented, subject)
    return Result(
        CHECK.id(subject),
        CheckKind.STEPS,
        verdict(not observed),
        says=said.filled(
            number=place + 1, of=len(documented), before=documented[place - 1], says=step.says
        ),
        observed=observed,
        step=subject,
        cells=tuple(step.cells),
    )


def _wrong(case: Case, documented: list[str], subject: str) -> Text:
    """What is wrong with the place of a step; empty if nothing is."""
    placed = [one.step for one in case.notebook.stretches if one.step in documented]
    placed = [step for step, _ in groupby(placed)]
    if subject not in placed:
        return _NO_CELL.filled(file=case.notebook.path.name)
    if placed.count(subject) > 1:
        between = dict.fromkeys(placed[placed.index(subject) + 1 : _last(placed, subject)])
        others = enumerated(step for step in between if step != subject)
        return _APART.filled(count=placed.count(subject), others=others)
    present = list(dict.fromkeys(placed))
    expected = [step for step in documented if step in present]
    if present.index(subject) == expected.index(subject):
        return ""
    place = present.index(subject)
    return _COMES_AFTER.filled(before=present[place - 1]) if place else _COMES_FIRST


def _last(placed: list[str], subject: str) -> int:
    return len(placed) - 1 - placed[::-1].index(subject)


CHECK = Check(CheckKind.STEPS, _subjects, _judge, Needs.TEXT)
