"""`python -m verify reply`: what a volunteer answers to the issue that asks for a verification."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from verify.cli import patch_pages
from verify.cli.console import CommandConsole, say
from verify.cli.options import OUT, SOURCE, Out, Ref, SomeSource
from verify.cli.patch_pages import PagesWanted
from verify.cli.sync import progress
from verify.errors import UsageError
from verify.report import entries
from verify.report import reply as replies
from verify.report.formats import ReplyLanguage
from verify.report.reply import Reply, pictures, pull_request
from verify.report.reply.pull_request import PullRequest
from verify.system import origin
from verify.system.complaints import unwritable
from verify.system.language import spoken
from verify.system.words import Words, said

_DRAWING = Words(zh="正在画图。", en="Drawing the pictures.")

_ADDRESS = re.compile(r"https?://[^\s()<>]+")
_LINKED = Words(zh="其中 {count} 张图片已链接", en="with links to its pictures ({count})")
_BESIDE = Words(
    zh="旁边有图片 {count} 张，可拖入评论；能在网上读到输出文件夹时，用 --evidence 链接",
    en="with pictures beside it ({count}), to be dropped into the comment; --evidence links them "
    "where the output folder is read on the web",
)
_WRITTEN = Words(zh="已写入 {folder}：{what}。", en="Written to {folder}: {what}.")
_PULL = Words(
    zh="合并请求的文字（第一行是标题）和补丁；先运行 `git apply {patch}`",
    en="the text of the pull request, its title in the first line, and the patch; "
    "`git apply {patch}` comes first",
)
_ISSUE = re.compile(r"#?(\d+)|(https?://[^\s()<>]+/issues/(\d+))(?:[#?]\S*)?")


@dataclass(frozen=True)
class Issue:
    """An issue by its number, and its address where that was given."""

    number: int
    address: str = ""

    @classmethod
    def of(cls, told: str) -> "Issue":
        """The issue of a number or an address.

        Raises:
            UsageError: it is neither.
        """
        match = _ISSUE.fullmatch(told.strip())
        if match is None:
            raise UsageError(
                Words(
                    zh="{told}：不是 issue；请给出它的编号或网址。",
                    en="{told}: is no issue; give its number or its address.",
                ).filled(told=told)
            )
        return cls(int(match[1] or match[3]), match[2] or "")

    @property
    def link(self) -> str:
        """How GitHub links it."""
        return self.address or f"#{self.number}"


def write(
    issue: str,
    document: str | None,
    *,
    out: Path,
    language: ReplyLanguage,
    task: str | None,
    evidence: str | None,
) -> None:
    """Write the reply and its pictures below the output folder, and print it.

    Args:
        issue: a number, or the address of an issue.
        document: which document of the report; not needed where it is clear.
        out: the output folder of the run.
        language: Chinese, English, or one after the other.
        task: how the issue's project numbers it; else the issue's own number.
        evidence: where the output folder can be read on the web, for links into it.

    Raises:
        UsageError: an argument is none, or there is no such report or document.
        ResourceError: the reply cannot be written.
    """
    number = Issue.of(issue).number
    console = CommandConsole(stderr=True)
    reply = _reply(number, document, out, evidence=evidence, task=task)
    folder = out / "replies" / str(number)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with console.status(said(_DRAWING, spoken())):
            drawn = pictures.write(reply.document, out / reply.document.notebook, folder)
        if evidence:
            base = evidence.rstrip("/")
            shown = [f"{base}/{path.relative_to(out).as_posix()}" for path in drawn]
            reply = replace(reply, pictures=shown)
        text = replies.render(reply, language)
        (folder / "reply.md").write_text(text, encoding="utf-8")
    except OSError as error:
        raise unwritable(out, error) from error
    print(text)  # noqa: T201  # rich would wrap and colour it
    hint = (_LINKED if evidence else _BESIDE).filled(count=len(drawn))
    say(console, _WRITTEN.filled(folder=folder, what=hint))


def write_pull_request(
    issue: str,
    document: str | None,
    *,
    out: Path,
    language: ReplyLanguage,
    evidence: str | None,
    source: str,
    ref: str | None,
) -> None:
    """Write the text of the pull request and its patch below the output folder, and print it.

    Args:
        issue: a number, or the address of an issue.
        document: which document of the report; not needed where it is clear.
        out: the output folder of the run.
        language: Chinese, English, or one after the other.
        evidence: where the output folder can be read on the web, for links into it.
        source: where the page is.
        ref: the version to patch; that of the run if none.

    Raises:
        UsageError: an argument is none, or no patch repairs anything on the page.
        ResourceError: it cannot be written.
    """
    asked = Issue.of(issue)
    console = CommandConsole(stderr=True)
    reply = _reply(asked.number, document, out, evidence=evidence)
    page = reply.document.upstream
    if page is None or not reply.patch_commands:
        raise UsageError(
            Words(
                zh="{page}：没有补丁能修正的已知勘误，所以没有合并请求可写。",
                en="{page}: has no known erratum that a patch repairs, so there is no pull "
                "request to write.",
            ).filled(page=reply.document.place)
        )
    wanted = PagesWanted((page.path,), source, ref or page.ref, reply.document.environment)
    with progress(console) as notify:
        made = patch_pages.patched(wanted, notify)
    if not made.content:
        raise UsageError(
            Words(
                zh="{page}：{version} 已经修正过了。",
                en="{page}: {version} has it repaired already.",
            ).filled(page=page.path, version=made.version)
        )
    folder = out / "replies" / str(asked.number)
    pull = PullRequest(reply, made.pages[0], made.version, asked.link)
    text = pull_request.render(pull, language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pull-request.md").write_text(text, encoding="utf-8")
        (folder / "repairs.patch").write_bytes(made.content)
    except OSError as error:
        raise unwritable(out, error) from error
    print(text)  # noqa: T201  # rich would wrap and colour it
    what = _PULL.filled(patch=folder / "repairs.patch")
    say(console, _WRITTEN.filled(folder=folder, what=what))


def _reply(
    issue: int, document: str | None, out: Path, *, evidence: str | None, task: str | None = None
) -> Reply:
    """The reply with who speaks, and with links to the report where it is on the web."""
    if evidence and not _ADDRESS.fullmatch(evidence):
        raise UsageError(
            Words(
                zh="{address}：不是可以放进链接的网址。",
                en="{address}: is no web address that a link can hold.",
            ).filled(address=evidence)
        )
    reply = replies.of_report(entries.read(out / "report.json"), issue, document, task=task)
    links, shown = [f"`{replies.digest(out / 'report.json')}`"], reply.document
    if evidence:
        base = evidence.rstrip("/")
        address = f"{base}/report.html#{shown.name}.{shown.edition}"
        links = [f"[report.html]({address})", f"[report.json]({base}/report.json)", *links]
    made_by = shown.receipt.tool_sha256 if shown.receipt else ""
    return replace(reply, evidence=links, origin=origin.known(made_by))


HELP_ZH = """根据上一次运行，写出 issue 要求验证者给出的回复，并附图片。

