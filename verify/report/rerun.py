"""What runs a document of a report again."""

import shlex
from typing import TYPE_CHECKING

from verify.contract.edition import Edition
from verify.environment import environment
from verify.execute.run_options import QUICK, Options

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry


def command(document: "DocumentEntry") -> str:
    """The command, as it is typed in a checkout of this project."""
    words = ["uvx", "nox", "-s", "verify", "--"]
    words += _derived(document) if document.derived else _written(document)
    words += ["--repeat", str(document.repeat.times)] if document.repeat else []
    return shlex.join(words)


def _written(document: "DocumentEntry") -> list[str]:
    words = [document.name]
    if document.profile == QUICK:
        words += ["--quick"]
    elif document.profile != Options.profile:
        words += ["--profile", document.profile]
    if document.edition == Edition.PUBLISHED.value:
        words += ["--edition", document.edition]
        words += ["--ref", document.upstream.ref] if document.upstream else []
    # A run is called after its environment where that is not the one that the contract names.
    elsewhere = document.run.endswith(f".{document.environment}")
    return words + (["--env", document.environment] if elsewhere else [])


def _derived(document: "DocumentEntry") -> list[str]:
    """The page is the document: there is but its published text, and its release is the tag's."""
    ref = document.upstream.ref if document.upstream else ""
    words = [document.place, "--ref", ref]
    by_itself = environment.of_release([ref])
    return words + (["--env", document.environment] if document.environment != by_itself else [])
