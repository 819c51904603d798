"""What a patch of many pages repairs, by defect: Markdown for its pull request, in two languages.

Everything in it that a page or the ledger wrote goes through `harmless`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from verify.ledger.erratum import Erratum
from verify.repairs.documentation_patch import PagePatch
from verify.repairs.page_patch import PatchOutcome
from verify.report import clipped
from verify.report.defects import numbered
from verify.report.harmless import inline, plain
from verify.system.words import Language, Text, Words, joined, said

# More pages than these are folded away.
_FEW = 6
_TITLE = Words(zh="教程中的已知缺陷：{version}", en="Known defects of the tutorials: {version}")
_CHANGED = Words(
    zh="修改了 {count} 个文件；每处修改属于下列缺陷之一。补丁未改动的内容逐字节保持不变。",
    en="{count} files change, each for one of the defects below; all else stays byte for byte.",
)
_CHANGED_ONE = Words(
    zh="修改了 1 个文件；每处修改属于下列缺陷之一。补丁未改动的内容逐字节保持不变。",
    en="One file changes, for the defects below; all else stays byte for byte.",
)
_STALE = Words(
    zh="有 {count} 个被修改的单元格仍保存着修改前的输出；重新运行页面即可更新。",
    en="Cells that change and keep the outputs of the code before: {count}. Run the pages anew.",
)
_LEFT = Words(zh="未能修正", en="Not repaired")
_BY_HAND = Words(zh="须手工修正", en="to be mended by hand")
_PAGES = Words(zh="{count} 个页面", en="{count} pages")
_PAGE = Words(zh="1 个页面", en="1 page")
_LABELS = (
    ("symptom", Words(zh="现象", en="Symptom")),
    ("cause", Words(zh="原因", en="Cause")),
    ("since", Words(zh="始于", en="Since")),
    ("repair", Words(zh="修正", en="Repair")),
)


@dataclass
class DefectRepaired:
    """A defect, the pages on which it is repaired, and those on which it is not, with why.

    No rewriting mends it on those that are left to be mended `by_hand`.
    """

    erratum: Erratum
    repaired: list[tuple[PagePatch, PatchOutcome]] = field(default_factory=list)
    left: list[tuple[PagePatch, Text]] = field(default_factory=list)
    by_hand: list[PagePatch] = field(default_factory=list)

    @property
    def places(self) -> int:
        """The cells that are repaired, on all pages."""
        return sum(len(outcome.cells) for _, outcome in self.repaired)


def by_defect(pages: Iterable[PagePatch]) -> list[DefectRepaired]:
    """The defects of some pages, the one of most pages first."""
    found: dict[str, DefectRepaired] = {}
    for page in pages:
        for outcome in page.patch.outcomes:
            one = found.setdefault(outcome.erratum.id, DefectRepaired(outcome.erratum))
            if outcome.cells:
                one.repaired.append((page, outcome))
            if outcome.problems:
                one.left.append((page, joined(outcome.problems)))
        for erratum in page.by_hand:
            found.setdefault(erratum.id, DefectRepaired(erratum)).by_hand.append(page)
    return sorted(found.values(), key=lambda one: -len(one.repaired))


def render(version: str, pages: Sequence[PagePatch]) -> str:
    """The summary, English first, short enough for a pull request's description.

    Args:
        version: what is patched: a tag, and its commit.
        pages: the patched pages.
    """
    parts = [_section(version, pages, one) for one in (Language.ENGLISH, Language.CHINESE)]
    lines = [*parts[0], "", "---", "", *parts[1]]
    return clipped.lines(lines, clipped.COMMENT_BYTES, Language.CHINESE)


def _section(version: str, pages: Sequence[PagePatch], language: Language) -> Iterator[str]:
    count = sum(len(page.before) for page in pages)
    yield f"# {_TITLE.of(language).format(version=inline(version))}"
    changed = _CHANGED_ONE if count == 1 else _CHANGED
    yield from ("", changed.filled(count=count).of(language))
    if stale := sum(len(page.stale) for page in pages):
        yield from ("", _STALE.of(language).format(count=stale))
    for defect in by_defect(pages):
        yield from _defect(defect, language)


def _defect(defect: DefectRepaired, language: Language) -> Iterator[str]:
    erratum = defect.erratum
    pages = len(defect.repaired or defect.by_hand)
    counted = (_PAGE if pages == 1 else _PAGES).filled(count=pages).of(language)
    yield from ("", f"## `{erratum.id}`: {counted}", "")
    for name, label in _LABELS:
        yield f"- **{label.of(language)}**: {_words(getattr(erratum, name), language)}"
    places = [f"- {_place(*one, language)}" for one in defect.repaired]
    places += [f"- {_code(page.path)}: {_BY_HAND.of(language)}" for page in defect.by_hand]
    many = len(places) > _FEW
    yield from ["", f"<details><summary>{counted}</summary>"] if many else []
    yield from ("", *places)
    yield from ["", "</details>"] if many else []
    for page, why in defect.left:
        yield f"- **{_LEFT.of(language)}**: {_code(page.path)}: {_words(why, language)}"


def _place(page: PagePatch, outcome: PatchOutcome, language: Language) -> str:
    where = numbered(page.path, page.places(outcome))
    return said(joined((_code(page.path), where), zh="，", en=", "), language)


def _words(text: Text, language: Language) -> str:
    return inline(clipped.sentence(said(text, language)))


def _code(path: str) -> str:
    return f"`{plain(path).replace('`', '')}`"
