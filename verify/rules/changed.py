"""The pages that differ from those of another commit."""

import os
from collections.abc import Sequence
from pathlib import Path

from verify.errors import UsageError
from verify.system import git, regular_files
from verify.system.complaints import last_words
from verify.system.git import GitError
from verify.system.words import Words
from verify.upstream import snapshot

_NO_COMMON = Words(zh="没有共同的提交", en="no common commit")


def since(commit: str, path: Path, pages: Sequence[Path]) -> list[Path]:
    """Those pages that are new or changed, and the catalogues below them that are.

    Args:
        commit: what they are compared with, as it was when this branch left it.
        path: a page, or the folder that holds them.
        pages: the pages.

    Raises:
        UsageError: git does not know the commit, or the folder is in no repository.
    """
    git.refuse_option(commit, Words(zh="一个提交", en="a commit"))
    folder = path if path.is_dir() else path.parent
    try:
        base = git.text(folder, "merge-base", commit, "HEAD")
        # Files are compared by our own digest: git would start what the settings say filters them.
        listed = git.run(folder, "ls-tree", "-r", "-z", base, "--", ".").split(b"\0")
    except GitError as error:
        why = last_words(git.bare(error.said), _NO_COMMON)
        raise UsageError(
            Words(
                zh="{folder}：无法得知 {commit} 之后有哪些变化（{why}）；在 CI 里请取来足够的"
                "提交（合并请求用 `fetch-depth: 2`）。",
                en="{folder}: what has changed since {commit} is not known ({why}); in CI, "
                "fetch enough commits (`fetch-depth: 2` for a pull request).",
            ).filled(folder=folder, commit=commit, why=why)
        ) from error
    entries = (line.split(b"\t", 1) for line in listed if line)
    before = {os.fsdecode(name): about.split()[-1].decode() for about, name in entries}
    catalogues = sorted(folder.rglob("*.po")) if path.is_dir() else []
    return [
        one
        for one in (*pages, *catalogues)
        if before.get(one.relative_to(folder).as_posix()) != _blob(one)
    ]


def _blob(path: Path) -> str:
    try:
        return snapshot.blob_id(regular_files.octets(path))
    except OSError:
        return ""  # who reads it as a page says so
