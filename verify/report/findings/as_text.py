"""For a terminal: one line a finding that editors can jump to, and what to do beneath it."""

from verify.finding import Finding, Severity
from verify.rules.gate import Judgement


def render(judgement: Judgement) -> str:
    """Findings by page and line, then the sums."""
    lines = [line for finding in judgement.findings for line in _lines(finding)]
    return "\n".join([*lines, *judgement.notes, *left_out(judgement), sums(judgement)])


def _lines(finding: Finding) -> list[str]:
    cell = "" if finding.cell is None else f" (cell {finding.cell})"
    where = f"{finding.file}:{finding.line}{cell}"
    said = f"{where}: {finding.severity.value}: {finding.message} [{finding.kind.value}]"
    return [said, f"    {finding.suggestion}"] if finding.suggestion else [said]


def left_out(judgement: Judgement) -> list[str]:
    """What was not looked for, in a sentence, if there is such."""
    kinds = ", ".join(kind.value for kind in judgement.left_out)
    said = "Without an environment, these are looked for in part or not at all"
    return [f"{said}: {kinds}."] if kinds else []


def sums(judgement: Judgement) -> str:
    """How much was checked against what, and how many findings there are."""
    site = judgement.site
    against = f"against {site.environment.name}" if site.environment else "without an environment"
    counts = [
        _counted(judgement.count(Severity.ERROR), "error"),
        _counted(judgement.count(Severity.WARNING), "warning"),
    ]
    if judgement.known:
        counts.append(f"{len(judgement.known)} known from the baseline")
    if judgement.waived:
        counts.append(f"{len(judgement.waived)} waived")
    pages = _counted(len(site.pages), "page")
    return f"{pages} checked {against} in {judgement.seconds:.1f} s: {', '.join(counts)}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
