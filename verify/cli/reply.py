"""`python -m verify reply`: what a volunteer answers to the issue that asks for a verification."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import CommandConsole
from verify.cli.options import OUT, Out
from verify.errors import UsageError, unwritable
from verify.report import entries
from verify.report import reply as replies
from verify.report.formats import ReplyLanguage
from verify.report.reply import Reply, pictures

_ADDRESS = re.compile(r"https?://[^\s()<>]+")
_ISSUE = re.compile(r"#?(\d+)|https?://\S+/issues/(\d+)(?:[#?]\S*)?")


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
    match = _ISSUE.fullmatch(issue.strip())
    if match is None:
        raise UsageError(f"{issue}: is no issue; give its number or its address.")
    if evidence and not _ADDRESS.fullmatch(evidence):
        raise UsageError(f"{evidence}: is no web address that a link can hold.")
    number = int(match[1] or match[2])
    console = CommandConsole(stderr=True)
    report = entries.read(out / "report.json")
    reply = replies.of_report(report, number, document, task=task)
    shown = reply.document
    folder = out / "replies" / str(number)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with console.status("Drawing the pictures."):
            drawn = pictures.write(shown, out / shown.notebook, folder)
        reply = _with_links(reply, drawn, out, evidence)
        text = replies.render(reply, language)
        (folder / "reply.md").write_text(text, encoding="utf-8")
    except OSError as error:
        raise unwritable(out, error) from error
    print(text)  # noqa: T201  # rich would wrap and colour it
    where = "" if evidence else "; drop the pictures into the comment, or name --evidence"
    console.print(f"Written with {len(drawn)} pictures to {folder}{where}.", soft_wrap=True)


def _with_links(reply: Reply, drawn: list[Path], out: Path, evidence: str | None) -> Reply:
    """The reply with addresses of pictures and report, where they can be read on the web."""
    digest = f"`{replies.digest(out / 'report.json')}`"
    if evidence is None:
        return replace(reply, pictures=[path.name for path in drawn], evidence=[digest])
    base, shown = evidence.rstrip("/"), reply.document
    links = [
        f"[report.html]({base}/report.html#{shown.name}.{shown.edition})",
        f"[report.json]({base}/report.json)",
    ]
    addresses = [f"{base}/{path.relative_to(out).as_posix()}" for path in drawn]
    return replace(reply, pictures=addresses, evidence=[*links, digest])


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
) -> None:
    """Write the reply that an issue asks its verifier for, with pictures, from the last run."""
    write(issue, document, out=out, language=language, task=task, evidence=evidence)
