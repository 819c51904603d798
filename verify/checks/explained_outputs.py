"""What explains that a run shows something else than the page has stored: a change, or chance."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from verify.checks import profile_changes
from verify.checks.case import Case
from verify.contract.steps import Step
from verify.evidence.repetition.likeness import Likeness
from verify.page.code import flow, origins
from verify.page.code.origins import ChangedPlace
from verify.page.outputs import bands
from verify.page.outputs.bands import Band
from verify.page.outputs.output_comparison import Comparison, OutputClass
from verify.page.page import Page
from verify.system.words import Text, Words, joined

_FIXED_POINT = re.compile(
    r"\b(?:SPU|HEU|SPU\w*Aggregator|SecureAggregator|SecureBoost|SSRegression|Sgb)\b"
)
_SHORT = 40
_CHANGE = Words(zh="单元格 {cell} 的 {what}：{how}", en="{what} of cell {cell}: {how}")
_DIFFER = Words(
    zh="以相同种子运行两次，结果不同：{how}", en="two runs with the same seeds differ: {how}"
)
_REPAIR = Words(zh="勘误 {erratum} 的修正", en="the repair of {erratum}")


class Explanations:
    """What is known of a document beyond its outputs."""

    def __init__(self, case: Case) -> None:
        self.case = case
        changes = tuple(_changes(case))
        self.versions = {change.says for change in changes if change.module}
        self.changes = _reached_by_changes(case.notebook, changes)
        self.chance = _reached_by_chance(case.notebook)
        sources = (cell.source for cell in case.notebook.cells if cell.runs)
        self.fixed_point = any(map(_FIXED_POINT.search, sources))

    def band_of(self, stored: str, run: str) -> Band:
        """How far two printed numbers of the page may lie apart."""
        band = bands.of_fixed_point if self.fixed_point else bands.of_stored
        return band(stored, run)

    def of(self, comparison: Comparison, step: Step, cell: int) -> Comparison:
        """The comparison with what explains it, if anything does.

        Nothing but another version of a package explains another type or an exception; that a run
        shows nothing at all only a change does, or the machine.
        """
        hard = comparison.hard and self.versions.isdisjoint(self.changes.get(cell, ()))
        if comparison.kind is not OutputClass.DIFFERENT or hard:
            return comparison
        if changed := [*self._repairs(cell), *self.changes.get(cell, ())]:
            return comparison.explained(OutputClass.DEPENDS, joined(changed))
        chance = self.chance.get(cell, ())
        if comparison.missing:
            chance = tuple(one for one in chance if one == origins.EQUIPMENT)
        elif seen := self._seen_to_vary(step):
            chance = (*chance, seen)
        return comparison.explained(OutputClass.VARIES, joined(chance)) if chance else comparison

    def _repairs(self, cell: int) -> list[Text]:
        """The errata that were repaired in the cell on the way."""
        runs = self.case.evidence.steps.values() if self.case.evidence else ()
        met = [shown.erratum for run in runs for shown in run.errata if shown.cell == cell]
        return [_REPAIR.filled(erratum=erratum) for erratum in dict.fromkeys(met)]

    def _seen_to_vary(self, step: Step) -> Text:
        """Why the step is known to show something else in each run."""
        if step.varies:
            return step.varies
        again = self.case.repeated.get(step.id)
        differs = again and again.likeness not in (None, Likeness.BIT_EQUAL)
        return _DIFFER.filled(how=again.sentence) if again and differs else ""


def _changes(case: Case) -> Iterator[ChangedPlace]:
    """What the profile changes of the page, and stands in for."""
    for applied in case.applied:
        if applied.program:
            words = profile_changes.stands_in(applied.documented)
            yield ChangedPlace(words, url=applied.documented, holds=applied.holds)
            continue
        told = f"{applied.documented} → {applied.used}"
        how = told if len(told) <= _SHORT else applied.reason
        words = _CHANGE.filled(cell=applied.cell, what=applied.parameter, how=how)
        yield ChangedPlace(words, applied.cell, applied.documented)
    runs = case.evidence.steps.values() if case.evidence else ()
    for id_ in dict.fromkeys(shown.erratum for run in runs for shown in run.errata):
        words = _REPAIR.filled(erratum=id_)
        for edit in next((e.apply for e in case.contract.errata if e.id == id_), ()):
            if edit.instead and edit.imported:  # another version than the page asks for
                yield ChangedPlace(words, module=edit.imported)


@lru_cache(maxsize=4)
def _reached_by_changes(
    page: Page, changes: tuple[ChangedPlace, ...]
) -> Mapping[int, tuple[Text, ...]]:
    cells = [cell for cell in page.cells if cell.runs]
    return flow.reached(cells, origins.changes(cells, changes))


@lru_cache(maxsize=4)
def _reached_by_chance(page: Page) -> Mapping[int, tuple[Text, ...]]:
    cells = [cell for cell in page.cells if cell.runs]
    return flow.reached(cells, origins.chance(cells))
