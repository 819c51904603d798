"""One patch over pages that need no contract: all of the documentation, a folder, a pattern."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from verify.cli.errata_wanted import EVERY, ErrataWanted
from verify.cli.sync import progress
from verify.environment import environment as environments
from verify.errors import ExitCode, UsageError, unwritable
from verify.ledger import ledger
from verify.repairs import catalogues, documentation_patch, git_patch
from verify.repairs.documentation_patch import PagePatch
from verify.report import patch_summary
from verify.system.cache import Notify
from verify.upstream import page_names, pages
from verify.upstream.snapshot import Tree

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
    unread: tuple[str, ...]
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
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)
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
        raise UsageError(f"{environment}: its ledger has no errata of pages to repair.")
    wanted.errata.refuse(one.id for one in known)
    known = wanted.errata.of(known)
    paths = page_names.every(wanted.names, wanted.source, ref, notify)
    tree = pages.tree_of(wanted.source, ref, paths[0], notify)
    texts, made, unread = _texts(tree, paths, notify), list[PagePatch](), list[str]()
    for done, path in enumerate(paths, 1):
        notify(f"Repairing pages: {done} of {len(paths)}, {path}")
        own = {each: texts[each] for each in (path, *catalogues.of_page(path, texts))}
        try:
            text = {each: content.decode() for each, content in own.items()}
            made.append(documentation_patch.of_page(known, path, text, clear=wanted.clear))
        except (UnicodeDecodeError, UsageError) as error:
            unread.append(f"{path}: left alone, {error}")
    notify("Having git apply the patch")
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


def _told(made: Made, *, clear: bool) -> Iterator[str]:
    changed = [page for page in made.pages if page.before]
    files = sum(len(page.before) for page in changed)
    yield (
        f"{made.version}, by the ledger of {made.environment}: {len(changed)} of "
        f"{_counted(len(made.pages), 'page')} change, {_counted(files, 'file')} in all."
    )
    if len(changed) > _FEW:
        for defect in patch_summary.by_defect(made.pages):
            if not defect.erratum.apply:
                continue
            where = f"{_counted(len(defect.repaired), 'page')}, {_counted(defect.places, 'place')}"
            yield f"  {defect.erratum.id}: repaired on {where}."
    else:
        for page in changed:
            yield from _of_page(page)
    for defect in patch_summary.by_defect(made.pages):
        if where := ", ".join(page.path for page in defect.by_hand):
            yield f"  {defect.erratum.id}: to be mended by hand, which no patch does, on {where}."
    yield from (f"  {page.path}: {why}." for page in made.pages for why in page.problems)
    yield from (f"  {why}" for why in made.unread)
    if made.fits:
        yield "  Read again, the patched pages show nothing that was repaired."
    if clear:
        yield "  Stored outputs are removed."
    elif stale := sum(len(page.stale) for page in made.pages):
        yield f"  Stored outputs are kept, also in {_counted(stale, 'repaired cell')}."


def _of_page(page: PagePatch) -> Iterator[str]:
    yield f"  {page.path}:"
    place = "cell" if page.is_notebook else "line"
    for outcome in page.patch.outcomes:
        if outcome.cells:
            yield f"    {outcome.erratum.id}: repaired in {place} {page.places(outcome)}."
    yield from (f"    {path}: changes with it." for path in page.before if path != page.path)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
