"""A reply as Markdown in one language: verdict, defects by cell, what is open, how it was run.

Everything in it that a page, a program or a stranger wrote goes through `harmless`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.contract.edition import Edition
from verify.report import cause, clipped, judged, published, undecided
from verify.report.entries import DocumentEntry
from verify.report.harmless import inline, plain
from verify.report.outcome import Outcome
from verify.report.reply import tables
from verify.system import moments
from verify.system.words import Language, Text, Words, joined, said

if TYPE_CHECKING:
    from verify.report.reply import Reply

_UNEXPLAINED = (Outcome.OURS, Outcome.NEEDS, Outcome.NOT_RUN)
_LONGEST = 300
_BRIEF = 120
_MOST_DEFECTS = 10
_MOST_REASONS = 5
_MOST_OVERRIDES = 5
# Named where the environment has them: what an answer to "does not run here" needs.
_PACKAGES = ("secretflow", "tensorflow", "torch", "torchvision", "ray", "spu", "sf-heu", "jax")
_NUMBER = re.compile(r"[\d.]+")
# What comes before a file's name: the folders of a machine are nobody's business.
_FOLDERS = re.compile(r"[^\s'\"]*/(?=[^\s'\"/]+)")

_TITLE = Words(zh="任务 {task}：{says}", en="Task {task}: {says}")
_SPEAKER = Words(
    zh="验证工具：{tool}，在页面要求的环境里实际运行页面；运行时间 {moment}。",
    en="Verified by {tool}, a program that runs a page for real in the environment that the page "
    "asks for. Run of {moment}.",
)
_CODE = Words(zh="{tool}（代码摘要 {digest}）", en="{tool} (code {digest})")
_COMMIT = Words(zh="{tool}（提交 {commit}）", en="{tool} (commit {commit})")
_COLUMNS = (
    Words(zh="文本", en="text"),
    Words(zh="结果", en="outcome"),
    Words(zh="已运行步骤", en="steps run"),
    Words(zh="检查结果", en="checks"),
)
_PUBLISHED = Words(
    zh="官方原文，未作改动：`{path}`，版本 `{ref}`（blob `{blob}`）",
    en="the official text, unchanged: `{path}` at `{ref}` (blob `{blob}`)",
)
_OURS = Words(
    zh="我们的修正版：步骤相同，已知勘误已修正",
    en="our own text: the same steps, known errata repaired",
)
_NOT_RUN = Words(zh="这次没有运行", en="not run this time")
_WHERE = Words(zh="位置", en="place")
_DEFECT_COLUMNS = (
    _WHERE,
    Words(zh="现象", en="symptom"),
    Words(zh="原因", en="cause"),
    Words(zh="修正", en="repair"),
)
_DEFECTS = Words(zh="页面需要修改之处，按单元格排列", en="To be changed on the page, by cell")
_MORE = Words(zh="另有 {count} 处，见报告。", en="{count} more, which the report has.")
_PATCH = Words(
    zh="其中 {count} 处有补丁可以修正：`{patch}`。`{pull}` 写出合并请求的文字。",
    en="A patch repairs {count} of them: `{patch}`. `{pull}` writes the text of its pull request.",
)
_OPEN = Words(
    zh="**{heading}**（{count} 项，不说明页面有误）：{reasons}。",
    en="**{heading}** ({count}, which says nothing against the page): {reasons}.",
)
_REASON = Words(zh="**{what}**：{why}", en="**{what}**: {why}")
_OTHERS = Words(zh="**{count}** 项：其他原因", en="**{count}** for other reasons")
_HOW = Words(zh="怎样运行的", en="How it was run")
_PROFILE = Words(zh="配置 {profile}：{says}", en="Profile {profile}: {says}")
_ENVIRONMENT = Words(
    zh="环境：Python {python}，{packages}，依赖锁 `{lock}`；{platform}，{threads} 线程",
    en="Environment: Python {python}, {packages}, lock `{lock}`; {platform}, {threads} threads",
)
_AGAIN = Words(zh="再次运行：`{command}`", en="Run it again: `{command}`")
_DEPARTURES = Words(
    zh="有意不同于页面之处：{overrides}", en="Not as documented, on purpose: {overrides}"
)
_EVIDENCE = Words(zh="证据：{evidence}", en="Evidence: {evidence}")
_AND = Words(zh="另有 {count} 处", en="{count} more")


@dataclass(frozen=True)
class ReplyText:
    """A reply in one language."""

    reply: "Reply"
    language: Language

    def lines(self, *, pictures: bool) -> Iterator[str]:
        """All of it.

        Args:
            pictures: whether they are shown here, should the reply have any.
        """
        reply = self.reply
        yield f"### {self._filled(_TITLE, task=reply.task, says=reply.headline)}"
        yield from ("", self._speaker, "")
        for sentence in published.of(reply.document, reply.editions).sentences:
            yield from (f"**{self._of(sentence)}**", "")
        yield from (*self._verdicts(), "")
        yield from self._defects()
        yield from self._undecided()
        if reply.pictures:
            yield from self._pictures() if pictures else ()
        else:
            yield from self._figures()
        yield from self._how()

    def _of(self, text: Text, longest: int = _LONGEST) -> str:
        """What somebody else may have written."""
        told = clipped.sentence(said(text, self.language), longest)
        return told if _NUMBER.fullmatch(told) else inline(told)

    def _filled(self, words: Words, **values: object) -> str:
        """Words of ours, with what is harmless already."""
        return words.filled(**values).of(self.language)

    @property
    def _speaker(self) -> str:
        report, origin = self.reply.report, self.reply.origin
        name, _, version = report.tool.partition(" ")
        tool = f"[{name}]({origin.address}) {version}" if origin.address else report.tool
        if origin.commit:
            link = f"[`{origin.commit[:12]}`]({origin.address}/commit/{origin.commit})"
            shown = link if origin.address else f"`{origin.commit[:12]}`"
            tool = self._filled(_COMMIT, tool=tool, commit=shown)
        elif receipt := self.reply.document.receipt:
            digest = f"`{receipt.tool_sha256[:12]}`"
            tool = self._filled(_CODE, tool=tool, digest=digest) if receipt.tool_sha256 else tool
        moment = moments.told(report.started_of(self.reply.document))
        return self._filled(_SPEAKER, tool=tool, moment=moment)

    def _verdicts(self) -> Iterator[str]:
        """The published page first, also where it was not run."""
        rows = []
        editions = self.reply.editions
        if editions[0].edition != Edition.PUBLISHED.value:
            said_of = self._edition(editions[0], published=True)
            rows.append((said_of, _NOT_RUN.of(self.language), "", ""))
        for one in editions:
            published = one.edition == Edition.PUBLISHED.value
            seen = one.coverage
            rows.append(
                (
                    self._edition(one, published=published),
                    self._of(_came_out(one)),
                    f"{seen.steps_run} / {seen.steps}",
                    said(judged.counted(one), self.language),
                )
            )
        return self._table(_COLUMNS, rows)

    def _edition(self, entry: DocumentEntry, *, published: bool) -> str:
        page = entry.upstream
        if page is None or not published:
            return _OURS.of(self.language)
        ref, blob = _code(page.ref), page.blob[:12]
        return self._filled(_PUBLISHED, path=_code(page.path), ref=ref, blob=blob)

    def _defects(self) -> Iterator[str]:
        found = self.reply.defects
        if not found:
            return
        yield from (f"**{_DEFECTS.of(self.language)}**", "")
        shown = found[:_MOST_DEFECTS]
        rows = [(one.where, one.happens, one.cause, one.repair) for one in shown]
        told = [[self._of(part or "—") for part in row] for row in rows]
        yield from self._table(_DEFECT_COLUMNS, told)
        if more := len(found) - len(shown):
            yield from ("", self._filled(_MORE, count=more))
        if commands := self.reply.patch_commands:
            patch, pull = map(_code, commands)
            yield from ("", self._filled(_PATCH, count=self.reply.mended, patch=patch, pull=pull))
        yield ""

    def _undecided(self) -> Iterator[str]:
        """One paragraph, the reason of most first."""
        reasons = undecided.of(self.reply.document)
        if not reasons:
            return
        told: list[Text] = [
            _REASON.filled(what=one.what, why=self._of(one.why, _LONGEST))
            for one in reasons[:_MOST_REASONS]
        ]
        if rest := sum(one.count for one in reasons[_MOST_REASONS:]):
            told.append(_OTHERS.filled(count=rest))
        count = sum(one.count for one in reasons)
        yield self._filled(_OPEN, heading=undecided.HEADING, count=count, reasons=joined(told))
        yield ""

    def _pictures(self) -> Iterator[str]:
        for number, address in enumerate(self.reply.pictures, start=1):
            yield f"![{number}]({address})"
        yield ""

    def _figures(self) -> Iterator[str]:
        """Tables in place of the pictures."""
        document = self.reply.document
        trained = list(tables.trainings(document))
        departs = tables.departs(document) if trained else ""
        title = joined((tables.TRAININGS, departs), zh="：", en=": ")
        for name, columns, rows in (
            (tables.STEPS, tables.STEP_COLUMNS, list(tables.steps(document))),
            (title, tables.TRAINING_COLUMNS, trained),
        ):
            if rows:
                yield from (f"**{said(name, self.language)}**", "")
                yield from self._table(columns, [map(self._of, row) for row in rows])
                yield ""

    def _how(self) -> Iterator[str]:
        document, receipt = self.reply.document, self.reply.document.receipt
        yield from (f"<details><summary>{_HOW.of(self.language)}</summary>", "")
        says = self._of(document.profile_says)
        told = [self._filled(_PROFILE, profile=document.profile, says=says)]
        if receipt:
            told.append(
                self._filled(
                    _ENVIRONMENT,
                    python=receipt.python,
                    packages=self._comma.join(self._packages()),
                    lock=receipt.lock_sha256[:12],
                    platform=self._of(receipt.platform),
                    threads=receipt.threads,
                )
            )
        told.append(self._filled(_AGAIN, command=_code(document.command)))
        if overrides := self._overrides():
            told.append(self._filled(_DEPARTURES, overrides=joined(overrides)))
        told.append(self._filled(_EVIDENCE, evidence=self._comma.join(self.reply.evidence)))
        yield from (*(f"- {one}" for one in told), "", "</details>")

    def _packages(self) -> Iterator[str]:
        document = self.reply.document
        made = self.reply.report.environments.get(document.environment)
        there = made.packages if made else {}
        yield from (f"{name} {there[name]}" for name in _PACKAGES if name in there)

    def _overrides(self) -> list[Text]:
        """What differs from the page, each kind once."""
        some: dict[Text, None] = dict.fromkeys(
            f"{self._of(one.parameter)}: {self._tail(one.documented)} → {self._tail(one.used)}"
            for one in self.reply.document.overrides
        )
        shown: list[Text] = [*some][:_MOST_OVERRIDES]
        more = len(some) - len(shown)
        return [*shown, _AND.filled(count=more)] if more else shown

    def _tail(self, text: str) -> str:
        return self._of(_FOLDERS.sub("…/", text), _BRIEF)

    @property
    def _comma(self) -> str:
        return "，" if self.language is Language.CHINESE else ", "

    def _table(self, head: Sequence[Text], rows: Iterable[Iterable[str]]) -> Iterator[str]:
        names = [said(one, self.language) for one in head]
        for row in (names, ["---"] * len(head), *rows):
            yield f"| {' | '.join(row)} |"


def _came_out(entry: DocumentEntry) -> Text:
    """What became of an edition; why, where the table of defects does not say it."""
    why = cause.of(entry)
    told = why.words if why and entry.outcome in _UNEXPLAINED else None
    return joined((entry.outcome.words, told), zh="：", en=": ")


def _code(text: str) -> str:
    return " ".join(plain(text).replace("`", "").replace("|", "\\|").split())
