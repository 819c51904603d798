"""The documentation of a version, copied into the cache, with its notebooks as text beside it."""

import json
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from verify.errors import UsageError
from verify.system import cache, digests, git
from verify.system.cache import Notify
from verify.system.complaints import why
from verify.system.words import Text, Words
from verify.upstream import plain_folder
from verify.upstream.pages import PATHS_NAME, REFS_NAME, NoPageError, refs_of, tree_of
from verify.upstream.snapshot import Entry, Tree, blob_id, near

_CHANGED = Words(zh="{file} 已改变", en="{file} was changed")
_INCOMPLETE = Words(zh="它不完整（{why}）", en="it is incomplete ({why})")

_CONVERTING = Words(
    zh="正在把 notebook 转成文本：{of} 个中的第 {done} 个",
    en="Converting notebooks to text: {done} of {of}",
)

FOLDER = "docs"
# Of a notebook's text, beside it. No Python module is called so, for no import could name it.
TEXT_SUFFIX = ".ipynb.py"

_MANIFEST_NAME = "copy.json"
_SCHEMA = 1


@dataclass(frozen=True)
class Documentation:
    """A copy in the cache: `pages` is the folder that was asked for, below the `root`'s layout."""

    ref: str
    commit: str
    root: Path
    path: str
    files: Mapping[str, str] = field(repr=False)
    unreadable: tuple[str, ...] = ()

    @property
    def pages(self) -> Path:
        """Where the pages are."""
        return self.root / self.path

    def count(self, suffix: str) -> int:
        """How many official files have a suffix such as `.ipynb`."""
        return sum(file.endswith(suffix) for file in self.files)

    @property
    def size(self) -> int:
        """The bytes of the official files."""
        own = (self.root / file for file in self.files if not file.endswith(TEXT_SUFFIX))
        return sum(file.lstat().st_size for file in own)


def sync(
    source: str, ref: str, path: str = FOLDER, notify: Notify = lambda _: None
) -> Documentation:
    """Bring the documentation of a version into the cache, unless it is there and unchanged.

    Args:
        source: a git URL, a clone, a bare repository, or a plain folder.
        ref: a tag, branch or commit; of a plain folder, what its version is called.
        path: the folder that is wanted, from the root of the repository; "." is all of it.
        notify: hears what takes time.

    Raises:
        UsageError: the source has no such version or folder.
        ResourceError: the host cannot be reached, wants a login, the disk is full, or git is
            missing.
    """
    path = path.strip("/") if PurePosixPath(path).parts else ""
    tree = tree_of(source, ref, path, notify)
    entries = [] if tree.commit else tree.entries(path)
    root = cache.obtain(
        "documentation",
        _key(tree, path, entries),
        build=lambda root: _fill(root, tree, path, _some(source, ref, path, tree), notify),
        intact=_damage,
        notify=notify,
    )
    _remember(root, ref)
    files, unreadable = _manifest(root)
    return Documentation(ref, tree.commit, root, path, files, unreadable)


def on_disk(source: str, ref: str, path: str, notify: Notify) -> tuple[Path, Path]:
    """A page where its neighbours lie around it, and the folder that its path starts at.

    For the arguments and what is raised see `sync`; `path` is the page's.
    """
    if folder := plain_folder.opened(source, path):
        return folder.root / path, folder.root
    root = sync(source, ref, path.partition("/")[0], notify).root
    return root / path, root


def _key(tree: Tree, path: str, entries: list[Entry]) -> str:
    """The commit, so that two tags of it share a copy; without git, a digest of the content."""
    told = json.dumps([path, [(entry.path, entry.blob) for entry in entries]])
    digest = digests.key(told)
    if not tree.commit:
        return f"folder-{digest}"
    return tree.commit if path == FOLDER else f"{tree.commit}-{digest}"


def _some(source: str, ref: str, path: str, tree: Tree) -> list[Entry]:
    entries = tree.entries(path)
    if not entries:
        folders = {str(PurePosixPath(file).parent) for file in tree.paths()}
        hint = near(path, folders)
        raise NoPageError(
            Words(
                zh="{source}：{ref} 里没有文件夹 {path}{hint}。",
                en="{source}: no folder {path} at {ref}{hint}.",
            ).filled(source=git.shown(source), path=path, ref=ref, hint=hint)
        )
    return entries


def _fill(root: Path, tree: Tree, path: str, entries: list[Entry], notify: Notify) -> None:
    files = {
        entry.path: blob_id(content)
        for entry, content in zip(entries, tree.contents(entries, notify), strict=True)
        if _write(root, path, entry, content)
    }
    if tree.commit:
        paths = "".join(f"{each}\n" for each in tree.paths())
        (root / PATHS_NAME).write_text(paths, encoding="utf-8")
    unreadable = _convert(root, files, notify)
    content = {"schema": _SCHEMA, "files": files, "unreadable": unreadable}
    (root / _MANIFEST_NAME).write_text(json.dumps(content, indent=1), encoding="utf-8")


def _write(root: Path, path: str, entry: Entry, content: bytes) -> bool:
    """Write one file; a link that leads out of the copy is left out, as nothing is there."""
    file = root / entry.path
    # What git itself would refuse to check out.
    if {part.lower() for part in PurePosixPath(entry.path).parts} & {"..", ".git", "/"}:
        raise UsageError(
            Words(
                zh="{path}：仓库里不能有这个名字的文件。",
                en="{path}: a repository must not hold a file of this name.",
            ).filled(path=entry.path)
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    if not entry.is_link:
        file.write_bytes(content)
        return True
    target = (file.parent / content.decode(errors="replace")).resolve()
    if target.is_relative_to((root / path).resolve()):
        file.symlink_to(content.decode(errors="replace"))
        return True
    return False


def _convert(root: Path, files: dict[str, str], notify: Notify) -> list[str]:
    """Write each notebook as text beside it, and return those that no one can read."""
    import jupytext  # noqa: PLC0415 - takes a second, which a copy that is there need not cost

    notebooks = [file for file in files if file.endswith(".ipynb")]
    unreadable = []
    for done, file in enumerate(notebooks):
        notify(_CONVERTING.filled(done=done, of=len(notebooks)))
        text = file.removesuffix(".ipynb") + TEXT_SUFFIX
        if text in files:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what is odd but readable
                node = jupytext.read(root / file, fmt="ipynb")
            content = jupytext.writes(node, fmt="py:percent").encode()
        except Exception:  # noqa: BLE001 - jupytext and nbformat raise many kinds of their own
            unreadable.append(file)
            continue
        (root / text).write_bytes(content)
        files[text] = blob_id(content)
    return unreadable


def _remember(root: Path, ref: str) -> None:
    if ref not in refs_of(root):
        with suppress(OSError), (root / REFS_NAME).open("a", encoding="utf-8") as names:
            names.write(f"{ref}\n")


def _damage(root: Path) -> Text | None:
    try:
        files, _ = _manifest(root)
        for file, blob in files.items():
            if blob_id(_content(root / file)) != blob:
                return _CHANGED.filled(file=file)
    except (OSError, ValueError, KeyError) as error:
        return _INCOMPLETE.filled(why=why(error))
    return None


def _content(file: Path) -> bytes:
    return str(file.readlink()).encode() if file.is_symlink() else file.read_bytes()


def _manifest(root: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    content = json.loads((root / _MANIFEST_NAME).read_text(encoding="utf-8"))
    if content["schema"] != _SCHEMA:
        raise ValueError(
            Words(zh="它属于本工具的另一个版本", en="it is of another version of this tool")
        )
    return content["files"], tuple(content["unreadable"])
