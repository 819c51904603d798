"""`report.html`: the whole report as one file that needs nothing else, English and Chinese."""

import base64
import hashlib
import html
import re
import traceback
import zlib
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket
from markupsafe import Markup

from verify.report import (
    combination_table,
    glance,
    listing,
    notes,
    published,
    totals,
    undecided,
)
from verify.report.defects import Standing
from verify.report.entries import Report
from verify.report.html import curves, items, overview, view, wording
from verify.system import cache
from verify.system.words import sentence

# By the verdict whose colour they have.
_STANDINGS = {
    Standing.NEW.value: "fail",
    Standing.KNOWN.value: "erratum",
    Standing.WARNING.value: "warning",
    Standing.OURS.value: "error",
}
_PARTS = files(__package__)
_CODE = re.compile(r"`([^`\n]+)`")
_FAILED = """<!doctype html><html lang="en"><meta charset="utf-8"><title>No report</title>
<h1>This page could not be made</h1>
<p>That is our fault. All results are in report.json and summary.md beside it.</p>
<h1 lang="zh">这个网页没有做成</h1>
<p lang="zh">这是我们自身的错误。全部结果都在旁边的 report.json 和 summary.md 里。</p>
<pre>{}</pre></html>
"""


def write(report: Report, path: Path) -> None:
    """Write the page from a report and the executed notebooks beside it.

    If that fails, the page says so: what else a run has to tell must not be lost with it.
    """
    try:
        page = render(report, path.parent)
    except Exception:  # noqa: BLE001  # whatever it was, the page says it
        page = _FAILED.format(html.escape(traceback.format_exc()))
    path.write_bytes(page.encode("utf-8", "replace"))


def render(report: Report, out: Path) -> str:
    """The page as text.

    Args:
        report: what is to be shown.
        out: the folder with `notebooks/`, from which outputs and figures come.
    """
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(str(cache.cache_root() / "templates")),
    )
    style, script = _read("style.css"), _read("script.js")
    environment.filters |= {
        "packed": _packed,
        "clipped": items.brief,
        "captions": items.clipped,
        "coded": _coded,
        "sentence": sentence,
    }
    environment.globals |= {
        "t": wording.phrase,
        "english": wording.english,
        "chinese": wording.chinese,
        "symbols": {
            **{one.value: sign for one, sign in totals.SYMBOLS.items()},
            **{f"{overview.WORKS}{one.value}": s for one, s in published.SYMBOLS.items()},
        },
        "findings_heading": listing.FINDINGS,
        "warnings_heading": listing.WARNINGS,
        "known_heading": listing.KNOWN,
        "undecided_heading": undecided.HEADING,
        "as_published": glance.AS_PUBLISHED,
        "with_repairs": glance.REPAIRED,
        "named": overview.named,
        "standings": _STANDINGS,
        "names": wording.names,
        "label": wording.label,
        "frame": curves,
        "notes": notes.of,
        "combination_columns": combination_table.COLUMNS,
    }
    return environment.get_template("page.html.j2").render(
        page=view.of_report(report, out),
        report=report,
        words=wording.for_script(),
        style=Markup(style),  # noqa: S704  # ours, as is the script
        script=Markup(script),  # noqa: S704
        # Nothing but our own script runs, and nothing is fetched, whatever a page has printed.
        policy=f"default-src 'none'; img-src data:; style-src {_digest(style)}; "
        f"script-src {_digest(script)}; base-uri 'none'; form-action 'none'",
    )


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Compiled templates, in the cache; where that is read-only they are compiled each time."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one."""
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


def _read(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _coded(text: object) -> Markup:
    """Words in which code stands between backticks, as it is printed."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(Markup.escape(text))))  # noqa: S704  # escaped


def _packed(text: str) -> str:
    """A part of the page as the script unpacks it: a tenth as long, and no work for a browser."""
    return base64.b64encode(zlib.compress(text.encode("utf-8", "replace"), 9)).decode()


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
