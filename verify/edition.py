"""The two editions of a document: the official page as published, and ours, corrected."""

from dataclasses import replace
from enum import Enum
from pathlib import Path

from verify import notebook
from verify.contract import Contract
from verify.notebook import Notebook
from verify.upstream import Page


class Edition(str, Enum):
    """Which text of a document runs."""

    CORRECTED = "corrected"
    PUBLISHED = "published"


def published(contract: Contract, page: Page) -> Notebook:
    """The official page as it is, its cells marked with the steps that the contract gives them.

    Raises:
        UsageError: the page is no notebook.
    """
    official = notebook.parse(page.text, Path(page.path))
    steps = {cell: step.id for step in contract.steps for cell in step.cells}
    cells = tuple(replace(cell, step=steps.get(cell.index)) for cell in official.cells)
    return replace(official, cells=cells)
