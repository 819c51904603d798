"""What `verify run` is asked for: wishes that contradict one another are refused, not guessed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.contract.contract import Contract
from verify.contract.edition import Edition, Wanted
from verify.errors import UsageError
from verify.execute.run_options import QUICK, Options
from verify.ledger import ledger
from verify.system.resources import BUNDLED
from verify.upstream import page_names


@dataclass(frozen=True)
class Wishes:
    """What stands on the command line; what was not said is None or empty."""

    names: Sequence[str] = ()
    profile: str | None = None
    quick: bool = False
    everything: bool = False
    edition: Wanted | None = None
    ref: str | None = None
    accept: bool = False

    @property
    def of_pages(self) -> bool:
        """Whether official pages, or drafts, are named, and no documents."""
        return bool(self.names) and all(map(page_names.is_page, self.names))

    @property
    def editions(self) -> Wanted:
        """The edition that is meant: of a page by its path that which is published."""
        return self.edition or (Wanted.PUBLISHED if self.of_pages else Wanted.CORRECTED)

    @property
    def profile_name(self) -> str:
        """The profile that is meant."""
        return QUICK if self.quick else self.profile or Options.profile

    def refuse(self) -> None:
        """See that the wishes go together, before anything is read.

        Raises:
            UsageError: two of them do not.
        """
        for why in (*self._of_names(), *self._of_quick(), *self._of_editions()):
            raise UsageError(why)

    def _of_names(self) -> Iterator[str]:
        pages = [name for name in self.names if page_names.is_page(name)]
        if 0 < len(pages) < len(self.names):
            yield (
                f"{', '.join(pages)}: pages by path and documents by name do not go together; "
                "run one after the other."
            )
        if self.everything and self.names:
            yield (
                f"--all and {' '.join(self.names)} contradict each other: --all is every document; "
                "leave one out."
            )

    def _of_quick(self) -> Iterator[str]:
        if self.quick and self.everything:
            yield (
                "--quick and --all contradict each other: the first is the smallest model alone, "
                "the second every document; leave one out."
            )
        if self.quick and self.profile not in (None, QUICK):
            yield (
                f"--quick and --profile {self.profile} contradict each other: --quick is the "
                f"profile {QUICK}; leave one out."
            )
        if self.quick and self.of_pages:
            yield (
                f"--quick and {' '.join(self.names)} contradict each other: an official page has "
                f"no profile {QUICK}; leave --quick out."
            )

    def _of_editions(self) -> Iterator[str]:
        published = Edition.PUBLISHED in self.editions.editions
        if self.accept and not published:
            yield (
                "--accept writes down what runs of published pages propose, and none is asked for; "
                "name pages by path, or add --edition published."
            )
        if self.accept and ledger.FOLDER.is_relative_to(BUNDLED):
            yield (
                f"--accept: {ledger.FOLDER} belongs to the installed tool, which changes nothing "
                "of itself; run this in a checkout."
            )
        if self.ref and not published:
            yield (
                f"--ref {self.ref} is of published pages, and none is asked for; add --edition "
                "published, or leave it out."
            )

    def fitting(self, contracts: Sequence[Contract]) -> list[Contract]:
        """Those documents that have what is wished; of documents that are named, all must.

        Raises:
            UsageError: one that is named, or each, lacks it.
        """
        able = [one for one in contracts if not self._lacks(one)]
        left = [one for one in contracts if one not in able]
        if left and (self.names or not able):
            lacks = ", ".join(f"{_called(one)} has no {self._lacks(one)}" for one in left)
            raise UsageError(f"{lacks}; leave that out, or choose others.")
        for one in able:
            if self.profile_name not in one.profiles:
                known = ", ".join(one.profiles)
                raise UsageError(
                    f"{one.name} has no profile {self.profile_name}; known are: {known}."
                )
        return able

    def _lacks(self, one: Contract) -> str:
        """What is wished and a document does not have."""
        if self.quick and QUICK not in one.profiles:
            return f"profile {QUICK}"
        if not set(self.editions.editions) & set(one.editions):
            return f"{self.editions.value} edition"
        if self.of_pages and not set(self.editions.editions) <= set(one.editions):
            return "corrected edition, for nobody wrote one"
        return ""


def _called(one: Contract) -> str:
    return one.page.path if one.page else one.name
