"""Which pages names are of: of a repository, by path, pattern, folder or `all`; or local drafts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from verify.errors import UsageError
from verify.page import reader, text_cells
from verify.system import git
from verify.system.cache import Notify
from verify.system.words import Words
from verify.upstream import pages, plain_folder
from verify.upstream.snapshot import Tree, near

_NO_FILE = Words(
    zh="{name}：没有这个文件；官方页面的路径以 {folder}/ 开头。",
    en="{name}: no such file; the path of an official page begins with {folder}/.",
)
_NONE = Words(
    zh="{source}：{ref} 的 {folder}/ 里没有页面；请用 --upstream 给出文档的仓库，"
    "或含有它的文件夹。",
    en="{source}: no page lies in {folder}/ at {ref}; name the repository of the documentation, or "
    "a folder with it, with --upstream.",
)
_WILD = re.compile(r"[*?[]")

_NO_PYTHON = Words(
    zh="{name}：不是含有 Python 的页面，所以没有可运行的内容。",
    en="{name}: no page with Python in it, so there is nothing of it to run.",
)
_NO_PAGES = Words(
    zh="{name}：里面没有 notebook，也没有其他含有 Python 的页面。",
    en="{name}: holds no notebook and no other page with Python in it.",
)
_NOWHERE = Words(
    zh="{name}：{source} 的 {ref} 里和这里都没有这个路径的页面，也没有在它之下的页面{hint}。",
    en="{name}: no page of {source} at {ref}, and none here, has this path or lies below it{hint}.",
)

EVERYTHING = "all"
DRAFT = "draft"
"""What the version of a local draft is called, which has none."""

_FOLDER = "docs"
_NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class Named:
    """A page that was named: where it is, its version, and its path from the root there."""

    source: str
    ref: str
    path: str

    @property
    def is_draft(self) -> bool:
        """Whether it lies in no repository."""
        return self.source.startswith(plain_folder.AS_IT_IS)


def is_page(name: str) -> bool:
    """Whether a name is of a page and no document's: a path, a pattern, a folder, or `all`."""
    return "/" in name or name.endswith(reader.SUFFIXES) or name == EVERYTHING


def resolved(names: Iterable[str], source: str, ref: str, notify: Notify) -> list[Named]:
    """The pages that have something to run, each once, in the order of the names.

    Pages of a repository are below its folder of documentation. What is not, and lies here, is a
    draft: nothing is asked of the repository then.

    Args:
        names: paths in the repository, patterns of them, folders, or `all`; files and folders here.
        source: the repository.
        ref: its version.
        notify: hears what takes time.

    Raises:
        UsageError: a name fits no page, or one in which there is nothing to run.
    """
    upstream = _Upstream(source, ref, notify)
    found: dict[Named, None] = {}
    for name in names:
        _see_that_it_can_be(name, source)
        fitting = upstream.fitting(name) if _may_be_official(name) else []
        fitting = fitting or list(_drafts(name))
        if not fitting:
            raise UsageError(upstream.missing(name))
        found.update(dict.fromkeys(fitting))
    return list(found)


def every(names: Iterable[str], source: str, ref: str, notify: Notify) -> list[str]:
    """The paths of a repository's pages, also of those in which there is nothing to run.

    For the arguments see `resolved`.

    Raises:
        UsageError: a name fits no page.
    """
    upstream = _Upstream(source, ref, notify)
    found: dict[str, None] = {}
    for name in names:
        _see_that_it_can_be(name, source)
        fitting = upstream.matching(name)
        if not fitting:
            raise UsageError(upstream.missing(name))
        found.update(dict.fromkeys(fitting))
    return list(found)


def _see_that_it_can_be(name: str, source: str) -> None:
    """Refuse what is no file here, and none of SecretFlow's repository, before that is asked.

    Raises:
        UsageError: it is neither.
    """
    is_elsewhere = not _is_in_folder(name) and not _WILD.search(name)
    is_official = source == pages.DEFAULT_SOURCE  # others may keep their pages anywhere
    if is_official and is_elsewhere and name.endswith(reader.SUFFIXES) and not _is_here(name):
        raise UsageError(_NO_FILE.filled(name=name, folder=_FOLDER))


