"""Whether a published page works, and whether it does with our repairs: two verdicts, never mixed.

The first is about the text as its readers have it. A run of our own edition, too, knows it, from
the errata that the ledger has of the page.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.contract.edition import Edition
from verify.finding import CheckKind, Verdict, Worded
from verify.report import cause, defects
from verify.report.defects import Defect, Standing
from verify.report.outcome import Outcome
from verify.report.releases import Release
from verify.system.words import Text, Words, joined

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry


class Works(Worded):
    """Whether a page works as it is published, the worst first."""

    BREAKS = "breaks", "does not run", "无法运行"
    CONTRADICTED = "contradicted", "runs, but says what is not so", "能运行，但有与实际不符之处"
    OPEN = "open", "could not be judged", "未能判定"
    WELL = "works", "works", "正常"


SYMBOLS = {Works.BREAKS: "✗", Works.CONTRADICTED: "≠", Works.OPEN: "?", Works.WELL: "✓"}
_PAGES = Words(
    zh="SecretFlow {release} 的 {count} 个页面，按发布的原文",
    en="{count} pages as published, on SecretFlow {release}",
)
_PAGE = Words(
    zh="SecretFlow {release} 的 1 个页面，按发布的原文",
    en="1 page as published, on SecretFlow {release}",
)
COUNTED = {
    Works.BREAKS: (
        Words(zh="{count} 个无法运行", en="{count} does not run"),
        Words(zh="{count} 个无法运行", en="{count} do not run"),
    ),
    Works.CONTRADICTED: (
        Words(zh="{count} 个能运行但有与实际不符之处", en="{count} runs, but says what is not so"),
        Words(zh="{count} 个能运行但有与实际不符之处", en="{count} run, but say what is not so"),
    ),
    Works.OPEN: (
        Words(zh="{count} 个未能判定", en="{count} could not be judged"),
        Words(zh="{count} 个未能判定", en="{count} could not be judged"),
    ),
    Works.WELL: (
        Words(zh="{count} 个正常", en="{count} works"),
        Words(zh="{count} 个正常", en="{count} work"),
    ),
}
_DECIDED = (Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL)
_ON = Words(zh="{works}（SecretFlow {release}）", en="{works} on SecretFlow {release}")
_STOPS = Words(zh="{works}，停在{where}", en="{works}, stops at {where}")
_DEFECTS = Words(zh="{count} 处缺陷", en="{count} defects")
_DEFECT = Words(zh="1 处缺陷", en="1 defect")
_STOPPING = Words(zh="其中 {count} 处使它停下", en="{count} of them stop it")
_ONE_STOPS = Words(zh="其中 1 处使它停下", en="1 of them stops it")
_BY_LEDGER = Words(
    zh="页面的官方原文（依据勘误表，本次未运行）：{how}。",
    en="The page as published (by the ledger; not run this time): {how}.",
)
_PUBLISHED = Words(zh="页面的官方原文：{how}。", en="The page as published: {how}.")
_REPAIRED = Words(zh="修正后：{how}。", en="With our repairs: {how}.")
_OF_OURS = Words(zh="自编页面：{how}。", en="A page of ours: {how}.")
_NOTHING_KNOWN = Words(zh="没有已知缺陷", en="no defect of it is known")
_DOES = Words(zh="与所述一致", en="does what it says")
_RUNS = Words(zh="运行到结尾", en="runs to its end")
_NOT_SO = Words(zh="能运行，但有 {count} 处与实际不符", en="runs, but {count} things are not so")
_ONE_NOT_SO = Words(zh="能运行，但有 1 处与实际不符", en="runs, but one thing is not so")
_STILL = Words(zh="仍停在{where}", en="still stops at {where}")
_NO_REPAIR = Words(
    zh="停在{where}，改写页面无法修正", en="stops at {where}, which no rewriting of the page mends"
)
_LEFT = Words(zh="未能判定：{why}", en="not decided: {why}")
_CLAIMS = Words(
    zh="配置 {profile} 判定了 {of} 条论断中的 {done} 条",
    en="profile {profile} decides {done} of its {of} claims",
)
_OUTPUTS = Words(
    zh="{of} 个已存输出中比较了 {done} 个", en="{done} of {of} stored outputs compared"
)
_SOMEWHERE = Words(zh="某处", en="some place")


@dataclass(frozen=True)
class PageVerdict:
    """Both verdicts of one document.

    `works` is None of a page of ours, which nobody publishes, and where the official text has a
    verdict of its own.
    """

    document: "DocumentEntry"
    defects: tuple[Defect, ...]
    works: Works | None

    @property
    def found(self) -> list[Defect]:
        """What is wrong, the page's fault or not."""
        return [one for one in self.defects if one.standing is not Standing.WARNING]

    @property
    def weighed(self) -> list[Defect]:
        """What is for an editor to weigh."""
        return [one for one in self.defects if one.standing is Standing.WARNING]

    @property
    def stops(self) -> list[Defect]:
        """What no reader of the published page comes past, the first one first."""
        return [one for one in self.defects if one.stops]

    @property
    def new(self) -> int:
        """How much is wrong that the ledger does not know."""
        return sum(one.standing is Standing.NEW for one in self.defects)

    @property
    def known(self) -> int:
        """How many known errata it has."""
        return sum(one.standing is Standing.KNOWN for one in self.defects)

    @property
    def brief(self) -> Text:
        """The first verdict in a few words: whether it works, and where it stops."""
        if self.works is None:
            return self.document.outcome.words
        if self.works is not Works.BREAKS:
            return self.works.words
        return _STOPS.filled(works=self.works.words, where=self._first_stop)

    @property
    def as_published(self) -> Text:
        """The first verdict as a sentence; empty of a page of ours."""
        if self.works is None:
            return ""
        release = Release(self.document.environment).release
        says: Text = _ON.filled(works=self.works.words, release=release)
        if self.works is Works.BREAKS:
            says = _STOPS.filled(works=says, where=self._first_stop)
        by_ledger = self.document.edition == Edition.CORRECTED.value
        if self.works is Works.OPEN and by_ledger:
            says = _ON.filled(works=_NOTHING_KNOWN, release=release)
        elif self.works is Works.OPEN:
            says = joined((says, self._why), zh="：", en=": ")
        else:
            says = joined((says, self._counted))
        return (_BY_LEDGER if by_ledger else _PUBLISHED).filled(how=says)

    @property
    def repaired(self) -> Text:
        """The second verdict as a sentence; empty where there was nothing to repair."""
        document = self.document
        if document.upstream is None:
            return _OF_OURS.filled(how=self._came_out)
        untouched = document.outcome is Outcome.WELL or not (document.errata or document.proposed)
        if untouched and document.edition == Edition.PUBLISHED.value:
            return ""
        return _REPAIRED.filled(how=self._came_out)

    @property
    def sentences(self) -> list[Text]:
        """Both, the published page's first."""
        return [one for one in (self.as_published, self.repaired) if one]

    @property
    def _first_stop(self) -> Text:
        return next((one.first for one in self.stops if one.first), _SOMEWHERE)

    @property
    def _why(self) -> Text:
        why = cause.of(self.document)
        return why.says if why else self.document.outcome.words

    @property
    def _counted(self) -> Text:
        """How many defects there are, and how many of them stop it."""
        count = self.new + self.known
        if not count:
            return self._looked_at
        stops = len(self.stops)
        of_them = _ONE_STOPS if stops == 1 else _STOPPING.filled(count=stops)
        counted = _DEFECT if count == 1 else _DEFECTS.filled(count=count)
        return joined((counted, of_them if stops and count > 1 else None), zh="，", en=", ")

    @property
    def _came_out(self) -> Text:
        """What became of the run, repairs included."""
        new = [one for one in self.defects if one.standing is Standing.NEW]
        stopped = (one.first for one in new if one.kind is CheckKind.RUN and one.first)
        match self.document.outcome:
            case Outcome.WELL | Outcome.REPAIRED:
                does = _DOES if any(self.document.coverage.claims.values()) else _RUNS
                return joined((does, self._looked_at))
            case Outcome.CONTRADICTED:
                return _ONE_NOT_SO if len(new) == 1 else _NOT_SO.filled(count=len(new))
            case Outcome.BREAKS:
                return _STILL.filled(where=next(stopped, _SOMEWHERE))
            case Outcome.KNOWN:
                return _NO_REPAIR.filled(where=self._unmended)
            case _:
                return _LEFT.filled(why=self._why)

    @property
    def _unmended(self) -> Text:
        """Where it breaks by what no rewriting mends."""
        check = why.check if (why := cause.of(self.document)) else ""
        return next((one.first for one in self.defects if check in one.checks), _SOMEWHERE)

    @property
    def _looked_at(self) -> Text:
        """How much of what the page says was decided."""
        seen = self.document.coverage
        if of := sum(seen.claims.values()):
            done = sum(seen.claims.get(verdict.value, 0) for verdict in _DECIDED)
            return _CLAIMS.filled(profile=self.document.profile, done=done, of=of)
        outputs = seen.stored_outputs
        return _OUTPUTS.filled(done=outputs.done, of=outputs.of) if outputs.of else ""


