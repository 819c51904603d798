"""For code scanning: SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from verify.finding import CheckKind, Finding, FindingKind
from verify.report.findings import relative
from verify.report.harmless import plain
from verify.system.terminal_text import printed_json
from verify.system.words import Language, Text, Words, joined, said

_EXPECTED = Words(zh="应当：{what}。", en="Expected: {what}.")
_KINDS: list[CheckKind | FindingKind] = [*FindingKind, *CheckKind]


def render(
    findings: Iterable[Finding],
    waived: Iterable[tuple[Finding, Text]] = (),
    language: Language = Language.ENGLISH,
) -> str:
    """Findings as one SARIF run.

    Those waived, with the reason, are in it as suppressed. What is no fault of a page is no result:
    it is told as a notification that the tool did not come to its end.
    """
    findings = list(findings)
    results = [_result(finding, language) for finding in findings if not finding.ours]
    results += [
        _result(finding, language)
        | {"suppressions": [{"kind": "external", "justification": said(reason, language)}]}
        for finding, reason in waived
    ]
    ours = [finding for finding in findings if finding.ours]
    driver = {
        "name": "secretflow-docs-verify",
        "version": version("secretflow-docs-verify"),
        "rules": [
            {
                "id": kind.value,
                "shortDescription": {"text": _EXPECTED.filled(what=kind.words).of(language)},
            }
            for kind in _KINDS
        ],
    }
    invocation = {
        "executionSuccessful": not ours,
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": plain(said(finding.message, language))}}
            for finding in ours
        ],
    }
    run = {"tool": {"driver": driver}, "invocations": [invocation], "results": results}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return printed_json(log, indent=2)


def _result(finding: Finding, language: Language) -> dict[str, Any]:
    told = joined((finding.message, finding.suggestion), zh="", en=" ")
    place = {
        "artifactLocation": {"uri": _uri(finding.file)},
        "region": {"startLine": finding.line},
    }
    return {
        "ruleId": finding.kind.value,
        "ruleIndex": _KINDS.index(finding.kind),
        "level": finding.severity.value,
        "message": {"text": plain(said(told, language))},
        "locations": [{"physicalLocation": place}],
    }


def _uri(file: Path) -> str:
    """Relative where the page is below the current folder, as code scanning wants it."""
    below = relative(file)
    return below.as_uri() if below.is_absolute() else quote(os.fsencode(below.as_posix()))
