"""Where this tool comes from: its address on the web, and the commit of its code.

Sources:
    https://packaging.python.org/en/latest/specifications/direct-url/
"""

import json
import re
from dataclasses import dataclass, replace
from importlib.metadata import distribution

from verify.errors import ResourceError
from verify.system import digests, git
from verify.system.resources import BUNDLED, PACKAGE

DISTRIBUTION = "secretflow-docs-verify"
_SSH = re.compile(r"(?:ssh://)?git@([\w.-]+)[:/](.+)")
_ON_THE_WEB = re.compile(r"https?://[\w.-]+(?::\d+)?/[^\s()<>@]+")


@dataclass(frozen=True)
class Origin:
    """The project's address, and the commit of all the code that runs; empty where unknown."""

    address: str = ""
    commit: str = ""


def known(code_sha256: str = "") -> Origin:
    """What the checkout knows that the code lies in, or else what pip wrote down.

    Code that was changed since its commit has none.

    Args:
        code_sha256: of the code that is meant; where other code runs now, its commit is unknown.
    """
    found = _found()
    if code_sha256 and code_sha256 != digests.of_folder(PACKAGE, without=BUNDLED):
        return replace(found, commit="")
    return found


def _found() -> Origin:
    if BUNDLED.is_dir():
        return _installed()
    changed = _git("status", "--porcelain", "--", str(PACKAGE))
    commit = _git("rev-parse", "HEAD") if changed == "" else ""
    return Origin(on_the_web(_git("remote", "get-url", "origin") or ""), commit or "")


def on_the_web(remote: str) -> str:
    """The address at which people read a repository; empty where they cannot."""
    if ssh := _SSH.fullmatch(remote):
        remote = f"https://{ssh[1]}/{ssh[2]}"
    address = remote.removesuffix("/").removesuffix(".git")
    return address if _ON_THE_WEB.fullmatch(address) else ""


def _git(*arguments: str) -> str | None:
    """What git says of the checkout; None where there is none, or no git."""
    try:
        return git.text(PACKAGE.parent, *arguments)
    except (git.GitError, ResourceError):
        return None


def _installed() -> Origin:
    told = json.loads(distribution(DISTRIBUTION).read_text("direct_url.json") or "{}")
    return Origin(on_the_web(told.get("url", "")), told.get("vcs_info", {}).get("commit_id", ""))
