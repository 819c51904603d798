"""How a command ends that shows a report: where it lies, what to do next, why its exit code."""

from pathlib import Path

from rich.console import Console

from verify.cli.console import say
from verify.contract.edition import Edition
from verify.errors import ExitCode
from verify.finding import Verdict
from verify.report import notes
from verify.report.entries import DocumentEntry, Report
from verify.system.words import Text, Words, joined

_PROGRAM = "docs-verify"
_FEW = 3
_REPORT = Words(zh="报告：{file}", en="Report: {file}")
_KEEPS = Words(
    zh="其中保留了早先的 {count} 个结果，各注明日期：{names}。",
    en="It keeps {count} earlier results, each with its date: {names}.",
)
_KEEPS_ONE = Words(
    zh="其中保留了早先的 1 个结果，注明日期：{names}。",
    en="It keeps 1 earlier result, with its date: {names}.",
)
_AND_MORE = Words(zh="{names}，另有 {count} 个", en="{names} and {count} more")
_NEXT = Words(zh="接下来：{steps}。", en="Next: {steps}.")
_STRICT = Words(
    zh="退出码 1，因为有 --strict：{names} 中有 {count} 条已知勘误。",
    en="Exit code 1, for --strict: {count} known errata in {names}.",
)
_OPEN = Words(zh="打开 {file}", en="open {file}")
_REPAIR = Words(zh="`{command}` 修正已知勘误", en="`{command}` repairs the known errata")
_ANSWER = Words(
    zh="`{command}` 写出给 issue 的回复", en="`{command}` writes the answer to an issue"
)
_COMPARE = Words(
    zh="`{command}` 说明与早先的报告相比有何变化",
    en="`{command}` says what changed since an earlier report",
)


def exit_code(report: Report, *, strict: bool) -> ExitCode:
    """What a report ends a command with; strictly, known errata count against a page as well."""
    if strict and report.exit_code is ExitCode.VERIFIED and any(map(_has_errata, report.documents)):
        return ExitCode.CONTRADICTED
    return report.exit_code


def show(
    report: Report, out: Path, console: Console, *, strict: bool, before: Report | None = None
) -> None:
    """Say where the report is, what goes with it, and what to do next.

    Args:
        report: what was run.
        out: the output folder.
        console: hears it.
        strict: whether known errata count against a page.
        before: the report as it lies there, with what earlier runs left.
    """
    lines: list[Text] = [_REPORT.filled(file=out / "report.html")]
    if before and (old := notes.earlier(before)):
        few: Text = notes.names(old[:_FEW])
        more = len(old) - _FEW
        few = _AND_MORE.filled(names=few, count=more) if more > 0 else few
        lines.append((_KEEPS_ONE if len(old) == 1 else _KEEPS).filled(count=len(old), names=few))
    lines.append(_NEXT.filled(steps=joined(_next(report, out))))
    if strict and exit_code(report, strict=True) is not report.exit_code:
        known = [one for one in report.documents if _has_errata(one)]
        errata = sum(len(one.errata) for one in known)
        lines.append(_STRICT.filled(count=errata, names=notes.names(known)))
    for line in lines:
        say(console, line)


def _next(report: Report, out: Path) -> list[Text]:
    """What helps most now, one command for each."""
    steps: list[Text] = [_OPEN.filled(file=out / "report.html")]
    where = "" if out == Path("build/verify").absolute() else f" --out {out}"
    documents = report.documents
    if any(map(_has_errata, documents)):
        some = [one for one in documents if _has_errata(one)]
        derived = any(one.derived for one in some)  # of these `all` brings the pages
        names = " all" if derived else "".join(sorted({f" {one.name}" for one in some}))
        steps.append(_REPAIR.filled(command=f"{_PROGRAM} patch{names} --out repairs.patch"))
    if any(one.upstream and one.edition == Edition.PUBLISHED.value for one in documents):
        issues = [str(i) for one in documents if one.upstream for i in one.upstream.issues]
        issue = "".join(issues[:1]) or "ISSUE"
        steps.append(_ANSWER.filled(command=f"{_PROGRAM} reply {issue}{where}"))
    if report.verdict is Verdict.FAIL:
        steps.append(_COMPARE.filled(command=f"{_PROGRAM} compare BEFORE {out}"))
    return steps


def _has_errata(document: DocumentEntry) -> bool:
    """Whether the published page has known errata, repaired here or not."""
    return bool(document.errata) or document.verdict is Verdict.ERRATUM
