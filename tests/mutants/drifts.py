"""Mutants of pinned pages: whether pins, and checks of the published page, tell the drift."""

import copy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from random import Random
from typing import Any

import nbformat
from nbformat import NotebookNode

from tests.bilingual import words
from tests.checks import builders
from tests.mutants import places, prose, reading, trainings
from tests.mutants.mutant import Mutant
from tests.mutants.reading import Change
from verify.checks import ALL, Case, Needs
from verify.contract import contract, pin_drift, pins, published_edition
from verify.contract.claim import Claim
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.contract.steps import Step
from verify.finding import Verdict
from verify.page import reader
from verify.upstream.pages import OfficialPage

_EACH = 2
_NEW = "print('Nobody has seen this cell before.')"


@dataclass
class Pinned:
    """A page as it was pinned, and the contract that speaks of it."""

    page: OfficialPage
    contract: Contract

    def mutants(self, seed: int) -> Iterator[Mutant]:
        """Some mutants of each kind."""
        chance = Random(f"{seed} {self.page.path}")  # noqa: S311
        for kind, index, change, meant, cells in self._drafts(chance):
            killers = partial(self._killers, self._written(cells))
            place = f"{self.contract.name or 'sample'}, cell {index}"
            yield Mutant("drift", kind, place, change, meant, killers)

    @cached_property
    def _node(self) -> NotebookNode:
        node: NotebookNode = nbformat.reads(self.page.text, as_version=4)
        return node

    @cached_property
    def _pins(self) -> pins.Pins:
        return pins.of_page(self.page)

    @cached_property
    def _accepted(self) -> frozenset[str]:
        return self._found(self.page)

    def _killers(self, text: str) -> Collection[str]:
        return self._found(replace(self.page, text=text, blob="0" * 40)) - self._accepted

    def _found(self, page: OfficialPage) -> frozenset[str]:
        """What `pin --check` tells, and the checks of the published page that fail."""
        told = pin_drift.between(self._pins, page, self.page)
        edition = published_edition.of_page(self.contract, page)
        profile = next(iter(self.contract.profiles))
        seen = pins.of_page(page)
        case = Case(
            self.contract, profile, edition, self._pins, edition=Edition.PUBLISHED, seen=seen
        )
        of_text = [c for c in ALL if c.needs is Needs.TEXT and Edition.PUBLISHED in c.editions]
        judged = (check.judge(case, s) for check in of_text for s in check.subjects(case.contract))
        return frozenset(
            {f"{each.change.value}:{each.now if each.was is None else each.was}" for each in told}
            | {f"fact:{each.was}" for each in told if each.went or each.came}
            | {result.id for result in judged if result.verdict is Verdict.FAIL}
        )

    def _drafts(
        self, chance: Random
    ) -> Iterator[tuple[str, int, str, tuple[str, ...], Sequence[NotebookNode]]]:
        cells = self._node.cells
        page = self.page.parsed
        codes = list(reading.read(page.cells))
        for kind, operator in (
            ("a constant changed", places.constant_changed),
            ("an argument renamed", places.argument_renamed),
        ):
            for change in self._some(chance, [c for each in codes for c in operator(each)]):
                step = self.contract.step_of_cell(change.cell)
                meant = (f"drift:{step.id}",) if step else ("pins",)
                yield kind, change.cell, change.says, meant, _changed(cells, change)
        texts = [
            prose.Text(page, cell.index, cell.source)
            for cell in page.cells
            if cell.kind == "markdown"
        ]
        for kind, of_text in (
            ("a number in prose changed", prose.number_changed),
            ("a link changed", prose.link_changed),
        ):
            for change in self._some(chance, [c for text in texts for c in of_text(text)]):
                changed = _changed(cells, change)
                anchored = self._claimed(change.cell, changed)
                told = anchored or (f"changed:{change.cell}",)
                yield kind, change.cell, change.says, told, changed
        for erratum in (each for each in self.contract.errata if each.kind == "text"):
            for edit in erratum.apply:
                changed = [_repaired(cell, edit.find, edit.replace) for cell in cells]
                index, meant = erratum.cells[0], (f"erratum:{erratum.id}",)
                yield "an erratum repaired in silence", index, erratum.id, meant, changed
        for index in chance.sample(range(len(cells)), _EACH):
            without = [cell for i, cell in enumerate(cells) if i != index]
            yield "a cell removed", index, "without it", (f"removed:{index}",), without
            new = nbformat.v4.new_code_cell(_NEW)
            more = [*cells[:index], new, *cells[index:]]
            yield "a cell added", index, "a new one before it", (f"added:{index}",), more
        for index in chance.sample(range(len(cells) - 2), _EACH):
            moved = [*cells[:index], *cells[index + 1 :], cells[index]]
            yield "a cell moved", index, "to the end", (f"moved:{index}",), moved
        printing = [i for i, cell in enumerate(cells) if cell.get("outputs")]
        for index in self._some(chance, printing):
            other = copy.deepcopy(cells[index])
            other.outputs = [nbformat.v4.new_output("stream", text="another run\n")]
            meant = (f"reprinted:{index}",)
            replaced = [*cells[:index], other, *cells[index + 1 :]]
            yield "an output replaced", index, "another run's", meant, replaced

    def _claimed(self, cell: int, changed: Sequence[NotebookNode]) -> tuple[str, ...]:
        """The anchors of claims about a sentence that is no longer there."""
        now = replace(self.page, text=self._written(changed))
        left = pins.of_page(now).sentences.get(cell, {})
        gone = self._pins.sentences.get(cell, {}).keys() - left.keys()
        return tuple(f"anchor:{claim.id}" for claim in self.contract.claims if claim.anchor in gone)

    def _written(self, cells: Sequence[NotebookNode]) -> str:
        return str(nbformat.writes(nbformat.from_dict({**self._node, "cells": list(cells)})))

    def _some(self, chance: Random, found: Sequence[Any]) -> list[Any]:
        return chance.sample(found, min(_EACH, len(found)))


