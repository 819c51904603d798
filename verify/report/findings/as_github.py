"""For GitHub Actions: annotations on the lines of the pages.

GitHub shows ten of a kind a step, so the gravest come first and the rest is counted:
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from verify.static.finding import Finding, Severity
from verify.static.gate import Judgement

_SHOWN = 10


def render(judgement: Judgement) -> str:
    """One workflow command a finding."""
    findings = sorted(judgement.findings, key=lambda f: f.severity is Severity.WARNING)
    lines = [_command(finding) for finding in findings[:_SHOWN]]
    if (rest := len(findings) - _SHOWN) > 0:
        lines.append(f"::notice title=more findings::{rest} more; `verify check` shows them all.")
    return "\n".join(lines)


def _command(finding: Finding) -> str:
    cell = "" if finding.cell is None else f" (cell {finding.cell})"
    message = f"{finding.message}{cell} {finding.suggestion}".strip()
    file, title = _property(finding.file.as_posix()), _property(finding.kind.value)
    severity = finding.severity.value
    return f"::{severity} file={file},line={finding.line},title={title}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
