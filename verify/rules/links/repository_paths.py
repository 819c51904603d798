"""The files of a repository, for those who name one: in a command, or in a sentence."""

import os
import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path, PurePosixPath

from verify.errors import ResourceError
from verify.rules.checked_site import LEFT_OUT
from verify.system import git, regular_files
from verify.upstream.pages import PATHS_NAME

_ALIKE = 0.85
# A file's name with less letters may be that of many.
_TELLING = 12
_ENDS = (".sh", ".py", ".bash")
_TARGET = re.compile(r"^(?!\.)([\w./%-]+(?: +[\w./%-]+)*) *:(?!=)", re.MULTILINE)
_PHONY = re.compile(r"^\.PHONY *: *(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class RepositoryPaths:
    """Every path of a repository; nothing is known where its folder is no clone and no copy."""

    folder: Path

    @cached_property
    def origin(self) -> str:
        """The owner and the name of where it was cloned from, in small letters."""
        with suppress(git.GitError, ResourceError):
            url = git.text(self.folder, "config", "--get", "remote.origin.url")
            return "/".join(re.split("[/:]", url.removesuffix(".git"))[-2:]).lower()
        return ""

    @cached_property
    def names(self) -> frozenset[str]:
        """What the repository is called: by its folder here, and where it was cloned from."""
        return frozenset((self.folder.name, self.origin.rpartition("/")[2])) - {""}

    @cached_property
    def files(self) -> frozenset[str]:
        """All files, from the repository's folder."""
        with suppress(OSError):  # none is listed
            listed = regular_files.text(self.folder / PATHS_NAME, errors="replace")
            return frozenset(line.strip() for line in listed.splitlines() if line.strip())
        if not (self.folder / ".git").exists():
            return frozenset()
        found = set()
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name != ".git" and name not in LEFT_OUT]
            inner = Path(folder).relative_to(self.folder)
            found |= {(inner / name).as_posix() for name in names}
        return frozenset(found)

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders that hold a file."""
        above = {str(one) for path in self.files for one in PurePosixPath(path).parents}
        return frozenset(above - {"."})

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for path in (*self.files, *self.folders):
            found[path.rpartition("/")[2]].append(path)
        return found

    def ending(self, path: str) -> list[str]:
        """The files and folders whose path is, or ends with, another one."""
        named = self._by_name.get(path.rpartition("/")[2], ())
        return [one for one in named if one == path or one.endswith(f"/{path}")]

    def lacks(self, path: str) -> bool:
        """Whether a path begins in a folder of the repository, but is nowhere in it."""
        first, _, rest = path.removeprefix("./").rstrip("/").partition("/")
        if not rest or self.ending(f"{first}/{rest}") or rest in self.files | self.folders:
            return False  # the first may be the repository's own name
        if first not in self.folders:
            return self._in_folder_alike(path) is not None
        return first not in self.names or not self.ending(rest)

    def has_moved(self, path: str) -> bool:
        """Whether a file stands in another folder than the path tells, one of its very name."""
        folder, _, name = path.rpartition("/")
        alone = len(self._by_name.get(name, ())) == 1 and len(name) >= _TELLING
        return alone and folder[:1] not in ("", ".") and not self.ending(path) and "." in name

    def _in_folder_alike(self, path: str) -> str | None:
        """The file of that name in a folder that is written nearly so, as `tool/` for `tools/`."""
        first, _, rest = path.removeprefix("./").rstrip("/").partition("/")
        tops = {one for one in self.folders if "/" not in one}
        near = get_close_matches(first, tops, 1, _ALIKE) if first not in self.names else []
        return next((f"{one}/{rest}" for one in near if f"{one}/{rest}" in self.files), None)

    def meant(self, path: str) -> str | None:
        """The one path that a wrong one most likely stands for: moved, or with a suffix lost."""
        if alike := self._in_folder_alike(path):
            return alike
        name = path.rstrip("/").rpartition("/")[2]
        if self.has_moved(path):
            return self._by_name[name][0]
        moved = self._by_name.get(name) or self.scripts(name)
        first, slash, _ = path.partition("/")
        moved = [one for one in moved if not slash or one.startswith(f"{first}/")]
        return moved[0] if len(moved) == 1 else None

    def scripts(self, name: str) -> list[str]:
        """The scripts that a name would be one of, had it its suffix."""
        return [one for end in _ENDS for one in self._by_name.get(name + end, ())]

    def has_target(self, name: str) -> bool:
        """Whether a makefile may make a target; also where nobody can say."""
        texts = [text for path in self.ending("Makefile") if (text := self._text(path))]
        if not texts or any("include" in text for text in texts):
            return True
        rules = [word for text in texts for row in _TARGET.findall(text) for word in row.split()]
        rules += [word for text in texts for row in _PHONY.findall(text) for word in row.split()]
        return name in rules or any("%" in rule for rule in rules)

    def _text(self, path: str) -> str:
        with suppress(OSError):  # there is none, or nothing that is to be read
            return regular_files.text(self.folder / path, errors="replace")
        return ""

    def has_package(self, label: str) -> bool:
        """Whether Bazel finds the package of a label, in whichever workspace; or nobody can say."""
        tops = [path for name in ("WORKSPACE", "MODULE.bazel") for path in self.ending(name)]
        roots = {path.rpartition("/")[0] for path in tops}
        package = label.removeprefix("//").partition(":")[0].removesuffix("...").strip("/")
        wanted = (f"{root}/{package}".strip("/") for root in roots)
        return not roots or not package or any(one in self.folders for one in wanted)
