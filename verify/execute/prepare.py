"""From an edition to the notebook that runs: profile, fixtures, and one cell that starts probes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from verify.contract.contract import Contract
from verify.environment.environment import Environment
from verify.evidence.evidence import Applied
from verify.execute import profile as changing
from verify.execute.page_packages import PagePackages
from verify.page.page import Page
from verify.system.complaints import unwritable
from verify.system.resources import PROBES

PROBE_TAG = "verify-probe"

# Packages, each with its top-level modules.
Packages = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Probes:
    """How the probes begin: see `docprobe.start`."""

    evidence: Path
    scratch: Path
    seed: int | None
    files: str
    hidden: Packages
    offers: Mapping[str, Mapping[str, str]]
    installed: Sequence[str]
    every: int
    watch: bool

    @property
    def source(self) -> str:
        """The cell that starts them; the parties' processes find them through PYTHONPATH."""
        return f"""\
import os, sys
sys.path.insert(0, {str(PROBES)!r})
os.environ["PYTHONPATH"] = {str(PROBES)!r}
import docprobe
docprobe.start(
    {str(self.scratch)!r},
    seed={self.seed},
    files={self.files!r},
    hidden={dict(self.hidden)!r},
    offers={dict(self.offers)!r},
    installed={list(self.installed)!r},
    every={self.every},
    watch={self.watch},
)"""


@dataclass(frozen=True)
class Prepared:
    """A notebook ready to run. Its first cell is ours; the cells after it are the edition's."""

    path: Path
    node: nbformat.NotebookNode
    probes: Probes
    applied: tuple[Applied, ...]

    def again(self, evidence: Path) -> "Prepared":
        """The same notebook for a new kernel, whose probes have a folder of their own."""
        evidence.mkdir(parents=True, exist_ok=True)
        probes = replace(self.probes, evidence=evidence)
        self.node.cells[0].source = probes.source
        return replace(self, probes=probes)


def prepare(
    notebook: Page,
    contract: Contract,
    profile_name: str,
    environment: Environment,
    made: Mapping[str, Path],
    *,
    files: str,
    hidden: Packages,
    beside: PagePackages,
    watch: bool,
    to: Path,
    evidence: Path,
    scratch: Path,
) -> Prepared:
    """Write the notebook that the kernel will run.

    Args:
        notebook: the edition.
        contract: the document's contract.
        profile_name: which of its profiles.
        environment: whose kernel runs it.
        made: files by the names that the profile's changes use.
        files: the address at which the page's loaders ask for files.
        hidden: packages that the page's reader does not have.
        beside: packages beside the release.
        watch: whether the probes record anything.
        to: the file to write.
        evidence: the folder for the probes' records.
        scratch: the folder in which the tool listens for them.

    Raises:
        ResourceError: one of them cannot be written.
    """
    profile = contract.profiles[profile_name]
    values = {name: str(path) for name, path in made.items()}
    node, applied = changing.apply(notebook, contract.changes_of(profile_name), values)
    for cell in node.cells:
        if cell.cell_type == "code":  # a page's stored outputs are not this run's
            cell.outputs, cell.execution_count = [], None
    probes = Probes(
        evidence,
        scratch,
        profile.seed,
        files,
        hidden,
        beside.offers,
        beside.at_first,
        profile.audit_every,
        watch,
    )
    node.cells.insert(0, own_cell(probes.source))
    node.metadata["kernelspec"] = {
        "name": environment.kernel_name,
        "display_name": environment.name,
        "language": "python",
    }
    node.metadata["title"] = str(contract.title)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        evidence.mkdir(parents=True, exist_ok=True)
        nbformat.write(node, to)
    except OSError as error:
        raise unwritable(error.filename or to, error) from error
    return Prepared(to, node, probes, tuple(applied))


def own_cell(source: str, tag: str = PROBE_TAG) -> nbformat.NotebookNode:
    """A code cell of ours among the page's."""
    cell: nbformat.NotebookNode = nbformat.v4.new_code_cell(source)
    cell.metadata["tags"] = [tag]
    return cell
