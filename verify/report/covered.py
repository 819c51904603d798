"""How much of a page a run looked at, and what it left out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pydantic import BaseModel

from verify.contract import coverage
from verify.contract.coverage import ProseNumber
from verify.contract.pins import Pins
from verify.execute.session import Session
from verify.finding import Basis, CheckKind, Result, Verdict
from verify.page.code.facts import FactKind
from verify.page.outputs.output_comparison import OutputClass
from verify.system.words import Text, Words, joined

_CELL = Words(zh="单元格 {cell}", en="cell {cell}")
_NO_LINKS = Words(
    zh="运行不查链接，由 `python -m verify check` 检查",
    en="a run asks for no link: `python -m verify check` does",
)
_UNREAD = Words(
    zh="{count} 个调用有只读代码无法得知的参数",
    en="{count} have an argument that reading alone does not know",
)
_UNREACHED = Words(zh="本次运行没有到达它们所在的步骤", en="this run did not come to their steps")
_LEFT_OUT = Words(zh="有些步骤按各自的理由略去", en="some steps are left out, each with its reason")
_WAIVED = Words(zh="{count} 个注明理由予以豁免", en="{count} waived with a reason")
_OPEN = {OutputClass.UNCHECKED.value, OutputClass.DEPENDS.value}


class Covered(BaseModel):
    """How many of some things were looked at; `open` names those left, `reason` says why."""

    of: int
    done: int
    open: list[Text] = []
    reason: Text = ""


class Coverage(BaseModel):
    """How much of the page the run looked at.

    `prose_numbers` are claimed or waived. `stored_outputs` are compared, but for those that hang on
    a change; `outputs` counts them by class. `calls` are carried out, and all that the page gives
    them has been read; one with an argument that reading alone does not know is left open, by name.
    `claims` and `checks` count verdicts, `decided` claims by how they were decided.
    """

    steps: int
    steps_run: int
    code_cells: int
    code_cells_run: int
    prose_numbers: Covered
    stored_outputs: Covered
    calls: Covered
    links: Covered
    outputs: dict[str, int] = {}
    claims: dict[str, int]
    decided: dict[str, int] = {}
    checks: dict[str, int]


def of_session(session: Session, judged: list[Result]) -> Coverage:
    """What a run has looked at, by the results judged so far."""
    contract, pins = session.contract, session.pins
    ran = [step for step in contract.steps if step.id in session.steps]
    left_out = {cell for step in contract.steps if step.not_run for cell in step.cells}
    well = {cell for step in ran if not session.steps[step.id].failure for cell in step.cells}
    numbers = coverage.prose_numbers(contract, pins)
    compared = [result for result in judged if result.kind is CheckKind.OUTPUTS]
    outputs = _outputs(pins, compared)
    links = sum(fact.kind is FactKind.LINK for some in pins.stated.values() for fact in some)
    return Coverage(
        steps=len(contract.steps),
        steps_run=len(ran),
        code_cells=len(pins.code_cells),
        code_cells_run=sum(len(step.cells) for step in ran),
        prose_numbers=Covered(
            of=len(numbers),
            done=sum(not one.is_open for one in numbers),
            open=[_at(one.cell, one.number) for one in numbers if one.is_open],
            reason=_waived(numbers),
        ),
        stored_outputs=_compared(outputs, compared),
        outputs=outputs,
        calls=_calls(pins, well, left_out),
        links=Covered(
            of=links,
            done=0,
            reason=_NO_LINKS if links else "",
        ),
        claims=_counted(list(filter(_is_claim, judged))),
        decided={
            basis.value: sum(result.basis is basis for result in judged if _is_claim(result))
            for basis in Basis
        },
        checks=_counted(judged),
    )


def _calls(pins: Pins, well: Collection[int], left_out: Collection[int]) -> Covered:
    """The calls of a page, of which those are done that ran and were read whole."""
    calls = [(c, f) for c, some in pins.facts.items() for f in some if f.kind is FactKind.CALL]
    unread = [_at(cell, fact.told_unknown) for cell, fact in calls if fact.unknown]
    ran = _covered([cell for cell, _ in calls], well, left_out)
    done = sum(cell in well and not fact.unknown for cell, fact in calls)
    told = _UNREAD.filled(count=len(unread)) if unread else None
    reason = joined((ran.reason, told))
    return Covered(
        of=len(calls), done=done, open=[*ran.open, *dict.fromkeys(unread)], reason=reason
    )


def _covered(cells: list[int], done: Collection[int], left_out: Collection[int]) -> Covered:
    """Things by their cells, of which those in some cells are done."""
    left = sorted({cell for cell in cells if cell not in done})
    return Covered(
        of=len(cells),
        done=sum(cell in done for cell in cells),
        open=[_CELL.filled(cell=cell) for cell in left],
        reason=joined((_unreached(left, left_out), _left_out(left, left_out))),
    )


def _unreached(left: Collection[int], left_out: Collection[int]) -> Text:
    return _UNREACHED if set(left).difference(left_out) else ""


def _left_out(left: Collection[int], left_out: Collection[int]) -> Text:
    return _LEFT_OUT if set(left) & set(left_out) else ""


def _at(cell: int, what: Text) -> Text:
    return joined((_CELL.filled(cell=cell), what), zh="：", en=": ")


def _outputs(pins: Pins, compared: Sequence[Result]) -> dict[str, int]:
    """Stored outputs by class; those that no check came to have not been compared."""
    found = Counter(kind for result in compared for kind in result.outputs)
    found[OutputClass.UNCHECKED.value] += sum(map(len, pins.outputs.values())) - found.total()
    return {kind.value: found[kind.value] for kind in OutputClass}


def _compared(outputs: Mapping[str, int], compared: Sequence[Result]) -> Covered:
    left = [one for one in compared if _OPEN.intersection(one.outputs)]
    return Covered(
        of=sum(outputs.values()),
        done=sum(count for kind, count in outputs.items() if kind not in _OPEN),
        open=[_CELL.filled(cell=cell) for cell in sorted({c for one in left for c in one.cells})],
        reason=joined(dict.fromkeys(one.reason for one in left if one.reason)),
    )


def _is_claim(result: Result) -> bool:
    return result.kind is CheckKind.CLAIM


def _waived(numbers: Sequence[ProseNumber]) -> Text:
    waived = sum(one.waived is not None and not one.claims for one in numbers)
    return _WAIVED.filled(count=waived) if waived else ""


def _counted(results: list[Result]) -> dict[str, int]:
    held = [result for result in results if not result.is_hint]
    return {v.value: sum(result.verdict is v for result in held) for v in Verdict}
