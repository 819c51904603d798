"""A patch as git makes it, and the proof that git applies it."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from verify.errors import VerifyError
from verify.system import git
from verify.system.complaints import last_words
from verify.system.git import GitError
from verify.system.words import Words

Files = Mapping[str, bytes]


def between(before: Files, after: Files) -> bytes:
    """The patch from these files to those, which have the same paths; empty if they are equal.

    Raises:
        VerifyError: applied to the files as they were, it would not give the others.
    """
    with TemporaryDirectory() as folder:
        place = Path(folder)
        git.run(None, "init", "--quiet", "--template=", str(place))
        was, becomes = _tree(place, before), _tree(place, after)
        patch = git.run(place, "diff-tree", "-p", "--no-renames", "--full-index", was, becomes)
        git.run(place, "read-tree", was)
        try:
            if patch:
                git.run(place, "apply", "--cached", "--whitespace=nowarn", "-", given=patch)
        except GitError as failure:
            raise VerifyError(
                Words(
                    zh="git 无法应用补丁：{said}", en="git does not apply the patch: {said}"
                ).filled(said=last_words(failure.said))
            ) from failure
        if git.text(place, "write-tree") != becomes:
            raise VerifyError(
                Words(
                    zh="应用补丁之后，得到的不是修正后的文件。",
                    en="the patch, applied, does not give the repaired files.",
                )
            )
    return patch


def _tree(repository: Path, files: Files) -> str:
    git.run(repository, "read-tree", "--empty")
    for path, content in files.items():
        asked = ("hash-object", "-w", "--stdin")
        blob = git.run(repository, *asked, given=content).decode().strip()
        git.run(repository, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    return git.text(repository, "write-tree")
