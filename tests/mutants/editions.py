"""Mutants of our editions, judged by the checks of the text: steps, facts, pins."""

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from tests.mutants import computed, orders, places, reading
from tests.mutants.mutant import Mutant
from tests.mutants.places import Operator
from tests.mutants.reading import Change, Code
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
    yield from _computed(folder, cells, codes, seed)
    calling = {code.cell.index for code in codes if _calls(code)}
    for one in orders.of_cells(cells, calling, _COUNT, seed):
        yield _mutant(folder, one.kind, one.step, one.says, *one.meant, cells=one.cells)


def _computed(
    folder: Path, cells: Sequence[Block], codes: Sequence[Code], seed: int
) -> Iterator[Mutant]:
    """Arguments that are computed to another value, and, as no defect, to the same one."""
    for kind, way in computed.WAYS.items():
        for off in (1, 0):
            found = [change for each in codes for change in way(off, each)]
            count = _COUNT if off else 1
            for change in places.some(found, count, f"{seed} {folder.name} {kind}"):
                step = cells[change.cell].step or ""
                said = f"{kind} that is off" if off else f"{kind}, as it was"
                meant = [f"facts:{one}" for one in _stating(cells, change.cell)] if off else ()
                mutated = _changed(cells, change)
                yield _mutant(folder, said, step, change.says, *meant, cells=mutated)


def _calls(code: Code) -> bool:
    """Whether a cell itself calls something that it has imported."""
    calls = {id(call) for call in code.calls()}
    return any(
        id(node) in calls
        for statement in code.tree.body
        if isinstance(statement, ast.Expr | ast.Assign)
        for node in ast.walk(statement)
    )


def _stating(cells: Sequence[Block], index: int) -> list[str]:
    """The steps that state what a cell does."""
    return [cell.step for cell in reading.stating(cells, index) if cell.step]


def _changed(cells: Sequence[Block], change: Change) -> list[Block]:
    return [
        replace(cell, source=change.applied(cell.source)) if cell.index == change.cell else cell
        for cell in cells
    ]


def _mutant(
    folder: Path, kind: str, step: str, change: str, *checks: str, cells: Sequence[Block]
) -> Mutant:
    numbered = tuple(replace(cell, cell=index) for index, cell in enumerate(cells))

    def killers() -> Collection[str]:
        return failures(folder, numbered) - failures(folder, _case(folder).notebook.cells)

    place = f"{folder.name}, step {step}" if step else folder.name
    return Mutant("edition", kind, place, change, checks, killers, harmless=not checks)


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
