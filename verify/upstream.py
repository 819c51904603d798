"""The official documentation: any git source, read at a tag without a work tree."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from verify import store
from verify.errors import ResourceError, UsageError

DEFAULT_SOURCE = "https://github.com/secretflow/secretflow"

_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")


@dataclass(frozen=True)
class Page:
    """One official file at a tag, with what identifies it."""

    ref: str
    commit: str
    path: str
    blob: str
    text: str


def read_page(source: str, ref: str, path: str) -> Page:
    """Read one file of the documentation at a tag.

    Args:
        source: a git URL, a clone or a bare repository.
        ref: a tag, branch or commit.
        path: the file's path inside the repository.

    Raises:
        UsageError: the source has no such tag or file.
        ResourceError: the host cannot be reached, or git is missing.
    """
    repository = _repository(source, ref)
    commit = _git(
        repository,
        "rev-parse",
        "--verify",
        f"{ref}^{{commit}}",
        otherwise=f"{source}: no tag {ref}.",
    )
    missing = f"{source}: no file {path} at {ref}."
    blob = _git(repository, "rev-parse", f"{commit}:{path}", otherwise=missing)
    text = _git(repository, "cat-file", "blob", blob, otherwise=missing, strip=False)
    return Page(ref, commit, path, blob, text)


def _repository(source: str, ref: str) -> Path:
    """The source itself where it is local, else a shallow, blob-less clone of the tag."""
    if Path(source).exists():
        _git(Path(source), "rev-parse", "--git-dir", otherwise=f"{source}: no git repository.")
        return Path(source)
    if "://" not in source and "@" not in source:
        raise UsageError(f"{source}: neither a folder nor a git URL.")

    def clone(folder: Path) -> None:
        command = ["clone", "--bare", "--depth=1", "--filter=blob:none", "--branch", ref, source]
        try:
            _git(None, *command, str(folder), otherwise="")
        except UsageError as error:
            raise ResourceError(f"{source}: cannot bring {ref} ({error}).") from error

    key = hashlib.sha256(f"{source}@{ref}".encode()).hexdigest()[:16]
    return store.obtain("upstream", key, clone, _damage, lambda _: None)


def _damage(clone: Path) -> str | None:
    return None if (clone / "HEAD").exists() else "it is no repository"


def _git(repository: Path | None, *arguments: str, otherwise: str, strip: bool = True) -> str:
    git = shutil.which("git")
    if git is None:
        raise ResourceError("git is not on PATH; install it to read official pages.")
    where = ["-C", str(repository)] if repository else []
    # Inside a git hook these would lead git to the hook's repository instead of the source.
    environ = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    # Never ask for a password: a private or misspelt URL has to end with a sentence.
    done = subprocess.run(
        [git, *where, *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env=environ | {"GIT_TERMINAL_PROMPT": "0"},
    )
    if done.returncode:
        raise UsageError(otherwise or done.stderr.strip().splitlines()[-1])
    return done.stdout.strip() if strip else done.stdout
