"""Contracts for pages by their names: those that somebody wrote, derived ones for the others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from verify.contract import deriving
from verify.contract.contract import Contract
from verify.environment import environment as environments
from verify.errors import UsageError
from verify.system import complaints
from verify.system.cache import Notify
from verify.system.words import Text
from verify.upstream import page_names, pages


@dataclass(frozen=True)
class Drafted:
    """Contracts of pages, and what there is to say of pages that nobody can read."""

    contracts: list[Contract]
    unread: list[Text]


def of_pages(
    names: Iterable[str],
    to: Path,
    notify: Notify,
    *,
    source: str,
    ref: str | None,
    env: str | None,
    written: Iterable[Contract] = (),
) -> Drafted:
    """A contract for each page: the one that somebody wrote for it, or one derived from it.

    Args:
        names: paths in the repository, patterns of them, folders, or `all`; or drafts on this disk.
        to: the folder for derived documents, each in a folder of its name.
        notify: hears what takes time.
        source: where the pages are.
        ref: their version; by default the release of the environment.
        env: the environment; by default that of the release.
        written: contracts that stand for just this version of their pages in this environment.

    Raises:
        UsageError: a name fits no page that has anything to run, or none of them can be read.
    """
    environment = env or environments.of_release([ref] if ref else [])
    ref = ref or environment.replace("secretflow-", "v")
    found = page_names.resolved(names, source, ref, notify)
    by_page = {
        (one.page.path, one.page.ref): one
        for one in written
        if one.page and one.environment.name == environment
    }
    known = Counter(PurePosixPath(one.path).stem for one in found)
    contracts: list[Contract] = []
    unread: list[UsageError] = []
    for one in found:
        if not one.is_draft and (ours := by_page.get((one.path, one.ref))):
            contracts.append(ours)
            continue
        place = PurePosixPath(one.path)
        name = place.stem if known[place.stem] == 1 else _longer(place)
        drafted = one.source if one.is_draft else ""
        try:
            page = pages.read_page(one.source, one.ref, one.path, notify)
            contracts.append(deriving.write(page, environment, to / name, drafted=drafted))
        except UsageError as error:
            unread.append(error)
    if unread and not contracts:
        raise unread[0]
    return Drafted(contracts, [*map(complaints.why, unread)])


def _longer(place: PurePosixPath) -> str:
    """A name for one of several pages that are called alike."""
    parts = (place.parent.name, place.stem, place.suffix[1:] if place.suffix != ".ipynb" else "")
    return "-".join(filter(None, parts))
