"""The examples of the rules' explanations as pages, all of them in one documentation."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from tests.rules import pages
from verify.finding import FindingKind
from verify.rules import explanation
from verify.rules.explanation import Example

_OUTPUT = "#>"


@dataclass(frozen=True)
class Side:
    """One side of an example: `wrong` or `right`."""

    kind: FindingKind
    number: int
    side: str
    example: Example

    @property
    def id(self) -> str:
        return f"{self.kind.value}-{self.number}-{self.side}"

    def written(self, root: Path) -> Path:
        """The folder with the page and what is beside it."""
        folder = root / self.id
        texts = self.example.beside | {self.example.file: getattr(self.example, self.side)}
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".ipynb" and not text.startswith("{"):
                nbformat.write(_notebook(text), path)
            else:
                path.write_text(text, encoding="utf-8")
        return folder


def sides(*left_out: FindingKind) -> Iterator[Side]:
    """Both sides of every example, but for some kinds."""
    for kind in FindingKind:
        if kind in left_out:
            continue
        for number, example in enumerate(explanation.of(kind).examples):
            yield Side(kind, number, "wrong", example)
            yield Side(kind, number, "right", example)


def _notebook(text: str) -> Any:
    read = jupytext.reads(text, "py:percent")
    return nbformat.v4.new_notebook(cells=[_cell(cell) for cell in read.cells])


def _cell(cell: Any) -> Any:
    if cell.cell_type != "code":
        return pages.prose(cell.source)
    lines = cell.source.split("\n")
    source = "\n".join(line for line in lines if not line.startswith(_OUTPUT))
    told = "".join(
        line.removeprefix(_OUTPUT).removeprefix(" ") + "\n"
        for line in lines
        if line.startswith(_OUTPUT)
    )
    outputs = [pages.printed(told)] if told else []
    return pages.code(source, *outputs, count=cell.metadata.get("count"))
