"""The official page as a notebook whose cells know their steps; a text's are its Python blocks."""

from dataclasses import replace

from verify.contract.contract import Contract
from verify.errors import UsageError
from verify.page.page import Page
from verify.system.words import Words
from verify.upstream.pages import OfficialPage


def of_page(contract: Contract, page: OfficialPage) -> Page:
    """The official page as it is, its cells marked with the steps that the contract gives them.

    Raises:
        UsageError: there is no Python on the page.
    """
    official = page.parsed
    if not official.cells:
        raise UsageError(
            Words(
                zh="{path}：里面没有 Python，所以没有可运行的内容。",
                en="{path}: has no Python, so there is nothing of it to run.",
            ).filled(path=page.path)
        )
    steps = {cell: step.id for step in contract.steps for cell in step.cells}
    cells = tuple(replace(cell, step=steps.get(cell.index)) for cell in official.cells)
    return replace(official, cells=cells)
