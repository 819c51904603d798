"""Mutants of what a run puts out, beside what the published page has stored of each cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from tests.checks import builders
from tests.mutants import places, samples_of_outputs
from tests.mutants.mutant import Mutant
from tests.mutants.output_changes import OTHERWISE, Output, Rerun
from tests.mutants.output_variations import ALIKE
from verify.checks import Case, stored_outputs
from verify.checks.explained_outputs import Explanations
from verify.contract import contract, pins
from verify.contract.edition import Edition
from verify.contract.steps import Step
from verify.evidence.evidence import Evidence, StepRun
from verify.finding import Verdict
from verify.page import notebook, reader
from verify.upstream.pages import OfficialPage

_FAMILY = "rerun"


@dataclass(frozen=True)
class _Place:
    """A change of what one cell of a page puts out."""

    page: "_Published"
    cell: int
    rerun: Rerun


class _Published:
    """A notebook as it was published; each of its code cells is a step."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self._text = path.read_text(encoding="utf-8")

    @cached_property
    def outputs(self) -> dict[int, list[Output]]:
        """What it has stored, by cell."""
        cells: Sequence[NotebookNode] = notebook.node(self._text, self.path).cells
        return {i: list(cell.outputs) for i, cell in enumerate(cells) if cell.get("outputs")}

    @cached_property
    def _document(self) -> Case:
        official = OfficialPage("v1", "1" * 40, self.path.name, "b" * 40, self._text)
        page = reader.of_text(self._text, self.path)
        about = contract.PageReference(ref="v1", path=official.path, blob=official.blob)
        document = builders.contract_of(
            page=about,
            steps=[Step(id=f"cell-{c.index}", cells=[c.index]) for c in page.cells if c.runs],
            trainings=[],
            claims=[],
        )
        profile = next(iter(document.profiles))
        return Case(document, profile, page, pins.of_page(official), edition=Edition.PUBLISHED)

    @cached_property
    def explained(self) -> frozenset[int]:
        """The cells whose outputs chance decides, or a clock or the machine."""
        return frozenset(Explanations(self._document).chance)

    def differs(self, cell: int, outputs: Sequence[Output]) -> frozenset[str]:
        """The checks that say that the cell should have put out something else."""
        step = f"cell-{cell}"
        run = StepRun(step, 0, 1, "", None, outputs={cell: outputs})
        document = self._document
        case = Case(
            document.contract,
            document.profile_name,
            document.notebook,
            document.pins,
            evidence=Evidence(steps={step: run}, trainings={}),
            edition=Edition.PUBLISHED,
        )
        result = stored_outputs.CHECK.judge(case, step)
        return frozenset([result.id] if result.verdict is Verdict.FAIL else [])


def own(seed: int, count: int) -> Iterator[Mutant]:
    """Mutants of a page of our own, which has outputs of every form."""
    with samples_of_outputs.written() as path:
        yield from _mutants([_Published(path, "sample")], seed, count)


def official(root: Path, seed: int, count: int) -> Iterator[Mutant]:
    """Mutants of the official pages, of each kind as many; the seed chooses the places."""
    paths = sorted(root.rglob("*.ipynb"))
    yield from _mutants([_Published(path, path.stem) for path in paths], seed, count)


def _mutants(pages: Sequence[_Published], seed: int, count: int) -> Iterator[Mutant]:
    for operators, harmless in ((OTHERWISE, False), (ALIKE, True)):
        for kind, operator in operators.items():
            found = [
                _Place(page, cell, rerun)
                for page in pages
                for cell, outputs in page.outputs.items()
                for rerun in operator(outputs)
            ]
            for one in places.some(found, count, f"{seed} {kind}"):
                if harmless or one.rerun.hard or one.cell not in one.page.explained:
                    yield _mutant(kind, one, harmless=harmless)


def _mutant(kind: str, one: _Place, *, harmless: bool) -> Mutant:
    def killers() -> frozenset[str]:
        return one.page.differs(one.cell, one.rerun.outputs)

    place, meant = f"{one.page.name}, cell {one.cell}", f"outputs:cell-{one.cell}"
    told = () if harmless else (meant,)
    return Mutant(_FAMILY, kind, place, one.rerun.says, told, killers, harmless=harmless)
