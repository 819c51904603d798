"""`verify site`."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.options import OUT, InLanguage, Out
from verify.report import entries, web_site
from verify.system.language import spoken

HELP_ZH = """把上一次的报告和每个文档的徽章放到网站上。

\b
其他运行的报告和徽章仍在那里。
"""


def command(
    to: Annotated[Path, typer.Argument(help="The folder of the web site.")],
    *,
    kind: Annotated[str, typer.Option(help="What the site calls this kind of run.")],
    out: Out = OUT,
    _language: InLanguage = None,
) -> None:
    """Put the last report and a badge for each document among those of other runs."""
    web_site.add(entries.read(out / "report.json"), out, to / kind, spoken())
