"""For GitHub Actions: annotations on the lines of the pages.

GitHub shows ten of a kind a step, so the gravest come first and the rest is counted:
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Sequence

from verify.finding import Finding, Severity
from verify.report.findings import relative

_SHOWN = 10


def render(findings: Sequence[Finding], all_of_them: str) -> str:
    """One workflow command a finding; `all_of_them` says where to see those left out."""
    gravest = sorted(findings, key=lambda f: f.severity is Severity.WARNING)
    lines = [_command(finding) for finding in gravest[:_SHOWN]]
    if (rest := len(gravest) - _SHOWN) > 0:
        lines.append(notice(f"{rest} more; {all_of_them}.", title="more findings"))
    return "\n".join(lines)


def notice(sentence: str, title: str = "note") -> str:
    """What is to be known of all pages."""
    return f"::notice title={title}::{_data(sentence)}"


def _command(finding: Finding) -> str:
    cell = "" if finding.cell is None or finding.check else f" (cell {finding.cell})"
    message = f"{finding.message}{cell} {finding.suggestion}".strip()
    title = f"{finding.kind.value}{', no fault of the page' if finding.ours else ''}"
    place = f"file={_property(relative(finding.file).as_posix())},line={finding.line}"
    return f"::{finding.severity.value} {place},title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
