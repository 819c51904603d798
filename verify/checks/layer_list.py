"""The network lists the layers that the page lists."""

import hashlib
import re
from collections import Counter

from verify.checks.case import Case, Check, verdict
from verify.contract import Contract
from verify.finding import CheckKind, Result, Verdict

_LINE = re.compile(r"^(\d+) (\S+)$", re.MULTILINE)
_NUMBERING = re.compile(r"[\d_]+$")


def _subjects(contract: Contract) -> list[str]:
    return [layers.step for layers in contract.layers]


def _judge(case: Case, subject: str) -> Result:
    layers = next(layers for layers in case.contract.layers if layers.step == subject)
    run = case.evidence.steps.get(subject) if case.evidence else None
    if run is None or run.failure:
        return Result(
            CHECK.id(subject),
            CheckKind.LAYERS,
            Verdict.UNCHECKED,
            reason="the step that lists the layers did not run",
            step=subject,
            cells=(layers.cell,),
        )
    listed = _LINE.findall(run.output)
    kinds = [_NUMBERING.sub("", name) for _, name in listed]
    counted = dict(Counter(kinds))
    in_order = [int(number) for number, _ in listed] == list(range(layers.count))
    sequence = hashlib.sha256(" ".join(kinds).encode()).hexdigest()
    return Result(
        CHECK.id(subject),
        CheckKind.LAYERS,
        verdict(in_order and counted == layers.kinds and sequence == layers.sequence_sha256),
        says=f"{layers.count} layers: {_listed(layers.kinds)}",
        observed=f"{len(kinds)} layers: {_listed(counted)}"
        + ("" if sequence == layers.sequence_sha256 else ", in another order")
        + ("" if in_order else ", numbered otherwise"),
        tolerance="none: the list is compared exactly",
        step=subject,
        cells=(layers.cell,),
    )


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))


CHECK = Check(CheckKind.LAYERS, _subjects, _judge, step_of=lambda _, step: step)