def of(document: "DocumentEntry", others: Iterable["DocumentEntry"] = ()) -> PageVerdict:
    """The verdicts of a document.

    Args:
        document: one edition of it.
        others: those of the same report: where the official text has been run as well, that says
            whether it works, and tells the known errata.
    """
    some = defects.of(document)
    ours = document.edition == Edition.CORRECTED.value
    if ours and any(_is_text_of(document, other) for other in others):
        some = [one for one in some if one.standing is not Standing.KNOWN]
        return PageVerdict(document, tuple(some), None)
    works = _works(document, some) if document.upstream else None
    return PageVerdict(document, tuple(some), works)


def of_all(documents: Sequence["DocumentEntry"]) -> list[PageVerdict]:
    """Those of each document of a report."""
    return [of(one, documents) for one in documents]


def totals(verdicts: Iterable[PageVerdict]) -> list[Text]:
    """How many pages work as they are published, one sentence a release, without its full stop."""
    found: dict[str, list[Works]] = {}
    for one in verdicts:
        if one.works:
            found.setdefault(one.document.environment, []).append(one.works)
    columns = sorted(map(Release, found), key=lambda one: one.order, reverse=True)
    return [_total(one.release, Counter(found[one.environment])) for one in columns]


def _total(release: str, works: "Counter[Works]") -> Text:
    count = works.total()
    counts = [COUNTED[one][works[one] > 1].filled(count=works[one]) for one in Works if works[one]]
    pages = (_PAGE if count == 1 else _PAGES).filled(count=count, release=release)
    return joined((pages, joined(counts, zh="，", en=", ")), zh="：", en=": ")


def _is_text_of(document: "DocumentEntry", other: "DocumentEntry") -> bool:
    """Whether another entry is of the official text of the same document, in the same release."""
    same = other.name == document.name and other.environment == document.environment
    return same and other.edition == Edition.PUBLISHED.value


def _works(document: "DocumentEntry", some: Sequence[Defect]) -> Works:
    if any(one.stops for one in some):
        return Works.BREAKS
    if any(one.standing in (Standing.NEW, Standing.KNOWN) for one in some):
        return Works.CONTRADICTED
    whole = document.outcome is Outcome.WELL and document.edition == Edition.PUBLISHED.value
    return Works.WELL if whole else Works.OPEN
