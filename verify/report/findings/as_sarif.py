"""For code scanning: SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from verify.static.finding import Finding, FindingKind
from verify.static.gate import Judgement


def render(judgement: Judgement) -> str:
    """The judgement as one SARIF run; what is waived is in it as suppressed."""
    results = [_result(finding) for finding in judgement.findings]
    results += [
        _result(finding) | {"suppressions": [{"kind": "external", "justification": waiver.reason}]}
        for finding, waiver in judgement.waived
    ]
    driver = {
        "name": "secretflow-docs-verify",
        "version": version("secretflow-docs-verify"),
        "rules": [
            {"id": kind.value, "shortDescription": {"text": f"Expected: {kind.sentence}."}}
            for kind in FindingKind
        ],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=2)


def _result(finding: Finding) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": _uri(finding.file)},
        "region": {"startLine": finding.line},
    }
    return {
        "ruleId": finding.kind.value,
        "ruleIndex": list(FindingKind).index(finding.kind),
        "level": finding.severity.value,
        "message": {"text": f"{finding.message} {finding.suggestion}".strip()},
        "locations": [{"physicalLocation": place}],
    }


def _uri(file: Path) -> str:
    """Relative where the page is below the current folder, as code scanning wants it."""
    whole = file.resolve()
    if whole.is_relative_to(Path.cwd()):
        return quote(whole.relative_to(Path.cwd()).as_posix())
    return whole.as_uri()
