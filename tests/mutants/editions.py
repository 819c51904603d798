"""Mutants of our editions, judged by the checks of the text: steps, facts, pins."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from itertools import pairwise
from pathlib import Path

from tests.mutants import places, reading
from tests.mutants.mutant import Mutant
from tests.mutants.places import Operator
from tests.mutants.reading import Change
from verify.checks import ALL, Case, Needs
from verify.contract import contract, pins
from verify.contract.edition import Edition
from verify.finding import Verdict
from verify.page import reader
from verify.page.page import Block
from verify.system.resources import TUTORIALS

_COUNT = 3
_OPERATORS: dict[str, Operator] = {
    "an argument renamed": places.argument_renamed,
    "an argument dropped": places.argument_dropped,
    "a constant changed": places.constant_changed,
    "an API moved": places.api_moved,
    "a method moved": places.method_moved,
    "a statement dropped": places.statement_dropped,
    "a bracket dropped": places.bracket_dropped,
    "layers unfrozen": places.layers_unfrozen,
    "the border of frozen layers moved": places.border_moved,
    "weights random": places.weights_random,
    "a party replaced": places.party_replaced,
}


def mutants(seed: int) -> Iterator[Mutant]:
    """Mutants of every edition of an official page: what is wrong with one, its facts tell."""
    for file in sorted(TUTORIALS.glob(f"*/{contract.FILE_NAME}")):
        if contract.read(file).page:
            yield from of_document(file.parent, seed)


def of_document(folder: Path, seed: int) -> Iterator[Mutant]:
    """Mutants of one tutorial's edition."""
    case = _case(folder)
    cells = case.notebook.cells
    codes = list(reading.read(cells, lambda name: _is_free(case.contract, name)))
    for kind, operator in _OPERATORS.items():
        found = [change for each in codes for change in operator(each)]
        for change in places.some(found, _COUNT, f"{seed} {folder.name} {kind}"):
            step = cells[change.cell].step or ""
            mutated = _changed(cells, change)
            meant = [f"facts:{one}" for one in _stating(cells, change.cell)]
            yield _mutant(folder, kind, step, change.says, *meant, cells=mutated)
    yield from _of_steps(folder, cells, seed)


def _of_steps(folder: Path, cells: Sequence[Block], seed: int) -> Iterator[Mutant]:
    steps = [cell for cell in cells if cell.runs and cell.step]
    for cell in places.some(steps, _COUNT, f"{seed} dropped"):
        left = [other for other in cells if other.step != cell.step]
        check = f"steps:{cell.step}"
        yield _mutant(folder, "a step dropped", str(cell.step), "gone", check, cells=left)
    for one, other in places.some(list(pairwise(steps)), _COUNT, f"{seed} swapped"):
        order = {one.index: other, other.index: one}
        swapped = [order.get(cell.index, cell) for cell in cells]
        said, check = f"after {other.step}", f"steps:{other.step}"
        yield _mutant(folder, "two steps swapped", str(one.step), said, check, cells=swapped)
    for cell, between in places.some(list(pairwise(steps)), _COUNT, f"{seed} twice"):
        again = [*cells[: between.index + 1], cell, *cells[between.index + 1 :]]
        said, check = f"once more after {between.step}", f"steps:{cell.step}"
        yield _mutant(folder, "a step in two places", str(cell.step), said, check, cells=again)
    for cell in places.some(steps, 1, f"{seed} strange"):
        strange = replace(cell, step=None)
        more = [*cells[: cell.index + 1], strange, *cells[cell.index + 1 :]]
        yield _mutant(folder, "a cell beside the page", "", "once more", "pins", cells=more)


def _stating(cells: Sequence[Block], index: int) -> list[str]:
    """The steps that state what a cell does: its own, and those that call its functions."""
    names = re.findall(r"^def (\w+)", cells[index].source, re.MULTILINE)
    calls = [cell for cell in cells if any(f"{name}(" in cell.source for name in names)]
    return [cell.step for cell in (cells[index], *calls) if cell.step]


def _changed(cells: Sequence[Block], change: Change) -> list[Block]:
    return [
        replace(cell, source=change.applied(cell.source)) if cell.index == change.cell else cell
        for cell in cells
    ]


def _mutant(
    folder: Path, kind: str, step: str, change: str, *checks: str, cells: Sequence[Block]
) -> Mutant:
    def killers() -> Collection[str]:
        return failures(folder, tuple(cells)) - failures(folder, _case(folder).notebook.cells)

    place = f"{folder.name}, step {step}" if step else folder.name
    return Mutant("edition", kind, place, change, checks, killers)


@cache
def failures(folder: Path, cells: tuple[Block, ...]) -> frozenset[str]:
    """The ids of the checks that fail where an edition has these cells."""
    case = _case(folder)
    case = replace(case, notebook=replace(case.notebook, cells=cells))
    text = [c for c in ALL if c.needs is Needs.TEXT and Edition.CORRECTED in c.editions]
    judged = (c.judge(case, subject) for c in text for subject in c.subjects(case.contract))
    return frozenset(result.id for result in judged if result.verdict is Verdict.FAIL)


@cache
def _case(folder: Path) -> Case:
    document = contract.read(folder / contract.FILE_NAME)
    edition = reader.read(document.edition_path)
    return Case(document, next(iter(document.profiles)), edition, pins.read(document.pins_path))


def _is_free(document: contract.Contract, name: str) -> bool:
    """Whether an edition may word the calls of this name as it likes."""
    free = False
    for rule in document.facts.free:
        if fnmatchcase(name, rule.lstrip("!")):
            free = not rule.startswith("!")
    return free
