"""The text of the pull request that repairs a page: what changes, in which files, how verified.

Everything in it that a page, a program or a stranger wrote goes through `harmless`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from verify.contract.edition import Edition
from verify.repairs.documentation_patch import PagePatch
from verify.report import clipped, defects
from verify.report.defects import Standing
from verify.report.formats import ReplyLanguage
from verify.report.harmless import inline, plain
from verify.report.outcome import Outcome
from verify.report.reply import Reply
from verify.system.words import Language, Text, Words, enumerated, joined, said

_LONGEST = 300
_TITLE = Words(
    zh="文档：修正 {page} 的 {count} 处已知缺陷", en="docs: repair {count} known defects of {page}"
)
_TITLE_OF_ONE = Words(
    zh="文档：修正 {page} 的 1 处已知缺陷", en="docs: repair a known defect of {page}"
)
_FOR = Words(
    zh="针对 {issue}：修正 `{path}`（{version}）的下列缺陷，其余内容逐字节不变。",
    en="For {issue}: repairs these defects of `{path}` ({version}); all else stays byte for byte.",
)
_COLUMNS = (
    Words(zh="位置", en="place"),
    Words(zh="缺陷", en="defect"),
    Words(zh="原因", en="cause"),
    Words(zh="所作修改", en="change made"),
)
_BY_HAND = Words(
    zh="仍须手工修正：{symptom}；{repair}", en="Still to be mended by hand: {symptom}; {repair}"
)
_LEFT = Words(zh="未能修正：{why}", en="Not repaired: {why}")
_ELSEWHERE = Words(
    zh="不在本补丁之内，须另行处理：{places}。", en="Not in this patch, and still open: {places}."
)
_BOTH = Words(
    zh="**两种语言**：页面和它的中文翻译（{catalogues}）一起修改，原文和译文保持一致。",
    en="**Both languages**: the page and its Chinese translation ({catalogues}) change together.",
)
_SHARED = Words(
    zh="**两种语言**：所改内容不在中文翻译（{catalogues}）里，中文页面直接取自页面本身，"
    "因此两种语言同时修正。",
    en="**Both languages**: what changes is not in the Chinese translation ({catalogues}), which "
    "takes it from the page itself, so both are repaired.",
)
_NONE = Words(
    zh="**两种语言**：上游没有这一页的中文翻译文件，只修改页面本身。",
    en="**Both languages**: upstream has no Chinese translation of this page, so the page alone "
    "changes.",
)
_HOW = Words(zh="**怎样验证**：{what}", en="**How it was verified**: {what}")
_RUN = Words(
    zh="在环境 {environment} 中带着这些修正实际运行了{text}，{of} 个步骤中运行了 {ran} 个，"
    "结果：{outcome}。",
    en="With these repairs {text} was run for real in the environment {environment}, {ran} of "
    "{of} steps: {outcome}.",
)
_APPLIED = Words(
    zh="git 已在该版本的文件上试用过补丁；修正后的页面再读一遍，{again}。",
    en="Git has applied the patch to the files of that version; read again, the patched page "
    "{again}.",
)
_TEXTS = {
    True: Words(zh="官方原文", en="the official text"),
    False: Words(zh="我们的修正版（步骤相同）", en="our own text of the same steps"),
}
_CLEAN = Words(zh="不再出现这些缺陷", en="shows none of these defects")
_SHOWS = Words(zh="仍有上述未能修正之处", en="still shows what could not be repaired")
_STALE = Words(
    zh="单元格 {cells} 的已存输出仍是修改前的；重新运行页面即可更新。",
    en="The stored outputs of cell {cells} are still of the code before: run the page anew.",
)
_EVIDENCE = Words(zh="证据：{evidence}", en="Evidence: {evidence}")


@dataclass(frozen=True)
class PullRequest:
    """What it repairs: a page as it is patched, at a version, for an issue."""

    reply: Reply
    page: PagePatch
    version: str
    issue: str

    @property
    def count(self) -> int:
        """How many defects it repairs."""
        return sum(bool(one.cells) for one in self.page.patch.outcomes)

    def title(self, language: Language) -> str:
        """Its title."""
        words = _TITLE_OF_ONE if self.count == 1 else _TITLE
        name = _code(PurePosixPath(self.page.path).name)
        return words.filled(count=self.count, page=name).of(language)

    def body(self, language: Language) -> Iterator[str]:
        """What it says, line by line."""
        version, path = inline(self.version), _code(self.page.path)
        yield _FOR.filled(issue=self.issue, path=path, version=version).of(language)
        yield from ("", *self._table(language), "")
        for one in self.page.by_hand:
            left = _BY_HAND.filled(symptom=one.symptom, repair=one.repair)
            yield from (f"- {_of(left, language)}", "")
        for why in self.page.problems:
            yield from (f"- {_of(_LEFT.filled(why=why), language)}", "")
        if open_ := [
            one.where or "—" for one in self.reply.defects if one.standing is not Standing.KNOWN
        ]:
            places = joined(dict.fromkeys(open_))
            yield from (f"- {_of(_ELSEWHERE.filled(places=places), language)}", "")
        yield from (self._languages(language), "", self._verified().of(language))
        if self.page.stale:
            yield from ("", _STALE.filled(cells=enumerated(self.page.stale)).of(language))
        if self.reply.evidence:
            evidence = enumerated(self.reply.evidence)
            yield from ("", _EVIDENCE.filled(evidence=evidence).of(language))

    def _table(self, language: Language) -> Iterator[str]:
        names = [one.of(language) for one in _COLUMNS]
        rows = [
            [
                _of(text, language)
                for text in (
                    defects.numbered(self.page.path, self.page.places(one)),
                    one.erratum.symptom,
                    one.erratum.cause,
                    one.erratum.repair,
                )
            ]
            for one in sorted(self.page.patch.outcomes, key=lambda one: one.cells)
            if one.cells
        ]
        for row in (names, ["---"] * len(names), *rows):
            yield f"| {' | '.join(row)} |"

    def _languages(self, language: Language) -> str:
        others = [path for path in self.page.texts if path != self.page.path]
        changed = [path for path in others if path in self.page.before]
        words = _BOTH if changed else _SHARED if others else _NONE
        names = enumerated(f"`{_code(path)}`" for path in changed or others)
        return words.filled(catalogues=names).of(language)

    def _verified(self) -> Words:
        document = self.reply.document
        ran = document.outcome in (Outcome.REPAIRED, Outcome.KNOWN, Outcome.CONTRADICTED)
        left = self.page.by_hand or self.page.problems
        applied = _APPLIED.filled(again=_SHOWS if left else _CLEAN)
        if not ran:
            return _HOW.filled(what=applied)
        run = _RUN.filled(
            text=_TEXTS[document.edition == Edition.PUBLISHED.value],
            environment=document.environment,
            ran=document.coverage.steps_run,
            of=document.coverage.steps,
            outcome=document.outcome.words,
        )
        return _HOW.filled(what=joined((run, applied), zh="", en=" "))


def render(wanted: PullRequest, language: ReplyLanguage) -> str:
    """The title in the first line, then the body: as git has it of a commit."""
    lines = [wanted.title(language.languages[0]), ""]
    for number, one in enumerate(language.languages):
        lines += ["", "---", ""] if number else []
        lines += wanted.body(one)
    return clipped.lines(lines, clipped.COMMENT_BYTES, language.languages[-1])


def _of(text: Text, language: Language) -> str:
    return inline(clipped.sentence(said(text, language), _LONGEST))


def _code(text: str) -> str:
    return plain(text).replace("`", "")
