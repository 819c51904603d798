"""Git sources: a clone or bare repository as it is, a URL through what was brought of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from verify.errors import UsageError, VerifyError
from verify.system import git
from verify.system.cache import Notify
from verify.system.git import GitError
from verify.system.words import Words
from verify.upstream import remote
from verify.upstream.remote import FULL_ID, Brought
from verify.upstream.snapshot import Entry, lies_below, near

_A_SOURCE = Words(
    zh="一个 git 地址，或文件夹的完整路径", en="a git URL, or a folder by its whole path"
)
_A_REF = Words(zh="一个标签、分支或提交", en="a tag, a branch or a commit")
_IN_FULL = Words(zh="；从网址取提交时要写出全名", en="; a commit of a URL has to be named in full")

_ASKING = Words(zh="正在向 {source} 询问 {ref}", en="Asking {source} for {ref}")

_URL = re.compile(r"[a-z][a-z0-9+.-]*://|[^/:\s]+:[^:]")
_LINK, _SUBMODULE = "120000", "160000"


@dataclass(frozen=True)
class Commit:
    """A `Tree` of a git source; `brought` if the source is a URL, and `folder` our part of it."""

    source: str
    commit: str
    folder: Path
    brought: Brought | None = None

    def paths(self) -> list[str]:
        """Every file of the commit; names that no line can hold are left out."""
        return [path for path in self._tree if "\n" not in path]

    def entries(self, path: str) -> list[Entry]:
        """The files at or below a path, sorted; submodules hold none."""
        found = ((name, *told) for name, told in self._tree.items() if lies_below(name, path))
        return [
            Entry(name, blob, mode == _LINK) for name, mode, blob in found if mode != _SUBMODULE
        ]

    def contents(self, entries: list[Entry], notify: Notify) -> Iterator[bytes]:
        """The bytes of these entries, in their order, brought here first where they are missing."""
        blobs = [entry.blob for entry in entries]
        folder = remote.with_blobs(self.brought, blobs, notify) if self.brought else self.folder
        asked = "\n".join([*blobs, ""]).encode()
        answer, at = self._git(folder, "cat-file", "--batch", given=asked), 0
        for blob in blobs:
            end = answer.index(b"\n", at)
            _, kind, *size = answer[at:end].split()
            if kind != b"blob":
                raise self._failed(folder, GitError(f"fatal: object {blob} is missing"))
            at = end + 1 + int(size[0])
            yield answer[end + 1 : at]
            at += 1

    @cached_property
    def _tree(self) -> Mapping[str, tuple[str, str]]:
        listed = self._git(self.folder, "ls-tree", "-r", "-z", "--full-tree", self.commit)
        rows = (row.partition("\t") for row in listed.decode(errors="replace").split("\0")[:-1])
        told = ((path, about.split()) for about, _, path in rows)
        return {path: (mode, blob) for path, (mode, _, blob) in told}

    def _git(self, folder: Path, *arguments: str, given: bytes = b"") -> bytes:
        try:
            return git.run(folder, *arguments, given=given, named=True)
        except GitError as failure:
            raise self._failed(folder, failure) from failure

    def _failed(self, folder: Path, failure: GitError) -> VerifyError:
        if self.brought:
            remote.mend(folder)
        return git.explain(self.source, folder, failure)


def at(source: str, ref: str, notify: Notify) -> Commit:
    """Find the commit of a tag, branch or commit of a git source.

    A tag or commit of a URL that was brought once is found without the network; a branch is
    asked for each time.

    Raises:
        UsageError: there is no such source, or it has no such tag, branch or commit; or one of both
            looks like an option.
        ResourceError: the host cannot be reached, wants a login, or git is missing.
    """
    refuse_unlikely(source)
    git.refuse_option(ref, _A_REF)
    folder = Path(source).expanduser()
    try:
        if folder.is_dir():
            return _local(source, folder, ref)
        found = _remote(source, ref, notify)
    except GitError as failure:
        raise git.explain(source, folder, failure) from failure
    return Commit(source, found.commit, found.folder, found)


def refuse_unlikely(source: str) -> None:
    """Refuse what cannot be a source, before anything is asked of it.

    Raises:
        UsageError: it is no folder and no URL, or looks like an option.
    """
    git.refuse_option(source, _A_SOURCE)
    folder = Path(source).expanduser()
    if not folder.is_dir() and (folder.exists() or not _URL.match(source)):
        raise UsageError(
            Words(
                zh="{source}：既不是文件夹，也不是 git 地址。",
                en="{source}: neither a folder nor a git URL.",
            ).filled(source=source)
        )


def _local(source: str, folder: Path, ref: str) -> Commit:
    # Says why this is no repository, if it is none.
    git.run(folder, "rev-parse", "--git-dir", named=True)
    if commit := remote.commit_of(folder, ref):
        return Commit(source, commit, folder)
    listed = ("for-each-ref", "--format=%(refname)", "refs/tags", "refs/heads")
    names = git.text(folder, *listed, named=True)
    raise _no_such(source, ref, names.split())


def _remote(source: str, ref: str, notify: Notify) -> Brought:
    known = [f"refs/tags/{ref}", *([ref] if FULL_ID.fullmatch(ref) else [])]
    for name in known:
        if found := remote.kept(source, name):
            return found
    notify(_ASKING.filled(source=git.shown(source), ref=ref))
    names = git.advertised(source)
    name = next((n for n in (f"refs/tags/{ref}", f"refs/heads/{ref}", ref) if n in names), "")
    if not name and not FULL_ID.fullmatch(ref):
        raise _no_such(source, ref, list(names))
    found = remote.kept(source, name) if name else None
    if found and found.commit == names[name]:
        return found
    if found := remote.bring(source, name or ref, notify):
        return found
    raise _no_such(source, ref, list(names))


def _no_such(source: str, ref: str, names: list[str]) -> UsageError:
    short = [name.split("/", 2)[-1] for name in names]
    hint = near(ref, short)
    if re.fullmatch(r"[0-9a-f]{7,39}", ref) and not hint:
        hint = _IN_FULL
    return UsageError(
        Words(
            zh="{source}：没有标签、分支或提交 {ref}{hint}。",
            en="{source}: no tag, branch or commit {ref}{hint}.",
        ).filled(source=git.shown(source), ref=ref, hint=hint)
    )
