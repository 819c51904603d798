"""What the user chose for a run."""

from dataclasses import dataclass
from pathlib import Path

from verify.contract.edition import Edition
from verify.system.words import Language
from verify.upstream import pages as upstream

QUICK = "quick"
"""The profile of a first run."""
# Where contracts lie that a run derives, below its output folder.
DRAFTS = "drafts"
# Where a selection of a document's steps and checks has its results, likewise.
SELECTION = "selection"


@dataclass(frozen=True)
class Options:
    """What the user chose for a run; only benchmarks run without watching.

    A `fresh` run takes nothing from a kept one. `memory` is what all runs may have together, in
    bytes, if that is not all that is free.
    """

    profile: str = "embedded"
    edition: Edition = Edition.CORRECTED
    out: Path = Path("build/verify")
    mirror: str | None = None
    upstream: str = upstream.DEFAULT_SOURCE
    ref: str | None = None
    environment: str | None = None
    watch: bool = True
    repeat: int = 1
    sandbox: bool = True
    fresh: bool = False
    memory: int | None = None
    language: Language = Language.ENGLISH

    def derives(self, folder: Path) -> bool:
        """Whether the document of a folder is derived by this run, from its page alone."""
        return folder.resolve().parent == (self.out / DRAFTS).resolve()
