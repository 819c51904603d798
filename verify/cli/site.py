"""`verify site`."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.options import OUT, Out
from verify.report import entries, web_site


def command(
    to: Annotated[Path, typer.Argument(help="The folder of the web site.")],
    *,
    kind: Annotated[str, typer.Option(help="What the site calls this kind of run.")],
    out: Out = OUT,
) -> None:
    """Put the last report and a badge for each document among those of other runs."""
    web_site.add(entries.read(out / "report.json"), out, to / kind)
