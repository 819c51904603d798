"""The official page as a notebook whose cells know their steps."""

from dataclasses import replace

from verify.contract.contract import Contract
from verify.errors import UsageError
from verify.page.page import Page
from verify.upstream.pages import OfficialPage


def of_page(contract: Contract, page: OfficialPage) -> Page:
    """The official page as it is, its cells marked with the steps that the contract gives them.

    Raises:
        UsageError: the page is no notebook.
    """
    official = page.parsed
    if not official.is_notebook:
        raise UsageError(f"{page.path}: is no notebook, so there is nothing of it to run.")
    steps = {cell: step.id for step in contract.steps for cell in step.cells}
    cells = tuple(replace(cell, step=steps.get(cell.index)) for cell in official.cells)
    return replace(official, cells=cells)
