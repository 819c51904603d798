"""How many pages came out how: what every form of the report says first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.contract.edition import Edition
from verify.report import published, releases
from verify.report.outcome import Outcome
from verify.report.releases import Release, Row
from verify.system.words import Text, Words, joined

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry

# With these the best comes first: it is what a page is for.
COUNTED = {
    Outcome.WELL: Words(zh="{count} 个原样正常", en="{count} well as published"),
    Outcome.REPAIRED: Words(
        zh="{count} 个修正已知勘误后正常", en="{count} well once known errata are repaired"
    ),
    Outcome.NOT_RUN: Words(zh="{count} 个未运行到结尾", en="{count} not run to the end"),
    Outcome.NEEDS: Words(zh="{count} 个缺少所需条件", en="{count} in need of what is not there"),
    Outcome.KNOWN: Words(
        zh="{count} 个出错，勘误表已收录", en="{count} broken as the ledger knows"
    ),
    Outcome.CONTRADICTED: Words(
        zh="{count} 个能运行但与实际不符", en="{count} that run and say what is not so"
    ),
    Outcome.BREAKS: Words(zh="{count} 个运行出错", en="{count} broken"),
    Outcome.OURS: Words(zh="{count} 个我们未能判断", en="{count} we could not judge"),
}
_WELL = Words(zh="{count} 个正常", en="{count} well")
SHORT = {
    Outcome.WELL: Words(zh="正常", en="well"),
    Outcome.REPAIRED: Words(zh="修正后正常", en="well, repaired"),
    Outcome.NOT_RUN: Words(zh="未运行完", en="not run"),
    Outcome.NEEDS: Words(zh="缺条件", en="lacks something"),
    Outcome.KNOWN: Words(zh="出错，已知", en="breaks, known"),
    Outcome.CONTRADICTED: Words(zh="与实际不符", en="contradicted"),
    Outcome.BREAKS: Words(zh="出错", en="breaks"),
    Outcome.OURS: Words(zh="未能判断", en="not judged"),
}
# Colours are not seen by everybody.
SYMBOLS = {
    Outcome.WELL: "✓",
    Outcome.REPAIRED: "✎",
    Outcome.NOT_RUN: "○",
    Outcome.NEEDS: "△",
    Outcome.KNOWN: "✘",
    Outcome.CONTRADICTED: "≠",
    Outcome.BREAKS: "✗",
    Outcome.OURS: "?",
}
_PAGES = {
    "published": (
        Words(
            zh="运行中修正已知勘误的 {count} 个页面",
            en="{count} pages with known errata repaired on the way",
        ),
        Words(
            zh="运行中修正已知勘误的 1 个页面",
            en="1 page with known errata repaired on the way",
        ),
    ),
    "corrected": (
        Words(zh="修正版的 {count} 个页面", en="{count} pages in our edition"),
        Words(zh="修正版的 1 个页面", en="1 page in our edition"),
    ),
    "own": (
        Words(zh="自编的 {count} 个页面", en="{count} pages of ours"),
        Words(zh="自编的 1 个页面", en="1 page of ours"),
    ),
}
_GRAVEST = Words(zh="取 {count} 个版本中最差者", en="each at its worst in {count} releases")
_TEXTS = tuple(_PAGES)  # the published ones lead


def text_of(document: "DocumentEntry") -> str:
    """Whose text it is: `published`, `corrected`, or `own` where there is no official one."""
    return document.edition if document.upstream else "own"


@dataclass(frozen=True)
class Totals:
    """Pages whose text is of one kind, in one environment, by what became of them.

    `release` is empty where there is but one environment, which goes without saying.
    """

    text: str
    release: Text
    counts: dict[Outcome, int]

    @property
    def pages(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    @property
    def says(self) -> Text:
        """All of it in a sentence, without its full stop."""
        of_some, of_one = _PAGES[self.text]
        pages = (of_one if self.pages == 1 else of_some).filled(count=self.pages)
        where = joined((pages, self.release), zh="，", en=", ")
        counts = [self._words(one).filled(count=number) for one, number in self.counts.items()]
        return joined((where, joined(counts, zh="，", en=", ")), zh="：", en=": ")

    def _words(self, outcome: Outcome) -> Words:
        repaired = outcome is Outcome.WELL and self.text != Edition.PUBLISHED.value
        return _WELL if repaired else COUNTED[outcome]


def of_documents(documents: Sequence["DocumentEntry"]) -> list[Totals]:
    """The totals, published pages first, each in the order of the releases."""
    columns, rows = releases.of(documents), releases.rows(documents)
    found = []
    for text in _TEXTS:
        for column in columns:
            entries = [row.of(column) for row in rows if text_of(row.last) == text]
            release = column.release if len(columns) > 1 else ""
            found += _counted(text, release, [one.outcome for one in entries if one])
    return found


def gravest_of(rows: Sequence[Row], columns: Sequence[Release]) -> list[Totals]:
    """The same of the gravest that became of each page in any release, published pages first."""
    several = _GRAVEST.filled(count=len(columns)) if len(columns) > 1 else ""
    found = []
    for text in _TEXTS:
        found += _counted(text, several, [r.gravest for r in rows if text_of(r.last) == text])
    return found


def _counted(text: str, release: Text, outcomes: Sequence[Outcome]) -> list[Totals]:
    some = Counter(outcomes)
    counts = {outcome: some[outcome] for outcome in COUNTED if some[outcome]}
    return [Totals(text, release, counts)] if counts else []


def sentences(documents: Sequence["DocumentEntry"]) -> list[Text]:
    """All totals as sentences without full stops: first whether pages work as published."""
    columns = releases.of(documents)
    as_published = published.totals(published.of_all(documents))
    several = gravest_of(releases.rows(documents), columns) if len(columns) > 1 else []
    return [*as_published, *(totals.says for totals in (*several, *of_documents(documents)))]
