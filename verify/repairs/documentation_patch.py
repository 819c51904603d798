"""What a ledger's repairs make of all pages of a documentation, by the ledger's patterns alone."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from verify.errors import UsageError
from verify.ledger import showing
from verify.ledger.erratum import Edit, Erratum, KnownErratum
from verify.page.code.parsing import tree_of
from verify.page.page import NOTEBOOKS, Block, Page
from verify.repairs import notebook_file, page_patch
from verify.repairs.notebook_file import Stored
from verify.repairs.page_patch import Patch, PatchOutcome
from verify.system.words import Text, Words, enumerated, joined

_PROBLEM = Words(zh="{erratum}：{why}", en="{erratum}: {why}")
_STILL_SHOWS = Words(
    zh="修正之后，它在单元格 {cells} 里仍然出现",
    en="it still shows in cell {cells} once it is repaired",
)


@dataclass(frozen=True)
class PagePatch:
    """One page: its files as they were, and what the ledger's repairs make of them.

    `stale` are the cells that are repaired and keep what the source before had put out, `by_hand`
    the errata that show and that no rewriting of the page mends.
    """

    path: str
    texts: Mapping[str, str]
    patch: Patch
    stale: tuple[int, ...] = ()
    by_hand: tuple[Erratum, ...] = ()

    @property
    def is_notebook(self) -> bool:
        """Whether a reader counts its cells; of a text, lines."""
        return PurePosixPath(self.path).suffix in NOTEBOOKS

    @property
    def before(self) -> dict[str, bytes]:
        """The files that change, as they were."""
        changed = (path for path, text in self.texts.items() if self.patch.texts[path] != text)
        return {path: self.texts[path].encode() for path in changed}

    @property
    def after(self) -> dict[str, bytes]:
        """The files that change, as they become."""
        return {path: self.patch.texts[path].encode() for path in self.before}

    def places(self, outcome: PatchOutcome) -> tuple[int, ...]:
        """Where something is repaired: cells of a notebook, lines of a text."""
        return tuple(outcome.cells if self.is_notebook else outcome.lines)

    @property
    def problems(self) -> list[Text]:
        """What could not be repaired, and why; nothing if all was."""
        return [
            _PROBLEM.filled(erratum=outcome.erratum.id, why=joined(outcome.problems))
            for outcome in self.patch.outcomes
            if outcome.problems
        ]


def of_page(
    known: Iterable[KnownErratum], path: str, texts: Mapping[str, str], *, clear: bool = False
) -> PagePatch:
    """Repair whatever the ledger finds on a page, and look whether it still finds it.

    Args:
        known: the errata of a release.
        path: the page's.
        texts: the page and its catalogues by their paths, line ends as they are.
        clear: whether stored outputs are removed.

    Raises:
        UsageError: the page cannot be read.
    """
    page, stored = page_patch.read(path, texts[path]), dict[int, Stored]()
    if clear:
        stored = {cell.index: notebook_file.NOTHING for cell in page.cells if cell.runs}
    every = _showing(known, page, path)
    errata = [one for one in every if one.apply]
    places = {cell.index: cell.index for cell in page.cells}
    patch = page_patch.of_page(errata, path, texts, places, stored)
    left = {one.id: one for one in _left(known, path, patch)}
    outcomes = tuple(_looked_at(outcome, left) for outcome in patch.outcomes)
    changed = {cell for outcome in outcomes for cell in outcome.cells}
    stale = (i for i in sorted(changed) if page.cells[i].outputs and not clear)
    by_hand = tuple(one for one in every if not one.apply)
    return PagePatch(path, texts, replace(patch, outcomes=outcomes), tuple(stale), by_hand)


def _showing(known: Iterable[KnownErratum], page: Page, path: str) -> list[Erratum]:
    """What shows on a page, and what of it its text can say.

    A text tells its reader in words what to install: no line of code says so. Code that is no
    Python shows nothing, for it does not run.
    """
    found = []
    for one in showing.on_page(known, page, path):
        cells = [index for index in one.cells if _is_read(page.cells[index])]
        if cells and (page.is_notebook or not any(map(_installs, one.apply))):
            found.append(one.model_copy(update={"cells": cells}))
    return found


def _is_read(cell: Block) -> bool:
    return not cell.runs or tree_of(cell.python) is not None


def _installs(edit: Edit) -> bool:
    """Whether an edit adds a line that installs something."""
    return edit.install is not None and edit.instead is None


def _left(known: Iterable[KnownErratum], path: str, patch: Patch) -> Collection[Erratum]:
    """What still shows once the page is repaired; nothing that was not found shows anew."""
    if not patch.outcomes:
        return ()
    try:
        return _showing(known, page_patch.read(path, patch.texts[path]), path)
    except UsageError as error:
        raise UsageError(
            Words(
                zh="修正之后不再是一个页面：{error}", en="the repairs leave no page behind: {error}"
            ).filled(error=error)
        ) from error


def _looked_at(outcome: PatchOutcome, left: Mapping[str, Erratum]) -> PatchOutcome:
    again = left.get(outcome.erratum.id)
    if again is None or outcome.problems:
        return outcome
    return replace(outcome, problems=(_STILL_SHOWS.filled(cells=enumerated(again.cells)),))
