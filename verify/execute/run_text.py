"""What a run is of: the official page as it is now, or our edition, and what the ledger knows."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from verify.contract import pins, published_edition
from verify.contract.contract import Contract, PageReference
from verify.contract.edition import Edition
from verify.contract.pins import Pins
from verify.evidence.failure import LackError, Need
from verify.execute import page_files
from verify.execute.run_options import Options
from verify.ledger import ledger, showing
from verify.ledger.erratum import Erratum
from verify.page import reader
from verify.page.page import Page
from verify.repairs import repaired_pages
from verify.repairs.repaired_pages import Repaired
from verify.system.cache import Notify
from verify.system.words import Words
from verify.upstream import documentation
from verify.upstream import pages as upstream

_OTHER_LANGUAGE = Words(
    zh="{file}：代码是 {language}，而文档环境只有 Python 的内核。",
    en="{file}: its code is in {language}, and the documented environment has a kernel for Python "
    "alone.",
)


class RunText:
    """The text of one edition, and of the page behind it; each is read when first needed."""

    def __init__(self, contract: Contract, options: Options, notify: Notify) -> None:
        self.contract, self.options, self.notify = contract, options, notify

    @property
    def published(self) -> bool:
        """Whether it is the official text that runs."""
        return self.options.edition is Edition.PUBLISHED

    @property
    def environment_name(self) -> str:
        """The environment that was asked for, or the one that the document names."""
        return self.options.environment or self.contract.environment.name

    @cached_property
    def official(self) -> upstream.OfficialPage:
        """The official page, read from its repository."""
        page = self.contract.official
        return page.read(self.options.upstream, self.options.ref, self.notify)

    @property
    def _source(self) -> str:
        return self.contract.official.source or self.options.upstream

    @cached_property
    def page_files(self) -> Mapping[str, bytes]:
        """The files beside the official page that its code names."""
        if not self.published:
            return {}
        return page_files.found(self.official, self._source, self.notify)

    def page_on_disk(self) -> tuple[Path, Path]:
        """The official page among its neighbours, and the folder that its path starts at.

        Raises:
            VerifyError: the documentation around it is out of reach.
        """
        page = self.official
        return documentation.on_disk(self._source, page.ref, page.path, self.notify)

    @property
    def page(self) -> PageReference | None:
        """The official page that the run is about, if it is not a page of ours."""
        page = self.contract.page
        if page is None or not self.published:
            return page
        seen = self.official
        return page.model_copy(update={"ref": seen.ref, "blob": seen.blob})

    @cached_property
    def notebook(self) -> Page:
        """The edition."""
        if self.published:
            return published_edition.of_page(self.contract, self.official)
        return reader.read(self.contract.edition_path)

    @cached_property
    def pins(self) -> Pins:
        """The pins of the official page."""
        return self.contract.pins

    @cached_property
    def seen(self) -> Pins | None:
        """What the official page states as it is now, where the run has it at hand."""
        return pins.of_page(self.official, self.contract.known) if self.published else None

    @cached_property
    def repaired(self) -> Repaired:
        """The errata that the official page no longer has, where the pinned one is at hand."""
        if not self.published or self.official.blob == self.pins.blob:
            return {}
        before = pins.pinned_page(self.pins, self.official, self._source, self.notify)
        if before is None:
            return {}
        was = published_edition.of_page(self.contract, before)
        return repaired_pages.recognised(self.contract, was, self.notebook)

    @property
    def errata(self) -> list[Erratum]:
        """The errata of the official page, each with the cells in which that still has it."""
        found = []
        for erratum in self.contract.errata:
            done = {cell for cell, ids in self.repaired.items() if erratum.id in ids}
            if not done.issuperset(erratum.cells):
                cells = [cell for cell in erratum.cells if cell not in done]
                found.append(erratum.model_copy(update={"cells": cells}))
        return found

    @cached_property
    def errata_elsewhere(self) -> list[Erratum]:
        """What only ledgers of other releases know of the official page: to be tried, and proposed.

        Raises:
            UsageError: a ledger cannot be read.
        """
        if not self.published:
            return []
        own = {erratum.id for erratum in self.contract.errata}
        others = [one for one in ledger.elsewhere(self.environment_name) if one.id not in own]
        return showing.on_page(others, self.official.parsed, self.official.path)

    def read(self) -> None:
        """Read edition and pins now, so that what is wrong with them is said before anything runs.

        Raises:
            UsageError: one of them is missing or unreadable.
            ResourceError: the official pages are out of reach.
        """
        _ = self.notebook, self.pins, self.contract.errata, self.errata_elsewhere, self.repaired

    def see_language(self) -> None:
        """See that the cells are Python.

        Raises:
            LackError: the notebook is for a kernel of another language.
        """
        cells = [cell for cell in self.notebook.cells if cell.runs]
        if cells and not any(cell.is_python for cell in cells):
            language = cells[0].language
            raise LackError(
                Need.KERNEL,
                _OTHER_LANGUAGE.filled(file=self.notebook.path.name, language=language),
            )
