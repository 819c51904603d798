"""A badge for each document: when it was last judged, against which release, and how it came out.

What a run could not decide changes no badge: its date is that of the last verdict. Of several
documents there is one for all of them besides, for each release.
"""

import json
from html import escape
from pathlib import Path

from verify.finding import Verdict
from verify.report import releases, totals
from verify.report.entries import DocumentEntry, Report
from verify.report.outcome import Outcome
from verify.report.totals import Totals

_SAID = {
    Verdict.PASS: ("verified", "#2e7d32"),
    Verdict.ERRATUM: ("known errata only", "#8d6e00"),
    Verdict.FAIL: ("contradicted", "#c62828"),
}
_COLOURS = {
    Outcome.BREAKS: "#c62828",
    Outcome.CONTRADICTED: "#c62828",
    Outcome.KNOWN: "#8d6e00",
    Outcome.OURS: "#616161",
    Outcome.NEEDS: "#616161",
    Outcome.NOT_RUN: "#616161",
    Outcome.REPAIRED: "#8d6e00",
    Outcome.WELL: "#2e7d32",
}
ALL = "pages"
_UNKNOWN = "not judged yet", "#616161"
_LETTER = 6.2  # pixels, of 11 pixels of a sans-serif font; `textLength` makes it exactly so
_PADDING = 8.0


def write(report: Report, folder: Path) -> None:
    """Write `<run>.json`, which shields.io reads, and `<run>.svg`, which needs nobody."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in report.documents:
        if document.verdict in _SAID or not (folder / f"{document.run}.json").exists():
            _write(folder / document.run, *_words(document, report))
    for total in totals.of_documents(report.documents) if len(report.documents) > 1 else ():
        name = ".".join(filter(None, (ALL, total.text, str(total.release))))
        _write(folder / name, *_counted(total))


def _write(path: Path, label: str, message: str, colour: str) -> None:
    endpoint = {"schemaVersion": 1, "label": label, "message": message, "color": colour}
    path.with_name(f"{path.name}.json").write_text(json.dumps(endpoint) + "\n", encoding="utf-8")
    svg = _svg(label, message, colour)
    path.with_name(f"{path.name}.svg").write_text(svg, encoding="utf-8")


def _counted(total: Totals) -> tuple[str, str, str]:
    label = {"published": "pages as published", "corrected": "pages in our edition"}
    where = f", {total.release}" if total.release else ""
    said = ", ".join(f"{number} {totals.SHORT[one]}" for one, number in total.counts.items())
    gravest = min(total.counts, key=releases.GRAVEST.index)
    return label.get(total.text, "pages of ours") + where, said, _COLOURS[gravest]


def _words(document: DocumentEntry, report: Report) -> tuple[str, str, str]:
    label = document.name + (" as published" if document.edition == "published" else "")
    if document.verdict not in _SAID:
        return label, *_UNKNOWN
    verdict, colour = _SAID[document.verdict]
    made = report.environments.get(document.environment)
    release = made.packages.get("secretflow") if made else None
    against = f"SecretFlow {release}" if release else document.environment
    return label, f"{verdict} {report.started_of(document):%Y-%m-%d}, {against}", colour


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
