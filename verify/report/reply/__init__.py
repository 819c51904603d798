"""The reply that an issue of SecretFlow asks its verifier for, from what a run has shown."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from verify.contract.edition import Edition
from verify.errors import UsageError
from verify.report import cause, clipped, defects, releases
from verify.report.defects import Defect
from verify.report.entries import DocumentEntry, Report
from verify.report.formats import ReplyLanguage
from verify.report.outcome import Outcome
from verify.report.releases import Release
from verify.report.reply.text import ReplyText
from verify.system import digests
from verify.system.origin import Origin
from verify.system.words import Text, Words, enumerated, joined

PROGRAM = "docs-verify"
_FEW = 8
_CONTRADICTED = Words(
    zh="验证未通过：页面能运行，但所述与实际不符",
    en="not verified: the page runs, and says what is not so",
)
_BREAKS = Words(zh="验证未通过：页面运行出错", en="not verified: the page breaks")
_OPEN = Words(
    zh="未能验证完毕；这并不说明页面有误",
    en="could not be verified to the end; this says nothing against the page",
)
_BESIDE = Words(
    zh="未能验证完毕，但页面有以下几处需要修改",
    en="could not be verified to the end; the page has to be changed in the places below",
)
_TO_REPAIR = Words(
    zh="代码经修正后验证成功：页面有以下几处需要修改",
    en="verified with repairs: the page has to be changed in the places below",
)
_VERIFIED = Words(zh="验证成功，无需修改", en="verified, nothing to change")
_NO_PAGE = Words(zh="报告里没有官方页面 {name}", en="the report has no official page {name}")
_WHICH = Words(zh="没有说明是哪个页面", en="no page is said for it")
_AND_MORE = Words(zh="{few} 等，另有 {more} 个", en="{few} and {more} more")
_NAME_ONE = Words(
    zh="issue {issue}：{problem}；请给出报告里的一个：{known}。",
    en="issue {issue}: {problem}; name one that the report has: {known}.",
)
_AT = Words(zh="（{where}）", en="({where})")
# The gravest of any edition is what a reply says first; a fault of ours is none of the page's.
_WORST = (
    (_BREAKS, {Outcome.BREAKS, Outcome.KNOWN}),
    (_CONTRADICTED, {Outcome.CONTRADICTED}),
    (_OPEN, {Outcome.OURS, Outcome.NEEDS, Outcome.NOT_RUN}),
)


@dataclass(frozen=True)
class Reply:
    """What a reply is about; `pictures` are addresses at which they can be seen."""

    issue: int
    task: str
    editions: tuple[DocumentEntry, ...]
    report: Report
    pictures: Sequence[str] = ()
    evidence: Sequence[str] = ()
    origin: Origin = field(default_factory=Origin)

    @property
    def document(self) -> DocumentEntry:
        """The edition that it speaks of first: the official text, where that was run."""
        return self.editions[0]

    @cached_property
    def defects(self) -> list[Defect]:
        """What is wrong with the page, by cell."""
        return defects.of_page(self.editions)

    @cached_property
    def mended(self) -> int:
        """How many of them a patch repairs: what the ledger knows and can rewrite."""
        able = {one.id for entry in self.editions for one in entry.errata if one.apply}
        return sum(one.erratum in able for one in self.defects)

    @property
    def headline(self) -> Text:
        """What it comes to; known errata are for upstream to repair."""
        for says, outcomes in _WORST:
            found = [one for one in self.editions if one.outcome in outcomes]
            if found and says is not _OPEN:
                why = cause.of(found[0])
                where = _AT.filled(where=why.where) if why and why.where else None
                return joined((says, where), zh="", en=" ")
            if found:
                return _BESIDE if self.defects else _OPEN
        return _TO_REPAIR if self.defects else _VERIFIED

    @property
    def patch_commands(self) -> list[str]:
        """What makes the patch, and the text of its pull request, where a patch repairs any."""
        page = self.document.upstream
        if page is None or page.source or not self.mended:
            return []
        make = [PROGRAM, "patch", page.path, "--ref", page.ref, "--out", "repairs.patch"]
        tell = [PROGRAM, "reply", str(self.issue), self.document.name, "--pull-request"]
        return [shlex.join(make), shlex.join(tell)]


def of_report(
    report: Report, issue: int, document: str | None, *, task: str | None = None
) -> Reply:
    """The reply to an issue, still without pictures; a document may be named by its page's path.

    Raises:
        UsageError: the report has no such document, or none that the issue is known to ask for.
    """
    official = [entry for entry in report.documents if entry.upstream]
    names = list(dict.fromkeys(entry.name for entry in official))
    by_path = {entry.upstream.path: entry.name for entry in official if entry.upstream}
    asked = [e.name for e in official if e.upstream and issue in e.upstream.issues]
    only = names[0] if len(names) == 1 else None
    name = by_path.get(document, document) if document else next(iter(asked), only)
    if name not in names:
        few, more = enumerated(names[:_FEW]) or "—", len(names) - _FEW
        known = _AND_MORE.filled(few=few, more=more) if more > 0 else few
        problem = _NO_PAGE.filled(name=name) if name else _WHICH
        raise UsageError(_NAME_ONE.filled(issue=issue, problem=problem, known=known))
    editions = _of_one_release([entry for entry in official if entry.name == name])
    editions.sort(key=lambda entry: entry.edition != Edition.PUBLISHED.value)
    return Reply(issue, task or f"#{issue}", tuple(editions), report)


def _of_one_release(entries: list[DocumentEntry]) -> list[DocumentEntry]:
    """Those in the release whose page it is, or else in the newest: a reply is about one."""
    columns = releases.of(entries)
    own = [one for one in columns if any(_is_of(entry, one) for entry in entries)]
    chosen = (own or columns)[-1]
    return [entry for entry in entries if entry.environment == chosen.environment]


def _is_of(entry: DocumentEntry, release: Release) -> bool:
    return entry.upstream is not None and entry.upstream.ref.removeprefix("v") == release.release


def render(reply: Reply, language: ReplyLanguage) -> str:
    """The reply as Markdown, short enough for a comment on GitHub; pictures are shown once."""
    lines: list[str] = []
    for one in language.languages:
        lines += ["", "---", ""] if lines else []
        lines += ReplyText(reply, one).lines(pictures=not lines)
    return clipped.lines(lines, clipped.COMMENT_BYTES, language.languages[-1])


def digest(file: Path) -> str:
    """A line of evidence: a file's name and its SHA-256."""
    return f"{file.name} {digests.of_file(file)}"
