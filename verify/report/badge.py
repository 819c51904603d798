"""A badge for each document: when it was last judged, against which release, and how it came out.

What a run could not decide changes no badge: its date is that of the last verdict. Of several
documents there is one for all of them besides, for each release.
"""

import json
from html import escape
from pathlib import Path

from verify.contract.edition import Edition
from verify.finding import Verdict
from verify.report import releases, totals
from verify.report.entries import DocumentEntry, Report
from verify.report.outcome import Outcome
from verify.report.totals import Totals
from verify.system.words import Language, Text, Words, joined, said

_SAID = {
    Verdict.PASS: (Words(zh="已验证", en="verified"), "#2e7d32"),
    Verdict.ERRATUM: (Words(zh="仅有已知勘误", en="known errata only"), "#8d6e00"),
    Verdict.FAIL: (Words(zh="与实际不符", en="contradicted"), "#c62828"),
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
_UNKNOWN = Words(zh="尚未判定", en="not judged yet"), "#616161"
_TEXTS = {
    "published": Words(zh="官方原文的页面", en="pages as published"),
    "corrected": Words(zh="修正版的页面", en="pages in our edition"),
    "own": Words(zh="自编页面", en="pages of ours"),
}
_PUBLISHED = Words(zh="{name}（官方原文）", en="{name} as published")
_COUNT = Words(zh="{number} 个{what}", en="{number} {what}")
_JUDGED = Words(zh="{date} {verdict}，{against}", en="{verdict} {date}, {against}")
# Pixels, of 11 pixels of a sans-serif font; `textLength` makes it exactly so.
_LETTER = 6.2
_IDEOGRAPH = 11.0
_IDEOGRAPHS = "\u2e80"  # and all behind it
_PADDING = 8.0


def write(report: Report, folder: Path, language: Language = Language.ENGLISH) -> None:
    """Write `<run>.json`, which shields.io reads, and `<run>.svg`, which needs nobody."""

    def put(name: str, label: Text, message: Text, colour: str) -> None:
        _write(folder / name, said(label, language), said(message, language), colour)

    folder.mkdir(parents=True, exist_ok=True)
    for document in report.documents:
        if document.verdict in _SAID or not (folder / f"{document.run}.json").exists():
            put(document.run, *_words(document, report))
    for total in totals.of_documents(report.documents) if len(report.documents) > 1 else ():
        name = ".".join(filter(None, (ALL, total.text, str(total.release))))
        put(name, *_counted(total))


def _write(path: Path, label: str, message: str, colour: str) -> None:
    endpoint = {"schemaVersion": 1, "label": label, "message": message, "color": colour}
    path.with_name(f"{path.name}.json").write_text(json.dumps(endpoint) + "\n", encoding="utf-8")
    svg = _svg(label, message, colour)
    path.with_name(f"{path.name}.svg").write_text(svg, encoding="utf-8")


def _counted(total: Totals) -> tuple[Text, Text, str]:
    counts = total.counts.items()
    told = joined(
        (_COUNT.filled(number=number, what=totals.SHORT[one]) for one, number in counts),
        zh="，",
        en=", ",
    )
    gravest = min(total.counts, key=releases.GRAVEST.index)
    return joined((_TEXTS[total.text], total.release), zh="，", en=", "), told, _COLOURS[gravest]


def _words(document: DocumentEntry, report: Report) -> tuple[Text, Text, str]:
    published = document.edition == Edition.PUBLISHED.value
    label = _PUBLISHED.filled(name=document.name) if published else document.name
    if document.verdict not in _SAID:
        return label, *_UNKNOWN
    verdict, colour = _SAID[document.verdict]
    made = report.environments.get(document.environment)
    release = made.packages.get("secretflow") if made else None
    against = f"SecretFlow {release}" if release else document.environment
    date = f"{report.started_of(document):%Y-%m-%d}"
    return label, _JUDGED.filled(date=date, verdict=verdict, against=against), colour


def _svg(label: str, message: str, colour: str) -> str:
    left, right = (_width(text) + 2 * _PADDING for text in (label, message))
    title = escape(f"{label}: {message}")
    texts = "".join(
        f'<text x="{x + _PADDING:.1f}" y="14" textLength="{width - 2 * _PADDING:.1f}">'
        f"{escape(text)}</text>"
        for text, x, width in ((label, 0.0, left), (message, left, right))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:.1f}" height="20" '
        f'role="img" aria-label="{title}"><title>{title}</title>'
        f'<rect width="{left:.1f}" height="20" fill="#424242"/>'
        f'<rect x="{left:.1f}" width="{right:.1f}" height="20" fill="{colour}"/>'
        f'<g fill="#fff" font-family="Verdana,sans-serif" font-size="11">{texts}</g></svg>\n'
    )


def _width(text: str) -> float:
    return sum(_LETTER if letter < _IDEOGRAPHS else _IDEOGRAPH for letter in text)
