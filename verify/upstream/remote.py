"""A remote git source, of which a repository in the cache holds what was asked for so far.

Of it only what is read is brought: one commit, its list of files, the contents of some. Servers
that cannot do that are asked for more. What was brought stays, so that a break costs little and
versions share what they have in common.
"""

import re
import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import quote

from verify.system import cache, digests, git
from verify.system.cache import Notify
from verify.system.git import GitError
from verify.system.words import Words, joined

_BRINGING = Words(zh="正在取来文件：{of} 个中的第 {done} 个", en="Bringing files: {done} of {of}")

FULL_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

_REFUSED = re.compile(r"unadvertised object|not our ref|does not support")
# Each batch is kept when a later one breaks off.
_BATCH = 100


class _Plan(Enum):
    """How much is asked for, as options of git; servers may refuse all but the last."""

    PARTIAL = "--depth=1 --filter=blob:none"
    SHALLOW = "--depth=1"
    WHOLE = ""  # no tuples: of an empty one, Python 3.11 makes another value


@dataclass(frozen=True)
class Brought:
    """A commit of a remote source, by its full name there, in our repository."""

    source: str
    name: str
    commit: str
    folder: Path


def kept(source: str, name: str) -> Brought | None:
    """Return the commit that was brought under a full name, without asking the source."""
    for folder in (_folder(source, plan) for plan in _Plan):
        if (folder / "HEAD").exists() and (commit := commit_of(folder, _kept_as(name))):
            return Brought(source, name, commit, folder)
    return None


def commit_of(folder: Path, name: str) -> str:
    """Return the commit that a name stands for in a repository; empty if it stands for none."""
    try:
        asked = ("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        found = git.run(folder, *asked, named=True)
    except GitError:
        return ""
    return found.decode().strip()


def bring(source: str, name: str, notify: Notify) -> Brought | None:
    """Bring a commit by its full name, with its list of files; None if the source lacks it.

    Raises:
        VerifyError: it could not be brought.
    """
    # A plan that was refused left nothing; one that once worked will work again.
    tried = [plan for plan in _Plan if _folder(source, plan).exists()]
    plans = list(_Plan)[list(_Plan).index(tried[0]) :] if tried else list(_Plan)
    return _bring(source, name, plans, notify)


def with_blobs(brought: Brought, blobs: list[str], notify: Notify) -> Path:
    """Return the repository that has these blobs of a commit, after bringing what is missing.

    Raises:
        VerifyError: they could not be brought.
    """
    folder = brought.folder
    try:
        if not (missing := _missing(brought, blobs)):
            return folder
        with cache.locked(folder, notify):
            _prepare(folder)
            for start in range(0, len(missing), _BATCH):
                said = _BRINGING.filled(done=start, of=len(missing))
                notify(said)
                _fetch_blobs(brought, missing[start : start + _BATCH], said, notify)
    except GitError as failure:
        if not _REFUSED.search(failure.said):
            mend(folder)
            raise git.explain(brought.source, folder, failure) from failure
        shutil.rmtree(folder)
    else:
        return folder
    again = _bring(brought.source, brought.name, [_Plan.SHALLOW, _Plan.WHOLE], notify)
    return again.folder if again else folder


def mend(folder: Path) -> bool:
    """Remove a repository of ours if it is damaged, so that it is made anew; say if it was."""
    try:
        git.run(folder, "fsck", "--connectivity-only", named=True)
    except GitError:
        shutil.rmtree(folder, ignore_errors=True)
        return True
    return False


def _bring(source: str, name: str, plans: list[_Plan], notify: Notify) -> Brought | None:
    for plan in plans:
        folder = _folder(source, plan)
        with cache.locked(folder, notify):
            try:
                commit = _fetch_commit(folder, source, name, plan, notify)
            except GitError as failure:
                if FULL_ID.fullmatch(name) and "not our ref" in failure.said:
                    return None
                if plan is plans[-1] or not _REFUSED.search(failure.said):
                    raise git.explain(source, folder, failure) from failure
                # Never used again: git would ask the same server for whatever is missing there.
                shutil.rmtree(folder)
            else:
                return Brought(source, name, commit, folder) if commit else None
    raise AssertionError("the last plan returns or raises")


def _fetch_commit(folder: Path, source: str, name: str, plan: _Plan, notify: Notify) -> str:
    try:
        return _fetched(folder, source, name, plan, notify)
    except GitError:
        if not mend(folder):
            raise
    return _fetched(folder, source, name, plan, notify)


def _fetched(folder: Path, source: str, name: str, plan: _Plan, notify: Notify) -> str:
    _prepare(folder)
    specs = [f"+{name}:{_kept_as(name)}"]
    if plan is _Plan.WHOLE and FULL_ID.fullmatch(name):  # it can be asked for names only
        specs = [f"+refs/{kind}/*:refs/{kind}/*" for kind in ("heads", "tags")]
    git.fetch(folder, source, *plan.value.split(), "origin", *specs, hear=notify)
    if FULL_ID.fullmatch(name) and commit_of(folder, name):
        git.run(folder, "update-ref", _kept_as(name), name, named=True)
    return commit_of(folder, _kept_as(name))


def _fetch_blobs(brought: Brought, blobs: list[str], said: Words, notify: Notify) -> None:
    # As git itself does for one missing blob at a time. The trees that we have would let the
    # server think that we have their files as well: nothing is negotiated.
    options = ("--filter=blob:none", "origin")
    git.fetch(
        brought.folder,
        brought.source,
        *(*options, *blobs),
        hear=lambda step: notify(joined((said, step))),
        negotiate=False,
    )


def _prepare(folder: Path) -> None:
    git.run(None, "init", "--quiet", "--bare", "--template=", str(folder))  # or what lacks of it
    # We have the folder to ourselves: these are of a git that was killed.
    for left in (*folder.rglob("*.lock"), *folder.glob("objects/pack/tmp_*")):
        left.unlink(missing_ok=True)


def _missing(brought: Brought, blobs: list[str]) -> list[str]:
    every = ("rev-list", "--objects", "--no-object-names", "--missing=print")
    listed = git.run(brought.folder, *every, f"{brought.commit}^{{tree}}", named=True).decode()
    absent = {line[1:] for line in listed.splitlines() if line.startswith("?")}
    return [blob for blob in dict.fromkeys(blobs) if blob in absent]


def _folder(source: str, plan: _Plan) -> Path:
    key = digests.key(source)
    return cache.location("repositories", f"{key}-{plan.name.lower()}.git")


def _kept_as(name: str) -> str:
    # Quoted, as a branch `a` that was removed must not be in the way of a branch `a/b`.
    return f"refs/synced/{quote(name, safe='')}"
