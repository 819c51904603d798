"""For other programs: `{schema, checked, findings}`, with what is lived with beside it.

What programs know by its words, such as a message, is in English whatever language is asked for;
`zh` has the same in Chinese.
"""

from typing import Any

from verify.finding import Finding
from verify.rules.gate import Judgement
from verify.system.terminal_text import printed_json
from verify.system.words import Language, said

SCHEMA = 1


def render(judgement: Judgement) -> str:
    """The judgement as JSON."""
    environment = judgement.site.environment
    data = {
        "schema": SCHEMA,
        "environment": environment.name if environment else None,
        "left_out": [kind.value for kind in judgement.left_out],
        "checked": [str(path) for path in judgement.site.paths],
        "findings": [_entry(finding) for finding in judgement.findings],
        "waived": [
            _entry(finding) | {"reason": waiver.reason, "expires": waiver.expires.isoformat()}
            for finding, waiver in judgement.waived
        ],
        "known": [_entry(finding) for finding in judgement.known],
        "notes": [str(note) for note in judgement.notes],
    }
    return printed_json(data, indent=2)


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "file": str(finding.file),
        "line": finding.line,
        "cell": finding.cell,
        "message": str(finding.message),
        "suggestion": str(finding.suggestion),
        "zh": {
            "message": said(finding.message, Language.CHINESE),
            "suggestion": said(finding.suggestion, Language.CHINESE),
        },
    }
