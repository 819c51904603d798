"""What was measured, and where: kept as a file that the page is made from."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import psutil
from pydantic import BaseModel

from tests.benchmarks.contenders import Contender, Places
from verify.system import processor

FILE_NAME = "samples.json"
_IDLE_POLICY = getattr(os, "SCHED_IDLE", 5)


class Sample(BaseModel, frozen=True):
    """One command's cost: who, at what, how large, in which round."""

    contender: str
    workload: str
    size: int = 1
    round: int
    cpu_s: float
    wall_s: float


class Setting(BaseModel, frozen=True):
    """Where and with what it was measured.

    `whole` says that a control group counted: see `measuring`. `load` is how many processes wanted
    a processor before we began, `yielding` that everybody else goes before us.
    """

    arguments: tuple[str, ...]
    day: str
    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    load: float
    yielding: bool
    whole: bool
    environment: str
    tree: str
    rounds: int
    versions: dict[str, str]

    @property
    def busy(self) -> bool:
        """Whether seconds of waiting mean little."""
        return self.yielding or self.load > self.cores / 2


class Record(BaseModel):
    """All samples of a measurement."""

    setting: Setting
    samples: list[Sample] = []

    def of(self, workload: str, contender: str, size: int = 1) -> list[Sample]:
        """The samples of a subject, in the order of their rounds."""
        return [
            one
            for one in self.samples
            if (one.workload, one.contender, one.size) == (workload, contender, size)
        ]

    def write(self, folder: Path) -> None:
        """Keep them."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE_NAME).write_text(self.model_dump_json(indent=1), encoding="utf-8")


def read(folder: Path) -> Record:
    """What was kept."""
    return Record.model_validate_json((folder / FILE_NAME).read_bytes())


def setting(
    places: Places,
    contenders: Iterable[Contender],
    *,
    arguments: Iterable[str],
    tree: str,
    rounds: int,
    whole: bool,
) -> Setting:
    """Look around."""
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return Setting(
        arguments=tuple(arguments),
        day=datetime.now(timezone.utc).date().isoformat(),
        cpu=processor.name(),
        cores=processor.cores(),
        memory_gib=psutil.virtual_memory().total / 2**30,
        system=f"{system}, Linux {platform.release()}",
        python=platform.python_version(),
        load=os.getloadavg()[0],
        yielding=os.sched_getscheduler(0) == _IDLE_POLICY,
        whole=whole,
        environment=places.environment.name,
        tree=tree,
        rounds=rounds,
        versions=_versions(places, {one.package for one in contenders}),
    )


def _versions(places: Places, packages: Iterable[str]) -> dict[str, str]:
    """The versions that are measured: of ours, and of the peers."""
    ours = "secretflow-docs-verify"
    peers = sorted(set(packages) - {ours})
    ask = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    python = str(places.peers / "bin" / "python")
    said = subprocess.run([python, "-c", ask, *peers], capture_output=True, text=True, check=True)
    commit = ""
    if git := shutil.which("git"):
        asked = [git, "-C", str(Path(__file__).parent), "rev-parse", "--short=12", "HEAD"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        commit = f" ({done.stdout.strip()})" if done.returncode == 0 else ""
    return {ours: version(ours) + commit} | dict(zip(peers, said.stdout.split(), strict=True))
