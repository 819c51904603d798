"""The receipt: what one needs to know to repeat a run."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import psutil
from pydantic import BaseModel

from verify.contract.profiles import Profile
from verify.environment.contents import Installed
from verify.environment.environment import Environment
from verify.execute import fixtures as fixture_files
from verify.system import digests, processor
from verify.system.resources import BUNDLED, PACKAGE


class Receipt(BaseModel):
    """Digests are SHA-256; `record_sha256` are those of the installed wheels' own file lists.

    `sandbox` says whether the page ran in one. `tool_sha256` is of the tool's code,
    `edition_sha256` of our edition with contract and errata.
    """

    tool_version: str
    tool_sha256: str = ""
    edition_sha256: str = ""
    python: str
    environment: str
    lock_sha256: str
    record_sha256: dict[str, str]
    fixtures_sha256: dict[str, str]
    seed: int | None
    platform: str
    cpu: str
    threads: int
    memory_bytes: int
    sandbox: bool = False


def write(
    *,
    environment: Environment,
    installed: Installed,
    profile: Profile,
    fixtures: Mapping[str, Path],
    document: Path,
    sandbox: bool,
) -> Receipt:
    """Write down what this run rests on."""
    return Receipt(
        tool_version=version("secretflow-docs-verify"),
        tool_sha256=_tool_sha256(),
        edition_sha256=digests.of_folder(document),
        python=environment.python_version,
        environment=environment.name,
        lock_sha256=environment.lock_sha256,
        record_sha256=installed.records,
        fixtures_sha256=fixture_files.digests_of(fixtures),
        seed=profile.seed,
        platform=platform.platform(),
        cpu=processor.name(),
        threads=processor.cores(),
        sandbox=sandbox,
        memory_bytes=psutil.virtual_memory().total,
    )


@cache
def _tool_sha256() -> str:
    """The digest of the code that runs: what is written into its files meanwhile does not."""
    return digests.of_folder(PACKAGE, without=BUNDLED)
