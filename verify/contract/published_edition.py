"""The official page as a notebook whose cells know their steps."""

from dataclasses import replace
from pathlib import Path

from verify.contract.contract import Contract
from verify.page import notebook
from verify.page.notebook import Notebook
from verify.upstream.pages import Page


def of_page(contract: Contract, page: Page) -> Notebook:
    """The official page as it is, its cells marked with the steps that the contract gives them.

    Raises:
        UsageError: the page is no notebook.
    """
    official = notebook.parse(page.text, Path(page.path))
    steps = {cell: step.id for step in contract.steps for cell in step.cells}
    cells = tuple(replace(cell, step=steps.get(cell.index)) for cell in official.cells)
    return replace(official, cells=cells)
