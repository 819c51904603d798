"""One patch over pages that need no contract: all of the documentation, a folder, a pattern."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from verify.cli.console import say
from verify.cli.errata_wanted import EVERY, ErrataWanted
from verify.cli.sync import progress
from verify.environment import environment as environments
from verify.errors import ExitCode, UsageError
from verify.ledger import ledger
from verify.repairs import catalogues, documentation_patch, git_patch
from verify.repairs.documentation_patch import PagePatch
from verify.report import patch_summary
from verify.report.defects import numbered
from verify.report.patch_summary import DefectRepaired
from verify.system.cache import Notify
from verify.system.complaints import unwritable, why
from verify.system.words import Text, Words, enumerated, joined
from verify.upstream import page_names, pages
from verify.upstream.snapshot import Tree

_REPAIRING = Words(
    zh="正在修正页面：{of} 个中的第 {done} 个，{path}",
    en="Repairing pages: {done} of {of}, {path}",
)
_TRYING = Words(zh="正在让 git 试用补丁", en="Having git apply the patch")
_UNREAD = Words(zh="{path}：没有改动，{why}", en="{path}: left alone, {why}")
_CHANGE = Words(
    zh="{version}，按 {environment} 的勘误表：{of} 个页面中有 {count} 个要改，共 {files} 个文件。",
    en="{version}, by the ledger of {environment}: pages that change: {count} of {of}, files: "
    "{files}.",
)
_REPAIRED = Words(
    zh="{id}：已在 {pages} 个页面的 {places} 处修正。",
    en="{id}: repaired, pages: {pages}, places: {places}.",
)
_BY_HAND = Words(
    zh="{id}：须手工修正，补丁做不到，页面：{where}。",
    en="{id}: to be mended by hand, which no patch does, on {where}.",
)
_PROBLEM = Words(zh="{path}：{why}。", en="{path}: {why}.")
_CLEAN = Words(
    zh="修正后的页面再读一遍，已修正的不再出现。",
    en="Read again, the patched pages show nothing that was repaired.",
)
_CLEARED = Words(zh="已存输出已删除。", en="Stored outputs are removed.")
_STALE = Words(
    zh="已存输出保留不动，包括 {count} 个被修正的单元格。",
    en="Stored outputs are kept, also those of repaired cells: {count}.",
)
_REPAIRED_IN = Words(zh="{id}：已修正{where}。", en="{id}: repaired in {where}.")
_CHANGES = Words(zh="{path}：一起修改。", en="{path}: changes with it.")
# More pages than these are told by defect.
_FEW = 3
SUMMARY_SUFFIX = ".md"


@dataclass(frozen=True)
class PagesWanted:
    """Which pages of which version are patched, by whose ledger, and whether outputs go.

    `errata` are those of the ledger that are repaired.
    """

    names: tuple[str, ...]
    source: str
    ref: str | None
    env: str | None
    clear: bool = False
    errata: ErrataWanted = EVERY


@dataclass(frozen=True)
class Made:
    """A patch of pages; `unread` says which pages are none, and why."""

    version: str
    environment: str
    pages: tuple[PagePatch, ...]
    unread: tuple[Text, ...]
    content: bytes

    @property
    def fits(self) -> bool:
        """Whether all that shows on the pages is repaired."""
        return not self.unread and not any(page.problems for page in self.pages)


def make(
    wanted: PagesWanted, console: Console, *, summary: Path | None, quiet: bool = False
) -> tuple[bytes, ExitCode]:
    """Make the patch, write its summary, and say by defect or by page what is in it.

    Args:
        wanted: which pages.
        console: hears of what is in the patch.
        summary: the file for the summary, if one is wanted.
        quiet: whether progress is not told.

    Returns:
        The patch, and USAGE if something that shows could not be repaired, otherwise VERIFIED.

    Raises:
        UsageError: a name fits no page, or there is no such version, environment or erratum.
        ResourceError: the summary cannot be written.
    """
    with progress(console, quiet=quiet) as notify:
        made = patched(wanted, notify)
    if summary:
        try:
            summary.write_text(patch_summary.render(made.version, made.pages), encoding="utf-8")
        except OSError as error:
            raise unwritable(summary, error) from error
    for sentence in _told(made, clear=wanted.clear):
        say(console, sentence)
    return made.content, ExitCode.VERIFIED if made.fits else ExitCode.USAGE


def patched(wanted: PagesWanted, notify: Notify) -> Made:
    """Make the patch, and have git try it.

    Raises:
        UsageError: a name fits no page, or there is no such version, environment or erratum.
    """
    environment = wanted.env or environments.of_release([wanted.ref] if wanted.ref else [])
    environments.locate(environment)  # a wrong name is said at once
    ref = wanted.ref or environment.replace("secretflow-", "v")
    known = ledger.read(environment).errata
    if not known:
        raise UsageError(
            Words(
                zh="{environment}：它的勘误表里没有可修正的页面勘误。",
                en="{environment}: its ledger has no errata of pages to repair.",
            ).filled(environment=environment)
        )
    wanted.errata.refuse(one.id for one in known)
    known = wanted.errata.of(known)
    paths = page_names.every(wanted.names, wanted.source, ref, notify)
    tree = pages.tree_of(wanted.source, ref, paths[0], notify)
    texts, made, unread = _texts(tree, paths, notify), list[PagePatch](), list[Text]()
    paths = [path for path in paths if path in texts]  # of a link, the page that it leads to
    for done, path in enumerate(paths, 1):
        notify(_REPAIRING.filled(done=done, of=len(paths), path=path))
        own = {each: texts[each] for each in (path, *catalogues.of_page(path, texts))}
        try:
            text = {each: content.decode() for each, content in own.items()}
            made.append(documentation_patch.of_page(known, path, text, clear=wanted.clear))
        except (UnicodeDecodeError, UsageError) as error:
            unread.append(_UNREAD.filled(path=path, why=why(error)))
    notify(_TRYING)
    before, after = dict[str, bytes](), dict[str, bytes]()
    for page in made:
        before |= page.before
        after |= page.after
    version = f"{ref}, commit {tree.commit[:12]}" if tree.commit else ref
    content = git_patch.between(before, after)
    return Made(version, environment, tuple(made), tuple(unread), content)


def _texts(tree: Tree, paths: Iterable[str], notify: Notify) -> Mapping[str, bytes]:
    """The contents of pages and their catalogues; those of links are elsewhere."""
    there = tree.paths()
    translations = [path for path in there if path.endswith(catalogues.SUFFIX)]
    wanted = set(paths)
    for path in list(wanted):
        wanted.update(catalogues.of_page(path, translations))
    entries = [one for one in tree.entries("") if one.path in wanted and not one.is_link]
    contents = tree.contents(entries, notify)
    return {entry.path: content for entry, content in zip(entries, contents, strict=True)}


def _told(made: Made, *, clear: bool) -> Iterator[Text]:
    changed = [page for page in made.pages if page.before]
    yield _CHANGE.filled(
        version=made.version,
        environment=made.environment,
        count=len(changed),
        of=len(made.pages),
        files=sum(len(page.before) for page in changed),
    )
    yield from (indented(text) for text in _in_full(made, changed, clear=clear))


def _in_full(made: Made, changed: list[PagePatch], *, clear: bool) -> Iterator[Text]:
    defects = patch_summary.by_defect(made.pages)
    yield from _by_defect(defects) if len(changed) > _FEW else _by_page(changed)
    for defect in defects:
        if where := enumerated(page.path for page in defect.by_hand):
            yield _BY_HAND.filled(id=defect.erratum.id, where=where)
    for page in made.pages:
        yield from (_PROBLEM.filled(path=page.path, why=why) for why in page.problems)
    yield from made.unread
    if made.fits:
        yield _CLEAN
    if clear:
        yield _CLEARED
    elif stale := sum(len(page.stale) for page in made.pages):
        yield _STALE.filled(count=stale)


def _by_defect(defects: Iterable[DefectRepaired]) -> Iterator[Text]:
    for defect in defects:
        if defect.erratum.apply:
            pages, places = len(defect.repaired), defect.places
            yield _REPAIRED.filled(id=defect.erratum.id, pages=pages, places=places)


def _by_page(changed: Iterable[PagePatch]) -> Iterator[Text]:
    for page in changed:
        yield f"{page.path}:"
        for outcome in page.patch.outcomes:
            if outcome.cells:
                where = numbered(page.path, page.places(outcome))
                yield indented(_REPAIRED_IN.filled(id=outcome.erratum.id, where=where))
        others = (path for path in page.before if path != page.path)
        yield from (indented(_CHANGES.filled(path=path)) for path in others)


def indented(text: Text) -> Text:
    """A sentence below another one."""
    return joined((" ", text), zh=" ", en=" ")
