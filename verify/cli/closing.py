"""How a command ends that shows a report: where it lies, what to do next, why its exit code."""

from pathlib import Path

from rich.console import Console

from verify.contract.edition import Edition
from verify.errors import ExitCode
from verify.finding import Verdict
from verify.report import notes
from verify.report.entries import DocumentEntry, Report

_PROGRAM = "docs-verify"
_FEW = 3


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
    lines = [f"Report: {out / 'report.html'}"]
    if before and (old := notes.earlier(before)):
        count = f"{len(old)} earlier result{'' if len(old) == 1 else 's'}"
        few = notes.names(old[:_FEW])
        more = f" and {len(old) - _FEW} more" if len(old) > _FEW else ""
        dates = "with its date" if len(old) == 1 else "each with its date"
        lines.append(f"It keeps {count}, {dates}: {few}{more}.")
    lines += [f"Next: {'; '.join(_next(report, out))}."]
    if strict and exit_code(report, strict=True) is not report.exit_code:
        known = [one for one in report.documents if _has_errata(one)]
        errata = sum(len(one.errata) for one in known)
        lines.append(f"Exit code 1, for --strict: {errata} known errata in {notes.names(known)}.")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _next(report: Report, out: Path) -> list[str]:
    """What helps most now, one command for each."""
    steps = [f"open {out / 'report.html'}"]
    where = "" if out == Path("build/verify").absolute() else f" --out {out}"
    documents = report.documents
    if any(map(_has_errata, documents)):
        some = [one for one in documents if _has_errata(one) and not one.derived]
        names = "".join(sorted({f" {one.name}" for one in some})) if some else " all"
        steps.append(f"`{_PROGRAM} patch{names} --out repairs.patch` repairs the known errata")
    if any(one.upstream and one.edition == Edition.PUBLISHED.value for one in documents):
        issues = [str(i) for one in documents if one.upstream for i in one.upstream.issues]
        issue = "".join(issues[:1]) or "ISSUE"
        steps.append(f"`{_PROGRAM} reply {issue}{where}` writes the answer to an issue")
    if report.verdict is Verdict.FAIL:
        steps.append(f"`{_PROGRAM} compare BEFORE {out}` says what changed since an earlier report")
    return steps


def _has_errata(document: DocumentEntry) -> bool:
    """Whether the published page has known errata, repaired here or not."""
    return bool(document.errata) or document.verdict is Verdict.ERRATUM
