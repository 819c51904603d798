"""A badge for each document: when it was last judged, against which release, and how it came out.

What a run could not decide changes no badge: its date is that of the last verdict.
"""

import json
from html import escape
from pathlib import Path

from verify.finding import Verdict
from verify.report.entries import DocumentEntry, Report

_SAID = {
    Verdict.PASS: ("verified", "#2e7d32"),
    Verdict.ERRATUM: ("known errata only", "#8d6e00"),
    Verdict.FAIL: ("contradicted", "#c62828"),
}
_UNKNOWN = "not judged yet", "#616161"
_LETTER = 6.2  # pixels, of 11 pixels of a sans-serif font; `textLength` makes it exactly so
_PADDING = 8.0


def write(report: Report, folder: Path) -> None:
    """Write `<run>.json`, which shields.io reads, and `<run>.svg`, which needs nobody."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in report.documents:
        file = folder / f"{document.run}.json"
        if document.verdict in _SAID or not file.exists():
            label, message, colour = _words(document, report)
            endpoint = {"schemaVersion": 1, "label": label, "message": message, "color": colour}
            file.write_text(json.dumps(endpoint) + "\n", encoding="utf-8")
            file.with_suffix(".svg").write_text(_svg(label, message, colour), encoding="utf-8")


def _words(document: DocumentEntry, report: Report) -> tuple[str, str, str]:
    label = document.name + (" as published" if document.edition == "published" else "")
    if document.verdict not in _SAID:
        return label, *_UNKNOWN
    verdict, colour = _SAID[document.verdict]
    made = report.environments.get(document.environment)
    release = made.packages.get("secretflow") if made else None
    against = f"SecretFlow {release}" if release else document.environment
    return label, f"{verdict} {report.started:%Y-%m-%d}, {against}", colour


def _svg(label: str, message: str, colour: str) -> str:
    left, right = (len(text) * _LETTER + 2 * _PADDING for text in (label, message))
    said = escape(f"{label}: {message}")
    texts = "".join(
        f'<text x="{x + _PADDING:.1f}" y="14" textLength="{width - 2 * _PADDING:.1f}">'
        f"{escape(text)}</text>"
        for text, x, width in ((label, 0.0, left), (message, left, right))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:.1f}" height="20" '
        f'role="img" aria-label="{said}"><title>{said}</title>'
        f'<rect width="{left:.1f}" height="20" fill="#424242"/>'
        f'<rect x="{left:.1f}" width="{right:.1f}" height="20" fill="{colour}"/>'
        f'<g fill="#fff" font-family="Verdana,sans-serif" font-size="11">{texts}</g></svg>\n'
    )
