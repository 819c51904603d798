"""From an edition to the notebook that runs: profile, fixtures, and one cell that starts probes."""

import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from verify import profile as profiles
from verify.contract import Contract, Profile
from verify.environment import Environment
from verify.notebook import Notebook
from verify.profile import Applied

PROBES = Path(__file__).parent / "probe"
PROBE_TAG = "verify-probe"

# Below the range from which systems hand out ports by themselves.
_PORTS = range(20000, 32000)


@dataclass(frozen=True)
class Prepared:
    """A notebook ready to run. Its first cell is ours; the cells after it are the edition's."""

    path: Path
    node: nbformat.NotebookNode
    evidence: Path
    applied: tuple[Applied, ...]


def prepare(
    notebook: Notebook,
    contract: Contract,
    profile: Profile,
    environment: Environment,
    fixtures: Mapping[str, Path],
    *,
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
        to: the file to write.
        evidence: the folder for the probes' records.
    """
    values = {name: str(path) for name, path in fixtures.items()}
    port = _free_port()
    served = None
    if "archive" in fixtures:
        served = fixtures["archive"].parent
        values["archive"] = f"http://127.0.0.1:{port}/{fixtures['archive'].name}"
    node, applied = profiles.apply(notebook, profile.overrides, values)
    node.cells.insert(0, _probe_cell(evidence, profile.seed, served, port))
    node.metadata["kernelspec"] = {
        "name": environment.kernel_name,
        "display_name": environment.name,
        "language": "python",
    }
    node.metadata["title"] = contract.title
    to.parent.mkdir(parents=True, exist_ok=True)
    evidence.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, to)
    return Prepared(to, node, evidence, tuple(applied))


def _probe_cell(
    evidence: Path, seed: int | None, served: Path | None, port: int
) -> nbformat.NotebookNode:
    """The cell that starts the probes; the parties' processes find them through PYTHONPATH."""
    folder = str(served) if served else None
    source = f"""\
import os, sys
sys.path.insert(0, {str(PROBES)!r})
os.environ["PYTHONPATH"] = {str(PROBES)!r}
import docprobe
docprobe.start({str(evidence)!r}, seed={seed}, served={folder!r}, port={port})"""
    cell: nbformat.NotebookNode = nbformat.v4.new_code_cell(source)
    cell.metadata["tags"] = [PROBE_TAG]
    return cell


def _free_port() -> int:
    """A loopback port that nobody listens at."""
    while True:
        port = random.choice(_PORTS)  # noqa: S311
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
