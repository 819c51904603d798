"""From an edition to the notebook that runs: profile, fixtures, and one cell that starts probes."""

import random
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from verify.contract.contract import Contract
from verify.contract.profiles import Download, Profile, Recipe
from verify.environment.environment import Environment
from verify.evidence.evidence import Applied
from verify.execute import profile as profiles
from verify.page.page import Page
from verify.system import digests
from verify.system.resources import PROBES

PROBE_TAG = "verify-probe"

# Where torch's downloads have the first digits of their digest in their name.
_TORCH_DIGEST = re.compile(r"-[0-9a-f]+(?=\.)")
# Below the range from which systems hand out ports by themselves.
_PORTS = range(20000, 32000)


# Packages, each with its top-level modules.
Packages = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Probes:
    """How the probes begin: see `docprobe.start`."""

    evidence: Path
    seed: int | None
    served: Mapping[str, Path]
    port: int
    torch: Mapping[str, str]
    hidden: Packages
    every: int
    watch: bool

    @property
    def source(self) -> str:
        """The cell that starts them; the parties' processes find them through PYTHONPATH."""
        served = {name: str(file) for name, file in self.served.items()}
        return f"""\
import os, sys
sys.path.insert(0, {str(PROBES)!r})
os.environ["PYTHONPATH"] = {str(PROBES)!r}
import docprobe
docprobe.start(
    {str(self.evidence)!r},
    seed={self.seed},
    served={served!r},
    port={self.port},
    torch={dict(self.torch)!r},
    hidden={dict(self.hidden)!r},
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

    def again(self, evidence: Path, hidden: Packages) -> "Prepared":
        """The same notebook for a new kernel, whose probes have a folder of their own."""
        evidence.mkdir(parents=True, exist_ok=True)
        probes = replace(self.probes, evidence=evidence, hidden=hidden)
        self.node.cells[0].source = probes.source
        return replace(self, probes=probes)


def prepare(
    notebook: Page,
    contract: Contract,
    profile: Profile,
    environment: Environment,
    fixtures: Mapping[str, Path],
    *,
    hidden: Packages,
    watch: bool,
    to: Path,
    evidence: Path,
) -> Prepared:
    """Write the notebook that the kernel will run.

    Args:
        notebook: the edition.
        contract: the document's contract.
        profile: which of its profiles.
        environment: whose kernel runs it.
        fixtures: files by the names that the profile's overrides use.
        hidden: packages that the page's reader does not have.
        watch: whether the probes record anything.
        to: the file to write.
        evidence: the folder for the probes' records.
    """
    values = {name: str(path) for name, path in fixtures.items()}
    port = _free_port()
    address = f"http://127.0.0.1:{port}/"
    served, torch = {}, {}
    if "archive" in fixtures:
        served[fixtures["archive"].name] = fixtures["archive"]
        values["archive"] = address + fixtures["archive"].name
    for name, source in (profile.recipes | profile.downloads).items():
        if source.torch_url and name in fixtures:
            file = _torch_name(source, fixtures[name])
            served[file] = fixtures[name]
            torch[source.torch_url] = address + file
    node, applied = profiles.apply(notebook, profile.overrides, values)
    for cell in node.cells:
        if cell.cell_type == "code":  # a page's stored outputs are not this run's
            cell.outputs, cell.execution_count = [], None
    probes = Probes(evidence, profile.seed, served, port, torch, hidden, profile.audit_every, watch)
    node.cells.insert(0, own_cell(probes.source))
    node.metadata["kernelspec"] = {
        "name": environment.kernel_name,
        "display_name": environment.name,
        "language": "python",
    }
    node.metadata["title"] = str(contract.title)
    to.parent.mkdir(parents=True, exist_ok=True)
    evidence.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, to)
    return Prepared(to, node, probes, tuple(applied))


def own_cell(source: str, tag: str = PROBE_TAG) -> nbformat.NotebookNode:
    """A code cell of ours among the page's."""
    cell: nbformat.NotebookNode = nbformat.v4.new_code_cell(source)
    cell.metadata["tags"] = [tag]
    return cell


def _torch_name(source: Recipe | Download, file: Path) -> str:
    """How torch must find a file called: a stand-in's name has the digest of what it stands for."""
    name = Path(source.torch_url or "").name
    if isinstance(source, Download):
        return name
    return _TORCH_DIGEST.sub(f"-{digests.of_file(file)[:8]}", name)


def _free_port() -> int:
    """A loopback port that nobody listens at."""
    while True:
        port = random.choice(_PORTS)  # noqa: S311
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