def _may_be_official(name: str) -> bool:
    return name == EVERYTHING or _is_in_folder(name) or not _is_here(name)


def _is_in_folder(name: str) -> bool:
    """Whether a path begins where the official repository has its pages."""
    return PurePosixPath(name).parts[:1] == (_FOLDER,)


def _is_here(name: str) -> bool:
    return Path(name).expanduser().exists()


class _Upstream:
    """The repository, which is read when a name may be of it."""

    def __init__(self, source: str, ref: str, notify: Notify) -> None:
        self.source, self.ref, self.notify = source, ref, notify
        self._there: list[str] | None = None
        self._runnable: dict[str, bool] = {}

    @property
    def there(self) -> list[str]:
        """The paths of its pages."""
        if self._there is None:
            paths = self._tree().paths()
            self._there = [path for path in paths if path.endswith(reader.SUFFIXES)]
        return self._there

    def matching(self, name: str) -> list[str]:
        """The paths of the pages that a name is of."""
        wanted = f"{_FOLDER}/*" if name == EVERYTHING else name.rstrip("/")
        below = f"{wanted}/"
        return [p for p in self.there if fnmatchcase(p, wanted) or p.startswith(below)]

    def fitting(self, name: str) -> list[Named]:
        """The pages that a name is of, and that have something to run."""
        paths = self.matching(name)
        self._look_into(paths)
        return [Named(self.source, self.ref, path) for path in paths if self._runnable[path]]

    def missing(self, name: str) -> Words:
        """Why a name is bad."""
        path = name.rstrip("/")
        if self._runnable.get(path) is False or Path(path).expanduser().is_file():
            return _NO_PYTHON.filled(name=name)
        if _is_here(name):
            return _NO_PAGES.filled(name=name)
        source, hint = git.shown(self.source), near(path, self.there)
        if name == EVERYTHING:
            return _NONE.filled(source=source, ref=self.ref, folder=_FOLDER)
        return _NOWHERE.filled(name=name, source=source, ref=self.ref, hint=hint)

    def _tree(self) -> Tree:
        return pages.tree_of(self.source, self.ref, _FOLDER, self.notify)

    def _look_into(self, paths: Iterable[str]) -> None:
        """See which pages have Python, all of those that nobody has looked into at once."""
        unknown = {path for path in paths if path not in self._runnable}
        self._runnable |= {path: True for path in unknown if path.endswith(_NOTEBOOK)}
        tree = self._tree() if unknown - self._runnable.keys() else None
        if tree is None:
            return
        entries = [e for e in tree.entries("") if e.path in unknown - self._runnable.keys()]
        for entry, content in zip(entries, tree.contents(entries, self.notify), strict=True):
            self._runnable[entry.path] = _runs(content, Path(entry.path))


def _drafts(name: str) -> Iterator[Named]:
    """The pages here of a name: a file, or all below a folder."""
    at = Path(name).expanduser().absolute()
    if at.is_dir():
        files, root = [file for file in sorted(at.rglob("*")) if plain_folder.is_own(file, at)], at
    else:
        at = at.resolve()  # a link that is named itself is meant
        files, root = [at] if at.is_file() else [], at.parent
    for file in files:
        if file.suffix not in reader.SUFFIXES:
            continue
        if file.suffix == _NOTEBOOK or _runs(file.read_bytes(), file):
            path = file.relative_to(root).as_posix()
            yield Named(f"{plain_folder.AS_IT_IS}{root}", DRAFT, path)


def _runs(content: bytes, path: Path) -> bool:
    """Whether a text has Python."""
    page = reader.of_text(content.decode(errors="replace"), path)
    return bool(text_cells.with_cells(page).cells)