def _repaired(cell: NotebookNode, was: str | None, becomes: str | None) -> NotebookNode:
    repaired = copy.copy(cell)
    repaired.source = cell.source.replace(was, becomes) if was and becomes else cell.source
    return repaired


def _changed(cells: Sequence[NotebookNode], change: Change) -> list[NotebookNode]:
    cell = copy.copy(cells[change.cell])
    cell.source = change.applied(cell.source)
    return [*cells[: change.cell], cell, *cells[change.cell + 1 :]]


def sample() -> Pinned:
    """Our own sample tutorial, as if it were an official page."""
    page = OfficialPage(
        "v1", "1" * 40, trainings.SAMPLE.name, "b" * 40, trainings.SAMPLE.read_text("utf-8")
    )
    cells = reader.read(trainings.SAMPLE).cells
    steps = [
        Step(id=cell.step, says=words("does it"), cells=[cell.index]) for cell in cells if cell.step
    ]
    about = contract.PageReference(ref=page.ref, path=page.path, blob=page.blob)
    document = builders.contract_of(
        page=about, steps=steps, trainings=[], claims=list(_claims(page)), errata=[]
    )
    return Pinned(page, document)


def _claims(page: OfficialPage) -> Iterator[Claim]:
    """A claim about every sentence with a number."""
    told = pins.of_page(page).sentences
    stated = [(cell, *one) for cell, some in sorted(told.items()) for one in some.items()]
    for number, (cell, anchor, numbers) in enumerate(stated):
        if numbers:
            said = {
                "id": f"sentence-{number}",
                "cell": cell,
                "says": words("so"),
                "anchor": anchor,
            }
            evidence = {"ran": "together"}
            yield Claim.model_validate({**said, "evidence": evidence})