\b
`--pull-request` 写出修正此页的合并请求的文字和补丁；没有补丁可以修正的内容
时，退出码为 2。
"""


def command(
    issue: Annotated[str, typer.Argument(help="The number of an issue of SecretFlow, or its URL.")],
    document: Annotated[
        str | None, typer.Argument(help="Which document of the report, where that is not clear.")
    ] = None,
    *,
    out: Out = OUT,
    language: Annotated[
        ReplyLanguage, typer.Option(help="Chinese, English, or both.")
    ] = ReplyLanguage.BOTH,
    task: Annotated[
        str | None, typer.Option(help="The task's number, if it is not the issue's.")
    ] = None,
    evidence: Annotated[
        str | None, typer.Option(help="Where the output folder is read on the web, for links.")
    ] = None,
    pull: Annotated[
        bool,
        typer.Option(
            "--pull-request", help="The text of the pull request that repairs the page, in place."
        ),
    ] = False,
    source: SomeSource = None,
    ref: Ref = None,
) -> None:
    """Write the reply that an issue asks its verifier for, from the last run, with pictures.

    `--pull-request` writes the text of the pull request that repairs the page, and its patch; where
    there is nothing that a patch repairs, it ends with exit code 2.
    """
    if not pull:
        if source or ref:
            raise UsageError(
                Words(
                    zh="--upstream 和 --ref 用于 --pull-request；请加上它。",
                    en="--upstream and --ref are of --pull-request; add that.",
                )
            )
        write(issue, document, out=out, language=language, task=task, evidence=evidence)
        return
    if task:
        raise UsageError(
            Words(
                zh="--task 用于回复；合并请求会自己链接 issue。",
                en="--task is of a reply; a pull request links the issue itself.",
            )
        )
    write_pull_request(
        issue,
        document,
        out=out,
        language=language,
        evidence=evidence,
        source=source or SOURCE,
        ref=ref,
    )
