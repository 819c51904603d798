"""A web site of the last report of each kind of run, with the documents' badges."""

import shutil
from collections.abc import Iterable
from html import escape
from pathlib import Path

from verify.report import badge, glance
from verify.report.entries import Report
from verify.system.complaints import unwritable
from verify.system.words import Language, Words

_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>:root {{ color-scheme: light dark; font-family: sans-serif }} li {{ margin: .4em 0 }}</style>
<h1>{title}</h1>
{sections}
</html>
"""
_TITLE = Words(zh="SecretFlow 教程的验证结果", en="SecretFlow's tutorials, verified")


def add(report: Report, out: Path, to: Path, language: Language = Language.ENGLISH) -> None:
    """Put a report in place of the last one of its kind; the badges of what it lacks stay.

    Args:
        report: the report.
        out: the run's output folder, with `report.html` and the executed notebooks.
        to: the kind's folder on the site; the site's own page beside it is written anew.
        language: that of the badges and of the site's own page.

    Raises:
        ResourceError: the site's folder cannot be written.
    """
    try:
        badge.write(report, to / "badges", language)
        shutil.copyfile(out / "report.json", to / "report.json")
        shutil.copyfile(out / "report.html", to / "index.html")
        shutil.rmtree(to / "notebooks", ignore_errors=True)
        if (out / "notebooks").is_dir():  # else nothing came to run
            shutil.copytree(out / "notebooks", to / "notebooks")
        (to.parent / "index.html").write_text(_page(to.parent, language), encoding="utf-8")
    except OSError as error:
        raise unwritable(to, error) from error


def _page(root: Path, language: Language) -> str:
    kinds = sorted(file.parent for file in root.glob("*/report.json"))
    sections = "\n".join(map(_section, kinds))
    title = escape(_TITLE.of(language))
    return _PAGE.format(language=language.value, title=title, sections=sections)


def _section(kind: Path) -> str:
    name = escape(kind.name)
    badges = sorted(file.name for file in (kind / "badges").glob("*.svg"))
    of_all = [file for file in badges if file.startswith(f"{badge.ALL}.")]
    each = _list(name, [file for file in badges if file not in of_all])
    if len(badges) > glance.HANDFUL:
        each = f"<details><summary>{len(badges) - len(of_all)}</summary>{each}</details>"
    return f'<h2><a href="{name}/index.html">{name}</a></h2>\n{_list(name, of_all)}{each}'


def _list(name: str, badges: Iterable[str]) -> str:
    shown = "".join(
        f'<li><img src="{name}/badges/{escape(file)}" alt="{escape(file[:-4])}">' for file in badges
    )
    return f"<ul>{shown}</ul>" if shown else ""
