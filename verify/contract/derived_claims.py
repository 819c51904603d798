"""Claims that nobody has to write, and what nobody has to write of a claim: the page says it.

What a training's metrics end with in the page's stored output is claimed, each as
`<training>-<series>`. A written claim of that id stands in its place.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from verify.contract import documented_samples, values_of_facts
from verify.contract.claim import Claim, Measured, Observation
from verify.contract.pins import Pins
from verify.errors import UsageError
from verify.page.code.facts import FactKind
from verify.page.code.texts import UNKNOWN
from verify.page.outputs import metrics
from verify.page.prose.numerals import plain
from verify.system.words import Words, enumerated

if TYPE_CHECKING:
    from verify.contract.contract import Contract

_ENDS = Words(zh="{of} 的 {series} 最终为 {value}", en="{of} ends with {series} {value}")
LAST = 5  # epochs, as one alone is moved by how its batches fell


def completed(contract: "Contract", pins: Pins) -> list[Claim]:
    """All claims of a contract, with what the pinned page says of them; then the derived ones.

    Raises:
        UsageError: several cells have the sentence of a claim that names none of them.
    """
    written = [_filled(contract, claim, pins) for claim in contract.claims]
    taken = {claim.id for claim in written}
    return [*written, *(claim for claim in _ends(contract, pins) if claim.id not in taken)]


def id_of(training: str, series: str) -> str:
    """How the claim is called that is about what a metric of a training ends with."""
    return f"{training}-{series.lower()}"


def _ends(contract: "Contract", pins: Pins) -> Iterator[Claim]:
    for training in contract.trainings:
        of_step = [other for other in contract.trainings if other.step == training.step]
        if of_step != [training] or training.seeds > 1:
            continue  # nobody can tell which of them an output is of
        for cell in contract.step(training.step).cells:
            for series in training.metrics:
                measured = Measured(series=series, trainings=[training.id], window=LAST)
                if found := _end(pins, cell, measured):
                    value, seen = found
                    yield Claim(
                        id=id_of(training.id, series),
                        cell=cell,
                        says=_ENDS.filled(of=training.id, series=series, value=plain(value)),
                        documented=value,
                        evidence=Observation(measured=seen),
                    )


def _end(pins: Pins, cell: int, measured: Measured) -> tuple[float, Measured] | None:
    """What a metric ends with in the stored output of a cell, and what that rests on."""
    ends = {
        fact.target.lower(): fact.arguments[0]
        for fact in pins.stated.get(cell, ())
        if fact.kind is FactKind.METRIC
    }
    value = ends.get(measured.series.lower())
    if value is None:
        return None
    before = [fact for at, some in sorted(pins.stated.items()) if at <= cell for fact in some]
    on = documented_samples.of(_counted_as(measured.series, value, ends), value, before)
    once = {"documented_once": True, "documented_samples": measured.documented_samples or on}
    return float(value), measured.model_copy(update=once)


def _counted_as(series: str, value: str, ends: Mapping[str, str]) -> str:
    """The accuracy that a metric is, if the page writes the same for both in all digits."""
    same = (
        other
        for other, end in ends.items()
        if end == value
        and metrics.kind(other) is metrics.MetricKind.COUNTED
        and metrics.is_new_data(other) == metrics.is_new_data(series)
    )
    return next(same, series)


def _filled(contract: "Contract", claim: Claim, pins: Pins) -> Claim:
    """A claim with its cell, and with the documented value that the page itself states."""
    cells = [cell for cell, some in sorted(pins.sentences.items()) if claim.anchor in some]
    if claim.cell is None and cells:
        if len(cells) > 1:
            raise UsageError(
                Words(
                    zh="{file}：论断 {id}：单元格 {cells} 都有它的句子；请用 `cell` 说明指的是哪一"
                    "个。",
                    en="{file}: claim {id}: cells {cells} have its sentence; say with `cell` "
                    "which it is about.",
                ).filled(
                    file=contract.folder / "contract.toml", id=claim.id, cells=enumerated(cells)
                )
            )
        claim = claim.model_copy(update={"cell": cells[0]})
    seen = claim.evidence
    if claim.documented is not None or seen is None:
        return claim
    if seen.stated:
        of_step = contract.step(seen.stated.step).cells
        facts = [fact for cell in of_step for fact in pins.facts.get(cell, ())]
        values = values_of_facts.of(facts, seen.stated)
        known = values if UNKNOWN not in values else []
        return claim.model_copy(update={"documented": known or None})
    one = seen.measured if seen.measured and not seen.measured.against else None
    alone = one is not None and len(one.trainings) == 1
    found = _end(pins, claim.cell, one) if one and alone and claim.cell is not None else None
    if found is None:
        return claim
    value, measured = found
    return claim.model_copy(
        update={"documented": value, "evidence": Observation(measured=measured)}
    )
